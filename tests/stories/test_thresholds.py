"""Which thresholds are reached, from what left before and what would leave now."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.catalog.load import load_catalog
from sidecar.catalog.shipped import ShippedCatalog
from sidecar.thresholds import months_before, tiers
from sidecar.types.tenants import Tenant
from tests.stories.fakes import ListJournal, card

Sums = Mapping[tuple[str, ...], Mapping[str, int]]
TODAY = date(2026, 11, 24)
BANK = Tenant("acme", "US", "finance", regimes=("US-DOJ-DSP", "US-HIPAA", "XX-UNKNOWN"))


@pytest.fixture(scope="module")
def catalog() -> ShippedCatalog:
    """The shipped one, for its regimes."""
    return load_catalog()


def reached(
    catalog: ShippedCatalog,
    found: Mapping[str, int],
    before: Sums | None = None,
    *,
    tenant: Tenant = BANK,
) -> dict[str, str]:
    """Return the tiers at one host, without the regime's name."""
    journal = ListJournal()
    journal.sent["acme", "host"] = before or {}
    content: dict[str, Any] = {"found": {name: {"count": number} for name, number in found.items()}}
    cards = [card("acme/one", "host"), card("acme/one", "self-hosted")]
    said = tiers(journal, catalog.regimes(), tenant=tenant, cards=cards, content=content, today=TODAY)
    return {name.removeprefix("US-DOJ-DSP/").removesuffix("@host"): tier for name, tier in said.items()}


def test_the_request_counts_as_sent(catalog: ShippedCatalog) -> None:
    """It is the one that crosses which is stopped, not the one after it."""
    sent: Sums = {("health",): {"health": 9_998}}
    assert {} == reached(catalog, {"health": 1}, sent)
    assert {"health": "reached"} == reached(catalog, {"health": 2}, sent)
    assert {"health": "above"} == reached(catalog, {"health": 3}, sent)


def test_no_volume_is_small_enough(catalog: ShippedCatalog) -> None:
    """Of government data."""
    assert {"government": "above"} == reached(catalog, {"gov_data": 1})


def test_identifiers_count_in_combination(catalog: ShippedCatalog) -> None:
    """Two kinds of them; names, birth dates and contact data are none with one another alone."""
    alone = [("contact",), ("national_id",), ("contact", "dob", "person_name")]
    assert [{}] * 3 == [reached(catalog, {}, {mix: {mix[0]: 200_000}}) for mix in alone]
    linked = ("contact", "national_id")
    assert {"covered_identifiers": "above"} == reached(
        catalog, {}, {linked: {"contact": 60_000, "national_id": 40_001}}
    )


def test_what_is_combined_counts_against_the_lowest(catalog: ShippedCatalog) -> None:
    """Of the thresholds of any type in it."""
    mix = ("biometric", "health")
    assert {"biometric": "above"} == reached(catalog, {}, {mix: {"biometric": 600, "health": 401}})
    apart: Sums = {("biometric",): {"biometric": 600}, ("health",): {"health": 401}}
    assert {} == reached(catalog, {}, apart)


def test_others_are_not_counted(catalog: ShippedCatalog) -> None:
    """Tenants that no regime with counted thresholds binds, other tenants' data, and one's own hardware."""
    sent: Sums = {("health",): {"health": 20_000}}
    assert {} == reached(catalog, {"health": 1}, sent, tenant=Tenant("acme", "US", "finance", regimes=("CN-PIPL",)))
    assert {} == reached(catalog, {"health": 1}, sent, tenant=Tenant("other", "US", "finance", regimes=BANK.regimes))
    assert {"health": "above"} == reached(catalog, {"health": 1}, sent)


def test_months_before() -> None:
    """The same day, or the last one of a shorter month."""
    assert date(2025, 11, 24) == months_before(TODAY, 12)
    assert date(2027, 2, 28) == months_before(date(2028, 2, 29), 12)
    assert date(2026, 2, 28) == months_before(date(2026, 3, 31), 1)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 12))
def test_months_before_are_never_too_long_ago(day: date, months: int) -> None:
    """A window of a year has at most 366 days."""
    before = months_before(day, months)
    assert timedelta(28 * months) <= day - before <= timedelta(31 * months)
    assert before.day <= day.day
