"""What must hold whoever asks: over-blocking is a failure, and so is a leak."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from sidecar.types.decisions import Allow, Block, Decision, Redact
from sidecar.types.targets import Card
from sidecar.types.tenants import Tenant, TransferMechanism
from tests.golden import raw, table
from tests.golden.bench import Bench, question, told
from tests.golden.oracle import Content
from tests.golden.test_oracle import asked
from tests.golden.worlds import COUNTRIES, REGIMES, SECTORS, Trial, tenants, trials

EU27 = raw.table("country_sets")["EU27"]
EEA = {*raw.table("country_sets")["EEA"], "EU"}
LINKABLE = {"pseudonym", "synthetic", "hash"}
EXAMPLES = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
ONE_TRIAL = tenants().flatmap(trials)


def representatives(bench: Bench, tenant: Tenant) -> list[Card]:
    """Return one identified target of each kind that makes a difference."""
    distinct = {table.essence(card, tenant): card for card in table.cards(bench) if card.identified}
    return list(distinct.values())


def badness(decision: Decision) -> int:
    """Return how much a decision forbids."""
    return [Allow, Redact, Block].index(type(decision))


def taken_out(decision: Redact) -> list[tuple[str, str]]:
    """Return classes and operators."""
    return [(one.data_class, one.operator) for one in decision.redactions]


def permissive(card: Card) -> bool:
    """Whether every license is, and forbids no use."""
    return all(raw.rows("licenses")[terms.id]["class"] == "permissive" for terms in card.licenses)


def places(card: Card) -> set[str]:
    """Return where it runs, and whose law reaches the operator."""
    return {*card.serving.regions, card.serving.parent_jurisdiction}


def test_permissive_model_at_an_eu_host_is_a_plain_allow_for_every_eu_tenant(bench: Bench) -> None:
    """Whatever the origin of the weights, where the request holds no personal data and the tenant has no stance."""
    for position, country in enumerate(EU27):
        regimes = [("EU-GDPR",), ("EU-GDPR", "PCI-DSS"), ()][position % 3]
        tenant = Tenant(id="eu", country=country, sector=SECTORS[position % len(SECTORS)], regimes=regimes)
        cards = [card for card in representatives(bench, tenant) if permissive(card) and places(card) <= EEA]
        assert any("CN" in card.origin for card in cards)
        for card, decision in zip(
            cards, bench.decide([question(tenant, card, Content()) for card in cards]), strict=True
        ):
            assert isinstance(decision, Allow), (country, card.id)


@pytest.mark.parametrize("country", COUNTRIES)
def test_open_permissive_model_at_home_takes_any_content(bench: Bench, country: str) -> None:
    """A self-hosted target is no transfer under any regime."""
    tenant = Tenant(id="home", country=country, sector="finance", regimes=tuple(REGIMES), max_retention_days=0)
    everything = Content(classes=tuple(sorted(raw.table("classes"))), pictures=True, complete=False)
    cards = [card for card in representatives(bench, tenant) if permissive(card) and card.serving.self_hosted]
    assert cards
    for card, decision in zip(cards, bench.decide([question(tenant, card, everything) for card in cards]), strict=True):
        assert isinstance(decision, Allow), card.id


def test_contact_data_under_gdpr_never_reach_china_or_an_unknown_place(bench: Bench) -> None:
    """Without a mechanism, whatever license or stance permits."""
    tenant = Tenant(
        id="eu",
        country="DE",
        sector="retail",
        regimes=("EU-GDPR",),
        monthly_active_users=1,
        monthly_revenue_usd=1,
        accepted_licenses=tuple(raw.rows("licenses")),
    )
    cards = [card for card in representatives(bench, tenant) if {"CN", "ZZ"} & places(card)]
    decisions = bench.decide([question(tenant, card, Content(classes=("contact",))) for card in cards])
    assert any(isinstance(decision, Redact) for decision in decisions)
    for card, decision in zip(cards, decisions, strict=True):
        assert not isinstance(decision, Allow), card.id
        if isinstance(decision, Redact):
            assert [("contact", "remove")] == taken_out(decision), card.id


@pytest.mark.parametrize("mechanism", ["consent", "contract", "certification"])
def test_resident_registration_numbers_never_leave_korea_without_a_statute(bench: Bench, mechanism: str) -> None:
    """Not even to the countries that Korea recognizes, and not with any other record."""
    record = TransferMechanism("KR-PIPA", mechanism, ("*",), ("KR", "US", "CN", "SG", "EU"))
    tenant = Tenant(id="kr", country="KR", sector="retail", regimes=("KR-PIPA",), transfer_mechanisms=(record,))
    cards = [card for card in representatives(bench, tenant) if not card.serving.self_hosted and places(card) != {"KR"}]
    asked_now = [question(tenant, card, Content(classes=("kr_rrn",))) for card in cards]
    for card, decision in zip(cards, bench.decide(asked_now), strict=True):
        assert "transfer.never" in {reason.code for reason in decision.grounds.reasons}, card.id
        if not isinstance(decision, Block):
            assert isinstance(decision, Redact), card.id
            assert [("kr_rrn", "remove")] == taken_out(decision), card.id


def test_statute_carries_resident_registration_numbers(bench: Bench) -> None:
    """The one way that the law leaves is a way."""
    record = TransferMechanism("KR-PIPA", "statute", ("nebius",), ("EU",))
    tenant = Tenant(id="kr", country="KR", sector="retail", regimes=("KR-PIPA",), transfer_mechanisms=(record,))
    card = bench.card("deepseek/deepseek-v3.2", "nebius", "eu-north1")
    assert isinstance(bench.decide([question(tenant, card, Content(classes=("kr_rrn",)))])[0], Allow)


def test_credentials_go_to_nobody_and_stay_at_home(bench: Bench) -> None:
    """Every outside target is asked to do without them, no self-hosted one is."""
    tenant = Tenant(
        id="any",
        country="NO",
        sector="media",
        monthly_active_users=1,
        monthly_revenue_usd=1,
        accepted_licenses=tuple(raw.rows("licenses")),
    )
    cards = representatives(bench, tenant)
    decisions = bench.decide([question(tenant, card, Content(classes=("contact", "credential"))) for card in cards])
    for card, decision in zip(cards, decisions, strict=True):
        if card.serving.self_hosted:
            assert not isinstance(decision, Redact), card.id
        elif not isinstance(decision, Block):
            assert isinstance(decision, Redact), card.id
            assert [("credential", "remove")] == taken_out(decision), card.id


@pytest.mark.parametrize(
    "text",
    [
        "gpt-99@openai",
        "gpt-@openai",
        "qwen@nebius",
        "deepseek@deepseek",
        "deepseek-v3@nebius",
        "mistral-large@mistral",
        "openrouter/auto@openrouter",
        "openrouter/free@openrouter",
        "owl-alpha@openrouter",
        "deepseek-v3.2@nobody-knows",
        "gpt-5@self-hosted",
        "claude-opus-4.5@self-hosted",
    ],
)
def test_whatever_nobody_can_name_is_blocked(bench: Bench, text: str) -> None:
    """For every customer, whatever it accepts, and whatever the content; no redaction cures it."""
    card = bench.catalog.card(bench.catalog.parse(text))
    customers = list(table.archetypes(bench).values())
    for decision in bench.decide([question(tenant, card, Content(classes=("contact",))) for tenant in customers]):
        assert isinstance(decision, Block)
        assert "identity.unidentified_target" in {reason.code for reason in decision.grounds.reasons}


@given(trial=ONE_TRIAL, regime=st.sampled_from(REGIMES))
@EXAMPLES
def test_another_regime_permits_nothing_more(bench: Bench, trial: Trial, regime: str) -> None:
    """Whatever stood against the target still does."""
    tenant = trial.question.tenant
    bound = replace(tenant, regimes=tuple(dict.fromkeys([*tenant.regimes, regime])))
    under_both = Trial(replace(trial.question, tenant=bound), trial.name)
    before, after = bench.decide([asked(bench, trial), asked(bench, under_both)])
    assert badness(before) <= badness(after)
    assert told(before).denies <= told(after).denies


@given(trial=ONE_TRIAL, data=st.data())
@EXAMPLES
def test_another_record_forbids_nothing(bench: Bench, trial: Trial, data: st.DataObject) -> None:
    """Dropping a record never helps."""
    tenant = trial.question.tenant
    assume(tenant.transfer_mechanisms)
    dropped = data.draw(st.sampled_from(tenant.transfer_mechanisms))
    fewer = replace(tenant, transfer_mechanisms=tuple(one for one in tenant.transfer_mechanisms if one is not dropped))
    without = Trial(replace(trial.question, tenant=fewer), trial.name)
    with_it, without_it = bench.decide([asked(bench, trial), asked(bench, without)])
    assert badness(with_it) <= badness(without_it)


@given(trial=ONE_TRIAL)
@EXAMPLES
def test_expired_records_are_none(bench: Bench, trial: Trial) -> None:
    """A record's day is its last."""
    tenant, yesterday = trial.question.tenant, trial.question.today - timedelta(days=1)
    expired = tuple(replace(record, expires=yesterday) for record in tenant.transfer_mechanisms)
    worlds = [
        Trial(replace(trial.question, tenant=replace(tenant, transfer_mechanisms=records)), trial.name)
        for records in (expired, ())
    ]
    first, second = bench.decide([asked(bench, world) for world in worlds])
    assert first == second


@given(trial=ONE_TRIAL)
@EXAMPLES
def test_no_reason_names_a_class_that_is_not_there(bench: Bench, trial: Trial) -> None:
    """So redacting all classes leaves only what no redaction cures."""
    empty = replace(trial.question, content=replace(trial.question.content, classes=(), fixed=()))
    decision = bench.decide([asked(bench, Trial(empty, trial.name))])[0]
    assert {""} >= {reason.data_class for reason in decision.grounds.reasons}


@given(trial=ONE_TRIAL)
@EXAMPLES
def test_what_was_redacted_may_go(bench: Bench, trial: Trial) -> None:
    """The operator leaves nothing that the second question stops."""
    decision = bench.decide([asked(bench, trial)])[0]
    assume(isinstance(decision, Redact))
    assert isinstance(decision, Redact)
    taken = {one.data_class: one.operator for one in decision.redactions}
    left = set(trial.question.content.classes) - set(taken)
    left |= {"pseudonymized"} if LINKABLE & set(taken.values()) else set()
    remains = replace(trial.question, content=replace(trial.question.content, classes=tuple(sorted(left))))
    residual = bench.decide([asked(bench, Trial(remains, trial.name), phase="residual")])[0]
    assert isinstance(residual, Allow), (taken, left, residual)


def test_archetypes_reach_both_outcomes(bench: Bench) -> None:
    """A table in which nothing ever passes, or everything does, would guard nothing."""
    for name in table.archetypes(bench):
        letters = {line.split("	")[1][:1] for line in table.path(name).read_text(encoding="utf-8").splitlines()[1:]}
        assert {"A", "B"} == letters, name
