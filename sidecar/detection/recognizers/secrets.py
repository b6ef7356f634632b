"""Credentials from one table: prefixes of vendors, tokens, private keys, passwords that are assigned or told."""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from importlib import resources
from typing import Any, Literal

import yaml

from sidecar.detection.recognizers.scanner import Hit, Scanner, compiled, value_group
from sidecar.detection.recognizers.work import CANDIDATE, Work

Judge = Literal["format", "random", "secret"]

# Keys that documentation shows end like this: AKIAIOSFODNN7EXAMPLE, wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY.
_DOCUMENTED = re.compile(r"EXAMPLE(?:KEY|TOKEN)?$")
_PLACEHOLDER = re.compile(
    r"(?i)(?:[\W_]*"
    r"|(?:x{3}|\*{3}|\.{3}|<|\[|\$\(|\{\{|%\w+%|[$%#]\{?\w).*"
    r"|.*(?:your|my|some|insert|replace|enter)[_\- ]?(?:\w+[_\-])?(?:key|token|secret|password|passwd|pass|here).*"
    r"|.*(?:example|placeholder|redacted|change_?me|dummy).*"
    r"|(?:os|process|env|config|settings|self|this|args|ctx|vars?|secrets|data|input|req|request|params|options)[.\[].*"
    r"|null|none|nil|true|false|undefined|string|str|text|varchar.*|required|optional|hidden|secret|password|passwd"
    r"|token|value|prompt|input|field|hash|reset|manager)$"
)
_CODE = re.compile(
    r"[A-Za-z_]\w*(?:(?:\.|::|->)[A-Za-z_]\w*)+[.;]?$"
    r"|[a-z]+(?:[A-Z][a-z]+)+$"
    r"|[A-Za-z]+(?:[_\-][A-Za-z]+)+$"
    r"|.*(?:\(|\)|==|\|\||&&)"
)
_NUMBERED_WORD = re.compile(r"[A-Za-z]+[_-]?[0-9]\.?")
_TOLD = re.compile(rb"(?i)(?:[:=>]|\bis\b)[\s\"'`]*$")
_LEAST_ENTROPY = 3.0  # bits for each letter: words of code and repeated letters lie below
_SECRET_LENGTH = 6
_READ = 256  # letters of a value that are compared with placeholders
_FORMAT_SCORE, _RANDOM_SCORE, _SECRET_SCORE = 0.95, 0.9, 0.8


class Telling(IntEnum):
    """How a value is joined to the word that announces it."""

    BESIDE = 0
    TOLD = 1
    """By a colon, an equals sign, or "is"."""
    QUOTED = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretRow:
    """One line of ``data/secrets.yaml``."""

    entity: str
    name: str
    pattern: str
    judge: Judge


class SecretScanner(Scanner):
    """Finds what one row describes."""

    def __init__(self, row: SecretRow) -> None:
        super().__init__(entities=[row.entity], name=f"Secret_{row.name}", triggers=[row.pattern])
        self._pattern = compiled(row.pattern)
        self._group = value_group(self._pattern)
        self._judge = _JUDGES[row.judge]
        self._loose = row.judge == "secret"

    def scan(self, view: bytes, text: str, work: Work) -> Iterator[Hit]:
        """Go through all credentials."""
        del text
        for match in self._pattern.finditer(view):
            start, end = match.span(self._group)
            work.spend(2 * CANDIDATE, start)
            if self._loose:
                end = _without_closing(view, start, end)
            elif view[max(0, start - 1) : start].isalnum():
                continue
            score = self._judge(view[start:end].decode(), _telling(view, start, end))
            if score:
                yield Hit(start, end, score)


def load_secrets() -> list[SecretScanner]:
    """Return a recognizer for each row."""
    rows: list[dict[str, Any]] = yaml.safe_load(
        resources.files("sidecar.detection").joinpath("data/secrets.yaml").read_text(encoding="utf-8")
    )
    return [SecretScanner(SecretRow(**row)) for row in rows]


def entropy(text: str) -> float:
    """Return Shannon's entropy of the letters, in bits for each."""
    return -sum(count / len(text) * math.log2(count / len(text)) for count in Counter(text).values())


def _by_format(text: str, _telling: Telling) -> float:
    body = re.sub(r"[^A-Za-z0-9]", "", text)[6:]
    if _DOCUMENTED.search(text) or len(set(body)) < 4:  # noqa: PLR2004 - sk-ant-xxxxxxxx
        return 0.0
    return _FORMAT_SCORE


def _by_randomness(text: str, _telling: Telling) -> float:
    if (
        _DOCUMENTED.search(text)
        or _PLACEHOLDER.match(text[:_READ])
        or not re.search(r"[0-9]", text)
        or not re.search(r"[A-Za-z]", text)
    ):
        return 0.0
    return _RANDOM_SCORE if entropy(text) >= _LEAST_ENTROPY else 0.0


def _by_habit(text: str, telling: Telling) -> float:
    if len(text) < _SECRET_LENGTH or _DOCUMENTED.search(text) or _PLACEHOLDER.match(text[:_READ]):
        return 0.0
    if re.search(r"[0-9]", text) and re.search(r"[A-Za-z]", text):
        return _SECRET_SCORE if telling > Telling.BESIDE or not _NUMBERED_WORD.fullmatch(text) else 0.0
    if re.fullmatch(r"[0-9]{6,}", text):
        return _SECRET_SCORE
    if _CODE.match(text):
        return 0.0
    if re.search(r"[^A-Za-z0-9._\-/':?]", text.rstrip("!?.,:")):
        return _SECRET_SCORE
    return _SECRET_SCORE if telling is Telling.QUOTED and text.isalpha() else 0.0


def _without_closing(view: bytes, start: int, end: int) -> int:
    """Return the end without a full stop or bracket of the sentence around."""
    while end > start and view[end - 1] in b".:?)]}|\\":
        end -= 1
    return end


def _telling(view: bytes, start: int, end: int) -> Telling:
    if start > 0 and end < len(view) and view[start - 1] in b"\"'`" and view[end] == view[start - 1]:
        return Telling.QUOTED
    return Telling.TOLD if _TOLD.search(view, max(0, start - 8), start) else Telling.BESIDE


_JUDGES: Mapping[Judge, Callable[[str, Telling], float]] = {
    "format": _by_format,
    "random": _by_randomness,
    "secret": _by_habit,
}
