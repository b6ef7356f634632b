"""A snapshot is replaced whole, and ends when nobody holds it."""

from collections.abc import Awaitable, Callable
from typing import cast

import pytest

from sidecar.snapshot import Snapshot, Snapshots


class Endings:
    """Keeps what was asked to run later, and which snapshots have ended."""

    def __init__(self) -> None:
        self.ended: list[str] = []
        self.later: list[Callable[[], Awaitable[None]]] = []

    def retire(self, name: str) -> Callable[[], Awaitable[None]]:
        """Return what ends a snapshot."""

        async def run() -> None:
            self.ended.append(name)

        return run

    async def run(self) -> list[str]:
        """Run what was put off, and return what has ended so far."""
        while self.later:
            await self.later.pop()()
        return self.ended


def snapshots(endings: Endings) -> Snapshots:
    """Return snapshots whose first is called one."""
    return Snapshots(cast("Snapshot", "one"), later=endings.later.append)


async def test_idle_snapshot_ends_when_it_is_replaced() -> None:
    """Nobody holds it, so it ends at once."""
    endings = Endings()
    held = snapshots(endings)
    held.replace(cast("Snapshot", "two"), endings.retire("one"))
    assert "two" == str(held.current)
    assert ["one"] == await endings.run()


async def test_requests_in_flight_keep_theirs() -> None:
    """A request keeps the snapshot it began with; that ends when the last such request has."""
    endings = Endings()
    held = snapshots(endings)
    with held.lease() as first:
        with held.lease() as second:
            held.replace(cast("Snapshot", "two"), endings.retire("one"))
            with held.lease() as third:
                assert ["one", "one", "two"] == [str(first), str(second), str(third)]
        assert [] == await endings.run()
    assert ["one"] == await endings.run()


async def test_a_failing_request_lets_go_too() -> None:
    """An error in a request does not keep its snapshot for ever."""
    endings = Endings()
    held = snapshots(endings)

    def fail() -> None:
        with held.lease():
            held.replace(cast("Snapshot", "two"), endings.retire("one"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert ["one"] == await endings.run()
