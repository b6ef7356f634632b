"""Presidio's engine over windows: every recognizer, context, classes, disjoint spans. Runs in a worker."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import metadata, resources
from importlib.resources.abc import Traversable
from pathlib import Path

from presidio_analyzer import AnalyzerEngine, EntityRecognizer, RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts
from presidio_analyzer.predefined_recognizers import SpacyRecognizer

from sidecar.detection.classes import Classes
from sidecar.detection.names import NamesEngine
from sidecar.detection.recognizers.context import WordContext
from sidecar.detection.recognizers.persons import is_bare, trimmed_name
from sidecar.detection.recognizers.scanner import ViewArtifacts
from sidecar.detection.registry import LANGUAGE, build_registry
from sidecar.detection.scripts import languages
from sidecar.detection.spans import Sighting, disjoint
from sidecar.detection.view import cut_runs, to_ascii
from sidecar.detection.windows import Job, Window

_PACKAGES = ("presidio-analyzer", "spacy", "google-re2", "phonenumbers", "python-stdnum", "tldextract", "regex")
_WARM_UP = (
    "Dr. Jane Miller (jane.miller@example.com, +49 30 901820, card 4111 1111 1111 1111) wrote from 192.168.1.10; "
    "주민등록번호 900101-1234568, password: hunter2!x"
)


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """What an engine is made from. Picklable."""

    model: str
    recognizers: Path | None
    classes: Classes
    names: bool
    """Whether names are read at all."""


@dataclass(frozen=True, slots=True)
class EngineCard:
    """What an engine says of itself."""

    revision: str
    recognizers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a window held. Offsets are those of the window's text."""

    sightings: tuple[Sighting, ...]
    missing: tuple[str, ...]
    """Recognizers that gave up."""
    languages: frozenset[str]
    markings: frozenset[str]


class Engine:
    """Reads windows. Not for several threads at once."""

    def __init__(self, settings: EngineSettings) -> None:
        """Load everything.

        Raises:
            SettingsFault: the model or the operator's recognizers cannot be had.
        """
        self._classes = settings.classes
        self._names = NamesEngine(settings.model)
        self._reads_names = settings.names
        self._analyzer = AnalyzerEngine(
            registry=build_registry(settings.recognizers),
            nlp_engine=self._names,
            supported_languages=[LANGUAGE],
            context_aware_enhancer=WordContext(),
        )
        self._recognizers = list[EntityRecognizer](self._analyzer.registry.recognizers)
        self._by_id = {recognizer.id: recognizer for recognizer in self._recognizers}
        self.card = EngineCard(
            revision=_revision(settings, self._names),
            recognizers=tuple(sorted({recognizer.name for recognizer in self._recognizers})),
        )

    def warm_up(self) -> None:
        """Read a text once: patterns compile when first used."""
        self.read((Window(0, 0, _WARM_UP, 0, len(_WARM_UP), names=True),))

    def read(self, job: Job) -> tuple[Reading, ...]:
        """Return what every window of a job holds."""
        with self._names.pipeline.memory_zone():
            named = self._names.read(
                [
                    cut_runs(window.text[window.start : window.end]) if window.names and self._reads_names else ""
                    for window in job
                ]
            )
            return tuple(self._read(window, artifacts) for window, artifacts in zip(job, named, strict=True))

    def _read(self, window: Window, names: NlpArtifacts) -> Reading:
        results, missing = self._recognize(window, names)
        results = self._analyzer.context_aware_enhancer.enhance_using_context(
            window.text, results, names, self._recognizers
        )
        markings = {word for one in results if (word := self._classes.markings.get(one.entity_type))}
        sightings = disjoint(
            [sighting for one in results if (sighting := self._sighting(window.text, one)) is not None],
            self._classes.rank,
            window.text,
        )
        return Reading(
            sightings=tuple(one for one in sightings if window.start <= one.start < window.end),
            missing=tuple(sorted(missing)),
            languages=languages(window.text[window.start : window.end]),
            markings=frozenset(markings),
        )

    def _recognize(self, window: Window, names: NlpArtifacts) -> tuple[list[RecognizerResult], set[str]]:
        views = ViewArtifacts(to_ascii(window.text))
        results: list[RecognizerResult] = []
        missing = set()
        for recognizer in self._recognizers:
            try:
                if isinstance(recognizer, SpacyRecognizer):
                    found = recognizer.analyze("", recognizer.supported_entities, names)
                    for one in found:
                        one.start, one.end = one.start + window.start, one.end + window.start
                else:
                    found = recognizer.analyze(window.text, recognizer.supported_entities, views)
            except Exception:  # noqa: BLE001 - anybody's code: whatever stopped it, what it did not look at is told
                missing.add(recognizer.name)
            else:
                results += found
        if not (window.names or window.joint) and self._reads_names:
            missing.add(SpacyRecognizer.__name__)
        return results, missing

    def _sighting(self, text: str, result: RecognizerResult) -> Sighting | None:
        entity, score = result.entity_type, float(result.score)
        data_class = self._classes.of(entity)
        if data_class is None or not self._classes.counts(entity, score):
            return None
        recognizer = self._by_id[result.recognition_metadata[RecognizerResult.RECOGNIZER_IDENTIFIER_KEY]]
        limits = recognizer.score_thresholds
        if score < limits.get(entity, limits.get("default", 0.0)):
            return None
        start, end, bare = result.start, result.end, False
        if isinstance(recognizer, SpacyRecognizer):
            trimmed = trimmed_name(text, start, end)
            if trimmed is None:
                return None
            start, end = trimmed
            bare = entity == "PERSON" and is_bare(text, start, end)
        return Sighting(start, end, entity, data_class, round(score, 4), recognizer.name, bare=bare)


def _revision(settings: EngineSettings, names: NamesEngine) -> str:
    """Return a digest of all that findings depend on: packages, our code and tables, the model's weights, settings."""
    digest = hashlib.sha256()
    classes = settings.classes
    digest.update(
        json.dumps(
            {
                "packages": {name: metadata.version(name) for name in _PACKAGES},
                "model": [names.meta.get("lang"), names.meta.get("name"), names.meta.get("version"), settings.names],
                "classes": sorted(classes.by_entity.items()),
                "ignored": sorted(classes.ignored),
                "thresholds": sorted(classes.thresholds.items()),
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
