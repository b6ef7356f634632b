"""One decision, rule by rule."""

from dataclasses import replace

from sidecar.explain import RuleSaid, explain
from sidecar.types.decisions import Obligation, Rejected
from sidecar.types.requests import Action, Outcome, Revisions, Timings
from tests.stories.fakes import reason

OUTCOME = Outcome(
    decision_id="id",
    action=Action.BLOCK,
    complete=True,
    body=b"",
    target=None,
    findings=(),
    reasons=(
        reason("transfer.regime", "person_name"),
        reason("transfer.regime", "contact"),
        replace(reason("transfer.regime", "contact"), basis="OTHER", clause="Art. 2"),
        reason("license.territory"),
    ),
    rejected=(Rejected("a@b", ("ranked",)),),
    obligations=(Obligation("license.attribution", "Show it.", "s. 1", "L"),),
    notices=(),
    shadow=(),
    restoration=b"",
    refusal=None,
    revisions=Revisions("p", "c", "d", "s"),
    timings=Timings(),
)


def test_reasons_of_one_rule_and_law_are_told_once() -> None:
    """Reasons that differ only in the class are one, with all classes; another law or rule is another."""
    told = explain(OUTCOME)
    first = RuleSaid(
        "transfer.regime",
        "deny",
        "acme/one@host",
        ("contact", "person_name"),
        "It may not.",
        ("Art. 1",),
        ("Ask.",),
        ("LAW",),
    )
    assert first == told.rules[0]
    assert ["transfer.regime", "transfer.regime", "license.territory"] == [rule.code for rule in told.rules]
    assert [("contact", "person_name"), ("contact",), ()] == [rule.classes for rule in told.rules]


def test_the_rest_is_carried_over() -> None:
    """Action, candidates and what is owed stand as they were."""
    told = explain(OUTCOME)
    assert (Action.BLOCK, OUTCOME.rejected, OUTCOME.obligations, ()) == (
        told.action,
        told.rejected,
        told.obligations,
        told.notices,
    )
