"""One sidecar for the tests of a file."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from sidecar.app.running import Sidecar
from tests.corpus.house import corpus_sidecar


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sidecar(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Sidecar]:
    """Open a sidecar on its real parts."""
    async with corpus_sidecar(tmp_path_factory.mktemp("corpus")) as running:
        yield running
