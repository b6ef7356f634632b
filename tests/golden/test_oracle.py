"""The rules and their slow twin say the same, whoever asks about whatever."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sidecar.types.json import Document
from tests.golden import raw
from tests.golden.bench import Bench, question, told
from tests.golden.oracle import verdict
from tests.golden.worlds import Trial, tenants, trials

WORLDS = tenants().flatmap(lambda tenant: st.lists(trials(tenant), min_size=6, max_size=6))


def asked(bench: Bench, trial: Trial, *, phase: str = "request") -> Document:
    """Return the facts of a trial."""
    about = trial.question
    document = question(
        about.tenant,
        bench.catalog.card(trial.name),
        about.content,
        operator=about.operator,
        today=about.today,
        purpose=about.purpose,
        counters=about.counters,
    )
    return {**document, "phase": phase}


@given(trials_of_one_tenant=WORLDS)
@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
def test_rules_and_oracle_agree(bench: Bench, trials_of_one_tenant: list[Trial]) -> None:
    """Action, every denial and redaction with class and basis, and how strong the operators are."""
    decisions = bench.decide([asked(bench, trial) for trial in trials_of_one_tenant])
    for trial, decision in zip(trials_of_one_tenant, decisions, strict=True):
        assert verdict(trial.question) == told(decision), trial.name


def test_the_catalog_reads_its_files_as_the_oracle_does(bench: Bench) -> None:
    """Origin, lineage, licenses, places, training and retention of every card, by both."""
    for line in raw.lines():
        card, target = bench.card(*line), raw.target(*line)
        assert target.identified == card.identified, target.id
        if target.identified:
            expected = (
                target.origin,
                {row["id"] for row in target.lineage},
                [row["id"] for row in target.licenses],
                set(target.places),
                target.trains,
                target.retention,
            )
            said = (
                set(card.origin),
                set(card.developers),
                [terms.id for terms in card.licenses],
                set(card.serving.regions),
                card.serving.trains_on_inputs != "no",
                card.serving.retention_days,
            )
            assert expected == said, target.id


def test_territories_are_those_that_the_model_rows_state() -> None:
    """The cross-check of the data: what the licenses exclude for a model is what its own row says."""
    for model, row in raw.rows("models").items():
        target = raw.target(model, "self-hosted")
        excluded = {
            place
            for terms in target.licenses
            if (clause := terms.get("territory")) and (target.multimodal or not clause["multimodal_only"])
            for place in clause["excluded"]
        }
        assert set(row.get("effective_excluded_territories") or ()) == excluded, model
