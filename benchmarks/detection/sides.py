"""Our detector without workers or memory, so that both sides are one process's work on a text that is new to them."""

import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from sidecar.clock import Deadline, SystemClock
from sidecar.detection.classes import load_classes
from sidecar.detection.detector import DEFAULT_MODEL, WindowDetector
from sidecar.detection.engine import Engine, EngineCard, EngineSettings, Reading
from sidecar.detection.languages.shelf import chosen
from sidecar.detection.native.ner import levels
from sidecar.detection.windows import Job

T = TypeVar("T")

EXACT, FAST = "32-bit floats", "8 bits"
LEVELS = {EXACT: "avx512", FAST: "vnni"}


class InPlace:
    """Runs jobs where it is asked to."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @property
    def card(self) -> EngineCard:
        """What the engine says of itself."""
        return self._engine.card

    async def read(self, jobs: Sequence[Job], deadline: Deadline) -> list[tuple[Reading, ...]]:
        """Return the readings of every job."""
        del deadline
        return [self._engine.read(job) for job in jobs]

    async def __call__(self, function: Callable[..., T], *arguments: object, deadline: Deadline) -> T:
        """Return what a function returns."""
        del deadline
        return function(*arguments)

    async def healthy(self) -> bool:
        """Whether it answers."""
        return True

    async def aclose(self) -> None:
        """Do nothing."""


def settings(level: str | None = None) -> EngineSettings:
    """Return what a sidecar loads that nobody has set anything of."""
    return EngineSettings(
        model=DEFAULT_MODEL, recognizers=None, classes=load_classes(), languages=chosen(None), level=level
    )


def detectors() -> dict[str, WindowDetector]:
    """Return a warm detector for each kind of arithmetic that this processor has, the exact one first."""
    here = levels()
    exact = next((level for level in reversed(here) if level != LEVELS[FAST]), None)
    kinds = {EXACT: exact} | ({FAST: LEVELS[FAST]} if LEVELS[FAST] in here else {})
    return {name: detector(level) for name, level in kinds.items()}


def detector(level: str | None = None) -> WindowDetector:
    """Return a warm detector without workers."""
    engine = Engine(settings(level))
    engine.warm_up()
    return WindowDetector(InPlace(engine), ("en",))


def detect(one: WindowDetector, text: str) -> int:
    """Look at a text, and return how much was found."""
    looking = one.inspect([text], tenant="bench", deadline=Deadline(SystemClock(), None))
    try:
        looking.send(None)  # in place it waits for nobody
    except StopIteration as done:
        return len(done.value.findings)
    message = "detection in place waited for something"
    raise RuntimeError(message)


def milliseconds(work: Callable[[], object]) -> float:
    """Return what work took of the processor."""
    start = time.process_time()
    work()
    return (time.process_time() - start) * 1e3
