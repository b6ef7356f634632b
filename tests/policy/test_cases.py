"""Cases of the shipped policies, as the sidecar asks them: real bundle, real catalog, real OPA.

`cases/README.md` says how a case is written.
"""

import json
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import pytest_asyncio

from sidecar.catalog.load import load_catalog
from sidecar.clock import Deadline, SystemClock
from sidecar.policy.engine import OpaEngine, start_engine
from sidecar.policy.sources import shipped_policies
from sidecar.types.decisions import Block, Decision, Redact, Reroute

CASES = Path(__file__).parent / "cases"
DOCUMENTS = CASES / "documents"
NAMES = sorted(path.stem for path in CASES.glob("*.json"))
FACTS = jsonschema_rs.validator_for(json.loads((shipped_policies() / "schemas" / "facts.json").read_bytes()))


def read(path: Path) -> dict[str, Any]:
    """Return a document."""
    document: dict[str, Any] = json.loads(path.read_bytes())
    return document


def merged(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return a document with changes: maps go into maps, everything else takes the place of what was there."""
    result = dict(base)
    for key, value in changes.items():
        inner = base.get(key)
        result[key] = merged(inner, value) if isinstance(inner, Mapping) and isinstance(value, Mapping) else value
    return result


def target(said: str | dict[str, Any]) -> dict[str, Any]:
    """Return a target by its name, or one like it with changes."""
    targets = read(DOCUMENTS / "targets.json")
    if isinstance(said, str):
        return dict(targets[said])
    return merged(targets[said["like"]], {key: value for key, value in said.items() if key != "like"})


def question(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return the whole facts that a case changes in part."""
    base = read(DOCUMENTS / "base.json")
    others = {key: value for key, value in said.items() if key not in {"target", "candidates"}}
    return {
        **merged(base, others),
        "target": target(said.get("target", base["target"])),
        "candidates": [target(one) for one in said.get("candidates", base["candidates"])],
    }


def told(decision: Decision) -> dict[str, Any]:
    """Return a decision in the words of a case."""
    grounds = decision.grounds
    redactions = decision.redactions if isinstance(decision, Redact | Reroute) else ()
    return {
        "action": type(decision).__name__.lower(),
        "target": None if isinstance(decision, Block) else decision.target,
        "redact": {one.data_class: one.operator for one in redactions},
        "reasons": sorted([one.code, str(one.severity), one.data_class, one.basis] for one in grounds.reasons),
        "rejected": {one.target: list(one.codes) for one in grounds.rejected},
        "obligations": sorted([one.code, one.basis] for one in grounds.obligations),
        "notices": sorted(one.code for one in grounds.notices),
        "shadow": sorted([one.code, str(one.severity), one.data_class, one.basis] for one in grounds.shadow),
    }


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def engine() -> AsyncIterator[OpaEngine]:
    """The engine with the shipped policies and catalog."""
    engine = await start_engine(catalog_data=load_catalog().policy_data(), shadow={}, timeout_ms=10_000)
    yield engine
    await engine.aclose()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.asyncio(loop_scope="module")
async def test_case(engine: OpaEngine, name: str) -> None:
    """What a case states of the decision holds, whole where it is stated."""
    case = read(CASES / f"{name}.json")
    asked = question(case["input"])
    assert [] == [error.message for error in FACTS.iter_errors(asked)]
    decision = told(await engine.decide(asked, Deadline(SystemClock(), None)))
    assert case["decision"] == {key: decision[key] for key in case["decision"]}, case["note"]


def test_there_are_cases() -> None:
    """A folder that was moved would pass otherwise."""
    assert NAMES
