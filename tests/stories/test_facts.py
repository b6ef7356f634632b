"""The one document that policy sees."""

import json
from datetime import date
from pathlib import Path

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar import facts
from sidecar.catalog.load import load_catalog
from sidecar.config import Operator
from sidecar.types.content import Complete, Direction, Finding, Format, Missing, Needs, Partial, Uninspected
from sidecar.types.targets import Card, TargetName
from sidecar.types.tenants import Tenant, TransferMechanism
from tests.stories.fakes import card

SCHEMA = json.loads((Path(__file__).parents[2] / "policies" / "schemas" / "facts.json").read_text())
VALID = jsonschema_rs.validator_for(SCHEMA)
CATALOG = load_catalog()
TODAY = date(2026, 11, 24)
TENANTS = (
    Tenant("plain", "DE", "retail"),
    Tenant(
        "full",
        "US",
        "health",
        subdivisions=("US-TX",),
        regimes=("US-HIPAA",),
        monthly_active_users=1,
        monthly_revenue_usd=2,
        user_countries=("US",),
        accepted_licenses=("LicenseRef-Llama-3.3",),
        transfer_mechanisms=(TransferMechanism("US-HIPAA", "baa", ("aws-bedrock",), ("US",), TODAY),),
        pseudonymized_transfers=("EU-GDPR",),
        origins={"CN": "deny"},
        residency=("US",),
        self_hosted=("alibaba/qwen3-32b",),
        strict=True,
        max_retention_days=0,
        prefer=("block",),
        rank_by="context",
        operators={"contact": "mask"},
        bare_names="count",
    ),
)
FINDING = Finding(0, 0, 3, "EMAIL_ADDRESS", "contact", 0.87654321, "email")


def half(content: dict[str, object] | None = None) -> facts.RequestHalf:
    """Return a request half."""
    request = facts.request_document(
        format=Format.OPENAI_CHAT,
        streaming=True,
        size=10,
        hosted_tools=("web_search",),
        needs=Needs(3, tools=True, modalities=("text", "image"), state=True),
        attributes={"purpose": "support"},
    )
    inspection = Partial((), (Missing(0, 0, 1, "x"),), ("en", "ko"), ("ko",), ("confidential",))
    uninspected = [Uninspected("image", "image/png", 10)]
    described = content or facts.content_document([FINDING], inspection, uninspected, extra_classes=["pseudonymized"])
    caller = {"subject": "mark:1:ff", "roles": ["analyst"], "gateway": "spiffe://gateway"}
    return facts.RequestHalf(Direction.REQUEST, TODAY, request, caller, described)  # type: ignore[arg-type]


@pytest.mark.parametrize("tenant", TENANTS, ids=lambda tenant: tenant.id)
def test_every_listed_target_makes_facts_of_the_schema(tenant: Tenant) -> None:
    """No card, known or not, makes a document that the schema refuses."""
    names = [*CATALOG.listed(), TargetName("no such", "model"), TargetName("gpt-4o", "self-hosted")]
    for name in names:
        found = CATALOG.card(name)
        document = facts.build(
            half(), phase="request", tenant=tenant, operator=Operator(country="KR"), target=found, candidates=[found]
        )
        VALID.validate(document)


def test_content_counts_by_class_and_entity() -> None:
    """Names are apart from details; scores are rounded; extra classes stand without a count."""
    assert {
        "classes": ["contact", "pseudonymized"],
        "fixed": [],
        "found": {"contact": {"count": 1, "entities": {"EMAIL_ADDRESS": 1}, "score": 0.8765}},
        "languages": [],
        "unsupported_languages": [],
        "markings": [],
        "uninspected": [],
        "complete": True,
    } == facts.content_document([FINDING], Complete(()), [], extra_classes=["pseudonymized"])


def test_self_hosted_is_the_tenants_own_place() -> None:
    """At self-hosted the region and the parent are the tenant's country, and only listed models are identified."""
    own = CATALOG.card(TargetName("qwen3-32b", "self-hosted"))
    other = CATALOG.card(TargetName("qwen3-14b", "self-hosted"))
    document = facts.target_document(own, TENANTS[1], TODAY)
    assert (True, {"regions": ["US"], "parent_jurisdiction": "US", "self_hosted": True}) == (
        document["identified"],
        {key: document["serving"][key] for key in ("regions", "parent_jurisdiction", "self_hosted")},  # type: ignore[index,call-overload]
    )
    assert "not_self_hosted_by_tenant" == facts.target_document(other, TENANTS[1], TODAY)["unidentified"]
    assert "" == facts.target_document(other, TENANTS[0], TODAY)["unidentified"]


def test_recorded_half_builds_the_same_facts_again() -> None:
    """What a record keeps of a request is enough to ask the very question again."""
    first = half()
    kept = json.loads(json.dumps(first.document()))
    again = facts.RequestHalf(
        Direction(kept["direction"]), date.fromisoformat(kept["date"]), kept["request"], kept["caller"], kept["content"]
    )
    assert _facts(first) == _facts(again)


def test_age_counts_days_and_never_less_than_none() -> None:
    """A card read today is zero days old, and one from the future too."""
    assert [23, 0] == [facts.target_document(card(), TENANTS[0], day)["age_days"] for day in (TODAY, date(2026, 10, 1))]


@given(
    st.lists(
        st.builds(
            Finding,
            segment=st.just(0),
            start=st.just(0),
            end=st.just(1),
            entity=st.just("X"),
            data_class=st.sampled_from(["person_name", "contact", "credential", "health"]),
            score=st.just(1.0),
            recognizer=st.just("r"),
            bare=st.booleans(),
        ),
        max_size=6,
    )
)
def test_bare_names_are_settled_by_what_stands_beside_them(findings: list[Finding]) -> None:
    """A bare name stays a name exactly where another personal class is in the body; nothing else ever changes class."""
    personal = any(one.data_class in {"contact", "health"} for one in findings)
    for before, after in zip(findings, facts.settle_names(findings, TENANTS[0]), strict=True):
        bare = before.data_class == "person_name" and before.bare and not personal
        assert ("person_name_bare" if bare else before.data_class) == after.data_class


def test_card_document_is_the_same_on_any_day() -> None:
    """What a record names by digest does not change with the day or the tenant."""
    one: Card = CATALOG.card(TargetName("deepseek-v3.2", "nebius"))
    assert "age_days" not in facts.card_document(one)
    assert facts.card_document(one) == facts.card_document(one)


def _facts(one: facts.RequestHalf) -> dict[str, object]:
    return facts.build(one, phase="request", tenant=TENANTS[0], operator=Operator(), target=card())  # type: ignore[return-value]
