"""Tells in how many JSON strings a place of a text lies, as the text comes.

A string inside JSON may hold JSON itself (the arguments of a tool call do): a value put there must be escaped once for
every string around it. Whether a text is JSON is seen from its beginning, since a stream cannot wait for the end.
"""

import json
import re
from enum import Enum, auto

DEEPEST = 6  # strings within strings; what lies deeper is read as plain text

_BLANKS = re.compile(r"[ \t\r\n]*")
_RUN = re.compile(r'[^"\\]*')
_SKIP = re.compile(r'(?:[^"\\]++|\\.)*+', re.DOTALL)  # to the end of a string that need not be decoded
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_CODE_DIGITS = 4


class _State(Enum):
    BEGINNING = auto()
    BRACKET = auto()
    PLAIN = auto()
    OUTSIDE = auto()
    INSIDE = auto()
    ESCAPE = auto()


class Nesting:
    """Reads one text, in pieces of any size."""

    __slots__ = ("_bracket", "_escape", "_inner", "_levels", "_state")

    def __init__(self, levels: int = DEEPEST) -> None:
        """Read with so many strings within strings; 0 takes the text as plain whatever it holds."""
        self._levels = levels
        self._state = _State.BEGINNING if levels else _State.PLAIN
        self._bracket = ""
        self._escape = ""
        self._inner: Nesting | None = None

    @property
    def plain(self) -> bool:
        """Whether this is no JSON."""
        return self._state is _State.PLAIN

    @property
    def depth(self) -> int:
        """How many JSON strings the next character lies in."""
        return 0 if self._inner is None else 1 + self._inner.depth

    def feed(self, text: str) -> None:
        """Read on."""
        place, end = 0, len(text)
        while place < end:
            match self._state:
                case _State.PLAIN:
                    return
                case _State.BEGINNING | _State.BRACKET:
                    place = self._begin(text, place)
                case _State.OUTSIDE:
                    quote = text.find('"', place)
                    if quote < 0:
                        return
                    self._inner = Nesting(self._levels - 1)
                    self._state = _State.INSIDE
                    place = quote + 1
                case _State.INSIDE:
                    place = self._inside(text, place)
                case _State.ESCAPE:
                    place = self._escaped(text, place)

    def _begin(self, text: str, place: int) -> int:
        """Decide by the first two characters that are not blank."""
        place = _BLANKS.match(text, place).end()  # type: ignore[union-attr] # matches nothing at least
        if place == len(text):
            return place
        character = text[place]
        if self._state is _State.BEGINNING:
            self._bracket = character
            self._state = _State.BRACKET if character in "{[" else _State.PLAIN
            return place + 1
        # `[1]` and `[see below]` begin notes as often as lists, so only lists of texts, objects and lists count.
        opens = character in ('"}' if self._bracket == "{" else '"[{')
        self._state = _State.OUTSIDE if opens else _State.PLAIN
        return place

    def _inside(self, text: str, place: int) -> int:
        plain = self._inner is not None and self._inner.plain
        run = (_SKIP if plain else _RUN).match(text, place).end()  # type: ignore[union-attr] # matches nothing at least
        if run > place:
            self._tell(text[place:run])
        if run == len(text):
            return run
        if text[run] == '"':
            self._inner = None
            self._state = _State.OUTSIDE
        else:
            self._escape = ""
            self._state = _State.ESCAPE
        return run + 1

    def _escaped(self, text: str, place: int) -> int:
        """Read what follows a backslash: one character, or ``u`` and four digits."""
        self._escape += text[place]
        if self._escape[0] != "u":
            self._tell(_ESCAPES.get(self._escape, self._escape))
        elif len(self._escape) <= _CODE_DIGITS:
            return place + 1
        else:
            self._tell(_character(self._escape[1:]))
        self._state = _State.INSIDE
        return place + 1

    def _tell(self, decoded: str) -> None:
        if self._inner is not None:
            self._inner.feed(decoded)


def _character(digits: str) -> str:
    try:
        return chr(int(digits, 16))
    except ValueError:
        return "?"


def escape(value: str, depth: int) -> str:
    """Write a value as it stands within so many JSON strings."""
    for _ in range(depth):
        value = json.dumps(value, ensure_ascii=False)[1:-1]
    return value
