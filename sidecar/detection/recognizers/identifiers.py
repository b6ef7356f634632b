"""Identifiers of many countries from one table: a pattern, a check, words around it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any, Literal

import re2
import yaml

from sidecar.detection.recognizers.checksums import compact, named
from sidecar.detection.recognizers.context import LEAST, ContextWords
from sidecar.detection.recognizers.scanner import Hit, Scanner, compiled, is_whole_number, stands_alone, value_group
from sidecar.detection.recognizers.work import CANDIDATE, CONTEXT, Work

Edges = Literal["number", "word", "none"]
_ON_ITS_WORD = 0.05  # what has the shape, and only a word nearby says that it is one
_UNITS = (CANDIDATE + CONTEXT, CANDIDATE)  # with a look at the words around, and without


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of ``data/identifiers.yaml`` or ``data/countries/*.yaml``, where the words are told."""

    entity: str
    pattern: str
    score: float
    edges: Edges = "number"
    name: str = ""
    check: str = ""
    valid: str = ""
    """A check without which it is nothing."""
    unchecked: float | None = None
    context: tuple[str, ...] = ()
    needs_digit: bool = False
    reads: Literal["ascii", "text"] = "ascii"
    reads_separators: bool = False


class IdentifierScanner(Scanner):
    """Finds what one row describes."""

    def __init__(self, row: Row) -> None:
        super().__init__(
            entities=[row.entity],
            name="_".join(filter(None, ("Identifier", row.entity, row.name))),
            context=row.context,
            triggers=_triggers(row),
            reads_text=row.reads == "text",
        )
        self._row = row
        self._check = named(row.check)
        self._valid = named(row.valid)
        self._unchecked = (_ON_ITS_WORD if row.context else 0.0) if row.unchecked is None else row.unchecked
        self._pattern = compiled(row.pattern) if row.reads == "ascii" else re2.compile(row.pattern)
        self._group = value_group(self._pattern)
        # A row that counts for nothing without a word near it need not be judged without one.
        self._words = ContextWords(row.context) if _needs_word(row) else None
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
            written = view[start:end].decode()
            number = compact(written)
            if row.needs_digit and number.isalpha():
                continue
            if not self._valid(number):
                continue
            score = row.score if self._check(written if row.reads_separators else number) else self._unchecked
            if score:
                yield Hit(start, end, score)


def load_identifiers() -> list[IdentifierScanner]:
    """Return a recognizer for each row."""
    return [IdentifierScanner(row) for row in rows()]


def rows() -> Iterator[Row]:
    """Go through the rows of all tables, in order of their names."""
    tables = resources.files("sidecar.detection").joinpath("data")
    countries = sorted(tables.joinpath("countries").iterdir(), key=lambda table: table.name)
    for table in (*countries, tables.joinpath("identifiers.yaml")):
        lines: list[dict[str, Any]] = yaml.safe_load(table.read_text(encoding="utf-8"))
        for line in lines:
            yield Row(**{**line, "context": tuple(line.get("context", ()))})


def _needs_word(row: Row) -> bool:
    return bool(row.context) and row.score < LEAST


def _triggers(row: Row) -> list[str]:
    """Return what stands in every text that holds a value. Words tell more than a pattern of bare digits would."""
    if row.reads == "text":
        return []
    return ["[0-9]"] if _needs_word(row) else [row.pattern]


def _anywhere(_view: bytes, _start: int, _end: int) -> bool:
    return True


_EDGES: Mapping[Edges, Callable[[bytes, int, int], bool]] = {
    "number": is_whole_number,
    "word": stands_alone,
    "none": _anywhere,
}
