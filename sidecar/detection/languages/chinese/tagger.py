"""Persons, places and organizations as the network sees them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import opencc

from sidecar.detection.languages import tensors
from sidecar.detection.languages.chinese.convert import FILE, SHA256
from sidecar.detection.languages.chinese.network import Network
from sidecar.detection.languages.chinese.words import Vocabulary, labels
from sidecar.detection.languages.reader import Piece, score
from sidecar.detection.languages.sentences import readable, sentences
from sidecar.detection.languages.tensors import Array, Tensors
from sidecar.detection.recognizers.scanner import Hit
from sidecar.detection.scripts import HAN, is_japanese

# Least probability that counts, by the network's word for the kind. What is missed leaves the house; what is taken
# for a name too often stands bare mostly, and harms little.
_KINDS: Final = (("nr", "PERSON", 0.2), ("ns", "LOCATION", 0.3), ("nt", "ORGANIZATION", 0.3))
_LEAST: Final = np.array([least for _, _, least in _KINDS], np.float32)


_Beliefs = tuple[Sequence[int], Array]
"""Lengths of a sentence's tokens, and for each the probabilities of the labels."""

_HAN = re.compile(f"[{HAN}]")

# Cantonese words of one letter, and the Mandarin ones that the network has read in their place.
_MANDARIN: Final = str.maketrans("喺佢嘅咗係唔嚟冇啲俾畀睇攞咁哋嗰嗌搵", "在他的了是不来没些给给看拿这们那叫找")


class Tagger:
    """Finds them. Not for several threads at once."""

    def __init__(self, tensors: Tensors) -> None:
        self._network = Network(tensors)
        self._vocabulary = Vocabulary(tensors)
        names = labels(tensors)
        self._firsts = [names.index(f"{kind}-B") for kind, _, _ in _KINDS]
        self._nexts = [names.index(f"{kind}-I") for kind, _, _ in _KINDS]
        self._simplified = opencc.OpenCC("t2s").convert
        self._ahead: dict[str, _Beliefs] = {}

    @classmethod
    def load(cls, models: Path) -> "Tagger":
        """Load the network.

        Raises:
            OSError: the file cannot be read.
            NotTheFile: it is another file.
        """
        return cls(tensors.read(models / FILE, SHA256))

    def look_ahead(self, pieces: Iterable[Piece]) -> None:
        """Read the sentences of several pieces at once, each once, and know them until asked for other ones.

        A step of the network costs much the same for one sentence as for a dozen.
        """
        self._ahead = {}
        self._ahead = self._read(text[slice(*place)] for text, *core in pieces for place in _places(text, *core))

    def marks(self, text: str, start: int, end: int) -> list[Hit]:
        """Return what is seen between ``start`` and ``end``, in order."""
        places = list(_places(text, start, end))
        read = self._read(text[slice(*place)] for place in places)
        return [
            mark
            for first, last in places
            for mark in self._decoded(first, *(self._ahead.get(text[first:last]) or read[text[first:last]]))
        ]

    def _read(self, sentences: Iterable[str]) -> dict[str, _Beliefs]:
        """Return what the network says of sentences that it was not asked about before."""
        unread = [sentence for sentence in dict.fromkeys(sentences) if sentence not in self._ahead]
        cuts = [self._vocabulary.tokens(self._simple(sentence)) for sentence in unread]
        beliefs = self._network.read([numbers for numbers, _ in cuts])
        return {
            sentence: (lengths, belief) for sentence, (_, lengths), belief in zip(unread, cuts, beliefs, strict=True)
        }

    def _simple(self, text: str) -> str:
        """Return the text in simplified letters and Mandarin words, as long as before."""
        simple = self._simplified(readable(text)).translate(_MANDARIN)
        return simple if len(simple) == len(text) else text

    def _decoded(self, place: int, lengths: Sequence[int], belief: Array) -> Iterator[Hit]:
        """Go through the marks of one sentence that begins at ``place``."""
        first, following = belief[:, self._firsts], belief[:, self._nexts]
        either = first + following
        kinds = either.argmax(1)
        counts = either.max(1) > _LEAST[kinds]
        begun: tuple[int, int, list[float]] | None = None
        for token, length in enumerate(lengths):
            kind = int(kinds[token])
            goes_on = begun is not None and begun[1] == kind and first[token, kind] < following[token, kind]
            if begun is not None and not (counts[token] and goes_on):
                yield _mark(begun, place)
                begun = None
            if counts[token]:
                begun = begun or (place, kind, [])
                begun[2].append(float(either[token, kind]))
            place += length
        if begun is not None:
            yield _mark(begun, place)


def _places(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Go through the Chinese sentences between ``start`` and ``end``."""
    return (place for place in sentences(text, start, end) if _is_chinese(text[slice(*place)]))


def _is_chinese(sentence: str) -> bool:
    """Whether a sentence has Han letters, and no kana beside them that makes it Japanese."""
    return _HAN.search(sentence) is not None and not is_japanese(sentence)


def _mark(begun: tuple[int, int, list[float]], end: int) -> Hit:
    start, kind, scores = begun
    return Hit(start, end, score(sum(scores) / len(scores)), _KINDS[kind][1])
