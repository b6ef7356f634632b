"""What reads names in one language: asked where its letters occur, about a window's core."""

import re
from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence

from presidio_analyzer import LocalRecognizer, RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts

from sidecar.detection.recognizers.context import LEAST
from sidecar.detection.recognizers.scanner import Hit

Piece = tuple[str, int, int]
"""A text, and where in it reading begins and ends."""


class NameReader(LocalRecognizer):
    """A recognizer that a model stands behind. It sees one window, as a scanner does, and costs a lot more."""

    triggers: Sequence[str] = ()
    reads_text = True
    announced_by: Sequence[str] = ()

    def __init__(self, *, name: str, language: str, model: str, letters: str, entities: Sequence[str]) -> None:
        """``model`` names what it reads with, and its version; ``letters`` are ranges of what it needs to see."""
        self.model = model
        self._letters = re.compile(f"[{letters}]")
        super().__init__(supported_entities=list(entities), name=name, supported_language=language)

    def load(self) -> None:
        """Do nothing: whoever makes one has loaded what it needs."""

    def look_ahead(self, pieces: Sequence[Piece]) -> None:
        """Learn what will be read next, where reading it at once is cheaper; forget what was learned before."""

    def concerns(self, text: str, start: int, end: int) -> bool:
        """Whether there is something to read between ``start`` and ``end``."""
        return self._letters.search(text, start, end) is not None

    def hits(self, text: str, start: int, end: int) -> Iterator[Hit]:
        """Go through what stands between ``start`` and ``end`` of a text."""
        if self.concerns(text, start, end):
            yield from self.read(text, start, end)

    @abstractmethod
    def read(self, text: str, start: int, end: int) -> Iterator[Hit]:
        """Do so, where at least one of the letters occurs."""

    def analyze(
        self, text: str, entities: Sequence[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        """Presidio's way in."""
        del nlp_artifacts
        metadata = {
            RecognizerResult.RECOGNIZER_NAME_KEY: self.name,
            RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id,
        }
        return [
            RecognizerResult(hit.entity, hit.start, hit.end, hit.score, recognition_metadata=metadata)
            for hit in self.hits(text, 0, len(text))
            if hit.entity in entities
        ]


def score(belief: float) -> float:
    """Return the score of what a model believes, and what was found to be worth telling: never below what counts."""
    return LEAST + (1 - LEAST) * min(1.0, belief)


def judged(
    text: str,
    hits: Iterable[Hit],
    trimmed: Callable[[str, Hit], Hit | None],
    is_bare: Callable[[str, int, int], bool],
) -> Iterator[Hit]:
    """Go through what was seen: names without what is no part of them, told how they stand, and places."""
    for hit in hits:
        if hit.entity == "PERSON":
            name = trimmed(text, hit)
            if name is not None:
                yield name._replace(bare=is_bare(text, name.start, name.end))
        elif not text[hit.start : hit.end].isascii():
            yield hit
