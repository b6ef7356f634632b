r"""Finds the stand-ins of a value map in a text, also as models rewrite them, and tells what may still become one.

A pseudonym is found by its code, which is ten characters at least and in no other text. Its brackets may be dropped or
written otherwise; within brackets its case may change; Markdown may escape its underscores. It counts where the map
holds that very word and code: nothing else is touched. Synthetic values are found as they were written, as words.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, takewhile

from sidecar.actions.brackets import CHARACTERS, LONGEST, MARKS, Brackets
from sidecar.actions.nesting import escape
from sidecar.actions.pseudonyms import ALPHABET, CHECK_CHARACTERS, PSEUDONYM
from sidecar.actions.pseudonyms import LONGEST as LONGEST_CODE

CONTEXT = 6  # characters before a place that say whether a word begins there: an escape such as ``\u4eba``

_CODE = re.compile(rf"_[{ALPHABET}{ALPHABET.lower()}]{{10,{LONGEST_CODE + CHECK_CHARACTERS}}}+(?![0-9A-Za-z_])")
_BARE = re.compile(r"(?<![A-Z_])|(?<=\\u[0-9A-Fa-f]{4})")
_WORD_BEGINS = re.compile(r"(?<![0-9A-Za-z])|(?<=\\[bfnrt])|(?<=\\u[0-9A-Fa-f]{4})")
_APART = re.compile(r'[ \n",]')  # stands in no pseudonym, however it is written


@dataclass(frozen=True, slots=True)
class Match:
    """A stand-in in a text, its brackets included."""

    start: int
    end: int
    value: str


class Values:
    """A value map, ready for use."""

    def __init__(self, values: Mapping[str, str]) -> None:
        """Take values by stand-in: pseudonyms, and synthetic values."""
        self._by_name = {one[1:-1]: value for one, value in values.items() if PSEUDONYM.fullmatch(one)}
        self._by_code: dict[str, list[str]] = defaultdict(list)
        for name in self._by_name:
            word, _, code = name.rpartition("_")
            self._by_code[code].append(word)
        self._names = sorted(self._by_name)
        self._letters = frozenset(name[0] for name in self._names)
        self._synthetic = {one: value for one, value in values.items() if one[1:-1] not in self._by_name}
        self._words = sorted(self._synthetic)
        self._synthetic_pattern = _any_of(self._words)
        self._first = frozenset(word[:1] for word in self._words)
        self._longest_word = max(map(len, self._words), default=0)
        self._longest_name = max((len(name) + MARKS * name.count("_") for name in self._names), default=0) + 2 * LONGEST
        self.need_escaping = any(escape(value, 1) != value for value in values.values())
        """Whether a value must be written otherwise within a string of JSON."""
        self.suspicious = _suspicious(self._names, self._words)
        """Found in every event, as it is written, in which a stand-in of the map may begin, go on or end."""

    def in_whole(self, text: str) -> bool:
        """Whether a text that is whole can hold a stand-in."""
        return _CODE.search(text) is not None or (
            bool(self._words) and self._synthetic_pattern.search(text) is not None
        )

    def find(self, text: str, start: int, end: int, brackets: Brackets = CHARACTERS) -> Iterator[Match]:
        """Go through the stand-ins that begin between ``start`` and ``end``; what is before and after is looked at."""
        found = self._pseudonyms(text, start, end, brackets)
        if self._words:
            found = iter(sorted([*found, *self._synthetics(text, start, end)], key=lambda match: match.start))
        for match in found:
            if match.start >= start:
                yield match
                start = match.end

    def settled(self, text: str, start: int, brackets: Brackets = CHARACTERS) -> int:
        """Return up to where no stand-in can begin that is not yet whole."""
        return min(self._settled_name(text, start, brackets), self._settled_word(text, start))

    def _pseudonyms(self, text: str, start: int, end: int, brackets: Brackets) -> Iterator[Match]:
        for code in _CODE.finditer(text, start):
            for word in self._by_code.get(code[0][1:].upper(), ()):
                begins = _begins(text, start, code.start(), word)
                if begins is None:
                    continue
                place = _with_brackets(text, start, begins, code.end(), brackets)
                if place is not None and place[0] < end:
                    yield Match(*place, self._by_name[word + code[0].upper()])
                    start = place[1]

    def _synthetics(self, text: str, start: int, end: int) -> Iterator[Match]:
        # That a word begins there is asked afterwards: a pattern that begins with a letter is found much faster.
        while (match := self._synthetic_pattern.search(text, start)) and match.start() < end:
            start = match.start() + 1
            if _WORD_BEGINS.match(text, match.start()):
                yield Match(match.start(), match.end(), self._synthetic[match[0]])
                start = match.end()

    def _settled_name(self, text: str, start: int, brackets: Brackets) -> int:
        end = len(text)
        if not self._names:
            return end
        start = max(start, end - self._longest_name)
        for apart in _APART.finditer(text, start):
            start = apart.end()
        for place in range(start, end):
            if text[place] in self._letters or text[place] in brackets.signs:
                match = brackets.tail.fullmatch(text, place)
                if match is not None and self._may_become(match):
                    return place
        return end

    def _may_become(self, tail: re.Match[str]) -> bool:
        """Whether a tail is the beginning of a pseudonym of the map."""
        if tail["name"] is None:  # not even its bracket is whole
            return True
        written, piece, bare = tail["name"].replace("\\", ""), tail["piece"], tail["open"] is None
        if bare and not (written and _is_bare(tail.string, tail.start(), tail.end("name"))):
            return False
        name = written.upper()
        if piece is None:
            return _begins_one(self._names, name)
        return name in self._by_name or (not piece.strip("\\") and _begins_one(self._names, name + "_"))

    def _settled_word(self, text: str, start: int) -> int:
        end = len(text)
        for place in range(max(start, end - self._longest_word), end):
            if (
                text[place] in self._first
                and _WORD_BEGINS.match(text, place)
                and _begins_one(self._words, text[place:])
            ):
                return place
        return end


def _begins(text: str, low: int, at: int, word: str) -> int | None:
    """Return where a word begins that ends at a place; Markdown's backslashes may stand before underscores."""
    for number, part in enumerate(reversed(word.split("_"))):
        if number:
            if at <= low or text[at - 1] != "_":
                return None
            at -= 1
        marks = 0
        while at > low and text[at - 1] == "\\" and marks < MARKS:
            at -= 1
            marks += 1
        if at - len(part) < low or text[at - len(part) : at].upper() != part:
            return None
        at -= len(part)
    return at


def _with_brackets(text: str, low: int, start: int, end: int, brackets: Brackets) -> tuple[int, int] | None:
    """Return the place of a name with its brackets, or of the name alone where it has none; None where it has one."""
    opening = brackets.opening.search(text, max(low, start - LONGEST), start)
    closing = brackets.closing.match(text, end)
    if opening is None or closing is None:
        return (start, end) if opening is closing and _is_bare(text, start, end) else None
    slashes = len(opening["slashes"] or "")
    if slashes:
        return opening.start() + slashes - (slashes & -slashes), closing.end()
    before, after = len(opening["marks"] or ""), len(closing["marks"] or "")
    return (opening.start() + before - after, closing.end()) if after <= before else None


def _is_bare(text: str, start: int, end: int) -> bool:
    """Whether a name without brackets stands there as it was written, and no word goes over into it."""
    name = text[start:end]
    return name == name.upper() and _BARE.match(text, start) is not None


def _begins_one(ordered: Sequence[str], text: str) -> bool:
    place = bisect_left(ordered, text)
    return place < len(ordered) and ordered[place].startswith(text)


def _any_of(words: Sequence[str]) -> re.Pattern[str]:
    return re.compile(rf"{_tree(words)}(?![0-9A-Za-z])")


def _tree(words: Sequence[str]) -> str:
    """Return a pattern for sorted words, by their common beginnings: its cost does not grow with their number."""
    branches = []
    for _, group in groupby(filter(None, words), key=lambda word: word[0]):
        alike = list(group)
        start = "".join(
            one for one, _ in takewhile(lambda pair: pair[0] == pair[1], zip(alike[0], alike[-1], strict=False))
        )
        branches.append(re.escape(start) + (_tree([word[len(start) :] for word in alike]) if len(alike) > 1 else ""))
    return f"(?:{'|'.join([*branches, *([''] if '' in words else [])])})"


def _suspicious(names: Sequence[str], words: Sequence[str]) -> re.Pattern[bytes]:
    """Return what is seen in an event where its strings must be read: most hold nothing of the kind."""
    if words:
        return re.compile(rb"")
    first = "".join(sorted({name[:1] for name in names})).encode()
    ends = rb"[" + first + rb'][0-9A-Z_]*"' if first else rb"(?!)"
    return re.compile(rb"[<&\xc2\xe2\xe3\xef]|\\[\\u]|_[0-9A-Za-z]{10}|" + ends)
