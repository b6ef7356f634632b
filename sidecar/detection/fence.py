"""Foreign recognizers, Presidio's own and those of the operator's YAML, made bounded and language-neutral."""

from collections.abc import Iterator, Sequence

import regex
from presidio_analyzer import EntityRecognizer, LocalRecognizer, PatternRecognizer, RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts

from sidecar.detection.recognizers.scanner import ViewArtifacts
from sidecar.detection.view import to_ascii

PIECE = 2_000  # code points that a pattern sees at once: backtracking engines may take the square of it
MARGIN = 256  # around them, so that a value on a border is whole in one of the two
PATTERN_SECONDS = 1.0  # a backstop for patterns that take more than the square; what they did not see is told


class PatternTimedOut(Exception):  # noqa: N818 - a limit, not an error
    """A pattern was given up on. Presidio would skip it in silence."""


class Fenced(LocalRecognizer):  # type: ignore[misc]
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
        self._patterns = _patterns(inner)

    def load(self) -> None:
        """Do nothing: the inner recognizer has loaded itself."""

    def analyze(self, text: str, entities: Sequence[str], nlp_artifacts: NlpArtifacts | None = None) -> list[RecognizerResult]:
        """Presidio's way in.

        Raises:
            PatternTimedOut: a pattern was given up on.
        """
        view = nlp_artifacts.ascii_view if isinstance(nlp_artifacts, ViewArtifacts) else to_ascii(text)
        readings = [text] if text.isascii() else [text, view.decode("ascii")]
        found: dict[tuple[str, int, int], float] = {}
        for reading in readings:
            for entity, start, end, score in self._read(reading, entities, nlp_artifacts):
                found[entity, start, end] = max(score, found.get((entity, start, end), 0.0))
        metadata = {RecognizerResult.RECOGNIZER_NAME_KEY: self.name, RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id}
        return [
            RecognizerResult(entity, start, end, score, recognition_metadata=metadata) for (entity, start, end), score in found.items()
        ]

    def _read(
        self, text: str, entities: Sequence[str], nlp_artifacts: NlpArtifacts | None
    ) -> Iterator[tuple[str, int, int, float]]:
        for start, end in _pieces(text):
            first, last = max(0, start - MARGIN), min(len(text), end + MARGIN)
            piece = text[first:last]
            if self._patterns is None:
                results = self._inner.analyze(piece, list(entities), nlp_artifacts)
                hits = [(one.entity_type, one.start, one.end, float(one.score)) for one in results]
            else:
                hits = list(self._match(piece))
            for entity, left, right, score in hits:
                cut_off = (left == 0 and first > 0) or (right == len(piece) and last < len(text))
                if start <= first + left < end and not cut_off:
                    yield entity, first + left, first + right, score

    def _match(self, text: str) -> Iterator[tuple[str, int, int, float]]:
        for pattern, base in self._patterns or ():
            try:
                for match in pattern.finditer(text, timeout=PATTERN_SECONDS):
                    value = match.group()
                    if not value or self._inner.invalidate_result(value):
                        continue
                    valid = self._inner.validate_result(value)
                    score = base if valid is None else 1.0 if valid else 0.0
                    if score > 0:
                        yield self.supported_entities[0], match.start(), match.end(), score
            except TimeoutError as error:
                raise PatternTimedOut from error


def _patterns(inner: EntityRecognizer) -> list[tuple["regex.Pattern[str]", float]] | None:
    """Return the compiled patterns of a recognizer that is nothing else; None where it looks in a way of its own."""
    if not isinstance(inner, PatternRecognizer) or type(inner).analyze is not PatternRecognizer.analyze:
        return None
    return [(regex.compile(pattern.regex, inner.global_regex_flags), float(pattern.score)) for pattern in inner.patterns]


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    while start < len(text):
        end = min(len(text), start + PIECE)
        if end < len(text):
            blank = max(text.rfind(" ", start + PIECE // 2, end), text.rfind("\n", start + PIECE // 2, end))
            end = blank + 1 if blank >= 0 else end
        yield start, end
        start = end
