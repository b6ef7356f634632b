"""The golden table: what comes out for every archetype, at every listed model and provider, for four contents."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path

from sidecar.app.sources import read_tenants
from sidecar.config import Settings
from sidecar.types.decisions import Allow, Block, Decision
from sidecar.types.targets import Card
from sidecar.types.tenants import Tenant
from tests.golden import raw
from tests.golden.bench import Bench
from tests.golden.oracle import Content

HERE = Path(__file__).parent
CONTENTS = {
    "no data": Content(),
    "contact": Content(classes=("contact",)),
    "kr_rrn": Content(classes=("kr_rrn",)),
    "credential": Content(classes=("credential",)),
}
SAME = "="  # as in the cell to the left


def archetypes(bench: Bench) -> dict[str, Tenant]:
    """Return the customers, read as a tenants file is."""
    settings = Settings.model_validate({"tenants": {"path": str(HERE / "tenants.yaml")}})
    return {tenant.id: tenant for tenant in read_tenants(settings, bench.catalog)}


def path(tenant: str) -> Path:
    """Return the file of a customer's part."""
    return HERE / "tables" / f"{tenant}.tsv"


def cell(decision: Decision) -> str:
    """Return a decision in few letters."""
    if isinstance(decision, Allow):
        return "A"
    if isinstance(decision, Block):
        return f"B {','.join(sorted({reason.code for reason in decision.grounds.reasons}))}"
    return f"R {','.join(f'{one.data_class}:{one.operator}' for one in decision.redactions)}"


def cards(bench: Bench) -> list[Card]:
    """Return the targets of the table, in its order."""
    return [bench.card(*line) for line in raw.lines()]


def essence(card: Card, tenant: Tenant) -> tuple[Card, str]:
    """Return all of a target that can make a difference: those with the same essence are decided the same."""
    chosen = card.serving.self_hosted and tenant.self_hosted is not None
    return _nameless(card), card.model if chosen else ""


@cache
def _nameless(card: Card) -> Card:
    """Leave out what no rule that denies or redacts reads: names, prices, notices and obligations."""
    return replace(
        card,
        id="",
        model="",
        region="",
        listed=True,
        status="",
        moving_alias=False,
        stands_for="",
        region_ignored=False,
        listings=(),
        price=None,
        context=None,
        tools=None,
        modalities=(),
        outputs=(),
        retrieved=None,
        licenses=tuple(replace(terms, duties=()) for terms in card.licenses),
    )


def write(lines: Iterator[tuple[str, list[str]]]) -> str:
    """Return the text of a part."""
    rows = ["\t".join(["target", *CONTENTS])]
    for target, cells in lines:
        shown = [cells[0], *(SAME if now == before else now for before, now in pairwise(cells))]
        rows.append("\t".join([target, *shown]))
    return "\n".join(rows) + "\n"
