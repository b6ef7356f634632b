"""A running sidecar with the demo's settings, for the examples of the pages."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from benchmarks.running import running

DEMO = Path(__file__).parents[2] / "deploy" / "demo" / "sidecar.yaml"


@pytest_asyncio.fixture
async def address(tmp_path: Path) -> AsyncIterator[str]:
    """Where it listens."""
    async with running(tmp_path, workers=1, config=DEMO) as (where, _):
        yield where
