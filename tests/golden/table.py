"""The golden table: what comes out for every archetype, at every listed model and provider, for four contents."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sidecar.config import Settings
from sidecar.app.snapshots import read_tenants
from sidecar.facts import target_document
from sidecar.types.decisions import Allow, Block, Decision
from sidecar.types.targets import Card
from sidecar.types.tenants import Tenant
from tests.golden import raw
from tests.golden.bench import TODAY, Bench
from tests.golden.oracle import Content

HERE = Path(__file__).parent
CONTENTS = {
    "no data": Content(),
    "contact": Content(classes=("contact",)),
    "kr_rrn": Content(classes=("kr_rrn",)),
    "credential": Content(classes=("credential",)),
}
SAME = "="  # as in the cell to the left

# What no rule that denies or redacts reads: names, prices, and what is only said in a notice or an obligation.
_NAMES = {"id", "model", "region", "listed", "status", "moving_alias", "region_ignored", "listings", "age_days"}
_FIT = {"price", "context", "tools", "modalities"}


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
    return [bench.card(model, provider) for model, provider in raw.listed()]


def essence(card: Card, tenant: Tenant) -> str:
    """Return all of a target that can make a difference: those with the same essence are decided the same."""
    document: dict[str, Any] = target_document(card, tenant, TODAY)
    licenses = [{key: terms[key] for key in terms if key != "duties"} for terms in document["license_facts"]]
    kept = {key: document[key] for key in document if key not in _NAMES | _FIT}
    return json.dumps({**kept, "license_facts": licenses}, sort_keys=True)


def write(lines: Iterator[tuple[str, list[str]]]) -> str:
    """Return the text of a part."""
    rows = ["\t".join(["target", *CONTENTS])]
    for target, cells in lines:
        shown = [cells[0], *(SAME if now == before else now for before, now in zip(cells, cells[1:], strict=False))]
        rows.append("\t".join([target, *shown]))
    return "\n".join(rows) + "\n"
