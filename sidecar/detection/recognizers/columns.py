"""Names, births and addresses told by the head of their column or by the key of their record.

Rows of a table and values of JSON or YAML are no sentences: neither the model nor a title says whose they are. The head
does: `first_name` is a person's wherever it stands, `name` only beside what persons have.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from importlib import resources
from typing import NamedTuple

import yaml

from sidecar.detection.recognizers.context import spelled
from sidecar.detection.recognizers.name_lists import is_listed_name
from sidecar.detection.recognizers.scanner import Hit, Scanner
from sidecar.detection.recognizers.work import CANDIDATE, Work
from sidecar.detection.view import fold

_TABLE: Mapping[str, list[str]] = yaml.safe_load(
    resources.files("sidecar.detection").joinpath("data/columns.yaml").read_text(encoding="utf-8")
)


def _words(key: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(fold(word.strip()) for line in _TABLE[key] for word in line.split(",")))


_NAME, _MAYBE, _BIRTH, _ADDRESS = "names", "maybe_names", "births", "addresses"
_ENTITIES = {_NAME: "PERSON", _MAYBE: "PERSON", _BIRTH: "DATE_OF_BIRTH", _ADDRESS: "STREET_ADDRESS"}
_SCORE = 0.9  # above the model's, which does not read heads
_HEADS = {kind: _words(kind) for kind in _ENTITIES}
_ALL_HEADS = sorted({word for words in _HEADS.values() for word in words}, key=len, reverse=True)


def _any(words: Sequence[str]) -> str:
    return "(?:" + "|".join(spelled(word, re.escape) for word in sorted(words, key=len, reverse=True)) + ")"


_KIND_OF_HEAD = {kind: re.compile(_any(words)) for kind, words in _HEADS.items()}
_ENDS_IN_HEAD = {kind: re.compile(rf"(?:.*[ _-])?{_any(_HEADS[kind])}") for kind in (_NAME, _BIRTH)}
_PERSONAL = re.compile(_any(_words("personal")))
_PERSONAL_KEY = re.compile(rf"(?<![^\W_]){_any(_words('personal'))}[\"']?\s{{0,2}}[:=]")
_KEY = re.compile(
    rf"(?<![^\W_])(?P<key>{_any(_ALL_HEADS)})(?:(?P<quote>\\?[\"'])\s{{0,4}}[:=]|\s?[:=])[ \t]{{0,4}}"
    r"(?:(?P<mark>\\?[\"'])(?P<quoted>[^\"'\\\n]{2,120})(?P=mark)"
    r"|(?P<plain>[^\s\"',{}\[\]#()<>|][^\"'{}\[\]#()<>|\n]{1,119}+)(?:$|\n))"
)
_NEAR = 200  # code points between a name and what makes its record a person's

_SEPARATORS = "|\t;,"
_FEWEST_COLUMNS, _MOST_COLUMNS = 2, 64
_LONGEST_LINE, _LONGEST_HEAD, _MOST_WORDS = 2_048, 32, 4
_RULE = re.compile(r"[\s|:+=-]*-{2}[\s|:+=-]*")
_CELLS = {
    mark: re.compile(
        rf"[ ]*(?:\"(?P<quoted>(?:[^\"\n]|\"\")*)\"[ ]*|(?P<plain>[^{re.escape(mark)}]*))(?:{re.escape(mark)}|$)"
    )
    for mark in _SEPARATORS
}
_WRAPPING = " \t\r*_`\"'"

_LATIN_WORD = r"[^\W\d_]+(?:['’.-][^\W\d_]+)*[.’']?"
_PERSON = re.compile(rf"{_LATIN_WORD}(?:,? {_LATIN_WORD}){{0,4}}")
_DENSE = re.compile(r"[\u4e00-\u9fff\uac00-\ud7a3\u3040-\u30ff·]{2,6}")
_HAS_DENSE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3]")
_CAPITAL = re.compile(r"[A-ZÀ-ÖØ-ÞŁŚŞŽČ]")
_CAPITALIZED = rf"{_CAPITAL.pattern}[^\W\d_]*(?:['’-][^\W\d_]+)*"
_WRITTEN = re.compile(
    rf"{_CAPITALIZED}(?:, {_CAPITALIZED}|(?:\.?(?: [a-z]{{1,3}}){{0,2}} {_CAPITALIZED}){{1,3}})?"  # in a line of prose
)
_CAMEL = re.compile(r"[a-z]{3}[A-Z]|[A-Z]{2}[a-z]")
_DATE = re.compile(
    r"[0-9]{8}|[0-9]{1,4}[-/. 年년]{1,2}(?:[0-9]{1,2}|[A-Za-zäéû]{3,9})[-/., 月월]{1,2}[0-9]{1,4}[.日일]?"
    r"|[A-Z][a-z]{2,8} [0-9]{1,2},? [0-9]{4}"
)
_PLACE = re.compile(
    r"(?=.*[0-9])(?=.*[^\W\d_]{3})[^@=<>{}]{4,}[ ][^@=<>{}]+|(?=.*[0-9]).*[\u4e00-\u9fff\uac00-\ud7a3]{2}.*"
)
_NO_PLACE = re.compile(r"://|\b0x|[0-9a-f]{2}:[0-9a-f]{2}:|\b[0-9]{1,3}(?:\.[0-9]{1,3}){3}")
_NOBODY = frozenset((*_words("nobody"), *_ALL_HEADS, *_words("personal")))
_BODIES = frozenset(_words("bodies"))
_DENSE_BODIES = tuple(word for word in _BODIES if not word.isascii())


class _Cell(NamedTuple):
    start: int
    end: int


class ColumnScanner(Scanner):
    """Finds what the head of a column or the key of a record says to be a person's."""

    def __init__(self) -> None:
        ascii_heads = [word for word in _ALL_HEADS if word.isascii()]
        super().__init__(
            entities=["PERSON", "DATE_OF_BIRTH", "STREET_ADDRESS"],
            name="ColumnRecognizer",
            triggers=[rf"(?i:{_any(ascii_heads)})[\\\"'*_ \r]{{0,4}}[:=|;,\t\n]"],
            reads_text=True,
        )

    def scan(self, view: bytes, text: str, work: Work) -> Iterator[Hit]:
        """Go through all records, then all tables."""
        del view
        folded = fold(text)
        for match in _KEY.finditer(folded):
            work.spend(CANDIDATE, match.start())
            yield from _of_record(text, folded, match)
        for kinds, cells in _rows(text, folded, work):
            for kind, cell in zip(kinds, cells, strict=True):
                if kind and _is_value(kind, text[cell.start : cell.end], quoted=True):
                    yield Hit(cell.start, cell.end, _SCORE, _ENTITIES[kind])


def _of_record(text: str, folded: str, match: re.Match[str]) -> Iterator[Hit]:
    """Return the value of a key."""
    quoted = match["quoted"] is not None
    start, end = match.span("quoted" if quoted else "plain")
    start, end = _stripped(text, start, end)
    kind = next(kind for kind, pattern in _KIND_OF_HEAD.items() if pattern.fullmatch(match["key"]))
    if kind in {_MAYBE, _ADDRESS} and folded[: match.start()].rstrip(" _-")[-1:].isalnum():
        return  # a file's name, an electronic address
    value = text[start:end]
    if kind == _MAYBE:
        around = folded[max(0, match.start() - _NEAR) : match.start()], folded[end : end + _NEAR]
        if not (any(map(_PERSONAL_KEY.search, around)) or is_listed_name(value)):
            return
    if _is_value(kind, value, quoted=quoted):
        yield Hit(start, end, _SCORE, _ENTITIES[kind])


def _rows(text: str, folded: str, work: Work) -> Iterator[tuple[Sequence[str], Sequence[_Cell]]]:
    """Go through all rows that stand under a head, each with what its columns hold."""
    mark = ""
    kinds: list[str] = []
    start = 0
    for line in text.split("\n"):
        end, after = start + len(line), start + len(line) + 1
        if kinds and _RULE.fullmatch(line):
            start = after
            continue
        cells = _cells(text, start, end, mark, len(kinds)) if kinds else []
        if kinds and len(cells) == len(kinds):
            work.spend(CANDIDATE, start)
            yield kinds, cells
        else:
            mark, kinds = _head(text, folded, start, end, work)
        start = after


def _head(text: str, folded: str, start: int, end: int, work: Work) -> tuple[str, list[str]]:
    """Return the separator and the kinds of columns, where a line is a head that says something."""
    line = folded[start:end]
    mark = next((one for one in _SEPARATORS if one in line), "")
    if not mark or len(line) > _LONGEST_LINE or any(letter in line for letter in "{}()<>"):
        return "", []
    work.spend(CANDIDATE, start)
    heads = [folded[cell.start : cell.end] for cell in _cells(text, start, end, mark, _MOST_COLUMNS)]
    if not _FEWEST_COLUMNS <= len(heads) <= _MOST_COLUMNS or any(
        len(head) > _LONGEST_HEAD or len(head.split()) > _MOST_WORDS for head in heads
    ):
        return "", []
    persons = sum(_PERSONAL.fullmatch(head) is not None or _kind(head) == _NAME for head in heads)
    kinds = [_kind(head) for head in heads]
    kinds = [_NAME if kind == _MAYBE and persons else kind for kind in kinds]
    kinds = ["" if kind == _MAYBE else kind for kind in kinds]
    return (mark, kinds) if any(kinds) else ("", [])


def _kind(head: str) -> str:
    """Return what stands under a head; nothing where it does not say."""
    patterns = (*_KIND_OF_HEAD.items(), *_ENDS_IN_HEAD.items())
    return next((kind for kind, pattern in patterns if pattern.fullmatch(head)), "")


def _cells(text: str, start: int, end: int, mark: str, most: int) -> list[_Cell]:
    """Return the cells of a line, or of more than ``most`` one too many; the bars around a Markdown row are none."""
    if mark == "|":
        while start < end and text[start] in " \t":
            start += 1
        start += start < end and text[start] == "|"
        end -= len(text[start:end]) - len(text[start:end].rstrip())
        end -= end > start and text[end - 1] == "|"
    cells: list[_Cell] = []
    while start <= end and len(cells) <= most:
        match = _CELLS[mark].match(text, start, end)
        if match is None:  # a quote within a cell
            return []
        cells.append(_Cell(*_stripped(text, *match.span("plain" if match["quoted"] is None else "quoted"))))
        if match.end() == end and text[end - 1 : end] != mark:
            break
        start = match.end()
        if start == end:
            cells.append(_Cell(end, end))
            break
    return cells


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in _WRAPPING:
        start += 1
    while start < end and text[end - 1] in _WRAPPING:
        end -= 1
    return start, end


def _is_value(kind: str, value: str, *, quoted: bool) -> bool:
    if kind == _BIRTH:
        return _DATE.fullmatch(value) is not None
    if kind == _ADDRESS:
        return _PLACE.fullmatch(value) is not None and _NO_PLACE.search(value) is None
    return _is_person(value, quoted=quoted)


def _is_person(value: str, *, quoted: bool) -> bool:
    """Whether a value is written as names are, and is not a word that stands for none."""
    low = fold(value)
    words = re.split(r"[\s,.]+", low.strip("."))
    if low in _NOBODY or all(word in _NOBODY for word in words) or any(word in _BODIES for word in words):
        return False
    if _HAS_DENSE.search(value):
        return _DENSE.fullmatch(value) is not None and not low.endswith(_DENSE_BODIES)
    if len(value) < 2 or not _PERSON.fullmatch(value):  # noqa: PLR2004 - an initial alone
        return False
    if not _CAPITAL.search(value):
        return quoted and is_listed_name(value)
    return quoted or (_WRITTEN.fullmatch(value) is not None and not _CAMEL.search(value))
