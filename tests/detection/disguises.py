"""Ways to write a value so that it is not seen."""

from collections.abc import Callable, Mapping
from urllib.parse import quote

_WIDE = {place: place + 0xFEE0 for place in range(0x21, 0x7F)}


def _full_width(value: str) -> str:
    return value.translate(_WIDE)


def _zero_width(value: str) -> str:
    return value[:5] + "\u200b" + value[5:]


def _spaced(value: str) -> str:
    return " ".join(letter for letter in value if letter.isalnum())


def _dotted(value: str) -> str:
    return ".".join(value[place : place + 4] for place in range(0, len(value), 4))


def _percent(value: str) -> str:
    return quote(value, safe="")


def _html(value: str) -> str:
    return value.replace("@", "&#64;")


def _spoken(value: str) -> str:
    return value.replace("@", " at ").replace(".", " dot ")


DISGUISES: Mapping[str, Callable[[str], str]] = {
    "fullwidth": _full_width,
    "zwsp": _zero_width,
    "spaced": _spaced,
    "dotted": _dotted,
    "percent": _percent,
    "html": _html,
    "spoken": _spoken,
}
