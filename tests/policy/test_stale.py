"""The limit on the age of facts reaches the rule, through bundle and OPA."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest
import pytest_asyncio

from sidecar.app.sources import open_engine
from sidecar.catalog.load import load_catalog
from sidecar.clock import Deadline, SystemClock
from sidecar.config import Settings
from sidecar.errors import SettingsFault
from sidecar.policy.engine import OpaEngine, start_engine
from tests.policy.test_cases import question, told

DENIED = ["identity.stale", "deny", "", "catalog.max_age_days"]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def engine() -> AsyncIterator[OpaEngine]:
    """The shipped policies under a limit of thirty days."""
    engine = await start_engine(
        catalog_data=load_catalog().policy_data(), shadow={}, timeout_ms=10_000, max_age_days=30
    )
    yield engine
    await engine.aclose()


async def decided(engine: OpaEngine, said: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is decided about a case's input."""
    return told(await engine.decide(question(said), Deadline(SystemClock(), None)))


@pytest.mark.parametrize(("days", "reasons"), [(30, []), (31, [DENIED]), (None, [DENIED])])
@pytest.mark.asyncio(loop_scope="module")
async def test_outside(engine: OpaEngine, days: int | None, reasons: list[Any]) -> None:
    """A target whose facts are older than the limit, or of unknown age, is denied, and redaction cures nothing."""
    decision = await decided(engine, {"target": {"like": "finnish-host", "age_days": days}})

    assert ("block" if reasons else "allow", reasons) == (decision["action"], decision["reasons"])


@pytest.mark.asyncio(loop_scope="module")
async def test_a_fresher_candidate_is_taken(engine: OpaEngine) -> None:
    """Where one target is stale, another one serves."""
    fresh = {"like": "finnish-host", "id": "deepseek/deepseek-v3.2@scaleway", "provider": "scaleway"}
    decision = await decided(
        engine, {"target": {"like": "finnish-host", "age_days": 31}, "candidates": [{**fresh, "age_days": 3}]}
    )

    assert ("reroute", fresh["id"]) == (decision["action"], decision["target"])


@pytest.mark.asyncio(loop_scope="module")
async def test_own_hardware(engine: OpaEngine) -> None:
    """Nothing leaves, and weights stay as they were licensed: a notice."""
    decision = await decided(engine, {"target": {"like": "self-hosted", "age_days": 31}})

    assert ("allow", ["identity.stale"]) == (decision["action"], decision["notices"])


async def test_a_limit_that_nobody_would_enforce_is_refused() -> None:
    """An OPA that somebody else runs has its own bundle: the setting would be believed, and mean nothing."""
    settings = Settings.model_validate(
        {"catalog": {"max_age_days": 30}, "policy": {"opa": {"url": "http://127.0.0.1:1"}}}
    )
    with pytest.raises(SettingsFault) as caught:
        await open_engine(settings, load_catalog())

    assert "catalog.max_age_days" == caught.value.field
