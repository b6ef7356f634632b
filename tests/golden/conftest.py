"""One engine for all questions."""

from collections.abc import Iterator

import pytest

from tests.golden.bench import Bench


@pytest.fixture(scope="session")
def bench() -> Iterator[Bench]:
    """The real policy, asked many times."""
    with Bench() as bench:
        yield bench
