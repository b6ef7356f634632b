"""A loaded engine and the shipped settings, for tests."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from sidecar.clock import Deadline
from sidecar.detection.classes import load_classes
from sidecar.detection.detector import DEFAULT_MODEL, Runner
from sidecar.detection.engine import Engine, EngineCard, EngineSettings, Reading
from sidecar.detection.languages.shelf import chosen
from sidecar.detection.spans import Sighting
from sidecar.detection.windows import Job, Window, cut, packed

T = TypeVar("T")


class Reader:
    """A loaded engine, asked about one text."""

    def __init__(self, settings: EngineSettings) -> None:
        self.engine = Engine(settings)

    def readings(self, text: str) -> list[Reading]:
        """Return the readings of all windows."""
        return [reading for _, reading in self._read(text)]

    def sightings(self, text: str) -> list[Sighting]:
        """Return all sightings."""
        return [
            replace(one, start=one.start + window.offset, end=one.end + window.offset)
            for window, reading in self._read(text)
            for one in reading.sightings
        ]

    def found(self, text: str) -> list[tuple[str, str]]:
        """Return entity and words of all sightings."""
        return [(one.entity, text[one.start : one.end]) for one in self.sightings(text)]

    def _read(self, text: str) -> list[tuple[Window, Reading]]:
        return [pair for job in packed(cut([text], {})) for pair in zip(job, self.engine.read(job), strict=True)]


class CountingRunner:
    """A runner that keeps the texts that reach it, and counts the work that patterns do on them."""

    def __init__(self, inner: Runner) -> None:
        self._inner = inner
        self.seen: list[str] = []
        self.work = 0.0

    @property
    def card(self) -> EngineCard:
        """The inner one's."""
        return self._inner.card

    async def read(self, jobs: Sequence[Job], deadline: Deadline) -> list[tuple[Reading, ...]]:
        """Count, and have them read."""
        self.seen += [window.text for job in jobs for window in job]
        answers = await self._inner.read(jobs, deadline)
        self.work += sum(reading.work for answer in answers for reading in answer)
        return answers

    async def __call__(self, function: Callable[..., T], *arguments: object, deadline: Deadline) -> T:
        """Run it."""
        return await self._inner(function, *arguments, deadline=deadline)

    async def healthy(self) -> bool:
        """Whether the inner one is."""
        return await self._inner.healthy()

    async def aclose(self) -> None:
        """Leave the inner one to whoever made it."""


def settings() -> EngineSettings:
    """Return the shipped settings."""
    return EngineSettings(model=DEFAULT_MODEL, recognizers=None, classes=load_classes(), languages=chosen(None))
