"""A threshold over time that is crossed turns an answer, at that counterparty alone; by real rules and real rows."""

import dataclasses
from typing import Any

from sidecar.thresholds import tiers
from sidecar.types.tenants import Tenant
from tests.golden.bench import TODAY, Bench, question, told
from tests.golden.oracle import Content
from tests.stories.fakes import ListJournal

BANK = Tenant("us-bank", "US", "finance", regimes=("US-DOJ-DSP",), prefer=("block",))


def asked(bench: Bench, journal: ListJournal, target: str, *, tenant: Tenant = BANK, name: str = "health") -> str:
    """Return what comes of one finding for a target: the action and the bases of what stands against it."""
    card = bench.catalog.card(bench.catalog.parse(target))
    content: Any = {"found": {name: {"count": 1}}}
    counters = tiers(journal, bench.catalog.regimes(), tenant=tenant, cards=[card], content=content, today=TODAY)
    outcome = told(bench.decide([question(tenant, card, Content(classes=(name,)), counters=counters)])[0])
    return " ".join([outcome.action, *sorted({f"{one.code} {one.basis}" for one in outcome.denies})])


def test_crossing_turns_allow_into_block(bench: Bench) -> None:
    """At 10,000 nothing stands against it, above them the regime does."""
    journal = ListJournal()
    journal.sent["us-bank", "alibaba-sg"] = {("health",): {"health": 9_999}}
    assert "allow" == asked(bench, journal, "glm-5.2@alibaba-sg")
    journal.sent["us-bank", "alibaba-sg"] = {("health",): {"health": 10_000}}
    assert "block transfer.regime US-DOJ-DSP" == asked(bench, journal, "glm-5.2@alibaba-sg")


def test_nobody_else_is_concerned(bench: Bench) -> None:
    """Not another counterparty, not another tenant, not a host outside of the countries of concern."""
    journal = ListJournal()
    journal.sent["us-bank", "alibaba-sg"] = journal.sent["us-bank", "scaleway"] = {("health",): {"health": 20_000}}
    assert "allow" == asked(bench, journal, "glm-5.2@siliconflow")
    assert "allow" == asked(bench, journal, "glm-5.2@alibaba-sg", tenant=dataclasses.replace(BANK, id="other"))
    assert "allow" == asked(bench, journal, "glm-5.2@scaleway")


def test_government_data_never(bench: Bench) -> None:
    """The first finding is above a threshold of none."""
    assert "block transfer.regime US-DOJ-DSP" == asked(bench, ListJournal(), "glm-5.2@alibaba-sg", name="gov_data")
