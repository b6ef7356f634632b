"""Cases that are easily got wrong, from the words of a request to the decision, each with the clause behind it.

The numbers are those of ``cases.yaml``, which tells each case in a sentence.
"""

from pathlib import Path
from typing import Any

import pytest
import yaml

from sidecar.app.sources import read_tenants
from sidecar.config import Operator, Settings
from sidecar.types.tenants import Tenant
from tests.golden import table
from tests.golden.bench import Bench, question, told
from tests.golden.oracle import Content

CASES: list[dict[str, Any]] = yaml.safe_load((table.HERE / "cases.yaml").read_bytes())
NAMES = [f"{case['case']}-{case['tenant']}-{case['target']}" for case in CASES]


def named(*parts: str) -> str:
    """Return a reason as a case names it."""
    return " ".join(part for part in parts if part)


@pytest.fixture(scope="module")
def customers(bench: Bench) -> dict[str, Tenant]:
    """Those who ask in the cases, read as a tenants file is."""
    path = Path(table.HERE / "cases-tenants.yaml")
    settings = Settings.model_validate({"tenants": {"path": str(path)}})
    return {tenant.id: tenant for tenant in read_tenants(settings, bench.catalog)}


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_case(bench: Bench, customers: dict[str, Tenant], case: dict[str, Any]) -> None:
    """Action, every reason, its clause, and what is said besides come out as the case tells."""
    card = bench.catalog.card(bench.catalog.parse(case["target"]))
    asked = question(
        customers[case["tenant"]],
        card,
        Content(classes=tuple(case.get("with", ()))),
        operator=Operator(**case.get("operator", {})),
        purpose=case.get("purpose", ""),
        counters=case.get("counters"),
    )
    decision = bench.decide([asked])[0]
    outcome = told(decision)
    objections = outcome.denies | outcome.asks
    said = {named(one.code, one.data_class, one.basis) for one in objections}
    expected = case.get("reasons", {})
    assert (case["action"], set(expected)) == (outcome.action, said)
    for reason in decision.grounds.reasons:
        assert expected[named(reason.code, reason.data_class, reason.basis)] in reason.clause
    grounds = decision.grounds
    besides = {named(one.code, one.basis) for one in grounds.notices}
    besides |= {named(one.code, one.basis) for one in grounds.obligations}
    assert set(case.get("besides", ())) <= besides
    assert case.get("canonical", card.id) == card.id


def test_every_case_is_there() -> None:
    """No number is left out."""
    assert set(range(1, 28)) == {case["case"] for case in CASES}
