"""Twins wait for the first, and its fate is its own."""

import asyncio
from collections.abc import Mapping

import pytest

from sidecar.clock import Deadline, SystemClock
from sidecar.detection.engine import Reading
from sidecar.detection.flights import Flights
from sidecar.detection.windows import Window
from sidecar.errors import DeadlinePassed, DetectionUnavailable

READING = Reading((), (), frozenset(), frozenset())
NEVER = Deadline(SystemClock(), None)
WANTED = {b"key": Window(0, 0, "text", 0, 4, units=9.0, names=True)}


class Worker:
    """Reads when it is told to, or fails."""

    def __init__(self) -> None:
        self.begun = 0
        self.go = asyncio.Event()
        self.error: Exception | None = None

    async def __call__(self, windows: Mapping[bytes, Window]) -> dict[bytes, Reading]:
        """Wait for the word."""
        self.begun += 1
        error, self.error = self.error, None
        await asyncio.sleep(0)
        await self.go.wait()
        if error is not None:
            raise error
        return dict.fromkeys(windows, READING)


async def begun(flights: Flights, worker: Worker, count: int) -> list[asyncio.Task[dict[bytes, Reading]]]:
    """Return requests for the same window that have all begun."""
    tasks = [asyncio.create_task(flights.read(WANTED, worker, NEVER)) for _ in range(count)]
    for _ in range(3):
        await asyncio.sleep(0)
    return tasks


async def test_one_reads_for_all() -> None:
    """What one reads all have; the next request reads anew."""
    flights, worker = Flights(), Worker()
    tasks = await begun(flights, worker, 3)
    worker.go.set()
    assert [{b"key": READING}] * 3 == await asyncio.gather(*tasks)
    assert 1 == worker.begun
    await flights.read(WANTED, worker, NEVER)
    assert 2 == worker.begun


async def test_a_cancelled_first_is_stepped_in_for() -> None:
    """The caller of the first goes away: the second reads, once, and the third has it from there."""
    flights, worker = Flights(), Worker()
    first, second, third = await begun(flights, worker, 3)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    worker.go.set()
    assert [{b"key": READING}] * 2 == list(await asyncio.gather(second, third))
    assert 2 == worker.begun


async def test_a_failure_stays_with_whom_it_met() -> None:
    """A worker that is lost with the first request does not fail the ones that waited for it."""
    flights, worker = Flights(), Worker()
    worker.error = DetectionUnavailable("lost")
    tasks = await begun(flights, worker, 3)
    worker.go.set()
    failed, *well = await asyncio.gather(*tasks, return_exceptions=True)
    assert ("lost", [{b"key": READING}] * 2, 2) == (str(failed), well, worker.begun)


async def test_a_deadline_is_ones_own() -> None:
    """Who waits for another gives up at its own deadline; the other goes on."""
    flights, worker = Flights(), Worker()
    (first,) = await begun(flights, worker, 1)
    with pytest.raises(DeadlinePassed):
        await flights.read(WANTED, worker, Deadline(SystemClock(), 0.01))
    worker.go.set()
    assert {b"key": READING} == await first


async def test_requests_that_share_crosswise_do_not_wait_for_each_other() -> None:
    """Each reads what nobody reads yet, and only then waits for the rest."""
    flights, worker = Flights(), Worker()
    window = WANTED[b"key"]
    wants = [dict.fromkeys(keys, window) for keys in ((b"a", b"b"), (b"b", b"c"), (b"c", b"a"))]
    tasks = [asyncio.create_task(flights.read(want, worker, NEVER)) for want in wants]
    await asyncio.sleep(0)
    worker.go.set()
    assert [dict.fromkeys(want, READING) for want in wants] == await asyncio.gather(*tasks)
    assert 2 == worker.begun
