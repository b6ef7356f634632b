"""Lets so many requests in at once, the rest waiting in a bounded queue that is fair between tenants."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sidecar.errors import QueueFull


class Admission:
    """Slots, and a queue per tenant. A freed slot goes to the tenants in turn, so that one cannot starve the others."""

    def __init__(self, *, slots: int, queue: int) -> None:
        self._free = slots
        self._limit = queue
        self._waiting: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()
        self._count = 0

    @asynccontextmanager
    async def slot(self, tenant: str) -> AsyncIterator[None]:
        """Hold a slot; wait for one where none is free.

        Raises:
            QueueFull: ``limits.queue`` requests wait already.
        """
        await self._enter(tenant)
        try:
            yield
        finally:
            self._leave()

    async def _enter(self, tenant: str) -> None:
        if self._free > 0 and self._count == 0:
            self._free -= 1
            return
        if self._count >= self._limit:
            message = "too many requests wait; nothing was looked at"
            raise QueueFull(message)
        ours: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(tenant, deque()).append(ours)
        self._count += 1
        try:
            await ours
        except asyncio.CancelledError:
            if ours.done() and not ours.cancelled():
                self._leave()  # the slot was handed over just as the caller left
            else:
                self._forget(tenant, ours)
            raise

    def _leave(self) -> None:
        while self._waiting:
            tenant, queue = next(iter(self._waiting.items()))
            next_one = queue.popleft()
            self._count -= 1
            if queue:
                self._waiting.move_to_end(tenant)
            else:
                del self._waiting[tenant]
            if not next_one.done():
                next_one.set_result(None)
                return
        self._free += 1

    def _forget(self, tenant: str, ours: "asyncio.Future[None]") -> None:
        queue = self._waiting.get(tenant)
        if queue is not None and ours in queue:
            queue.remove(ours)
            self._count -= 1
            if not queue:
                del self._waiting[tenant]
