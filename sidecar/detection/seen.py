"""What a recognizer saw, on its way to a sighting."""

from typing import NamedTuple, Self

from presidio_analyzer import EntityRecognizer, RecognizerResult


class Seen(NamedTuple):
    """A span, what it is, and who says so."""

    recognizer: EntityRecognizer
    entity: str
    start: int
    end: int
    score: float
    bare: bool = False

    def moved(self, start: int, end: int) -> Self:
        """Return the same, seen elsewhere."""
        return self._replace(start=start, end=end)

    @classmethod
    def of(cls, recognizer: EntityRecognizer, found: RecognizerResult) -> Self:
        """Take it from Presidio's word for it."""
        return cls(recognizer, found.entity_type, found.start, found.end, float(found.score))
