"""Names of persons in Chinese: what announces them, what is a part of them, and whether one stands bare."""

import re
from collections.abc import Iterator, Mapping
from importlib import resources
from typing import Final

import yaml

from sidecar.detection.languages.chinese.tagger import Mark
from sidecar.detection.scripts import HAN

BEFORE, AFTER = 24, 16  # code points around a name that can tell whose it is

_WORDS: Mapping[str, list[str]] = yaml.safe_load(
    resources.files("sidecar.detection").joinpath("data/chinese.yaml").read_text(encoding="utf-8")
)


def _any(key: str) -> str:
    return "(?:" + "|".join(_WORDS[key]) + ")"


_LETTERS = "".join(_WORDS["surnames"])
_SURNAME = f"(?:{_any('compound_surnames')}|[{_LETTERS}])"
_WITH_TITLE = (
    f"(?:{_any('compound_surnames')}|[{''.join(sorted(set(_LETTERS) - set(''.join(_WORDS['not_before_titles']))))}])"
)
_SCORE = 0.8

_ANNOUNCED = re.compile(
    rf"(?:{_any('introductions')}|{_any('labels')}(?:姓名|名字)?(?:是|为|為|叫|[ 　]*[:：|=][ 　]*[\"'“「]?))[ 　]*"
    rf"({_SURNAME}[{HAN}]{{1,2}})(?![{HAN}])"
    rf"|(?:^|(?<=[^{HAN}]))({_WITH_TITLE}[{HAN}]{{0,2}})(?={_any('titles')}(?![{HAN}]))",
    re.MULTILINE,
)
_TITLE = re.compile(_any("titles"))
_TITLE_AT_END = re.compile(rf"{_any('titles')}$")
_LINKS = "和与與及跟同的在对對是说說"  # what the network takes into a name, and is none of it
_TRIM: Final = " \t\r\n　\"'“”‘’「」『』《》<>[]【】（）()·•‧・、，。：；！？,.:;!?*|-—"
_NOT_PEOPLE = frozenset("佢喺我你您他她它谁誰")
_LATIN = re.compile(r"[\x00-\x7f]*")
_OPEN = r"[\s:：,，（(\"'“「|*]*"

_WHOSE = r"(?:我|我们|我們|我哋|本人|他|她|佢|你|您)(?:的|嘅|個|个|那位|这位|這位)?"
_OWNED_BEFORE = re.compile(
    rf"(?:{_any('introductions')}|{_any('labels')}(?:姓名|名字)?(?:是|为|為|叫)?|{_any('before')}"
    rf"|{_WHOSE}[{HAN}]{{0,4}}?{_any('ties')}(?:是|叫|名叫|係)?){_OPEN}$"
)
_OWNED_AFTER = re.compile(
    rf"{_any('titles')}|(?:的|嘅)?[{HAN}]{{0,2}}{_any('belongings')}|{_OPEN}{_any('after')}"
    r"|[，,（( ]*\d{1,3}(?:岁|歲)|[，,（( |：:]*1[3-9]\d{9}"
)


def announced(text: str, start: int, end: int) -> Iterator[Mark]:
    """Go through names that a word before or a title behind announces, whatever the network says."""
    for match in _ANNOUNCED.finditer(text, start, end):
        group = match.lastindex or 0
        yield Mark(match.start(group), match.end(group), "PERSON", _SCORE)


def trimmed(text: str, mark: Mark) -> Mark | None:
    """Return a name without what is no part of it; None where nothing of a name is left."""
    start, end = mark.start, mark.end
    while start < end and text[start] in _TRIM:
        start += 1
    while start < end and text[end - 1] in _TRIM:
        end -= 1
    while end - start > 2 and text[end - 1] in _LINKS:  # noqa: PLR2004 - a family name and one letter
        end -= 1
    title = _TITLE_AT_END.search(text, start, end)
    if title is not None and title.start() > start:
        end = title.start()
    name = text[start:end]
    if _LATIN.fullmatch(name) or name in _NOT_PEOPLE:
        return None
    if len(name) == 1 and not (title or _TITLE.match(text, end)):
        return None
    return Mark(start, end, mark.entity, mark.score)


def is_bare(text: str, start: int, end: int) -> bool:
    """Whether no title, role or relation to the writer stands around a name."""
    before = text[max(0, start - BEFORE) : start]
    return not (_OWNED_BEFORE.search(before) or _OWNED_AFTER.match(text[end : end + AFTER]))
