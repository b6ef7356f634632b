"""Remembers for ten minutes what was decided on a request id: a retry gets the same answer, and no second record."""

import asyncio
import hashlib
import secrets
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sidecar.clock import Clock
from sidecar.errors import RetryMismatch
from sidecar.types.decisions import Decision
from sidecar.types.requests import InspectionRequest, Revisions

KEEP_SECONDS = 600  # the contract's ten minutes
KEEP_AT_MOST = 100_000  # about 50 MB; the oldest go first


@dataclass(frozen=True, slots=True)
class Prior:
    """What was decided before, without any text."""

    decision_id: str
    revisions: Revisions
    decision: Decision
    found: tuple[tuple[str, int], ...]
    """Count of findings by class and coverage: a retry that sees something else is decided anew."""


@dataclass(slots=True)
class Turn:
    """One request's turn on its id."""

    prior: Prior | None
    done: Prior | None = None

    async def keep(self, done: Prior, recording: Awaitable[object]) -> None:
        """Wait until a decision is durable, and remember it.

        A caller who leaves meanwhile does not undo the record: it is waited for, so that the retry finds the decision.
        """
        task = asyncio.ensure_future(recording)
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            await asyncio.wait([task])
            raise
        finally:
            if task.done() and not task.cancelled() and task.exception() is None:
                self.done = done


@dataclass(slots=True)
class _Slot:
    lock: asyncio.Lock
    digest: bytes
    expires: float
    prior: Prior | None = None
    users: int = 0


class Retries:
    """Turns by tenant and request id. Twins in flight wait for the first."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._slots: OrderedDict[tuple[str, str], _Slot] = OrderedDict()
        self._key = secrets.token_bytes(32)

    @asynccontextmanager
    async def turn(self, request: InspectionRequest) -> AsyncIterator[Turn]:
        """Wait for twins, then take a turn.

        Raises:
            RetryMismatch: the id was used for another request within ten minutes.
        """
        if not request.request_id:
            yield Turn(None)
            return
        self._forget()
        name = (request.tenant, request.request_id)
        digest = self._digest(request)
        slot = self._slots.get(name)
        if slot is None or (slot.users == 0 and slot.expires <= self._clock.monotonic()):
            self._slots.pop(name, None)
            slot = self._slots[name] = _Slot(asyncio.Lock(), digest, self._clock.monotonic() + KEEP_SECONDS)
        elif slot.digest != digest:
            message = "request_id was used for another request within ten minutes"
            raise RetryMismatch(message, field="request_id")
        slot.users += 1
        try:
            async with slot.lock:
                turn = Turn(slot.prior)
                try:
                    yield turn
                finally:
                    if turn.done is not None:
                        slot.prior = turn.done
                        slot.expires = self._clock.monotonic() + KEEP_SECONDS
                        self._slots.move_to_end(name)
        finally:
            slot.users -= 1
            if slot.users == 0 and slot.prior is None and self._slots.get(name) is slot:
                del self._slots[name]  # nothing was decided: the id is free again

    def _forget(self) -> None:
        now = self._clock.monotonic()
        for name in list(self._slots):
            slot = self._slots[name]
            if slot.users == 0 and (slot.expires <= now or len(self._slots) > KEEP_AT_MOST):
                del self._slots[name]
            else:
                break

    def _digest(self, request: InspectionRequest) -> bytes:
        """Return a keyed digest of the whole request; each part is written with its length: no two read alike."""
        digest = hashlib.blake2b(key=self._key, digest_size=32)
        names = [request.target, *request.candidates]
        parts = [request.tenant, request.subject, request.session_id, request.format, request.direction]
        parts += [request.in_reply_to, str(len(request.candidates)), str(len(request.attributes))]
        parts += [part for name in names for part in (name.model, name.provider, name.region)]
        parts += [part for item in sorted(request.attributes.items()) for part in item]
        for part in [*(text.encode() for text in parts), *request.restorations, request.body]:
            digest.update(len(part).to_bytes(8, "big"))
            digest.update(part)
        return digest.digest()
