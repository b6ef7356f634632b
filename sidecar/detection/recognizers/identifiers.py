"""Identifiers of many countries from one table: a pattern, a check, words around it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any, Literal

import re2
import yaml

from sidecar.detection.recognizers.checksums import CHECKS, compact, kr_birth_date
from sidecar.detection.recognizers.context import LEAST, ContextWords
from sidecar.detection.recognizers.scanner import Hit, Scanner, compiled, is_whole_number, stands_alone, value_group
from sidecar.detection.recognizers.work import CANDIDATE, CONTEXT, Work

Edges = Literal["number", "word", "none"]
_UNITS = (CANDIDATE + CONTEXT, CANDIDATE)  # with a look at the words around, and without


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of ``data/identifiers.yaml``."""

    entity: str
    pattern: str
    score: float
    edges: Edges
    name: str = ""
    check: str = "always"
    valid: str = ""
    """A check without which it is nothing."""
    unchecked: float = 0.0
    context: tuple[str, ...] = ()
    needs_digit: bool = False
    reads: Literal["ascii", "text"] = "ascii"


class IdentifierScanner(Scanner):
    """Finds what one row describes."""

    def __init__(self, row: Row) -> None:
        super().__init__(
            entities=[row.entity],
            name="_".join(filter(None, ("Identifier", row.entity, row.name))),
            context=row.context,
            triggers=[row.pattern] if row.reads == "ascii" else [],
            reads_text=row.reads == "text",
        )
        self._row = row
        self._check = CHECKS[row.check]
        self._valid = _VALID[row.valid]
        self._pattern = compiled(row.pattern) if row.reads == "ascii" else re2.compile(row.pattern)
        self._group = value_group(self._pattern)
        # A row that counts for nothing without a word near it need not be judged without one.
        self._words = ContextWords(row.context) if row.context and row.score < LEAST else None
        self.announced_by = row.context if self._words else ()

    def scan(self, view: bytes, text: str, work: Work) -> Iterator[Hit]:
        """Go through all values."""
        row = self._row
        for match in self._pattern.finditer(view if row.reads == "ascii" else text):
            start, end = match.span(self._group)
            work.spend(_UNITS[self._words is None], start)
            if not _EDGES[row.edges](view, start, end):
                continue
            if self._words is not None and not self._words.near(text, start, end):
                continue
            number = compact(view[start:end].decode())
            if row.needs_digit and number.isalpha():
                continue
            if not self._valid(number):
                continue
            score = row.score if self._check(number) else row.unchecked
            if score:
                yield Hit(start, end, score)


def load_identifiers() -> list[IdentifierScanner]:
    """Return a recognizer for each row."""
    rows: list[dict[str, Any]] = yaml.safe_load(
        resources.files("sidecar.detection").joinpath("data/identifiers.yaml").read_text(encoding="utf-8")
    )
    return [IdentifierScanner(Row(**{**row, "context": tuple(row.get("context", ()))})) for row in rows]


def _kr_birth_date_not_a_timestamp(number: str) -> bool:
    """Refuse what a clock in milliseconds says in our decades, unless it can be somebody born in 20xx."""
    return kr_birth_date(number) and not ("16" <= number[:2] <= "19" and number[6] not in "34")


def _always(_number: str) -> bool:
    return True


def _anywhere(_view: bytes, _start: int, _end: int) -> bool:
    return True


_VALID: Mapping[str, Callable[[str], bool]] = {
    "": _always,
    "kr_birth_date": kr_birth_date,
    "kr_birth_date_not_a_timestamp": _kr_birth_date_not_a_timestamp,
}
_EDGES: Mapping[Edges, Callable[[bytes, int, int], bool]] = {
    "number": is_whole_number,
    "word": stands_alone,
    "none": _anywhere,
}
