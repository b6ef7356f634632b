"""Detection in a thread of the same process, for the command line: no workers to start, nothing that can be killed."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sidecar.clock import Deadline
from sidecar.detection.engine import Engine, EngineCard, EngineSettings, Reading
from sidecar.detection.windows import Job
from sidecar.errors import DeadlinePassed

T = TypeVar("T")


class Thread:
    """One thread with one engine. Between jobs it looks at the deadline."""

    def __init__(self, settings: EngineSettings) -> None:
        """Load everything.

        Raises:
            SettingsFault: the model or the operator's recognizers cannot be had.
        """
        self._engine = Engine(settings)
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="detection")

    @property
    def card(self) -> EngineCard:
        """What the engine says of itself."""
        return self._engine.card

    async def read(self, jobs: Sequence[Job], deadline: Deadline) -> list[tuple[Reading, ...]]:
        """Return the readings of every job.

        Raises:
            DeadlinePassed: the deadline came first.
        """
        return [await self(self._engine.read, job, deadline=deadline) for job in jobs]

    async def __call__(self, function: Callable[..., T], *arguments: object, deadline: Deadline) -> T:
        """Return what a function returns in the thread.

        Raises:
            DeadlinePassed: the deadline came first.
        """
        message = "the caller's deadline came before detection was done"
        if deadline.passed:
            raise DeadlinePassed(message)
        try:
            async with asyncio.timeout(deadline.remaining()):
                return await asyncio.get_running_loop().run_in_executor(self._executor, function, *arguments)
        except TimeoutError as error:
            raise DeadlinePassed(message) from error

    async def healthy(self) -> bool:
        """Whether the thread is there."""
        return True

    async def aclose(self) -> None:
        """End the thread."""
        await asyncio.to_thread(self.close)

    def close(self) -> None:
        """End the thread, waiting for its job."""
        self._executor.shutdown()
