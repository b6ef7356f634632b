"""Names of persons in Chinese: what announces them, what is a part of them, and whether one stands bare."""

import re
from collections.abc import Iterator
from typing import Final

from sidecar.detection.languages.words import Words
from sidecar.detection.recognizers.scanner import Hit
from sidecar.detection.scripts import HAN

BEFORE, AFTER = 24, 16  # code points around a name that can tell whose it is

_WORDS = Words.load("chinese")
_SURNAME = f"(?:{_WORDS.any('compound_surnames')}|[{_WORDS.letters('surnames')}])"
_NOT_TITLED = _WORDS.letters("not_before_titles")
_WITH_TITLE = f"(?:{_WORDS.any('compound_surnames')}|(?![{_NOT_TITLED}])[{_WORDS.letters('surnames')}])"
_SCORE = 0.8

_LABEL = rf"{_WORDS.any('labels')}(?:姓名|名字)?"
_ANNOUNCED = re.compile(
    rf"(?:{_WORDS.any('introductions')}|{_LABEL}(?:是|为|為|叫|[ 　]*[:：|=][ 　]*[\"'“「]?))[ 　]*"
    rf"({_SURNAME}[{HAN}]{{1,2}})(?![{HAN}])"
    rf"|(?:^|(?<=[^{HAN}]))({_WITH_TITLE}[{HAN}]{{0,2}})(?={_WORDS.any('titles')}(?![{HAN}]))",
    re.MULTILINE,
)
_TITLE = re.compile(_WORDS.any("titles"))
_TITLE_AT_END = re.compile(rf"{_WORDS.any('titles')}$")
_LINKS = "和与與及跟同的在对對是说說"  # what the network takes into a name, and is none of it
_TRIM: Final = " \t\r\n　\"'“”‘’「」『』《》<>[]【】（）()·•‧・、，。：；！？,.:;!?*|-—"
_NOT_PEOPLE = frozenset("佢喺我你您他她它谁誰")
_HAN = re.compile(f"[{HAN}]")
_OPEN = r"[\s:：,，（(\"'“「|*]*"

_WHOSE = r"(?:我|我们|我們|我哋|本人|他|她|佢|你|您)(?:的|嘅|個|个|那位|这位|這位)?"
_OWNED_BEFORE = re.compile(
    rf"(?:{_WORDS.any('introductions')}|{_LABEL}(?:是|为|為|叫)?|{_WORDS.any('before')}"
    rf"|{_WHOSE}[{HAN}]{{0,4}}?{_WORDS.any('ties')}(?:是|叫|名叫|係)?){_OPEN}$"
)
_OWNED_AFTER = re.compile(
    rf"{_WORDS.any('titles')}|(?:的|嘅)?[{HAN}]{{0,2}}{_WORDS.any('belongings')}|{_OPEN}{_WORDS.any('after')}"
    r"|[，,（( ]*\d{1,3}(?:岁|歲)|[，,（( |：:]*1[3-9]\d{9}"
)


def announced(text: str, start: int, end: int) -> Iterator[Hit]:
    """Go through names that a word before or a title behind announces, whatever the network says."""
    for match in _ANNOUNCED.finditer(text, start, end):
        group = match.lastindex or 0
        yield Hit(match.start(group), match.end(group), _SCORE, "PERSON")


def trimmed(text: str, mark: Hit) -> Hit | None:
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
    if not _HAN.search(name) or name in _NOT_PEOPLE:
        return None
    if len(name) == 1 and not (title or _TITLE.match(text, end)):
        return None
    return mark._replace(start=start, end=end)


def is_bare(text: str, start: int, end: int) -> bool:
    """Whether no title, role or relation to the writer stands around a name."""
    before = text[max(0, start - BEFORE) : start]
    return not (_OWNED_BEFORE.search(before) or _OWNED_AFTER.match(text[end : end + AFTER]))
