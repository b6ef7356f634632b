"""What waits for a worker: a fair queue, in which short texts that stand together go together."""

import asyncio
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sidecar.detection.frames import Read, ReadTogether, Task, pack
from sidecar.detection.windows import JOB, JOB_WINDOWS, Job
from sidecar.errors import DetectionUnavailable

LOST = "a detection worker was lost with this request"


@dataclass(slots=True)
class Errand:
    """A task and whoever waits for it."""

    task: Task
    place: int
    """In the queue, in code points."""
    frame: bytes = b""
    answer: asyncio.Future[Any] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def __post_init__(self) -> None:
        self.frame = pack(self.task)

    @property
    def job(self) -> Job | None:
        """What is to be read; None where something else is asked for."""
        return self.task.job if isinstance(self.task, Read) else None


class Errands:
    """Errands in order of their place.

    A task's place is that of the last one that was served plus all that its own request asks for up to there. So the
    second window of a long text stands behind everybody's first, and nobody waits for ever. While all workers are busy
    texts pile up; as many as fit into one job are then taken at once, from the head and in order, since names are read
    in many short texts at less than the cost of each.
    """

    def __init__(self) -> None:
        self._queue: asyncio.PriorityQueue[tuple[int, int, Errand]] = asyncio.PriorityQueue()
        self._order = itertools.count()
        self._served = 0
        self._idle = 0

    def put(self, tasks: Sequence[Task], places: Sequence[int]) -> list[Errand]:
        """Queue the tasks of one request; ``places`` is what it asks for up to and with each of them.

        Raises:
            ValueError: a task is larger than a frame may be.
        """
        errands = [Errand(task, self._served + place) for task, place in zip(tasks, places, strict=True)]
        self.put_back(errands)
        return errands

    def put_back(self, errands: Sequence[Errand]) -> None:
        """Queue errands at their places, behind those that stand there already."""
        for errand in errands:
            self._queue.put_nowait((errand.place, next(self._order), errand))

    async def take(self) -> list[Errand]:
        """Wait for what a worker shall do next: one errand, or several to be done as one."""
        taken: list[Errand] = []
        while not taken:
            self._idle += 1
            try:
                _, _, errand = await self._queue.get()
            finally:
                self._idle -= 1
            if not errand.answer.done():
                taken = [errand, *self._companions(errand)]
        self._served = max(self._served, taken[-1].place)
        return taken

    def refuse_all(self) -> None:
        """Refuse what waits."""
        while not self._queue.empty():
            _, _, errand = self._queue.get_nowait()
            if not errand.answer.done():
                errand.answer.set_exception(DetectionUnavailable(LOST))

    def _companions(self, first: Errand) -> list[Errand]:
        """Take what stands next and fits into one job with an errand; every idle worker keeps one for itself."""
        companions: list[Errand] = []
        windows, size = _measure(first)
        while self._queue.qsize() > self._idle:
            entry = self._queue.get_nowait()
            errand = entry[2]
            if errand.answer.done():
                continue
            more, longer = _measure(errand)
            if windows + more > JOB_WINDOWS or size + longer > JOB:
                self._queue.put_nowait(entry)
                break
            windows, size = windows + more, size + longer
            companions.append(errand)
        return companions


def frame_of(errands: Sequence[Errand]) -> bytes:
    """Return the frame that asks for all of them."""
    if len(errands) == 1:
        return errands[0].frame
    return pack(ReadTogether(tuple(errand.job for errand in errands if errand.job is not None)))


def answers_of(errands: Sequence[Errand], answer: Any) -> Sequence[Any]:  # noqa: ANN401 - whatever was asked for
    """Return the answer for each of them."""
    return [answer] if len(errands) == 1 else answer.value


def _measure(errand: Errand) -> tuple[int, int]:
    """Return windows and code points; what is not a text to be read fills a job by itself."""
    if errand.job is None:
        return JOB_WINDOWS, JOB
    return len(errand.job), sum(window.end - window.start for window in errand.job)
