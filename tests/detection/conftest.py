"""Detectors that tests share: loading the model takes longer than most tests."""

from collections.abc import Iterator

import pytest

from sidecar.clock import Deadline, SystemClock
from sidecar.detection.detector import LocalDetector
from sidecar.detection.thread import Thread
from tests.detection.fakes import Reader, settings


@pytest.fixture(scope="session")
def reader() -> Reader:
    """An engine with the shipped settings."""
    return Reader(settings())


@pytest.fixture(scope="session")
def local() -> Iterator[LocalDetector]:
    """A detector in a thread."""
    thread = Thread(settings())
    yield LocalDetector(thread, ("en",))
    thread.close()


@pytest.fixture
def never() -> Deadline:
    """A caller who waits."""
    return Deadline(SystemClock(), None)
