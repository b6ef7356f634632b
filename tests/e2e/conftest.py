"""One sidecar for all tests that leave it as it was."""

from collections.abc import Iterator

import pytest

from tests.e2e.running import Ears, Served, hearing, serving


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A sidecar on a Unix socket and a TCP port."""
    folder = tmp_path_factory.mktemp("e2e")
    with serving(
        folder, server={"listen": [f"unix:{folder}/s", "127.0.0.1:0"], "reflection": True}, detection={"workers": 2}
    ) as running:
        yield running


@pytest.fixture
def ears(served: Served) -> Iterator[Ears]:
    """A channel to it."""
    with hearing(served.addresses[0]) as open_ears:
        yield open_ears
