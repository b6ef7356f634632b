"""Turns on a request id, and what is remembered of them."""

import asyncio

import pytest

from sidecar.errors import JournalUnavailable, RetryMismatch
from sidecar.retries import KEEP_SECONDS, Prior, Retries, Turn
from sidecar.types.content import Format
from sidecar.types.decisions import Allow, Grounds
from sidecar.types.requests import InspectionRequest, Revisions
from sidecar.types.targets import TargetName
from tests.stories.fakes import FixedClock

PRIOR = Prior("decision-1", Revisions("p", "c", "d", "s"), Allow("acme/one@host", Grounds()), ())


def request(body: bytes = b"Hi") -> InspectionRequest:
    """Return a request with an id."""
    target = TargetName("acme/one", "host")
    return InspectionRequest(tenant="acme", target=target, format=Format.TEXT, body=body, request_id="r")


async def durable() -> None:
    """Be recorded at once."""


async def test_what_was_kept_is_found() -> None:
    """The next turn on the same request finds what the first decided."""
    retries = Retries(FixedClock())
    async with retries.turn(request()) as turn:
        await turn.keep(PRIOR, durable())
    async with retries.turn(request()) as turn:
        assert Turn(PRIOR) == turn


async def test_caller_that_leaves_while_the_record_is_written() -> None:
    """The record is durable all the same, so that the retry finds its decision, and no second record is made."""
    retries = Retries(FixedClock())
    disk = asyncio.Event()

    async def story() -> None:
        async with retries.turn(request()) as turn:
            await turn.keep(PRIOR, disk.wait())

    leaving = asyncio.create_task(story())
    await asyncio.sleep(0)
    leaving.cancel()
    await asyncio.sleep(0)
    disk.set()
    with pytest.raises(asyncio.CancelledError):
        await leaving
    async with retries.turn(request()) as turn:
        assert PRIOR == turn.prior


async def test_record_that_was_not_written() -> None:
    """What is not durable was not decided, whether the caller waits for it or not."""

    async def full() -> None:
        message = "full"
        raise JournalUnavailable(message)

    retries = Retries(FixedClock())
    with pytest.raises(JournalUnavailable):
        async with retries.turn(request()) as turn:
            await turn.keep(PRIOR, full())
    async with retries.turn(request(b"something else")) as turn:
        assert turn.prior is None


async def test_after_ten_minutes_the_id_is_free() -> None:
    """An id may then name another request; a moment before it may not."""
    clock = FixedClock()
    retries = Retries(clock)
    async with retries.turn(request()) as turn:
        await turn.keep(PRIOR, durable())
    clock.seconds += KEEP_SECONDS - 1
    with pytest.raises(RetryMismatch):
        async with retries.turn(request(b"something else")):
            pass
    clock.seconds += 1
    async with retries.turn(request(b"something else")) as turn:
        assert turn.prior is None
