"""A pool of worker processes: a fair queue before them, a new one for each that is lost."""

import asyncio
import itertools
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, TypeVar

from sidecar import logs
from sidecar.clock import Deadline
from sidecar.detection.engine import EngineCard, EngineSettings, Reading
from sidecar.detection.errands import LOST, Errand, Errands, answers_of, frame_of
from sidecar.detection.frames import HEADER, Broke, Call, Raised, Read, Task, size_of, unpack
from sidecar.detection.nursery import Hand, Nursery
from sidecar.detection.windows import Job
from sidecar.errors import DeadlinePassed, DetectionUnavailable

T = TypeVar("T")

GRACE_SECONDS = 0.25  # a worker that nobody waits for may finish within this; then it is replaced
RETRY_SECONDS = 1.0  # until another worker is tried for, when none could be started
PING_SECONDS = 5.0
CALL_COST = 1_000  # what a function counts in the queue, in code points


class _Worker:
    """One process, one task at a time."""

    def __init__(self, hand: Hand, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._hand = hand
        self._reader = reader
        self._writer = writer

    @classmethod
    async def take(cls, hand: Hand) -> "_Worker":
        reader, writer = await asyncio.open_connection(sock=hand.connection)
        return cls(hand, reader, writer)

    @property
    def gone(self) -> bool:
        return self._reader.at_eof() or self._writer.is_closing()

    async def ask(self, frame: bytes) -> Any:  # noqa: ANN401 - whatever was asked for
        """Send a task and wait for its answer.

        Raises:
            EOFError, OSError: the worker is gone.
        """
        self._writer.write(frame)
        await self._writer.drain()
        size = size_of(await self._reader.readexactly(HEADER.size))
        return unpack(await self._reader.readexactly(size))

    def dismiss(self) -> None:
        self._hand.kill()
        self._writer.close()
        self._hand.release()


class Pool:
    """Worker processes behind one queue."""

    def __init__(self, settings: EngineSettings, nursery: Nursery) -> None:
        self._settings = settings
        self._nursery = nursery
        self._errands = Errands()
        self.sent = 0
        """Frames that went to workers."""
        self._stopped = False
        self._slots: list[asyncio.Task[None]] = []
        self._hiring = asyncio.Lock()

    @classmethod
    async def start(cls, settings: EngineSettings, workers: int) -> "Pool":
        """Start as many workers, all of which have answered.

        Raises:
            SettingsFault: they cannot be started.
        """
        pool = cls(settings, await asyncio.to_thread(Nursery, settings))
        try:
            first = [await pool._hire() for _ in range(workers)]
        except BaseException:
            await asyncio.to_thread(pool._nursery.close)
            raise
        pool._slots = [asyncio.create_task(pool._slot(worker), name="detection worker") for worker in first]
        return pool

    @property
    def card(self) -> EngineCard:
        """What the engine says of itself."""
        return self._nursery.card

    async def read(self, jobs: Sequence[Job], deadline: Deadline) -> list[tuple[Reading, ...]]:
        """Return the readings of every job.

        Raises:
            DetectionUnavailable: a worker was lost.
            DeadlinePassed: the deadline came first.
        """
        sizes = (sum(window.end - window.start for window in job) for job in jobs)
        return await self._run([Read(job) for job in jobs], list(itertools.accumulate(sizes)), deadline)

    async def __call__(self, function: Callable[..., T], *arguments: object, deadline: Deadline) -> T:
        """Return what a picklable pure function returns in a worker.

        Raises:
            DetectionUnavailable: the worker was lost.
            DeadlinePassed: the deadline came first.
        """
        (result,) = await self._run([Call(function, arguments)], [CALL_COST], deadline)
        value: T = result
        return value

    async def healthy(self) -> bool:
        """Whether a worker answers."""
        try:
            async with asyncio.timeout(PING_SECONDS):
                await self._gather([Call(os.getpid, ())], [0])
        except (TimeoutError, DetectionUnavailable):
            return False
        return True

    async def aclose(self) -> None:
        """End all workers."""
        for slot in self._slots:
            slot.cancel()
        await asyncio.gather(*self._slots, return_exceptions=True)
        self._refuse_all()
        await asyncio.to_thread(self._nursery.close)

    async def _run(self, tasks: Sequence[Task], places: Sequence[int], deadline: Deadline) -> list[Any]:
        if deadline.passed:
            raise DeadlinePassed(_LATE)
        try:
            async with asyncio.timeout(deadline.remaining()):
                return await self._gather(tasks, places)
        except TimeoutError as error:
            raise DeadlinePassed(_LATE) from error

    async def _gather(self, tasks: Sequence[Task], places: Sequence[int]) -> list[Any]:
        if self._stopped:
            message = "no detection worker is running"
            raise DetectionUnavailable(message)
        errands = self._errands.put(tasks, places)
        try:
            answers = await asyncio.gather(*(errand.answer for errand in errands))
        finally:
            for errand in errands:
                errand.answer.cancel()
        return [_value(answer) for answer in answers]

    async def _slot(self, worker: _Worker | None) -> None:
        """Serve errands with one worker after another."""
        try:
            while True:
                if worker is None or worker.gone:
                    if worker is not None:
                        worker.dismiss()
                    worker = None
                    worker = await self._hire_again()
                errands = await self._errands.take()
                if worker.gone:
                    self._errands.put_back(errands)
                    continue
                self.sent += 1
                if not await _serve(worker, errands):
                    worker.dismiss()
                    worker = None
        finally:
            if worker is not None:
                worker.dismiss()

    async def _hire(self) -> _Worker:
        worker = await _Worker.take(await asyncio.to_thread(self._nursery.fork))
        self._stopped = False
        return worker

    async def _hire_again(self) -> _Worker:
        """Return a new worker, however long it takes. Where none can be started, what waits is refused meanwhile."""
        while True:
            async with self._hiring:
                with suppress(DetectionUnavailable):
                    return await self._hire()
                self._refuse_all()
                logs.logger().error("no detection worker could be started", part="detection")
                await asyncio.to_thread(self._nursery.close)
                try:
                    self._nursery = await asyncio.to_thread(Nursery, self._settings)
                except Exception as error:  # noqa: BLE001 - whatever it is, there is no worker, and the next try comes
                    logs.logger().error(
                        "detection could not be loaded again", part="detection", error=type(error).__name__
                    )
                    await asyncio.sleep(RETRY_SECONDS)

    def _refuse_all(self) -> None:
        """Refuse what waits, and whatever comes until there is a worker again."""
        self._stopped = True
        self._errands.refuse_all()


async def _serve(worker: _Worker, errands: Sequence[Errand]) -> bool:
    """Have errands done. False where the worker cannot be used again: it is lost, or nobody waits for it any longer."""
    asking = asyncio.create_task(worker.ask(frame_of(errands)))
    try:
        while not asking.done() and (waiting := {errand.answer for errand in errands if not errand.answer.done()}):
            await asyncio.wait({asking, *waiting}, return_when=asyncio.FIRST_COMPLETED)
        if not asking.done():
            await asyncio.wait({asking}, timeout=GRACE_SECONDS)
        if not asking.done() or asking.exception() is not None:
            return False
        for errand, answer in zip(errands, answers_of(errands, asking.result()), strict=True):
            if not errand.answer.done():
                errand.answer.set_result(answer)
        return True
    finally:
        for errand in errands:
            if not errand.answer.done():
                errand.answer.set_exception(DetectionUnavailable(LOST))
        asking.cancel()
        with suppress(asyncio.CancelledError, EOFError, OSError):
            await asking


def _value(answer: Any) -> Any:  # noqa: ANN401 - whatever was asked for
    if isinstance(answer, Raised):
        raise answer.error
    if isinstance(answer, Broke):
        message = f"a detection worker failed ({answer.kind})"
        raise DetectionUnavailable(message)
    return answer.value


_LATE = "the caller's deadline came before detection was done"
