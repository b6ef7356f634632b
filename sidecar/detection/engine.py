"""Presidio's engine over windows: every recognizer, context, classes, disjoint spans. Runs in a worker."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from importlib import metadata, resources
from importlib.resources.abc import Traversable
from pathlib import Path

from presidio_analyzer import EntityRecognizer
from presidio_analyzer.predefined_recognizers import SpacyRecognizer

from sidecar.detection.classes import Classes
from sidecar.detection.languages.latin import foreign_names, is_foreign
from sidecar.detection.languages.reader import NameReader, Piece
from sidecar.detection.names import NamesEngine
from sidecar.detection.plugins import plugin_versions
from sidecar.detection.prefilter import Prefilter
from sidecar.detection.recognizers.context import WordContext, raised
from sidecar.detection.recognizers.scanner import Hit, Scanner, ViewArtifacts
from sidecar.detection.recognizers.work import FOREIGN, FOUND, PREFILTER, SCAN, Spent, Work
from sidecar.detection.registry import build_registry
from sidecar.detection.reporting import reported
from sidecar.detection.scripts import languages
from sidecar.detection.seen import Seen
from sidecar.detection.spans import Sighting
from sidecar.detection.terms import AppliedTerms, TermsBook
from sidecar.detection.ties import with_places
from sidecar.detection.view import cut_runs, to_ascii
from sidecar.detection.views import View, views
from sidecar.detection.windows import Job, Window, allowed
from sidecar.types.terms import Additions, Terms

_PACKAGES = ("presidio-analyzer", "spacy", "google-re2", "phonenumbers", "python-stdnum", "tldextract", "regex")
_WARM_UP = (
    "Dr. Jane Miller (jane.miller@example.com, +49 30 901820, card 4111 1111 1111 1111) wrote from 192.168.1.10; "
    "주민등록번호 900101-1234568, password: hunter2!x. Our numbers went up by 12 percent; the report should say why.\n"
    "Please send 3 copies to 12 Baker Street; the IBAN DE89 3704 0044 0532 0130 00 is theirs, born 1990-01-02 {it}.\n"
    'def main(): return {"key": [0x1F, 3.14], "url": "https://example.com/a?b=c#d"}  # see /usr/lib and a_b-c\n'
    "联系人：王小明，北京市朝阳区建国路88号。 김민서 과장님, 서울특별시 강남구 테헤란로 152.\n"
    "田中さんは東京都に住んでいます。\n"
)


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """What an engine is made from. Picklable."""

    model: str
    recognizers: Path | None
    classes: Classes
    languages: tuple[str, ...]
    """Languages that names are read in."""
    terms: Terms = field(default_factory=Terms)
    """The operator's allow and deny lists."""
    level: str | None = None
    """Instructions of the compiled pass; the best there are, where it is None."""


@dataclass(frozen=True, slots=True)
class EngineCard:
    """What an engine says of itself."""

    revision: str
    recognizers: tuple[str, ...]
    ner_engine: str
    """``native``, or ``spacy`` and after a colon why its own pass runs."""
    models: tuple[str, ...] = ()
    """What names are read with, each with its version."""
    left_out: tuple[str, ...] = ()
    """Recognizers of the operator's file that are for other languages, and are not loaded."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A part of a window's core that somebody did not look at."""

    detector: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What a window held. Offsets are those of the window's text."""

    sightings: tuple[Sighting, ...]
    missing: tuple[Gap, ...]
    """What recognizers did not look at."""
    languages: frozenset[str]
    markings: frozenset[str]
    work: float = 0.0
    """Units that patterns cost."""


class Engine:
    """Reads windows. Not for several threads at once."""

    def __init__(self, settings: EngineSettings) -> None:
        """Load everything.

        Raises:
            SettingsFault: the model or the operator's recognizers cannot be had.
        """
        self._classes = settings.classes
        self._names = NamesEngine(settings.model, level=settings.level)
        self._reads_names = "en" in settings.languages
        registry = build_registry(settings.recognizers, settings.classes, settings.languages)
        self._recognizers = registry.recognizers
        self._prefilter = Prefilter(self._recognizers)
        self._context = WordContext()
        self._terms = TermsBook(settings.terms, settings.classes)
        models = (self._names.title, *(one.model for one in self._recognizers if isinstance(one, NameReader)))
        self.card = EngineCard(
            revision=_revision(settings, self._names, models),
            recognizers=tuple(
                sorted({recognizer.name for recognizer in (*self._recognizers, *self._terms.own.scanners)})
            ),
            ner_engine=self._names.ner_engine,
            models=models,
            left_out=registry.left_out,
        )

    def warm_up(self) -> None:
        """Read a text once: automata grow when first used, and workers are forked with what has grown."""
        self.read((Window(0, 0, _WARM_UP, 0, len(_WARM_UP), units=allowed(len(_WARM_UP)), names=True),))

    def read(self, job: Job) -> tuple[Reading, ...]:
        """Return what every window of a job holds."""
        named = self._names.read(
            [
                cut_runs(window.text[window.start : window.end]) if window.names and self._reads_names else ""
                for window in job
            ]
        )
        self._look_ahead([(window.text, window.start, window.end) for window in job if window.names])
        try:
            return tuple(self._read(window, names) for window, names in zip(job, named, strict=True))
        finally:
            self._look_ahead(())  # nothing of a prompt stays

    def _look_ahead(self, pieces: Sequence[Piece]) -> None:
        for one in self._recognizers:
            if isinstance(one, NameReader):
                with suppress(Exception):  # it fails again where the window is read, and is told there
                    one.look_ahead(pieces)

    def _read(self, window: Window, names: Sequence[Hit]) -> Reading:
        work = Work(window.units)
        core = window.text[window.start : window.end]
        spoken = languages(core)
        if is_foreign(spoken):
            names = list(foreign_names(core, names, spoken))
        terms = self._terms.of(window.additions)
        view = to_ascii(window.text)
        results, gaps = self._recognize(window, view, names, work, terms)
        results = with_places(results, view)
        for other in views(window.text):
            more, missed = self._through(other, window, work, terms)
            results += more
            gaps += missed
        markings = {word for one in results if (word := self._classes.markings.get(one.entity))}
        sightings = terms.disjoint(reported(results, window.text, terms, self._classes.tied), window.text)
        return Reading(
            sightings=tuple(one for one in sightings if window.start <= one.start < window.end),
            missing=tuple(sorted(gaps, key=lambda gap: (gap.detector, gap.start))),
            languages=spoken,
            markings=frozenset(markings),
            work=round(work.used, 3),
        )

    def _recognize(
        self, window: Window, view: bytes, names: Sequence[Hit], work: Work, terms: AppliedTerms
    ) -> tuple[list[Seen], list[Gap]]:
        """Ask everybody who may see something, as long as there is work left."""
        text = window.text
        seen: list[Seen] = []
        gaps: list[Gap] = []
        work.left -= PREFILTER * len(view)
        work.used += PREFILTER * len(view)
        for one in (*terms.scanners, *self._prefilter.choose(view, text)):
            try:
                # As they come: what was seen before the work ran out is kept.
                seen.extend(self._ask(one, window, view, names, work))
            except Spent:
                gaps.append(Gap(one.name, min(max(work.place, window.start), window.end), window.end))
            except Exception:  # noqa: BLE001 - anybody's code: whatever stopped it, what it did not look at is told
                gaps.append(Gap(one.name, window.start, window.end))
        if not (window.names or window.joint):
            gaps += self._unread(window)
        return [self._in_context(one, text) for one in seen], [gap for gap in gaps if gap.start < gap.end]

    def _through(
        self, view: View, window: Window, work: Work, terms: AppliedTerms
    ) -> tuple[Sequence[Seen], Sequence[Gap]]:
        """Return what is seen in another view of a window, in the window's own offsets."""
        text = view.text
        inner = replace(window, text=text, start=0, end=len(text), names=False, joint=True)
        seen, gaps = self._recognize(inner, to_ascii(text), (), work, terms)
        mapped = [one.moved(*view.back(one.start, one.end)) for one in seen if view.trusts(one.entity, one.score)]
        return mapped, [Gap(gap.detector, window.start, window.end) for gap in gaps]

    def _ask(
        self, one: EntityRecognizer, window: Window, view: bytes, names: Sequence[Hit], work: Work
    ) -> Iterator[Seen]:
        """Go through what one recognizer sees."""
        if isinstance(one, SpacyRecognizer):
            for name in names:
                if name.entity in one.supported_entities:
                    yield Seen(one, name.entity, name.start + window.start, name.end + window.start, name.score)
        elif isinstance(one, NameReader):
            if window.names:
                for hit in one.hits(window.text, window.start, window.end):
                    yield Seen(one, hit.entity, hit.start, hit.end, hit.score, hit.bare)
        elif isinstance(one, Scanner):
            work.spend(SCAN * len(view), window.start)
            for hit in one.scan(view, window.text, work):
                yield Seen(one, hit.entity or one.supported_entities[0], *hit[:3])
                work.spend(FOUND, hit.start)
        else:
            work.spend(FOREIGN * len(view), window.start)
            found = one.analyze(window.text, one.supported_entities, ViewArtifacts(view))
            yield from (Seen.of(one, result) for result in found)

    def _unread(self, window: Window) -> Iterator[Gap]:
        """Go through the models that a request's budget did not reach to in a window."""
        if self._reads_names:
            yield Gap(SpacyRecognizer.__name__, window.start, window.end)
        for one in self._recognizers:
            if isinstance(one, NameReader) and one.concerns(window.text, window.start, window.end):
                yield Gap(one.name, window.start, window.end)

    def _in_context(self, seen: Seen, text: str) -> Seen:
        """Return what was seen with the score that it has where a word of its recognizer is near."""
        if seen.recognizer.context and self._context.words(seen.recognizer).near(text, seen.start, seen.end):
            return seen._replace(score=raised(seen.score))
        return seen


def _revision(settings: EngineSettings, names: NamesEngine, models: Sequence[str]) -> str:
    """Return a digest of all that findings depend on: packages, our code and tables, the model's weights, settings."""
    digest = hashlib.sha256()
    classes = settings.classes
    digest.update(
        json.dumps(
            {
                "packages": {name: metadata.version(name) for name in _PACKAGES},
                "models": models,
                "languages": settings.languages,
                "classes": sorted(classes.by_entity.items()),
                "ignored": sorted(classes.ignored),
                "tied": sorted(classes.tied.items()),
                "thresholds": sorted(classes.thresholds.items()),
                "plugins": plugin_versions(),
                "terms": Additions.of(settings.terms).digest,
            },
            sort_keys=True,
        ).encode()
    )
    digest.update(names.weights())
    if settings.recognizers is not None:
        digest.update(settings.recognizers.read_bytes())
    for name, content in _files(resources.files("sidecar.detection"), ""):
        digest.update(name.encode() + b"\0" + content)
    return digest.hexdigest()


def _files(folder: Traversable, prefix: str) -> Iterable[tuple[str, bytes]]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        name = f"{prefix}/{entry.name}"
        if entry.is_dir():
            yield from _files(entry, name)
        elif name.endswith((".py", ".yaml", ".txt")):
            yield name, entry.read_bytes()
