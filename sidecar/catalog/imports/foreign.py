"""Walks through JSON that others wrote: unknown keys are passed over, known ones must have their shape.

Faults name file and field, never a value.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

from sidecar.catalog.gather import short

MAX_BYTES = 128 * 1024 * 1024  # the largest of these lists has some 5 MB
_LONGEST_TEXT = 300
_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Foreign:
    """A value in somebody's JSON, and the way to it."""

    place: str
    value: Any
    faults: list[str] = field(repr=False)
    path: str = ""

    def wrong(self, cause: str) -> None:
        """Note a fault of this value."""
        self.faults.append(f"{self.place}: {self.path or 'the document'}: {cause}")

    def get(self, key: str) -> "Foreign":
        """Return what a map holds at a key; nothing where the key or the map is not there."""
        inner = self.value.get(key) if isinstance(self.value, dict) else None
        return Foreign(self.place, inner, self.faults, f"{self.path}.{key}" if self.path else key)

    @property
    def missing(self) -> bool:
        """Whether nothing is there."""
        return self.value is None

    def items(self) -> Iterator[tuple[str, "Foreign"]]:
        """Go through a map's entries in the order of their keys."""
        if not isinstance(self.value, dict):
            self.wrong("must be a map")
            return
        for key in sorted(self.value):
            if name := self._named(key):
                yield name, self.get(key)

    def each(self) -> Iterator["Foreign"]:
        """Go through a list."""
        if not isinstance(self.value, list):
            self.wrong("must be a list")
            return
        for position, item in enumerate(self.value):
            yield Foreign(self.place, item, self.faults, f"{self.path}[{position}]")

    def text(self, *, needed: bool = False) -> str:
        """Return a printable word; empty where it may be missing and is."""
        if self.value is None or self.value == "":
            if needed:
                self.wrong("is missing")
            return ""
        if not isinstance(self.value, str) or not self.value.isprintable() or len(self.value) > _LONGEST_TEXT:
            self.wrong(f"must be printable text of at most {_LONGEST_TEXT} characters")
            return ""
        return self.value.strip()

    def number(self) -> Decimal | None:
        """Return a number, also one that is written as text."""
        if self.value is None:
            return None
        if isinstance(self.value, bool) or not isinstance(self.value, int | Decimal | str):
            self.wrong("must be a number")
            return None
        try:
            number = Decimal(self.value)
        except ArithmeticError:
            self.wrong("must be a number")
            return None
        if not number.is_finite() or abs(number) > _MILLION**2:
            self.wrong("must be a number of a sensible size")
            return None
        return number

    def whole(self) -> int | None:
        """Return a whole number above zero; nothing is what such lists write as zero."""
        number = self.number()
        if number is None or number == 0:
            return None
        if number < 0 or number != int(number):
            self.wrong("must be a whole number, not below zero")
            return None
        return int(number)

    def switch(self) -> bool | None:
        """Return a switch."""
        if self.value is not None and not isinstance(self.value, bool):
            self.wrong("must be true or false")
            return None
        return self.value

    def words(self) -> tuple[str, ...]:
        """Return a list of words; one alone is a list too."""
        if self.value is None:
            return ()
        if isinstance(self.value, str):
            return (self.text(),) if self.text() else ()
        if not isinstance(self.value, list):
            self.wrong("must be text, or a list of it")
            return ()
        return tuple(word for item in self.each() if (word := item.text(needed=True)))

    def price(self, incoming: str, outgoing: str, *, scale: int = 1) -> tuple[Decimal, Decimal] | None:
        """Return what two fields ask per million tokens; nothing where it is not known, or nothing is asked."""
        parts = self.get(incoming).number(), self.get(outgoing).number()
        if parts[0] is None or parts[1] is None or min(parts[0], parts[1]) < 0 or parts[0] == parts[1] == 0:
            return None  # a plan's zero is no price, and below zero stands for "it depends"
        return parts[0] * scale, parts[1] * scale

    def _named(self, key: str) -> str:
        if short(key) == key:
            return key
        if len(key) <= _LONGEST_TEXT and key.isprintable():
            return key
        self.wrong("holds a key that is too long or cannot be printed")
        return ""


def open_foreign(path: Path, faults: list[str]) -> Foreign | None:
    """Read a file; None, and a fault, where it is no JSON document that means one thing."""
    name = short(path.name)
    try:
        if path.stat().st_size > MAX_BYTES:
            faults.append(f"{name}: is larger than {MAX_BYTES} bytes")
            return None
        content = path.read_bytes()
    except OSError:
        faults.append(f"{name}: cannot be read")
        return None
    try:
        value = json.loads(
            content.decode("utf-8"), parse_float=Decimal, parse_constant=_refuse, object_pairs_hook=_once
        )
    except _TwoMeanings:
        faults.append(f"{name}: holds a key twice, or a number that is none")
    except (ValueError, RecursionError) as exc:
        line = f":{exc.lineno}" if isinstance(exc, json.JSONDecodeError) else ""
        faults.append(f"{name}{line}: not JSON in UTF-8")
    else:
        return Foreign(name, value, faults)
    return None


class _TwoMeanings(Exception):
    """Two readers could see two documents."""


def _refuse(_word: str) -> NoReturn:
    raise _TwoMeanings


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    entries = dict(pairs)
    if len(entries) < len(pairs):
        raise _TwoMeanings
    return entries
