"""What the bundle gets, in the shape that rules were written against."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sidecar.catalog.bundle import last_day
from sidecar.catalog.shipped import ShippedCatalog

REGIME = {
    "name": str, "jurisdiction": str, "entity_classes": list, "trigger": str, "default": str, "any_content": bool,
    "home": list, "allow": list, "allow_until": dict, "equivalence": list, "equivalence_excludes": list,
    "conditional": dict, "deny": list, "mechanisms": dict, "never": dict, "localization": list, "also_needed": list,
    "thresholds": list, "duties": list,
    "counting": (dict, type(None)), "clause": str, "sector_scope": list, "summary": str, "unverified": list,
}  # fmt: skip
MEASURE = {
    "jurisdiction": str, "developers": list, "providers": list, "sectors": list, "classes": list, "force": str,
    "date": str, "status": str, "effect": str, "scope": str, "clause": str,
}  # fmt: skip
MECHANISM = {
    "name": str, "countries": (str, list), "not_classes": list, "clause": str, "automatic": bool, "routine": bool,
    "purposes": list, "since": str, "region": str, "needs_expiry": bool,
}  # fmt: skip


@pytest.fixture(scope="module")
def bundle(catalog: ShippedCatalog) -> dict[str, Any]:
    """The document."""
    return catalog.policy_data()


def fits(document: dict[str, Any], shape: dict[str, Any]) -> bool:
    """Tell whether a document has exactly these keys, of these types."""
    return document.keys() == shape.keys() and all(isinstance(document[key], kind) for key, kind in shape.items())


def test_the_sections(bundle: dict[str, Any], catalog: ShippedCatalog) -> None:
    """Seven, and the regimes are those of the interface."""
    assert ["regimes", "reach", "measures", "country_sets", "classes", "mechanisms", "fields_of_use"] == list(bundle)
    assert catalog.regimes() == bundle["regimes"]
    measures = {id_ for of_place in bundle["measures"].values() for id_ in of_place}
    assert [46, 24] == [len(bundle["regimes"]), len(measures)]


def test_every_row_has_every_key(bundle: dict[str, Any]) -> None:
    """A rule never meets an undefined field."""
    assert all(fits(regime, REGIME) for regime in bundle["regimes"].values())
    assert all(fits(measure, MEASURE) for of_place in bundle["measures"].values() for measure in of_place.values())
    assert all(fits(way, MECHANISM) for regime in bundle["regimes"].values() for way in regime["mechanisms"].values())


def test_one_regime(bundle: dict[str, Any]) -> None:
    """The hard one: equivalence for Europe, but not for two classes."""
    regime = bundle["regimes"]["KR-PIPA"]

    assert ("border", "deny_unless", ["KR"], []) == (
        regime["trigger"],
        regime["default"],
        regime["home"],
        regime["allow"],
    )
    assert sorted(bundle["country_sets"]["EEA"]) == sorted(regime["equivalence"])
    assert ["kr_rrn", "credit_info"] == regime["equivalence_excludes"]
    assert {
        "kr_rrn": {"except": ["statute"], "clause": "PIPA 24-2(1)"},
        "credit_info": {
            "except": ["consent", "statute", "contract", "certification"],
            "clause": "PIPC equivalence notice of 2025-09-16",
        },
    } == regime["never"]
    assert {
        "name": "separate consent of the data subject",
        "countries": "any",
        "not_classes": [],
        "clause": "PIPA 28-8(1)1",
        "automatic": False,
        "routine": True,
        "purposes": [],
        "since": "",
        "region": "",
        "needs_expiry": False,
    } == regime["mechanisms"]["consent"]


def test_thresholds_say_where_they_begin(bundle: dict[str, Any]) -> None:
    """What is not stated is null, so that nought can be a limit."""
    thresholds = {row["id"]: row for row in bundle["regimes"]["US-DOJ-DSP"]["thresholds"]}

    assert {"id", "classes", "from", "above", "below", "mechanisms", "combination", "together"} == set().union(
        *thresholds.values()
    )
    assert 0 in {row["above"] for row in thresholds.values()}
    assert {None} == {row["from"] for row in thresholds.values()}


def test_any_content_regimes(bundle: dict[str, Any]) -> None:
    """Two regimes bite whatever the content is."""
    assert 2 == sum(regime["any_content"] for regime in bundle["regimes"].values())
    assert bundle["regimes"]["KR-EFSR-NETSEP"]["any_content"]


def test_classes_of_our_own(bundle: dict[str, Any]) -> None:
    """They have words, and no regime lists them."""
    listed = {name for regime in bundle["regimes"].values() for name in regime["entity_classes"]}

    assert {"person_name_bare", "unclassified", "anonymous"} <= bundle["classes"].keys()
    assert not {"person_name_bare", "unclassified"} & listed
    assert listed <= bundle["classes"].keys()


def test_fields_of_use_are_those_that_licenses_name(bundle: dict[str, Any], catalog: ShippedCatalog) -> None:
    """A field that no license forbids would be dead, one that the table lacks would never bite."""
    terms = [catalog.license_terms(license_id) for license_id in catalog.license_ids()]
    used = {use.field for item in terms if item for use in item.fields_of_use}

    assert used - {"other"} | {"output_training"} == set(bundle["fields_of_use"])
    assert ["defense"] == bundle["fields_of_use"]["military"]["sectors"]
    assert ["public"] == bundle["fields_of_use"]["administrative"]["sectors"]
    assert "military" in bundle["fields_of_use"]["military"]["purposes"]


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2025-01-30", "2025-01-30"),
        ("2025-02", "2025-02-28"),
        ("2024-02", "2024-02-29"),
        ("2025", "2025-12-31"),
        ("2025..2026", "2026-12-31"),
    ],
)
def test_a_bare_month_or_year_is_its_last_day(moment: str, day: str) -> None:
    """A ban that began some day of a month is in force for certain after it."""
    assert day == last_day(moment)


@settings(deadline=None)
@given(st.dates())
def test_no_day_of_a_month_comes_after_its_last(day: object) -> None:
    """ISO days compare as text."""
    text = str(day)
    assert text <= last_day(text[:7]) <= last_day(text[:4])
