"""A running sidecar with the demo's settings, for the examples of the pages."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.running import running

DEMO = Path(__file__).parents[2] / "deploy" / "demo" / "sidecar.yaml"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where it listens."""
    with asyncio.Runner() as runner:
        sidecar = running(tmp_path_factory.mktemp("sidecar"), workers=1, config=DEMO)
        where, _ = runner.run(sidecar.__aenter__())
        try:
            yield where
        finally:
            runner.run(sidecar.__aexit__(None, None, None))
