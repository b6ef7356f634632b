"""Credentials from one table: prefixes of vendors, tokens, private keys, passwords that are assigned or told."""

import base64
import binascii
import itertools
import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from importlib import resources
from typing import Any, Literal

import re2
import yaml

from sidecar.detection.recognizers.scanner import Hit, Scanner, compiled, value_group
from sidecar.detection.recognizers.work import CANDIDATE, Work

Judge = Literal["format", "random", "drawn", "secret", "place", "pair"]

# Keys that documentation shows end like this: AKIAIOSFODNN7EXAMPLE, wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY.
_DOCUMENTED = re.compile(r"EXAMPLE(?:KEY|TOKEN)?$")
_PLACEHOLDER = re.compile(
    r"(?i)(?:[\W_]*"
    r"|(?:x{3}|\*{3}|\.{3}|<|\[|\$\(|\{\{|%\w+%|[$%#]\{?\w).*"
    r"|.*(?:your|my|some|insert|replace|enter)[_\- ]?(?:\w+[_\-])?(?:key|token|secret|password|passwd|pass|here).*"
    r"|.*(?:example|placeholder|redacted|change_?me|dummy).*"
    r"|(?:os|process|env|config|settings|self|this|args|ctx|vars?|secrets|data|input|req|request|params|options)[.\[].*"
    r"|null|none|nil|true|false|undefined|string|str|text|varchar.*|required|optional|hidden|secret|password|passwd|pass"
    r"|token|value|prompt|input|field|hash|reset|manager)$"
)
_CODE = re.compile(
    r"[A-Za-z_]\w*(?:(?:\.|::|->)[A-Za-z_]\w*)+[.;]?$"
    r"|[a-z]+(?:[A-Z][a-z]+)+$"
    r"|[A-Za-z]+(?:[_\-][A-Za-z]+)+$"
    r"|.*(?:\(|\)|==|\|\||&&)"
)
_NUMBERED_WORD = re.compile(r"[A-Za-z]+[_-]?[0-9]\.?")
_NEXT_PARAMETER = re.compile(rb"&[A-Za-z][A-Za-z_.]*=")
_TOLD = re.compile(rb"(?i)(?:[:=>]|\b(?:is|was|ist|lautet|est|es|to|now)\b)[\s\"'`]*$")
_REGULAR = re.compile(r"(?:[A-Z]?[a-z]+|[A-Z]+)(?:[A-Z][a-z]+)*[0-9]*")  # how words and names in code use capitals
_LEAST_ENTROPY = 3.0  # bits for each letter: words of code and repeated letters lie below
_LEAST_UNREST = 0.2  # of neighbors, the share of another kind: words of code lie below, drawn letters above 0.4
_LEAST_UNREST_OF_LETTERS = 0.4  # where there is no digit among them
_SECRET_LENGTH, _PLACE_LENGTH = 6, 4
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
    reads: Literal["ascii", "text"] = "ascii"


class SecretScanner(Scanner):
    """Finds what one row describes."""

    def __init__(self, row: SecretRow) -> None:
        self._of_text = row.reads == "text"
        super().__init__(
            entities=[row.entity],
            name=f"Secret_{row.name}",
            triggers=[] if self._of_text else [row.pattern],
            reads_text=self._of_text,
        )
        self._pattern = re2.compile(row.pattern) if self._of_text else compiled(row.pattern)
        self._group = value_group(self._pattern)
        self._judge = _JUDGES[row.judge]
        self._loose = row.judge in {"secret", "place"}

    def scan(self, view: bytes, text: str, work: Work) -> Iterator[Hit]:
        """Go through all credentials."""
        for match in self._pattern.finditer(text if self._of_text else view):
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


def unrest(text: str) -> float:
    """Return the share of neighboring letters and digits of which one is small, the other a capital or a digit."""
    kinds = re.sub(r"[^A-Za-z0-9]+", " ", text)
    kinds = re.sub(r"[0-9]", "0", re.sub(r"[a-z]", "a", re.sub(r"[A-Z]", "A", kinds)))
    pairs = [one != other for one, other in itertools.pairwise(kinds) if " " not in (one, other)]
    return sum(pairs) / len(pairs) if pairs else 0.0


def _by_format(text: str, _telling: Telling) -> float:
    body = re.sub(r"[^A-Za-z0-9]", "", text)[6:]
    if _DOCUMENTED.search(text) or len(set(body)) < 4:  # noqa: PLR2004 - sk-ant-xxxxxxxx
        return 0.0
    return _FORMAT_SCORE


def _by_randomness(text: str, _telling: Telling) -> float:
    return _RANDOM_SCORE if re.search(r"[0-9]", text) and _may_be_drawn(text) else 0.0


def _by_draw(text: str, _telling: Telling) -> float:
    least = _LEAST_UNREST if re.search(r"[0-9]", text) else _LEAST_UNREST_OF_LETTERS
    return _RANDOM_SCORE if _may_be_drawn(text) and unrest(text) >= least else 0.0


def _may_be_drawn(text: str) -> bool:
    documented = _DOCUMENTED.search(text) or _PLACEHOLDER.match(text[:_READ])
    return not documented and bool(re.search(r"[A-Za-z]", text)) and entropy(text) >= _LEAST_ENTROPY


def _by_habit(text: str, telling: Telling) -> float:
    if len(text) < _SECRET_LENGTH or _DOCUMENTED.search(text) or _PLACEHOLDER.match(text[:_READ]):
        return 0.0
    if re.search(r"[0-9]", text) and re.search(r"[A-Za-z]", text):
        numbered = _NUMBERED_WORD.fullmatch(text) and _REGULAR.match(text)
        return _SECRET_SCORE if telling > Telling.BESIDE or not numbered else 0.0
    if re.fullmatch(r"[0-9]{6,}", text):
        return _SECRET_SCORE
    if _CODE.match(text):
        return 0.0
    if re.search(r"[^A-Za-z0-9._\-/':?]", text.rstrip("!?.,:")):
        return _SECRET_SCORE
    irregular = telling is Telling.TOLD and not _REGULAR.fullmatch(text.rstrip("!?.,:"))
    return _SECRET_SCORE if text.rstrip("!").isalpha() and (irregular or telling is Telling.QUOTED) else 0.0


def _by_place(text: str, _telling: Telling) -> float:
    return 0.0 if len(text) < _PLACE_LENGTH or _PLACEHOLDER.match(text[:_READ]) else _SECRET_SCORE


def _by_pair(text: str, _telling: Telling) -> float:
    try:
        pair = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        return 0.0
    name, colon, password = pair.partition(b":")
    return _SECRET_SCORE if name and colon and password.isascii() and password.decode().isprintable() else 0.0


def _without_closing(view: bytes, start: int, end: int) -> int:
    """Return the end without the next parameter of a query, or a full stop or bracket of the sentence around."""
    parameter = _NEXT_PARAMETER.search(view, start, end)
    if parameter:
        end = parameter.start()
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
    "drawn": _by_draw,
    "secret": _by_habit,
    "place": _by_place,
    "pair": _by_pair,
}
