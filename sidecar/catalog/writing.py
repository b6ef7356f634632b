"""Writes the YAML that ``reading`` reads: the inverse, always in the same form."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from sidecar.catalog.reading import Unreadable, Value, read

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9._/-]*")


def flow(value: Value) -> str:
    """Return a value on one line.

    Raises:
        ValueError: it holds what cannot be printed, so that nobody could review it.
    """
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return _word(value)
        case tuple():
            return f"[{', '.join(map(flow, value))}]"
        case dict():
            return f"{{{', '.join(f'{_word(key)}: {flow(item)}' for key, item in value.items())}}}"
        case _:
            return _number(value)


def section(name: str, rows: Iterable[Mapping[str, Value]]) -> str:
    """Return a section whose rows take a line each."""
    return "".join((f"{name}:\n", *(f"- {flow(dict(row))}\n" for row in rows)))


def block(row: Mapping[str, Value], comments: Mapping[str, str] | None = None) -> list[str]:
    """Return the lines of a row whose fields take a line each, with a comment behind some."""
    told = comments or {}
    lines = [f"{_word(key)}: {flow(value)}{f'  # {told[key]}' if key in told else ''}" for key, value in row.items()]
    return [("- " if position == 0 else "  ") + line for position, line in enumerate(lines)]


def _word(word: str) -> str:
    if not word.isprintable():
        message = "not printable"
        raise ValueError(message)
    if _PLAIN.fullmatch(word) and _reads_as_itself(word):
        return word
    return "'" + word.replace("'", "''") + "'"


def _reads_as_itself(word: str) -> bool:
    try:
        return read(word.encode()) == word
    except Unreadable:
        return False


def _number(number: float) -> str:
    if isinstance(number, int):
        return str(number)
    text = format(Decimal(repr(number)), "f")  # never an exponent, which YAML's versions read differently
    return text if "." in text else f"{text}.0"
