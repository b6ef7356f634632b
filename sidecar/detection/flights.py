"""What is being read for one request is not read a second time for another: twins wait for the first."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from sidecar.clock import Deadline
from sidecar.detection.engine import Reading
from sidecar.detection.windows import Window
from sidecar.errors import DeadlinePassed

Work = Callable[[Mapping[bytes, Window]], Awaitable[dict[bytes, Reading]]]


class Flights:
    """Windows on their way, by key. A key is a tenant's own, so nobody waits for another tenant."""

    def __init__(self) -> None:
        self._flights: dict[bytes, asyncio.Future[Reading | None]] = {}

    async def read(self, wanted: Mapping[bytes, Window], work: Work, deadline: Deadline) -> dict[bytes, Reading]:
        """Return the reading of every window; ``work`` reads those that nobody reads yet.

        Where the one that was waited for fails or is cancelled, its windows are read here: its fate is its own.

        Raises:
            DeadlinePassed: the caller's deadline came before the one it waits for had read them.
        """
        known: dict[bytes, Reading] = {}
        while rest := {key: window for key, window in wanted.items() if key not in known}:
            ahead = {key: self._flights[key] for key in rest if key in self._flights}
            known |= await self._lead({key: window for key, window in rest.items() if key not in ahead}, work)
            known |= await _follow(ahead, deadline)
        return known

    async def _lead(self, windows: Mapping[bytes, Window], work: Work) -> dict[bytes, Reading]:
        """Read windows, and let others wait for them."""
        if not windows:
            return {}
        flights = {key: asyncio.get_running_loop().create_future() for key in windows}
        self._flights |= flights
        try:
            known = await work(windows)
            for key, reading in known.items():
                flights[key].set_result(reading)
            return known
        finally:
            for key, flight in flights.items():
                del self._flights[key]
                if not flight.done():
                    flight.set_result(None)


async def _follow(flights: Mapping[bytes, asyncio.Future[Reading | None]], deadline: Deadline) -> dict[bytes, Reading]:
    """Wait for what others read; what they did not come to is left out."""
    if flights:
        _, late = await asyncio.wait(flights.values(), timeout=deadline.remaining())
        if late:
            message = "the caller's deadline came before detection was done"
            raise DeadlinePassed(message)
    return {key: reading for key, flight in flights.items() if (reading := flight.result()) is not None}
