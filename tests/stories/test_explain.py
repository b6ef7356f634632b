"""Explanations by the shipped policy: what made a decision, and what would make it pass, as policy itself says."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date

import pytest
import pytest_asyncio

from sidecar import facts
from sidecar.candidates import shortlist
from sidecar.catalog.load import load_catalog
from sidecar.clock import SystemClock
from sidecar.config import Operator
from sidecar.explain import Explainer, Explanation
from sidecar.policy.engine import OpaEngine, start_engine
from sidecar.policy.spread import SpreadEngine
from sidecar.recalling import Recalled
from sidecar.types.content import Complete, Direction, Finding, Format, Needs
from sidecar.types.requests import Revisions
from sidecar.types.targets import TargetName
from sidecar.types.tenants import Tenant

CATALOG = load_catalog()
NEEDS = Needs(context=100, tools=False, modalities=("text",), state=False)
BANK = Tenant(id="bank", country="DE", sector="finance", regimes=("EU-GDPR",))
CHINA, EU, US = "deepseek-v3.2@deepseek", "deepseek-v3.2@nebius", "gpt-4o@openai"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def engine() -> AsyncIterator[OpaEngine]:
    """The shipped bundle in one OPA."""
    started = await start_engine(catalog_data=CATALOG.policy_data(), shadow={}, timeout_ms=60_000)
    yield started
    await started.aclose()


def asked(target: str, *classes: str, tenant: Tenant = BANK, candidates: tuple[str, ...] = ()) -> Recalled:
    """Return a request of a tenant to a target with classes in it."""
    found = [
        Finding(segment=0, start=0, end=1, entity=name.upper(), data_class=name, score=1.0, recognizer="made")
        for name in classes
    ]
    half = facts.RequestHalf(
        direction=Direction.REQUEST,
        date=date(2026, 11, 24),
        request=facts.request_document(
            format=Format.OPENAI_CHAT, streaming=False, size=400, hosted_tools=(), needs=NEEDS, attributes={}
        ),
        caller={"subject": "", "roles": [], "gateway": ""},
        content=facts.content_document(found, Complete(findings=()), []),
    )
    requested = CATALOG.card(CATALOG.parse(target))
    named = [(CATALOG.parse(text), CATALOG.card(CATALOG.parse(text))) for text in candidates]
    return Recalled(
        half=half,
        tenant=tenant,
        operator=Operator(),
        requested=requested,
        alternatives=shortlist(named, requested, NEEDS, (), tenant),
        revisions=Revisions("", "", "", ""),
    )


async def explained(engine: OpaEngine, question: Recalled) -> Explanation:
    """Explain it."""
    policy = SpreadEngine([engine], reads=engine.reads or frozenset())
    return await Explainer(policy=policy, catalog=CATALOG, clock=SystemClock(), reads=engine.reads).explain(question)


def made(told: Explanation, code: str, data_class: str = "") -> set[tuple[str, object]]:
    """Return the facts that made a reason."""
    return {
        (fact.path, fact.value)
        for verdict in told.verdicts
        for spoken in verdict.spoken
        if (spoken.reason.code, spoken.reason.data_class) == (code, data_class)
        for fact in spoken.facts
    }


@pytest.mark.asyncio(loop_scope="module")
async def test_what_nothing_stands_against(engine: OpaEngine) -> None:
    """Every rule was asked, none denies, and there is nothing to change."""
    told = await explained(engine, asked(EU))
    assert (False, ()) == (told.denied, told.plans)
    assert list(engine.rules) == [verdict.code for verdict in told.verdicts]
    assert "denies" not in {verdict.word for verdict in told.verdicts}


@pytest.mark.asyncio(loop_scope="module")
async def test_a_class_at_a_place(engine: OpaEngine) -> None:
    """The facts are the regime, the class and who serves; taking the class out is the smallest change here."""
    told = await explained(engine, asked(CHINA, "contact"))
    assert told.denied
    facts_of_it = made(told, "transfer.regime", "contact")
    assert {("tenant.regimes", "EU-GDPR"), ("content.classes", "contact")} <= facts_of_it
    assert ("target.identified", True) not in facts_of_it
    changes = [plan.changes for plan in told.plans]
    assert ("redact contact",) in changes
    assert any(words[0].startswith("send it to deepseek/deepseek-v3.2@") for words in changes)
    assert all(len(words) == 1 for words in changes[:2])


@pytest.mark.asyncio(loop_scope="module")
async def test_a_mechanism(engine: OpaEngine) -> None:
    """A place that a record would open is told with the record that does."""
    told = await explained(engine, asked("deepseek-v3.2@fireworks@US", "contact"))
    changes = [" ".join(plan.changes) for plan in told.plans]
    assert any(words.startswith("record scc for EU-GDPR") for words in changes), changes


@pytest.mark.asyncio(loop_scope="module")
async def test_an_acceptance(engine: OpaEngine) -> None:
    """A license is accepted in the tenants file."""
    tenant = replace(BANK, country="JP", regimes=(), monthly_active_users=100, monthly_revenue_usd=100)
    told = await explained(engine, asked("llama-3.3-70b-instruct@nebius", tenant=tenant))
    assert {"license.acceptance"} == {verdict.code for verdict in told.verdicts if verdict.word == "denies"}
    assert any("accept LicenseRef-Llama-3.3" in plan.changes[0] for plan in told.plans), told.plans


@pytest.mark.asyncio(loop_scope="module")
async def test_several_changes_and_the_tenants_own_word(engine: OpaEngine) -> None:
    """What needs two changes is told as two; the tenant may take back what it asked for."""
    tenant = replace(BANK, origins={"CN": "deny"})
    told = await explained(engine, asked(CHINA, "contact", tenant=tenant))
    assert ("tenant.origins.CN", "deny") in made(told, "origin.stance")
    assert {"redact contact", "allow the origin CN (origins)"} in [set(plan.changes) for plan in told.plans]


@pytest.mark.asyncio(loop_scope="module")
async def test_what_nobody_knows(engine: OpaEngine) -> None:
    """Another target is all that helps."""
    unknown = replace(asked(EU), requested=CATALOG.card(TargetName("kumquat", "nobody")))
    told = await explained(engine, unknown)
    assert told.denied
    assert told.plans
    assert all(plan.changes[0].startswith("send it to ") and len(plan.changes) == 1 for plan in told.plans)


@pytest.mark.asyncio(loop_scope="module")
async def test_what_a_rule_asks_on_the_way(engine: OpaEngine) -> None:
    """A plan says what would still be taken out."""
    told = await explained(engine, asked(CHINA, "contact", "credential"))
    assert any("credential" in plan.then for plan in told.plans if plan.changes == ("redact contact",))
    assert "asks for redaction" == {verdict.code: verdict.word for verdict in told.verdicts}["content.credential"]
