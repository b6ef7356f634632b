"""What is undone in a view of a text: what tells that there is something, where it stands, and what it stands for."""

import base64
import binascii
import html
import re
import unicodedata
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

import re2

from sidecar.detection.lookalikes import ASCII_TWINS

Undo = Callable[[str], str | None]
"""Gives what some letters stand for; None where they stand for themselves."""

CARD_LENGTHS = range(13, 20)
MOST_HIDDEN = 8_192  # letters of one piece of base64 that are looked into
_LEAST_PRINTABLE = 0.95  # of what base64 stands for: else it is no text
_INLINE = "a|abbr|b|bdi|bdo|code|em|font|i|ins|kbd|mark|s|samp|small|span|strong|sub|sup|tt|u|wbr"
_INVISIBLE = frozenset("\u034f\u115f\u1160\u3164\uffa0" + "".join(map(chr, range(0xFE00, 0xFE10))))
_URL_SAFE = str.maketrans("-_", "+/")


class Step(NamedTuple):
    """One way of writing something so that it is not seen."""

    gate: Callable[[str], object]
    """Tells quickly that there is nothing; may be wrong only the other way."""
    pattern: re.Pattern[str]
    undo: Undo


def _json(written: str) -> str | None:
    pairs = re.findall(r"\\(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2}))", written)
    units = b"".join(int(wide or narrow, 16).to_bytes(2, "big") for wide, narrow in pairs)
    return _visible(units.decode("utf-16-be", "replace"))


def _percent(written: str) -> str | None:
    return _utf8(unquote_to_bytes(written))


def _quoted_printable(written: str) -> str | None:
    return _utf8(binascii.a2b_qp(written.encode("ascii")))


def _entity(written: str) -> str | None:
    return _visible(html.unescape(written))


def _base64(written: str) -> str | None:
    padded = written.rstrip("=").translate(_URL_SAFE)
    if len(padded) % 4 == 1:
        return None
    try:
        plain = base64.b64decode(padded + "=" * (-len(padded) % 4), validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return None
    printable = sum(letter.isprintable() or letter.isspace() for letter in plain)
    return f" {plain} " if plain and printable >= _LEAST_PRINTABLE * len(plain) else None


def _folded(written: str) -> str | None:
    """Compose and normalize, and drop what nobody sees."""
    return "".join(
        _plain(letter)
        for letter in unicodedata.normalize("NFKC", written)
        if letter not in _INVISIBLE and unicodedata.category(letter) != "Cf"
    )


def _twin(written: str) -> str | None:
    return ASCII_TWINS[ord(written)]


def _plain(letter: str) -> str:
    digit = unicodedata.decimal(letter, None)
    return letter if digit is None else str(digit)


def _spoken(written: str) -> str | None:
    """Read ``name (at) host (dot) com`` as an address; words alone must hold both."""
    plain = _AT.sub("@", written, 1)
    return _DOT.sub(".", plain) if _DOT.search(plain) or _BRACKETED_AT.search(written) else None


def _taken_out(_written: str) -> str:
    return ""


def joined_digits(written: str) -> str | None:
    """Return the digits alone, where there are as many as a card has."""
    digits = "".join(letter for letter in written if letter.isdecimal())
    return digits if len(digits) in CARD_LENGTHS else None


def _utf8(plain: bytes) -> str | None:
    try:
        return _visible(plain.decode("utf-8"))
    except UnicodeDecodeError:
        return None


def _visible(plain: str) -> str:
    return "".join(letter if letter.isprintable() or letter in "\n\t" else " " for letter in plain)


PARTED_DIGITS = re.compile(
    r"(?<![\w.])(?:\d(?:[^\w\n]{1,3}\d){12,18}"  # one by one
    r"|\d{2,6}(?:(?: - | / |_|[^\w\n ,;:]{1,2})\d{2,6}){2,7}"  # anything but blanks between groups
    r"|\d{2}(?: \d{2}){6,8}|\d{3,8} \d{6,13})(?![\w.])"
)
_ESCAPE = r"\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}"
_SURROGATES = r"\\u[Dd][89ABab][0-9A-Fa-f]{2}\\u[Dd][C-Fc-f][0-9A-Fa-f]{2}"
_BASE64 = r"[A-Za-z0-9+/_\-]"
_MARKUP = r"(?:\*{2,3}|__|~~|`)"
_ODD = (
    r"[\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\u3164\ufe00-\ufe0f\ufeff]"
    r"|[\uffa0\u0300-\u036f\u1100-\u11ff\u2460-\u24ff\u2070-\u209f\U0001d400-\U0001d7ff]"
)
# What is composed together, one piece at a time, so that a letter leads back to its own marks and no further.
_PIECE = r".[\u0300-\u036f\u0483-\u0487\u3099\u309a]+|[\u1100-\u115e][\u1161-\u11a7]?[\u11a8-\u11ff]?|[^\x00-\x7f]"
_TWINS = "[" + "".join(map(chr, ASCII_TWINS)) + "]"
_LOOKALIKE = re.compile(rf"(?<=[A-Za-z@.]){_TWINS}|{_TWINS}(?=[A-Za-z@.])")  # not where a whole word is of their script
_AT_BRACKETS, _DOT_BRACKETS = r" ?[\[({<] ?at ?[\])}>] ?", r" ?[\[({<] ?dot ?[\])}>] ?"
_BRACKETED_AT = re.compile(f"(?i){_AT_BRACKETS}")
_AT, _DOT = re.compile(f"(?i){_AT_BRACKETS}| at "), re.compile(f"(?i){_DOT_BRACKETS}| dot ")
_ADDRESS = (
    rf"(?i)[\w.+\-]{{1,64}}(?: at |{_AT_BRACKETS})[\w\-]{{1,63}}(?:(?: dot |{_DOT_BRACKETS}|\.)[\w\-]{{1,63}}){{1,4}}"
)


def _searching(pattern: str) -> Callable[[str], object]:
    searched: Callable[[str], object] = re2.compile(pattern).search
    return searched


STEPS = (
    Step(_searching(_ESCAPE), re.compile(f"{_SURROGATES}|{_ESCAPE}"), _json),
    Step(lambda text: "%" in text, re.compile("(?:%[0-9A-Fa-f]{2})+"), _percent),
    Step(lambda text: "&" in text, re.compile("&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{2,10});"), _entity),
    Step(_searching(r"=[0-9A-F]{2}|=\r?\n"), re.compile(r"(?:=[0-9A-F]{2})+|=\r?\n"), _quoted_printable),
    Step(
        lambda text: "<" in text,
        re.compile(rf"(?i)</?(?:{_INLINE})(?: [^<>\n]{{0,200}})?/?>|<!--[^\n]{{0,200}}?-->"),
        _taken_out,
    ),
    Step(
        _searching(_MARKUP),
        re.compile(
            rf"(?<=[\w@.]){_MARKUP}(?=[\w@.])|(?<=\d){_MARKUP}(?=[ \-])|(?<=[ \-]){_MARKUP}(?=\d)"
            rf"|(?<![^\n]){_MARKUP}(?=\d)"
        ),
        _taken_out,
    ),
    Step(
        _searching(f"{_BASE64}{{16}}"),
        re.compile(rf"(?<!{_BASE64}){_BASE64}{{16,{MOST_HIDDEN}}}={{0,2}}(?!{_BASE64})"),
        _base64,
    ),
    Step(
        lambda text: not text.isascii() and _ANYTHING_ODD.search(text),
        re.compile(_PIECE, re.DOTALL),
        _folded,
    ),
    Step(lambda text: not text.isascii(), _LOOKALIKE, _twin),
    Step(_searching(r"(?i) dot |[\[({<] ?(?:dot|at) ?[\])}>]"), re.compile(_ADDRESS), _spoken),
)
_ANYTHING_ODD = re.compile(_ODD)
