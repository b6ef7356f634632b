r"""Puts values in the place of pseudonyms in a text that comes in pieces.

The tail of a piece is held back only while it can still become one of the pseudonyms. Models and encoders may write the
brackets as ``\u003c`` and ``\u003e``, behind as many backslashes as the strings around them ask for.
"""

import json
import re
from bisect import bisect_left
from collections.abc import Callable, Mapping

from sidecar.actions.nesting import Nesting

# An escape has 1, 2, 4, … backslashes, by its depth. A run is only taken whole: those before it are the text's own.
_OPEN = r"(?:<|(?<!\\)\\{1,64}u003[cC])"
_CLOSE = r"(?:>|(?:\\{1,2}|\\{4}|\\{8}|\\{16})u003[eE])"
_PIECE = r"\\{1,64}(?:u(?:0(?:0(?:3)?)?)?)?"  # the beginning of an escaped bracket
_PSEUDONYM = re.compile(rf"(?P<open>{_OPEN})(?P<name>[0-9A-Z_]+){_CLOSE}")
_TAIL = re.compile(rf"{_OPEN}(?P<name>[0-9A-Z_]*)(?P<piece>{_PIECE})?\Z|(?<!\\){_PIECE}\Z")
_BRACKETS = 128  # characters that both brackets may take, escaped


class Values:
    """A value map, ready for use."""

    def __init__(self, values: Mapping[str, str]) -> None:
        """Take values by pseudonym."""
        self.by_name = {pseudonym.removeprefix("<").removesuffix(">"): value for pseudonym, value in values.items()}
        self.names = sorted(self.by_name)
        self.longest = max(map(len, self.names), default=0) + _BRACKETS
        self.need_escaping = any(escape(value, 1) != value for value in self.by_name.values())

    def begin_with(self, text: str) -> bool:
        """Whether a name begins so."""
        place = bisect_left(self.names, text)
        return place < len(self.names) and self.names[place].startswith(text)


class Substitution:
    """One text, in pieces."""

    def __init__(
        self, values: Values, nesting: Nesting, *, write: Callable[[str], str] = str, starts_with: str = ""
    ) -> None:
        """Take the values, what tells how deep they are put, and how they are written.

        ``starts_with`` is read and not returned.
        """
        self._values = values
        self._nesting = nesting if values.need_escaping else None
        self._write = write
        self._before = ""  # a backslash that just left: the run that it belongs to is too long to be an escape
        self._held = ""
        self.restored = 0
        """How many pseudonyms were replaced."""
        self._read(starts_with)

    @property
    def held(self) -> str:
        """What may still become a pseudonym."""
        return self._held

    def feed(self, piece: str, *, last: bool = False) -> str:
        """Return what may go on; ``last`` lets go of everything."""
        text = self._before + self._held + piece
        start, end = len(self._before), len(text)
        self._held = ""
        if "<" not in text and "\\" not in text:
            self._before = ""
            self._read(text)
            return text
        if not last:
            end = self._settled(text, start)
            self._held = text[end:]
        out = self._replaced(text, start, end)
        self._before = "\\" if text[:end].endswith("\\") else ""
        return out

    def _settled(self, text: str, start: int) -> int:
        """Return up to where no pseudonym can begin that is not yet whole."""
        tail = _TAIL.search(text, max(start, len(text) - self._values.longest))
        if tail is None:
            return len(text)
        name, piece = tail["name"], tail["piece"]
        if name is None or (self._values.begin_with(name) if piece is None else name in self._values.by_name):
            return tail.start()
        return len(text) if piece is None else tail.start("piece")

    def _replaced(self, text: str, start: int, end: int) -> str:
        parts, place = [], start
        for match in _PSEUDONYM.finditer(text, start, end):
            value = self._values.by_name.get(match["name"])
            if value is None:
                continue
            slashes = match["open"].count("\\")
            own = slashes - (slashes & -slashes)
            before = text[place : match.start() + own]
            self._read(before)
            parts += [before, self._write(escape(value, self._nesting.depth if self._nesting else 0))]
            place = match.end()
            self._read(text[match.start() + own : place])
            self.restored += 1
        self._read(text[place:end])
        return "".join([*parts, text[place:end]])

    def _read(self, text: str) -> None:
        if self._nesting is not None:
            self._nesting.feed(text)


def escape(value: str, depth: int) -> str:
    """Write a value as it stands within so many JSON strings."""
    for _ in range(depth):
        value = json.dumps(value, ensure_ascii=False)[1:-1]
    return value


def as_octets(value: str) -> str:
    """Write a value for a text whose characters are the octets of UTF-8."""
    return value.encode("utf-8", "replace").decode("latin-1")
