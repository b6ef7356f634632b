"""Pieces of a text that a model reads at once: sentences, and parts of those that are too long."""

import re
from collections.abc import Iterator

LONGEST = 120  # code points; a model learns from sentences, and its memory grows with them

_SENTENCE = re.compile(r"[^。！？!?；;…\n]+[。！？!?；;…\n]*")
_PAUSES = (frozenset("，,、：:"), frozenset(" \t　"))


def sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Go through the sentences between ``start`` and ``end``, none longer than ``LONGEST``."""
    for match in _SENTENCE.finditer(text, start, end):
        first, last = match.span()
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
