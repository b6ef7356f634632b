"""Pieces of a text that a model reads at once: sentences, and parts of those that are too long."""

import re
from collections.abc import Iterator

LONGEST = 120  # code points; a model learns from sentences, and its memory grows with them

_SENTENCE = re.compile(r"[^。！？!?；;…\n|\t]+[。！？!?；;…\n|\t]*")
_LATIN = re.compile(r"[ -~]{12,}")  # what a sentence of another script quotes, and cannot be read with it
_PAUSES = (frozenset("，,、：:"), frozenset(" \t　"))

_NO_LETTER = re.compile("[\0\ud800-\udfff]")  # libraries end there, or take none


def readable(text: str) -> str:
    """Return the text with U+FFFD for what is no letter, as long as before."""
    return _NO_LETTER.sub("\ufffd", text)


def sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Go through the sentences and cells between ``start`` and ``end``, without quotes in Latin letters.

    None is longer than ``LONGEST``.
    """
    for match in _SENTENCE.finditer(text, start, end):
        for first, last in _without_latin(text, *match.span()):
            yield from _bounded(text, first, last)


def _without_latin(text: str, first: int, last: int) -> Iterator[tuple[int, int]]:
    """Go through what stands around longer runs of Latin letters."""
    for match in _LATIN.finditer(text, first, last):
        if first < match.start():
            yield first, match.start()
        first = match.end()
    if first < last:
        yield first, last


def _bounded(text: str, first: int, last: int) -> Iterator[tuple[int, int]]:
    """Go through the parts of a sentence that is too long, or the whole of one that is not."""
    while last - first > LONGEST:
        border = _border(text, first)
        yield first, border
        first = border
    yield first, last


def _border(text: str, first: int) -> int:
    """Return where a long sentence is cut: behind its last pause, else anywhere."""
    for pauses in _PAUSES:
        for place in range(first + LONGEST - 1, first + LONGEST // 2, -1):
            if text[place] in pauses:
                return place + 1
    return first + LONGEST
