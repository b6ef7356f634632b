"""Finds the words of a deny list, however many they are, in one pass of one automaton."""

import re
from collections.abc import Callable, Iterator
from itertools import accumulate
from typing import Any

import re2

from sidecar.detection.recognizers.scanner import Hit, Scanner
from sidecar.detection.recognizers.work import CANDIDATE, Work
from sidecar.detection.view import fold
from sidecar.types.terms import Denied

_BLANKS = r"\s{1,8}"  # between the words of a phrase: a line's end and what indents the next
_WITHOUT_BLANKS = 0x0900  # first code point of scripts in which words stand glued to each other
_MEMORY = 64 << 20  # of the automaton; beyond it RE2 goes on more slowly


class WordScanner(Scanner):
    """Reports every word of one list as the list's entity."""

    def __init__(self, denied: Denied, data_class: str) -> None:
        super().__init__(entities=[denied.entity], name=f"Deny_{denied.name}", triggers=None)
        self.data_class = data_class
        self._case = denied.case_sensitive
        words = {" ".join(fold(word, case=self._case).split()) for word in denied.words}
        self._pattern = _automaton(words)
        self._shorter = {word: shorter for word in words if (shorter := _prefixes(word, words))}

    def scan(self, view: bytes, text: str, work: Work) -> Iterator[Hit]:
        """Go through all words.

        Raises:
            Spent: ``work`` does not reach to the end.
        """
        del view
        folded = fold(text, case=self._case)
        encoded = folded.encode("utf-8", "replace")
        place = byte = 0
        while match := self._pattern.search(encoded, byte):
            first, last = match.span()
            place += _length(encoded, byte, first)
            work.spend(CANDIDATE, place)
            end = self._end(folded, place, place + _length(encoded, first, last), work)
            if end:
                yield Hit(place, end, 1.0)
            byte = first + len(folded[place : end or place + 1].encode("utf-8", "replace"))
            place = end or place + 1

    def _end(self, folded: str, start: int, longest: int, work: Work) -> int:
        """Return where the longest word ends that begins here and is whole; 0 where there is none."""
        if start and _one_word(folded[start - 1], folded[start]):
            return 0
        if _ends(folded, longest):
            return longest
        for word in self._shorter.get(" ".join(folded[start:longest].split()), ()):
            work.spend(CANDIDATE, start)
            match = re.compile(_spaced(word, re.escape)).match(folded, start)
            if match and _ends(folded, match.end()):
                return match.end()
        return 0


def _automaton(words: set[str]) -> Any:  # noqa: ANN401 - re2 has no types
    options = re2.Options()
    options.longest_match = True
    options.log_errors = False
    options.max_mem = _MEMORY
    return re2.compile("|".join(_spaced(word, re2.escape) for word in sorted(words)).encode(), options)


def _spaced(word: str, escape: Callable[[str], str]) -> str:
    """Return the pattern of a word or phrase."""
    return _BLANKS.join(escape(part) for part in word.split())


def _prefixes(word: str, words: set[str]) -> list[str]:
    """Return the other words that a word begins with, the longest first."""
    return [prefix for prefix in reversed(list(accumulate(word[:-1]))) if prefix in words]


def _length(encoded: bytes, start: int, end: int) -> int:
    return len(encoded[start:end].decode("utf-8"))


def _ends(folded: str, end: int) -> bool:
    return end == len(folded) or not _one_word(folded[end - 1], folded[end])


def _one_word(left: str, right: str) -> bool:
    """Whether two neighbors belong to one word, in a script that puts blanks between words."""
    return left.isalnum() and right.isalnum() and max(ord(left), ord(right)) < _WITHOUT_BLANKS
