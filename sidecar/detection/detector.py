"""The detector: texts to windows, windows to workers, readings to one inspection."""

import asyncio
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol, Self, TypeVar

from sidecar.clock import Deadline
from sidecar.detection.cache import ReadingCache
from sidecar.detection.classes import DEFAULT_THRESHOLD, load_classes
from sidecar.detection.engine import EngineCard, EngineSettings, Reading
from sidecar.detection.flights import Flights
from sidecar.detection.gathering import Gathering
from sidecar.detection.joints import joints
from sidecar.detection.languages.shelf import chosen
from sidecar.detection.models import default_model
from sidecar.detection.thread import Thread
from sidecar.detection.windows import NAMES_BUDGET, Job, Window, cut, packed
from sidecar.detection.workers import Pool
from sidecar.errors import DeadlinePassed
from sidecar.logs import logger
from sidecar.types.content import Inspection, Span
from sidecar.types.status import CacheTally
from sidecar.types.terms import Additions, Terms

T = TypeVar("T")

DEFAULT_MODEL = default_model()
_NO_TERMS = Terms()
ECHO_ASIDE = 100_000  # code points, from which on the loop does not wait for what is looked for again
STAGE = 2_048  # windows, and
STAGE_SIZE = (
    192_000  # code points, that go out at once: a request that holds too much is not read to its end for nothing
)


class Runner(Protocol):
    """Where jobs and functions run."""

    @property
    def card(self) -> EngineCard:
        """What the engine says of itself."""
        ...

    async def read(self, jobs: Sequence[Job], deadline: Deadline) -> list[tuple[Reading, ...]]:
        """Return the readings of every job."""
        ...

    async def __call__(self, function: Callable[..., T], *arguments: object, deadline: Deadline) -> T:
        """Return what a function returns."""
        ...

    async def healthy(self) -> bool:
        """Whether something answers."""
        ...

    async def aclose(self) -> None:
        """End it."""
        ...


class WindowDetector:
    """A detector over a runner; ``offload`` runs functions in the same place."""

    def __init__(
        self,
        runner: Runner,
        languages: Sequence[str],
        *,
        names_budget: int = NAMES_BUDGET,
        cache: ReadingCache | None = None,
    ) -> None:
        self._languages = tuple(languages)
        self._names_budget = names_budget
        self._rank = load_classes().rank
        self._cache = cache
        self._flights = Flights()
        self.offload = runner

    @property
    def revision(self) -> str:
        """Digest of engine, models, recognizers and thresholds."""
        return self.offload.card.revision

    @property
    def recognizers(self) -> Sequence[str]:
        """Names of all that are loaded, sorted."""
        return self.offload.card.recognizers

    @property
    def languages(self) -> Sequence[str]:
        """Languages that names are read in."""
        return self._languages

    @property
    def models(self) -> Sequence[str]:
        """What names are read with, each with its version."""
        return self.offload.card.models

    @property
    def ner_engine(self) -> str:
        """What computes the model."""
        return self.offload.card.ner_engine

    async def inspect(
        self,
        texts: Sequence[str],
        *,
        tenant: str,
        deadline: Deadline,
        hidden: Mapping[int, Sequence[Span]] | None = None,
        threads: Sequence[Sequence[int]] = (),
        additions: Additions | None = None,
    ) -> Inspection:
        """Look at every text; see ``interface.Detector``.

        Raises:
            DetectionUnavailable: a worker was lost with this request.
            DeadlinePassed: the caller's deadline came first.
        """
        if deadline.passed:
            message = "the caller's deadline came before detection began"
            raise DeadlinePassed(message)
        hidden = hidden or {}
        gathering = Gathering(texts, hidden, self._rank)
        for stage in _stages(cut(texts, hidden, self._names_budget, additions)):
            readings = [None] * len(stage) if gathering.full else await self._read(stage, tenant, deadline)
            for window, reading in zip(stage, readings, strict=True):
                gathering.add(window, reading)
        if threads and not gathering.full:
            between = joints(texts, hidden, threads, additions)
            joined = await self._read([joint.window for joint in between], tenant, deadline)
            for joint, seen in zip(between, joined, strict=True):
                gathering.join(joint, seen)
        if sum(map(len, texts)) > ECHO_ASIDE:
            await asyncio.to_thread(gathering.echo)
        else:
            gathering.echo()
        return gathering.inspection(frozenset(self._languages))

    async def _read(self, windows: Sequence[Window], tenant: str, deadline: Deadline) -> list[Reading]:
        """Return the reading of every window: from the cache, from whoever reads it already, or else from a worker."""
        cache = self._cache
        if cache is None:
            return await self._work(windows, deadline)
        keys = [cache.key(tenant, self.revision, window) for window in windows]
        wanted = dict(zip(keys, windows, strict=True))
        known = {key: reading for key in wanted if (reading := cache.get(tenant, key)) is not None}

        async def work(fresh: Mapping[bytes, Window]) -> dict[bytes, Reading]:
            read = dict(zip(fresh, await self._work(list(fresh.values()), deadline), strict=True))
            for key, reading in read.items():
                cache.put(tenant, key, reading)
            return read

        fresh = {key: window for key, window in wanted.items() if key not in known}
        known |= await self._flights.read(fresh, work, deadline)
        return [known[key] for key in keys]

    async def _work(self, windows: Sequence[Window], deadline: Deadline) -> list[Reading]:
        jobs = tuple(packed(windows))
        answers = await self.offload.read(jobs, deadline) if jobs else []
        return [reading for answer in answers for reading in answer]

    @property
    def tally(self) -> CacheTally | None:
        """What its cache holds and did; None where it keeps nothing."""
        return None if self._cache is None else self._cache.tally

    async def healthy(self) -> bool:
        """Whether a worker answers."""
        return await self.offload.healthy()

    async def aclose(self) -> None:
        """End what runs."""
        await self.offload.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


class PooledDetector(WindowDetector):
    """Detects in worker processes."""


class LocalDetector(WindowDetector):
    """Detects in a thread."""


async def start_detector(
    *,
    model: str | None = None,
    recognizers: Path | None = None,
    classes: Mapping[str, str] | None = None,
    threshold: float | Mapping[str, float] = DEFAULT_THRESHOLD,
    terms: Terms = _NO_TERMS,
    languages: Sequence[str] | None = None,
    workers: int | None = None,
    cache: ReadingCache | None = None,
) -> WindowDetector:
    """Load everything, start the workers and warm them.

    The keywords are the settings of section ``detection``, and where readings are kept.

    Raises:
        SettingsFault: the models, the recognizers or another setting of detection is wrong.
    """
    read = chosen(languages)
    settings = EngineSettings(
        model=model or DEFAULT_MODEL,
        recognizers=recognizers,
        classes=load_classes(classes, threshold),
        languages=read,
        terms=terms,
    )
    count = len(os.sched_getaffinity(0)) if workers is None else workers
    detector: WindowDetector
    if count == 0:
        detector = LocalDetector(await asyncio.to_thread(Thread, settings), read, cache=cache)
    else:
        detector = PooledDetector(await Pool.start(settings, count), read, cache=cache)
    if left_out := detector.offload.card.left_out:
        logger().warning("recognizers for other languages are left out", codes=left_out, field="detection.recognizers")
    return detector


def _stages(windows: Iterator[Window]) -> Iterator[Sequence[Window]]:
    """Go through windows in bounded lists, in order."""
    stage: list[Window] = []
    size = 0
    for window in windows:
        stage.append(window)
        size += window.end - window.start
        if size >= STAGE_SIZE or len(stage) == STAGE:
            yield stage
            stage, size = [], 0
    if stage:
        yield stage
