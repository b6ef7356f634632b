"""Persons, places and organizations as a chain of conditional probabilities sees them."""

from collections.abc import Iterator, Sequence
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Final

import pycrfsuite

from sidecar.detection.languages.korean.features import Features
from sidecar.detection.languages.reader import score
from sidecar.detection.languages.sentences import readable, sentences
from sidecar.detection.languages.tensors import pinned
from sidecar.detection.recognizers.scanner import Hit

FOLDER: Final = resources.files("sidecar.detection").joinpath("data")
FILE: Final = "korean.crf"
SHA256: Final = "28c7a83ec97ecdc61b371659ea3e6fb5c31fd63fd35bd82623d4a673b437ba19"  # of what benchmarks/korean.py makes

ENTITIES: Final = ("PERSON", "LOCATION", "ORGANIZATION")
_LEAST: Final = {"PERSON": 0.25, "LOCATION": 0.4, "ORGANIZATION": 0.4}
"""Least probability of a letter that counts: a name that is missed leaves the house."""


class Tagger:
    """Finds them. Not for several threads at once."""

    def __init__(self, chain: bytes) -> None:
        """Take what a chain has learned.

        Raises:
            ValueError: it is none.
        """
        self._features = Features()
        self._held = chain  # it is read where it lies, by somebody who does not hold it
        self._chain = pycrfsuite.Tagger()
        self._chain.open_inmemory(chain)

    @classmethod
    def load(cls, folder: Traversable = FOLDER) -> "Tagger":
        """Load the chain that ships.

        Raises:
            OSError: its file cannot be read.
            NotTheFile: it is another file.
        """
        return cls(pinned(folder.joinpath(FILE).read_bytes(), SHA256))

    def marks(self, text: str, start: int, end: int) -> list[Hit]:
        """Return what is seen between ``start`` and ``end``, in order."""
        return [
            mark
            for first, last in sentences(text, start, end)
            if any("가" <= letter <= "힣" for letter in text[first:last])
            for mark in self._read(readable(text[first:last]), first)
        ]

    def _read(self, sentence: str, place: int) -> Iterator[Hit]:
        self._chain.set(self._features.of(sentence))
        for entity in ENTITIES:
            first = [self._chain.marginal(f"B-{entity}", at) for at in range(len(sentence))]
            inner = [self._chain.marginal(f"I-{entity}", at) for at in range(len(sentence))]
            for start, end in _runs(first, inner, _LEAST[entity]):
                belief = sum(first[start:end]) + sum(inner[start:end])
                yield Hit(place + start, place + end, score(belief / (end - start)), entity)


def _runs(first: Sequence[float], inner: Sequence[float], least: float) -> Iterator[tuple[int, int]]:
    """Go through the runs of letters that belong to one name."""
    start: int | None = None
    for place, (begins, goes_on) in enumerate(zip(first, inner, strict=True)):
        if start is not None and (begins + goes_on < least or begins > goes_on):
            yield start, place
            start = None
        if start is None and begins + goes_on >= least:
            start = place
    if start is not None:
        yield start, len(first)
