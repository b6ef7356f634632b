"""How far a regime lets data go, worked out of its lists. The golden tests hold all of it against the real rows."""

from typing import Any

from sidecar.catalog.reach import FOREVER, reach
from sidecar.catalog.shipped import ShippedCatalog
from sidecar.types.countries import ISO_COUNTRIES
from tests.catalog import fixtures

EEA = ("DE", "FR", "NO")
WAY = {
    "name": "a contract", "countries": "any", "not_classes": [], "clause": "Art. 1", "automatic": False,
    "routine": True, "purposes": [], "since": "", "region": "", "needs_expiry": False,
}  # fmt: skip
REGIME: dict[str, Any] = {
    "name": "Example Act (of 2026)", "jurisdiction": "CA", "clause": "Art. 1", "entity_classes": ["contact", "health"],
    "trigger": "border", "default": "deny_unless", "home": ["CA"], "allow": [], "allow_until": {}, "equivalence": [],
    "equivalence_excludes": [], "deny": [], "mechanisms": {"contract": WAY}, "never": {}, "localization": [],
    "thresholds": [],
}  # fmt: skip


def reached(**parts: Any) -> Any:  # noqa: ANN401 - documents, taken apart by the tests
    """Return the reach of the example with parts replaced."""
    return reach("EX", {**REGIME, **parts}, EEA)


def test_a_plain_regime() -> None:
    """Home is open, nothing else is; a contract could be recorded for anywhere but the unknown place."""
    assert {
        "law": "Example Act Art. 1",
        "keys": {"contact": "", "health": "", "unclassified": ""},
        "home": {"CA": True},
        "open": {"": {}},
        "elsewhere": {},
        "barred": {"ZZ": True},
        "records": {"": {"contract": {"countries": "any", "since": "", "words": "contract (a contract)"}}},
        "supplements": {},
        "gates": {},
        "tiers": {},
    } == reached()


def test_classes_have_a_key_of_their_own_where_something_is_said_of_them() -> None:
    """In whichever list it is said; what has no class is treated as contact."""
    said = (
        {"never": {"contact": {"except": [], "clause": ""}}},
        {"equivalence_excludes": ["contact"]},
        {"localization": [{"classes": ["contact"], "countries": ["CA"], "clause": ""}]},
        {"mechanisms": {"contract": {**WAY, "not_classes": ["contact"]}}},
        {"thresholds": [{"id": "x", "classes": ["contact"], "from": 1, "above": None, "mechanisms": []}]},
    )
    for part in said:
        assert {"contact": "contact", "health": "", "unclassified": "contact"} == reached(**part)["keys"]
    assert {"health": ""} == reached(entity_classes=["health"])["keys"]


def test_lists_open_places_until_their_day() -> None:
    """Some country of the EU is open as long as every country of the EEA is."""
    assert {"": {"DE": FOREVER, "FR": "2030-01-01"}} == reached(allow=["DE", "FR"], allow_until={"FR": "2030-01-01"})[
        "open"
    ]
    expected = {"DE": FOREVER, "EU": "2030-01-01", "FR": "2030-01-01", "NO": FOREVER}
    assert {"": expected} == reached(allow=EEA, allow_until={"FR": "2030-01-01"})["open"]
    assert {"": {}} == reached(allow=["DE"], deny=["DE"])["open"]
    assert {"": {}} == reached(allow=["DE"], trigger="recipient")["open"]


def test_equivalence_leaves_classes_out() -> None:
    """Those that it excludes, and those with fewer ways."""
    excluded = reached(equivalence=["DE"], equivalence_excludes=["health"])
    assert {"": {"DE": FOREVER}, "health": {}} == excluded["open"]
    never = reached(equivalence=["DE"], never={"health": {"except": [], "clause": ""}})
    assert {"": {"DE": FOREVER}, "health": {}} == never["open"]


def test_open_elsewhere() -> None:
    """Where a regime only lists what is shut: an unknown place may be there, and so is the EU where one country is."""
    assert {"": {}} == reached(default="allow_unless")["elsewhere"]
    assert {"": {"CN": True, "ZZ": True}} == reached(default="deny_if", deny=["CN"])["elsewhere"]
    assert {"": {"EU": True, "NO": True, "ZZ": True}} == reached(default="deny_if", deny=["NO"])["elsewhere"]
    never = {"health": {"except": [], "clause": ""}}
    assert {"": {}} == reached(default="allow_unless", never=never)["elsewhere"]
    assert {"": {}, "health": {}} == reached(default="deny_if", never=never)["elsewhere"]


def test_localization_shuts_all_other_places() -> None:
    """For its classes, whatever a list says."""
    row = {"classes": ["health"], "countries": ["CA", "FR"], "clause": ""}
    shut = reached(default="allow_unless", localization=[row])["elsewhere"]
    assert {} == shut[""]
    assert {*ISO_COUNTRIES, "EU", "ZZ"} - {"CA", "FR"} == set(shut["health"])
    opened = reached(allow=["DE", "FR"], localization=[row])["open"]
    assert {"": {"DE": FOREVER, "FR": FOREVER}, "health": {"FR": FOREVER}} == opened


def test_records() -> None:
    """A standing basis that a tenant can record, for the classes that it covers, and where no list bars the place."""
    never = {"health": {"except": ["law"], "clause": ""}}
    ways = {
        "contract": WAY,
        "law": {**WAY, "name": "a law", "countries": [*EEA], "since": "2026-01-01"},
        "list": {**WAY, "automatic": True},
        "emergency": {**WAY, "routine": False},
        "assessment": {**WAY, "region": "QC"},
        "seal": {**WAY, "not_classes": ["contact"]},
    }
    found = reached(mechanisms=ways, never=never, deny=["FR"])
    assert {"": ["contract", "law", "seal"], "contact": ["contract", "law"], "health": ["law"]} == {
        key: list(records) for key, records in found["records"].items()
    }
    law = {"countries": {"DE": True, "EU": True, "FR": True, "NO": True}, "since": "2026-01-01", "words": "law (a law)"}
    assert law == found["records"]["health"]["law"]
    assert {"CA-QC": ["assessment"]} == found["supplements"]
    assert {"EU": True, "FR": True, "ZZ": True} == found["barred"]


def test_thresholds() -> None:
    """Those without mechanisms hold the whole regime back; the others leave a class fewer mechanisms."""
    small = {"id": "small", "classes": ["health"], "from": None, "above": None, "mechanisms": ["contract"]}
    large = {"id": "large", "classes": ["health"], "from": 9, "above": None, "mechanisms": ["law"]}
    gate = {"id": "gate", "classes": ["contact"], "from": None, "above": 5, "mechanisms": []}
    other = {"id": "other", "classes": ["dob"], "from": 5, "above": None, "mechanisms": []}
    found = reached(thresholds=[small, large, gate, other])
    gates = [{"counter": "EX/gate", "levels": ["above"]}, {"counter": "EX/other", "levels": ["reached", "above"]}]
    assert {"": gates, "contact": gates[:1], "health": gates} == found["gates"]
    assert {
        "health": [
            {"counter": "EX/small", "levels": [], "mechanisms": ["contract"]},
            {"counter": "EX/large", "levels": ["reached", "above"], "mechanisms": ["law"]},
        ]
    } == found["tiers"]


def test_every_regime_has_its_reach(catalog: ShippedCatalog) -> None:
    """Under its id, for every class that it counts."""
    data: Any = catalog.policy_data()
    assert list(data["regimes"]) == list(data["reach"])
    for id_, regime in data["regimes"].items():
        assert set(regime["entity_classes"]) == set(data["reach"][id_]["keys"]) - {"unclassified"}


def test_fixtures_of_the_rego_tests_are_derived() -> None:
    """They say what the sidecar would."""
    assert fixtures.DERIVED.read_text(encoding="utf-8") == fixtures.derived()
