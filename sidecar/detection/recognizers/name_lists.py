"""Names told by lists of given names and surnames: pairs in any case, "Surname, Given", and rows of given names.

The model reads names by their sentence, and misses those in lower case, in capitals, in tables and from afar. Lists
know no sentences: a pair counts only where both of its words are names, and in lower case only where neither is a word.
"""

import re
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import NamedTuple

from sidecar.detection.recognizers.scanner import Hit, Scanner
from sidecar.detection.recognizers.work import CANDIDATE, Work

_WORD = re.compile(rb"[A-Za-z]+(?:['\-][A-Za-z]+)*")
_BETWEEN_PAIR = re.compile(rb" (?:[A-Za-z]\.? )?")
_BETWEEN_ROW = re.compile(rb", (?:and )?| and | & ")
_TOLD = re.compile(
    rb"(?i)(?:\bname(?: is|['\"]?\s{0,2}[:=]\s{0,2}['\"]?)| called| named|\bi am|\bi'm|\bthis is)\s{0,2}$"
)
_TOLD_REACH = 14
_FEWEST_IN_ROW = 3
_SHORTEST = 3
_PAIR, _LOW, _ROW = 0.6, 0.5, 0.5


class _Word(NamedTuple):
    start: int
    end: int
    low: str
    capital: bool


class NamePairScanner(Scanner):
    """Finds names of which both words stand in the lists."""

    def __init__(self) -> None:
        super().__init__(entities=["PERSON"], name="NameListRecognizer", triggers=[r"[A-Za-z]{3}[, ]"])

    def scan(self, view: bytes, text: str, work: Work) -> Iterator[Hit]:
        """Go through all pairs and rows."""
        del text
        given = [
            _Word(*match.span(), low, view[match.start()] < ord("a"))
            for match in _WORD.finditer(view)
            if (low := match[0].lower().decode()) in _known()
        ]
        place = 0
        while place < len(given):
            work.spend(CANDIDATE, given[place].start)
            used, hits = self._row(view, given, place)
            if not used:
                used, hits = self._pair(view, given, place)
            yield from hits
            place += max(used, 1)

    def _pair(self, view: bytes, words: list[_Word], place: int) -> tuple[int, list[Hit]]:
        first = words[place]
        second = words[place + 1] if place + 1 < len(words) else None
        if second is None or first.capital != second.capital:
            return 0, self._told(view, first)
        gap = view[first.end : second.start]
        if gap == b", " and first.capital and first.low in _surnames() and second.low in _given_names():
            telling = _is_telling(first.low) or _is_telling(second.low)
            return (2, [Hit(first.start, second.end, _PAIR)]) if telling else (0, [])
        if not _BETWEEN_PAIR.fullmatch(gap) or first.low not in _given_names():
            return 0, self._told(view, first)
        count = _is_telling(first.low) + _is_telling(second.low)
        if count < (1 if first.capital else 2) and not self._told(view, first):
            return 0, []
        return 2, [Hit(first.start, second.end, _PAIR if first.capital else _LOW)]

    def _told(self, view: bytes, word: _Word) -> list[Hit]:
        """Return a given name alone, where words say that it is one."""
        if word.capital or word.low not in _given_names():
            return []
        return (
            [Hit(word.start, word.end, _LOW)]
            if _TOLD.search(view, max(0, word.start - _TOLD_REACH), word.start)
            else []
        )

    def _row(self, view: bytes, words: list[_Word], place: int) -> tuple[int, list[Hit]]:
        """Return given names that stand in a row, three at least."""
        last = place
        while (
            last + 1 < len(words)
            and words[last + 1].low in _given_names()
            and _BETWEEN_ROW.fullmatch(view[words[last].end : words[last + 1].start])
        ):
            last += 1
        row = words[place : last + 1]
        if (
            len(row) < _FEWEST_IN_ROW
            or row[0].low not in _given_names()
            or sum(_is_telling(one.low) for one in row) < _FEWEST_IN_ROW
        ):
            return 0, []
        return len(row), [Hit(one.start, one.end, _ROW) for one in row]


def is_listed_name(value: str) -> bool:
    """Whether one of the words of a value is a name and no word of the language."""
    return any(low in _known() and _is_telling(low) for low in value.lower().split())


def _is_telling(low: str) -> bool:
    """Whether a name is no word of the language."""
    return len(low) >= _SHORTEST and low not in name_words()


@cache
def _known() -> frozenset[str]:
    return _given_names() | _surnames()


@cache
def _given_names() -> frozenset[str]:
    return _list("given_names.txt")


@cache
def _surnames() -> frozenset[str]:
    return _list("surnames.txt")


@cache
def name_words() -> frozenset[str]:
    """Return words of the language that are names too."""
    return _list("name_words.txt")


def _list(name: str) -> frozenset[str]:
    table = resources.files("sidecar.detection").joinpath(f"data/{name}").read_text(encoding="ascii")
    return frozenset(word for line in table.splitlines() if not line.startswith("#") for word in line.split())
