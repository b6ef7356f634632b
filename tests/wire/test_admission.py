"""Who waits, and who comes next."""

import asyncio

import pytest

from sidecar.errors import QueueFull
from sidecar.wire.admission import Admission


class Room:
    """Requests that hold their slot until they are told to leave."""

    def __init__(self, slots: int, queue: int) -> None:
        self.admission = Admission(slots=slots, queue=queue)
        self.entered: list[str] = []
        self.leave: dict[str, asyncio.Event] = {}

    async def request(self, name: str) -> None:
        """Enter as the tenant that the first letter names, and stay."""
        self.leave[name] = asyncio.Event()
        async with self.admission.slot(name[0]):
            self.entered.append(name)
            await self.leave[name].wait()

    async def start(self, *names: str) -> list["asyncio.Task[None]"]:
        """Let requests come in one after the other."""
        tasks = []
        for name in names:
            tasks.append(asyncio.create_task(self.request(name)))
            await asyncio.sleep(0)
        return tasks

    async def end(self, name: str) -> None:
        """Let one go."""
        self.leave[name].set()
        for _ in range(5):
            await asyncio.sleep(0)


async def test_tenants_take_turns() -> None:
    """A tenant with many waiting requests does not starve another with one."""
    room = Room(1, 10)
    tasks = await room.start("a1", "a2", "a3", "a4", "b1")
    for name in ("a1", "a2", "b1", "a3", "a4"):
        await room.end(name)
    await asyncio.gather(*tasks)
    assert room.entered == ["a1", "a2", "b1", "a3", "a4"]


async def test_full_queue_is_refused() -> None:
    """Beyond limits.queue nothing waits; the refusal says when to come again."""
    room = Room(1, 1)
    tasks = await room.start("a1", "a2")
    with pytest.raises(QueueFull) as caught:
        await room.request("a3")
    assert caught.value.retry_after is not None
    await room.end("a1")
    await room.end("a2")
    await asyncio.gather(*tasks)


async def test_callers_that_leave_give_their_place_back() -> None:
    """A cancelled waiter takes neither a place in the queue nor a slot with it."""
    room = Room(1, 1)
    first, second = await room.start("a1", "a2")
    second.cancel()
    await asyncio.gather(second, return_exceptions=True)
    (third,) = await room.start("a3")
    await room.end("a1")
    await room.end("a3")
    await asyncio.gather(first, third)
    assert room.entered == ["a1", "a3"]


async def test_slot_handed_to_a_leaver_is_passed_on() -> None:
    """A slot that is handed over just as the caller leaves goes to the next."""
    room = Room(1, 5)
    first, second, third = await room.start("a1", "a2", "b1")
    room.leave["a1"].set()
    await asyncio.sleep(0)
    second.cancel()
    for _ in range(5):
        await asyncio.sleep(0)
    assert "b1" in room.entered or "a2" in room.entered
    for name in ("a2", "b1"):
        if name in room.leave:
            room.leave[name].set()
    await asyncio.gather(first, second, third, return_exceptions=True)
    async with room.admission.slot("c"):
        assert True
