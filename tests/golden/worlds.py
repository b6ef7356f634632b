"""Tenants, targets and contents that nobody thought of."""

from dataclasses import dataclass
from datetime import date

from hypothesis import strategies as st

from sidecar.config import Operator
from sidecar.types.targets import TargetName
from sidecar.types.tenants import Preference, Tenant, TransferMechanism
from tests.golden import raw
from tests.golden.bench import TODAY
from tests.golden.oracle import Content, Question

COUNTRIES = [
    "AE",
    "AU",
    "BR",
    "CA",
    "CH",
    "CN",
    "DE",
    "FR",
    "GB",
    "IE",
    "IN",
    "IT",
    "JP",
    "KR",
    "NL",
    "NO",
    "SG",
    "TW",
    "US",
]
SECTORS = ["defense", "education", "finance", "health", "insurance", "other", "public", "retail", "telecom"]
CLASSES = [*raw.table("classes"), "unclassified", "person_name_bare"]
MODELS = sorted(raw.rows("models"))
PROVIDERS = sorted(raw.rows("providers"))
REGIMES = sorted(raw.rows("regimes"))
LICENSES = sorted(raw.rows("licenses"))
PLACES = sorted(
    {
        place
        for row in raw.rows("providers").values()
        for place in (*row["processing_regions"], row["parent_jurisdiction"])
        if place != "TENANT"
    }
)
PREFERENCES: list[tuple[Preference, ...]] = [
    ("redact", "reroute", "block"),
    ("redact",),
    ("reroute", "redact"),
    ("block", "redact"),
    ("block",),
]
DAYS = [TODAY, date(2026, 4, 19), date(2026, 11, 23), date(2027, 1, 1), date(2032, 1, 1)]
PURPOSES = ["", "back-office-saas", "credit-scoring", "cyber-defense", "military", "model-training", "support"]
LISTED = raw.listed()


@dataclass(frozen=True, slots=True)
class Trial:
    """A question, and the name under which the engine is asked about the target."""

    question: Question
    name: TargetName


def few(values: list[str], most: int) -> st.SearchStrategy[tuple[str, ...]]:
    """Return some of the values."""
    return st.lists(st.sampled_from(values), max_size=most, unique=True).map(tuple)


@st.composite
def records(draw: st.DrawFn, regimes: tuple[str, ...]) -> tuple[TransferMechanism, ...]:
    """Draw what a tenant has on file."""
    ways = [
        (regime, mechanism["id"])
        for regime in regimes
        for mechanism in raw.rows("regimes")[regime]["transfer_rule"]["mechanisms"]
        if not mechanism.get("automatic")
    ]
    if not ways:
        return ()
    record = st.builds(
        lambda way, providers, countries, expires: TransferMechanism(way[0], way[1], providers, countries, expires),
        st.sampled_from(ways),
        st.just(("*",)) | few(PROVIDERS, 20).filter(bool),
        st.just(tuple(PLACES)) | st.just(("EU",)) | st.just(("US", "EU")) | few(PLACES, 4).filter(bool),
        st.none() | st.sampled_from(DAYS),
    )
    return tuple(draw(st.lists(record, max_size=8)))


@st.composite
def tenants(draw: st.DrawFn) -> Tenant:
    """Draw a customer; most limits are wide, so that what is left shows."""
    regimes = draw(few(REGIMES, 2) | few(REGIMES, 6))
    released = draw(few(list(regimes), 2)) if regimes else ()
    return Tenant(
        id="drawn",
        country=draw(st.sampled_from(COUNTRIES)),
        sector=draw(st.sampled_from(SECTORS)),
        subdivisions=draw(few(["US-TX", "US-NY", "US-CA", "CA-QC", "AE-DU"], 1)),
        regimes=regimes,
        commercial=draw(st.booleans()),
        monthly_active_users=draw(st.sampled_from([None, 10, 10_000_000, 10_000_001, 100_000_001, 800_000_000])),
        monthly_revenue_usd=draw(st.sampled_from([None, 10, 83_333, 83_334, 1_000_000, 20_000_000, 20_000_001])),
        user_countries=draw(few(COUNTRIES, 2)),
        accepted_licenses=draw(st.just(tuple(LICENSES)) | few(LICENSES, 30)),
        transfer_mechanisms=draw(records(regimes)),
        pseudonymized_transfers=released,
        origins=draw(
            st.just({})
            | st.dictionaries(
                st.sampled_from(["CN", "US", "FR", "KR"]),
                st.sampled_from(["allow", "self_hosted_or_hosted_outside", "deny"]),
                max_size=2,
            )
        ),
        residency=draw(st.just(()) | st.sampled_from([("EU",), ("US",), ("FR", "DE"), ("EU", "ZZ"), ("KR", "JP")])),
        self_hosted=draw(st.none() | few(MODELS, 30)),
        strict=draw(st.sampled_from([False, False, False, True])),
        max_retention_days=draw(st.sampled_from([None, None, 0, 30])),
        prefer=draw(st.sampled_from(PREFERENCES)),
        operators=draw(st.sampled_from([{}, {"contact": "mask", "credential": "hash"}, {"health": "generalize"}])),
    )


@st.composite
def trials(draw: st.DrawFn, tenant: Tenant) -> Trial:
    """Draw a target, a content and a day for a tenant."""
    model, provider = draw(st.sampled_from(LISTED) | st.tuples(st.sampled_from(MODELS), st.sampled_from(PROVIDERS)))
    row = raw.rows("providers")[provider]
    names = [*sorted(row.get("regions") or ()), *row["processing_regions"], "nowhere"]
    region = draw(st.just("") | st.sampled_from(names))
    classes = tuple(sorted(draw(few(CLASSES, 4))))
    content = Content(
        classes=classes,
        fixed=draw(st.just(()) | few(list(classes), 1)) if classes else (),
        pictures=draw(st.sampled_from([False, False, False, True])),
        complete=draw(st.sampled_from([True, True, True, False])),
    )
    tiers = [
        f"{regime}/{tier['id']}"
        for regime in tenant.regimes
        for tier in raw.rows("regimes")[regime]["transfer_rule"].get("thresholds") or ()
    ]
    levels = st.sampled_from(["below", "reached", "above"])
    counters = st.dictionaries(st.sampled_from(tiers), levels) if tiers else st.just({})
    known = draw(st.sampled_from([True] * 15 + [False]))
    question = Question(
        tenant=tenant,
        target=raw.target(model, provider, region) if known else None,
        content=content,
        operator=Operator(
            country="NL",
            monthly_revenue_usd=draw(st.sampled_from([None, 10, 1_666_666, 1_666_667, 4_166_667, 10**9])),
            offers_models_to_third_parties=draw(st.booleans()),
        ),
        today=draw(st.sampled_from(DAYS)),
        purpose=draw(st.sampled_from(PURPOSES)),
        counters=draw(counters),
    )
    return Trial(question, TargetName(model if known else "no-such-model", provider, region))
