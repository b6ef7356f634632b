"""The ends of neighboring texts read as one, so that a value split over messages is still found.

Somebody types half a card number, sends it, and types the rest. Each half alone is nothing, and the model that gets
the conversation sees the whole. Only values that prove themselves count here, by a check digit, a strict form or a
word that announces them: what ends one message and what begins the next are mostly strangers.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sidecar.detection.spans import Sighting
from sidecar.detection.view import hide
from sidecar.detection.windows import Window, allowed
from sidecar.types.content import Span
from sidecar.types.terms import Additions

REACH = 64  # code points of each text: longer than a number in groups, as long as most addresses
MOST = 4  # texts that one value may be split over
GLUES = ("", " ", "\n")
_CLASSES = frozenset({"card_pan", "contact", "financial_account", "in_aadhaar", "kr_rrn", "national_id"})
_LOOSE = frozenset({"STREET_ADDRESS"})  # made of words: a street could begin in any sentence
_AS_WRITTEN = 0.5  # least score where the texts simply stand one behind the other
_WITH_A_GAP = 0.75  # and where something had to be thought between them
_ATS = frozenset("@＠﹫")
_BLANKS = " \t\r\n"


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text, and where it lies in a window."""

    segment: int
    start: int
    """In the text."""
    place: int
    """In the window."""
    length: int


@dataclass(frozen=True, slots=True)
class Joint:
    """A window made of pieces of texts that follow each other."""

    pieces: tuple[Piece, ...]
    least: float
    window: Window

    def split(self, sightings: Iterable[Sighting]) -> Iterator[Mapping[int, Sighting]]:
        """Go through what lies across a border and proves itself: its parts, by text."""
        for one in sightings:
            if one.data_class in _CLASSES and one.entity not in _LOOSE and one.score >= self.least:
                parts = {piece.segment: part for piece in self.pieces if (part := self._part(one, piece)) is not None}
                if len(parts) > 1:
                    yield parts

    def _part(self, sighting: Sighting, piece: Piece) -> Sighting | None:
        """Return what of a sighting lies in a piece, without blanks around it, at the offsets of the piece's text."""
        start, end = max(sighting.start, piece.place), min(sighting.end, piece.place + piece.length)
        written = self.window.text[start:end]
        start += len(written) - len(written.lstrip(_BLANKS))
        end -= len(written) - len(written.rstrip(_BLANKS))
        shift = piece.start - piece.place
        return sighting.between(start + shift, end + shift) if start < end else None


def joints(
    texts: Sequence[str],
    hidden: Mapping[int, Sequence[Span]],
    threads: Sequence[Sequence[int]],
    additions: Additions | None = None,
) -> list[Joint]:
    """Return the joints of all threads, each a list of indices of texts that follow each other."""
    ends = {index: hide(texts[index], hidden.get(index, ())) for thread in threads for index in thread}
    return [
        _joint(chain, glue, additions)
        for thread in threads
        for place in range(len(thread) - 1)
        for chain in [_chain(ends, thread, place)]
        if _may_hold(chain)
        for glue in GLUES
    ]


def _chain(texts: Mapping[int, str], thread: Sequence[int], place: int) -> list[tuple[int, int, str]]:
    """Return index, start and letters: the end of one text, and the next ones as far as they are read to their end."""
    index = thread[place]
    start = max(0, len(texts[index]) - REACH)
    chain = [(index, start, texts[index][start:])]
    for index in thread[place + 1 : place + MOST]:
        chain.append((index, 0, texts[index][:REACH]))
        if len(texts[index]) > REACH:
            break
    return chain


def _may_hold(chain: Sequence[tuple[int, int, str]]) -> bool:
    """Whether a border is worth a look: there is a digit in one of the words that meet there, or an at sign."""
    for (_, _, left), (_, _, right) in pairwise(chain):
        words = (left.split() or [""])[-1] + (right.split() or [""])[0]
        if any(letter.isdecimal() or letter in _ATS for letter in words):
            return True
    return False


def _joint(chain: Sequence[tuple[int, int, str]], glue: str, additions: Additions | None) -> Joint:
    pieces = []
    place = 0
    for segment, start, letters in chain:
        pieces.append(Piece(segment, start, place, len(letters)))
        place += len(letters) + len(glue)
    text = glue.join(letters for _, _, letters in chain)
    segment, offset, _ = chain[0]
    units = allowed(len(text))
    window = Window(segment, offset, text, 0, len(text), units=units, names=False, joint=True, additions=additions)
    return Joint(tuple(pieces), _WITH_A_GAP if glue else _AS_WRITTEN, window)
