r"""How models and encoders write the brackets of a pseudonym, whole and as far as a piece of a text goes.

A model may translate ``<`` into ``《``, or escape it for Markdown or HTML. An encoder may write it as ``\u003c``, with
as many backslashes as the strings around it ask for.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

OPENING = "<\u300a\u3008\u300c\u300e\u3010\uff1c\u27e8\u00ab\u2039"
CLOSING = ">\u300b\u3009\u300d\u300f\u3011\uff1e\u27e9\u00bb\u203a"
MARKS = 8  # backslashes that Markdown, within strings within strings, puts before one sign
ESCAPES = 64  # backslashes that may stand before the code of a bracket
LONGEST = ESCAPES + len("u0026lt;")  # characters of one bracket

# An escape has 1, 2, 4, … backslashes, by its depth. A run is only taken whole: those before it are the text's own.
_CLOSING_RUN = r"(?:\\{1,2}|\\{4}|\\{8}|\\{16})"
_HOLDS_NAME = r"(?:[0-9A-Za-z_]|\\{1,8}(?=_))*+"


@dataclass(frozen=True, slots=True)
class Brackets:
    """The patterns, for texts of characters or of octets."""

    opening: re.Pattern[str]
    """Ends where a name begins; group ``slashes`` are the backslashes of an escape, ``marks`` those of Markdown."""
    closing: re.Pattern[str]
    """Begins where a name ends."""
    signs: frozenset[str]
    """What an opening bracket, however it is written, can begin with."""
    tail: re.Pattern[str]
    """What a pseudonym can be as far as it is there: ``open``, ``name``, a ``piece`` of what closes it; or less."""


def brackets(write: Callable[[str], str]) -> Brackets:
    """Return the patterns for texts whose characters are written so."""
    opening = [*map(write, OPENING), "&lt;"]
    closing = [*map(write, CLOSING), "&gt;"]
    open_codes = [*(f"u{ord(sign):04x}" for sign in OPENING), "u0026lt;"]
    close_codes = [*(f"u{ord(sign):04x}" for sign in CLOSING), "u0026gt;"]
    run = rf"(?<!\\)\\{{1,{ESCAPES}}}"
    marks = rf"(?:(?<!\\)\\{{1,{MARKS}}})?"
    opens = rf"{run}(?i:{_any(open_codes)})|{marks}(?:{_any(opening)})"
    begun = rf"{run}(?i:{_any(_beginnings(open_codes))})?|{marks}(?:{_any(_beginnings(opening))})"
    closes = rf"\\{{1,16}}(?i:{_any(_beginnings(close_codes))})?|\\{{0,{MARKS}}}(?:{_any(_beginnings(closing))})"
    return Brackets(
        opening=re.compile(rf"(?:(?P<slashes>{run})(?i:{_any(open_codes)})|(?P<marks>{marks})(?:{_any(opening)}))\Z"),
        closing=re.compile(rf"{_CLOSING_RUN}(?i:{_any(close_codes)})|(?P<marks>\\{{0,{MARKS}}})(?:{_any(closing)})"),
        signs=frozenset({"\\", *(one[0] for one in opening)}),
        tail=re.compile(rf"{begun}|(?P<open>{opens})?(?P<name>{_HOLDS_NAME})(?P<piece>{closes})?"),
    )


def as_octets(value: str) -> str:
    """Write a value for a text whose characters are the octets of UTF-8."""
    return value.encode("utf-8", "replace").decode("latin-1")


def _any(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, words))


def _beginnings(words: Iterable[str]) -> list[str]:
    """Return all that words can be while they are not whole, the longest first."""
    return sorted({word[:length] for word in words for length in range(1, len(word))}, key=len, reverse=True) or [" "]


CHARACTERS = brackets(str)
OCTETS = brackets(as_octets)
