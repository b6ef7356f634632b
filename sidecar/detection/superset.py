"""Patterns of the ``regex`` module put into RE2's words: exactly where that can be, or so that they match more.

For ASCII text alone. What looks around, looks back at a group or gives nothing back matches more without it; such a
pattern is still good for asking whether the real one is worth running.
"""

import re
import warnings
from collections.abc import Callable, Mapping
from re import _constants as codes  # type: ignore[attr-defined]  # the standard library's own reader of patterns
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import regex

_FLAGS = int(regex.IGNORECASE | regex.MULTILINE | regex.DOTALL)
_MOST_REPEATS = 1_000  # RE2 takes no more
_CATEGORIES = {
    codes.CATEGORY_DIGIT: "0-9",
    codes.CATEGORY_NOT_DIGIT: r"\D",
    codes.CATEGORY_WORD: r"\w",
    codes.CATEGORY_NOT_WORD: r"\W",
    codes.CATEGORY_SPACE: r"\t-\r\x20",
    codes.CATEGORY_NOT_SPACE: r"\x00-\x08\x0e-\x1f\x21-\x7f",
}
_BOUNDARIES = {codes.AT_BOUNDARY: r"\b", codes.AT_NON_BOUNDARY: r"\B", codes.AT_BEGINNING_STRING: r"\A"}


class _CannotTell(Exception):
    """A pattern has a part that RE2 has no words for."""


def exact(pattern: str, flags: int) -> str | None:
    """Return a pattern of RE2 that matches the same on ASCII text; None where there may be none."""
    return _translated(pattern, flags, lambda _: None)


def superset(pattern: str, flags: int) -> str | None:
    """Return a pattern of RE2 that is found in every ASCII text the given one is found in; None where none is known."""
    return _translated(pattern, flags, _RELAXED.get)


_RELAXED: Mapping[Any, str] = {
    codes.AT: "",
    codes.ASSERT: "",
    codes.ASSERT_NOT: "",
    codes.GROUPREF: "(?s:.*)",
    codes.GROUPREF_EXISTS: "(?s:.*)",
}


def _translated(pattern: str, flags: int, otherwise: Callable[[Any], str | None]) -> str | None:
    if flags & ~_FLAGS:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            tree = parser.parse(pattern, flags)
        return _Writer(otherwise).write(tree, tree.state.flags)
    except (re.error, _CannotTell, Warning, OverflowError, RecursionError):
        return None


class _Writer:
    def __init__(self, otherwise: Callable[[Any], str | None]) -> None:
        self._otherwise = otherwise

    def write(self, tree: Any, flags: int) -> str:  # noqa: ANN401 - the standard library's tree
        return "".join(self._node(code, value, flags) for code, value in tree)

    def _node(self, code: Any, value: Any, flags: int) -> str:  # noqa: ANN401, PLR0911 - one line for each kind
        if code is codes.LITERAL:
            return _cased(_letter(value), flags)
        if code is codes.NOT_LITERAL:
            return _cased(f"[^{_letter(value)}]", flags)
        if code is codes.ANY:
            return "(?s:.)" if flags & re.DOTALL else r"[^\n]"
        if code is codes.IN:
            return _cased(_set(value), flags)
        if code is codes.BRANCH:
            return "(?:" + "|".join(self.write(branch, flags) for branch in value[1]) + ")"
        if code is codes.SUBPATTERN:
            _, added, removed, tree = value
            if added or removed:  # the two modules do not agree on how far such flags reach
                raise _CannotTell
            return f"(?:{self.write(tree, flags)})"
        if code in (codes.MAX_REPEAT, codes.MIN_REPEAT):
            return self._repeat(value, flags) + ("?" if code is codes.MIN_REPEAT else "")
        return self._special(code, value, flags)

    def _special(self, code: Any, value: Any, flags: int) -> str:  # noqa: ANN401 - as above
        if code is codes.AT and value in _BOUNDARIES:
            return _BOUNDARIES[value]
        if code is codes.AT and value is codes.AT_BEGINNING:
            return "(?m:^)" if flags & re.MULTILINE else r"\A"
        other = self._otherwise(code)
        if other is None and code is codes.ATOMIC_GROUP and self._otherwise(codes.ASSERT) is not None:
            return f"(?:{self.write(value, flags)})"
        if other is None and code is codes.POSSESSIVE_REPEAT and self._otherwise(codes.ASSERT) is not None:
            return self._repeat(value, flags)
        if other is None:
            raise _CannotTell
        return other

    def _repeat(self, value: tuple[int, Any, Any], flags: int) -> str:
        least, most, tree = value
        if least > _MOST_REPEATS or (most is not codes.MAXREPEAT and most > _MOST_REPEATS):
            raise _CannotTell
        return f"(?:{self.write(tree, flags)}){{{least},{'' if most is codes.MAXREPEAT else most}}}"


def _cased(letters: str, flags: int) -> str:
    return f"(?i:{letters})" if flags & re.IGNORECASE else letters


def _letter(point: int) -> str:
    return f"\\x{{{point:x}}}"


def _set(parts: Any) -> str:  # noqa: ANN401 - as above
    written = ""
    for code, value in parts:
        if code is codes.NEGATE:
            written += "^"
        elif code is codes.LITERAL:
            written += _letter(value)
        elif code is codes.RANGE:
            written += f"{_letter(value[0])}-{_letter(value[1])}"
        elif code is codes.CATEGORY:
            written += _CATEGORIES[value]
        else:
            raise _CannotTell
    return f"[{written}]"
