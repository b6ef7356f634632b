"""Foreign recognizers, Presidio's own and those of the operator's YAML, made bounded and language-neutral."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeGuard

import regex
from presidio_analyzer import EntityRecognizer, LocalRecognizer, PatternRecognizer, RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts

from sidecar.clock import Deadline, SystemClock
from sidecar.detection.recognizers.scanner import ViewArtifacts, compiled
from sidecar.detection.superset import exact, superset
from sidecar.detection.view import to_ascii

PIECE = 2_000  # code points that a pattern sees at once: backtracking engines may take the square of it
MARGIN = 256  # around them, so that a value on a border is whole in one of the two
PATTERN_SECONDS = 1.0  # for one text: a backstop for patterns that take more than the square; what they miss is told


class PatternTimedOut(Exception):
    """A pattern was given up on. Presidio would skip it in silence."""


class UnusableResult(Exception):
    """A recognizer told of a place outside of the text, or of a score outside of 0 to 1."""


@dataclass(frozen=True, slots=True)
class _Pattern:
    backtracking: "regex.Pattern[str]"
    linear: Any
    """The same for ASCII text, in RE2; None where it has no words for it."""
    score: float


class Fenced(LocalRecognizer):
    """Runs a recognizer over pieces of bounded size, on the text and, where that differs, on its ASCII view.

    Whatever language it was written for, it reads every text.
    """

    def __init__(self, inner: EntityRecognizer) -> None:
        super().__init__(
            supported_entities=list(inner.supported_entities),
            name=inner.name,
            context=list(inner.context or ()),
            score_thresholds=inner.score_thresholds,
        )
        self._inner = inner
        self._pattern_recognizer = inner if _is_patterns_alone(inner) else None
        self._patterns = _patterns(self._pattern_recognizer)
        self.triggers = _triggers(self._pattern_recognizer)
        self.reads_text = True
        self.announced_by: Sequence[str] = ()

    def load(self) -> None:
        """Do nothing: the inner recognizer has loaded itself."""

    def analyze(
        self, text: str, entities: Sequence[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        """Presidio's way in.

        Raises:
            PatternTimedOut: a pattern was given up on.
            UnusableResult: a foreign recognizer's answer makes no sense.
        """
        view = nlp_artifacts.ascii_view if isinstance(nlp_artifacts, ViewArtifacts) else to_ascii(text)
        readings = [text] if text.isascii() else [text, view.decode("ascii")]
        found: dict[tuple[str, int, int], float] = {}
        for reading in readings:
            for entity, start, end, score in self._read(reading, entities, nlp_artifacts):
                found[entity, start, end] = max(score, found.get((entity, start, end), 0.0))
        metadata = {
            RecognizerResult.RECOGNIZER_NAME_KEY: self.name,
            RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id,
        }
        return [
            RecognizerResult(entity, start, end, score, recognition_metadata=metadata)
            for (entity, start, end), score in found.items()
        ]

    def _read(
        self, text: str, entities: Sequence[str], nlp_artifacts: NlpArtifacts | None
    ) -> Iterator[tuple[str, int, int, float]]:
        if self._pattern_recognizer is not None and text.isascii():
            yield from self._match_linearly(text, self._pattern_recognizer)
            if all(pattern.linear is not None for pattern in self._patterns):
                return
        backstop = Deadline(SystemClock(), PATTERN_SECONDS)
        for start, end in _pieces(text):
            first, last = max(0, start - MARGIN), min(len(text), end + MARGIN)
            piece = text[first:last]
            if self._pattern_recognizer is None:
                results = self._inner.analyze(piece, list(entities), nlp_artifacts or ViewArtifacts(to_ascii(piece)))
                hits = [_usable(one, piece) for one in results or ()]
            else:
                hits = list(self._match(piece, self._pattern_recognizer, backstop))
            for entity, left, right, score in hits:
                cut_off = (left == 0 and first > 0) or (right == len(piece) and last < len(text))
                if start <= first + left < end and not cut_off:
                    yield entity, first + left, first + right, score

    def _match_linearly(self, text: str, judge: PatternRecognizer) -> Iterator[tuple[str, int, int, float]]:
        """Go through what the patterns match that a linear engine takes as they are."""
        view = text.encode("ascii")
        for pattern in self._patterns:
            if pattern.linear is not None:
                for match in pattern.linear.finditer(view):
                    yield from self._judged(judge, match[0].decode(), match.start(), pattern.score)

    def _match(self, text: str, judge: PatternRecognizer, backstop: Deadline) -> Iterator[tuple[str, int, int, float]]:
        for pattern in self._patterns:
            if pattern.linear is not None and text.isascii():
                continue
            if backstop.passed:
                raise PatternTimedOut
            try:
                for match in pattern.backtracking.finditer(text, timeout=backstop.remaining()):
                    yield from self._judged(judge, match.group(), match.start(), pattern.score)
            except TimeoutError as error:
                raise PatternTimedOut from error

    def _judged(
        self, judge: PatternRecognizer, value: str, start: int, base: float
    ) -> Iterator[tuple[str, int, int, float]]:
        if not value or judge.invalidate_result(value):
            return
        valid = judge.validate_result(value)
        score = base if valid is None else 1.0 if valid else 0.0
        if score > 0:
            yield self.supported_entities[0], start, start + len(value), score


def _usable(found: RecognizerResult, text: str) -> tuple[str, int, int, float]:
    if not (0 <= found.start < found.end <= len(text) and 0 <= found.score <= 1):
        raise UnusableResult
    return found.entity_type, found.start, found.end, float(found.score)


def _is_patterns_alone(inner: EntityRecognizer) -> TypeGuard[PatternRecognizer]:
    """Whether a recognizer looks for patterns and in no way of its own."""
    return isinstance(inner, PatternRecognizer) and type(inner).analyze is PatternRecognizer.analyze


def _patterns(inner: PatternRecognizer | None) -> list[_Pattern]:
    if inner is None:
        return []
    flags = int(inner.global_regex_flags or 0)
    return [
        _Pattern(regex.compile(one.regex, flags), _linear(exact(one.regex, flags)), float(one.score))
        for one in inner.patterns
    ]


def _linear(pattern: str | None) -> Any:  # noqa: ANN401 - re2 has no types
    """Return a pattern compiled by RE2; None where it does not take it."""
    try:
        return None if pattern is None else compiled(pattern)
    except ValueError:
        return None


def _triggers(inner: PatternRecognizer | None) -> list[str] | None:
    """Return what of its patterns is found in every ASCII text that one is found in; None where that is not known."""
    if inner is None:
        return None
    flags = int(inner.global_regex_flags or 0)
    found = [superset(one.regex, flags) for one in inner.patterns]
    triggers = [pattern for pattern in found if pattern is not None and _linear(pattern) is not None]
    return triggers if len(triggers) == len(found) else None


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    while start < len(text):
        end = min(len(text), start + PIECE)
        if end < len(text):
            blank = max(text.rfind(" ", start + PIECE // 2, end), text.rfind("\n", start + PIECE // 2, end))
            end = blank + 1 if blank >= 0 else end
        yield start, end
        start = end
