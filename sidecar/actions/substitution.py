"""Puts values in the place of their stand-ins in a text that comes in pieces.

The tail of a piece is held back only while it can still become one of the stand-ins.
"""

from sidecar.actions.brackets import CHARACTERS, OCTETS, as_octets
from sidecar.actions.matching import CONTEXT, Values
from sidecar.actions.nesting import Nesting, escape


class Substitution:
    """One text, in pieces."""

    def __init__(self, values: Values, nesting: Nesting, *, octets: bool = False, starts_with: str = "") -> None:
        """Take the values, and what tells how deep they are put.

        In a text of ``octets`` each character is one of UTF-8's. ``starts_with`` is read and not returned.
        """
        self._values = values
        self._nesting = nesting if values.need_escaping else None
        self._octets = octets
        self._brackets = OCTETS if octets else CHARACTERS
        self._before = ""  # the last characters that left: they say whether a word begins after them
        self._held = ""
        self.restored = 0
        """How many stand-ins were replaced."""
        self._read(starts_with)

    @property
    def held(self) -> str:
        """What may still become a stand-in."""
        return self._held

    def feed(self, piece: str, *, last: bool = False) -> str:
        """Return what may go on; ``last`` lets go of everything."""
        text = self._before + self._held + piece
        start, end = len(self._before), len(text)
        if not last:
            end = self._values.settled(text, start, self._brackets)
        self._held = text[end:]
        parts, place = [], start
        for match in self._values.find(text, start, end, self._brackets):
            before = text[place : match.start]
            self._read(before)
            value = escape(match.value, self._nesting.depth if self._nesting else 0)
            parts += [before, as_octets(value) if self._octets else value]
            self._read(text[match.start : match.end])
            place = match.end
            self.restored += 1
        rest = text[place:end]
        self._read(rest)
        self._before = text[max(0, end - CONTEXT) : end]
        return "".join([*parts, rest]) if parts else rest

    def _read(self, text: str) -> None:
        if self._nesting is not None:
            self._nesting.feed(text)
