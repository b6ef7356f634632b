"""Names of persons in Korean: what announces them, what is a part of them, and whether one stands bare."""

import re
from collections.abc import Iterator
from typing import Final

from sidecar.detection.languages.words import Words
from sidecar.detection.recognizers.scanner import Hit

BEFORE, AFTER = 24, 20  # code points around a name that can tell whose it is

_WORDS = Words.load("korean")
_SURNAME = rf"(?:{_WORDS.any('compound_surnames')}|[{_WORDS.letters('surnames')}])"
_NAME = rf"{_SURNAME}[가-힣]{{1,2}}"
_SCORE = 0.8
_SURE = 0.9
_PARTICLE = _WORDS.any("particles")
_EDGE = rf"(?={_PARTICLE}?(?![가-힣]))"
_ANNOUNCED = re.compile(
    rf"(?:{_WORDS.any('labels')}\s*[:：=|]\s*[\"'“]?|(?:제|저의|내|나의) 이름은\s*)({_NAME}){_EDGE}"
    rf"|(?<![가-힣])저는\s+({_NAME})(?=(?:이라고|라고|입니다|이에요|예요))"
    rf"|(?<![가-힣])({_SURNAME}[가-힣]{{2}}) ?{_WORDS.any('titles')}{_EDGE}"
)
_NO_NAME = re.compile(_WORDS.any("not_before_titles"))
_ROLE = re.compile(_WORDS.any("labels"))
_TITLE = re.compile(rf"\s?{_WORDS.any('titles')}")
_TITLE_AT_END = re.compile(rf"\s?{_WORDS.any('titles')}$")
_HALF_NAMED = re.compile(r"\s?(?:모|씨|某)")
_PARTICLE_AT_END = re.compile(rf"{_PARTICLE}$")
_CUT_SHORT = re.compile(rf"{_SURNAME}[가-힣](?!{_PARTICLE})[가-힣]\Z(?<![씨님군양])")
_LONGEST: Final = 4  # letters of a Korean name; what is longer may end in a particle
_HANGUL = re.compile("[가-힣]")
_TRIM: Final = " \t\r\n　\"'“”‘’「」『』《》<>[]()（）·,.;:!?*|-_/"
_OPEN = r"[\s:：=,(\"'“|*]*"
_OWNED_BEFORE = re.compile(
    rf"(?:{_WORDS.any('introductions')}|{_WORDS.any('labels')}(?:은|는|이|가)?"
    rf"|(?:제|내|우리|저희|나의|저의|그의|그녀의|당신의)\s*(?:[가-힣]{{1,6}}\s)?{_WORDS.any('ties')}(?:인|은|는|이|가)?){_OPEN}$"
)
_OWNED_AFTER = re.compile(
    rf"\s?{_WORDS.any('titles')}|\s?모\s?\(|(?:의)?\s*[가-힣]{{0,4}}\s?{_WORDS.any('belongings')}|{_WORDS.any('after')}"
    r"|\s*[,(]\s*(?:만\s?)?\d{1,3}\s?세|\s*[,(]\s*[남여]\b|[\s,(|:]*01[016789][-. ]?\d{3,4}"
)


def announced(text: str, start: int, end: int) -> Iterator[Hit]:
    """Go through names that a word before or a title behind announces, whatever the chain says."""
    for match in _ANNOUNCED.finditer(text, start, end):
        first, last = match.span(match.lastindex or 0)
        if not _NO_NAME.match(text, first, last):
            yield Hit(first, last, _SCORE, "PERSON")


def trimmed(text: str, mark: Hit) -> Hit | None:
    """Return a name without what is no part of it; None where nothing of a name is left."""
    start, end = mark.start, mark.end
    while start < end and text[start] in _TRIM:
        start += 1
    while start < end and text[end - 1] in _TRIM:
        end -= 1
    title = _TITLE_AT_END.search(text, start, end)
    if title is not None and title.start() > start + 1:
        end = title.start()
    particle = _PARTICLE_AT_END.search(text, start, end)
    if particle is not None and end - start > _LONGEST and " " not in text[start:end]:
        end = particle.start()
    whole = _CUT_SHORT.match(text, start, end + 1)
    if whole is not None:
        end = whole.end()
    name = text[start:end]
    if not _HANGUL.search(name) or _NO_NAME.fullmatch(name) or _ROLE.fullmatch(name):
        return None
    if len(name) == 1 and not (
        _is_surname(mark, name) or title or _HALF_NAMED.match(text, end) or _TITLE.match(text, end)
    ):
        return None
    return mark._replace(start=start, end=end)


def _is_surname(mark: Hit, name: str) -> bool:
    """Whether the chain is sure of a family name that stands alone, as before a title that no list holds."""
    return mark.score > _SURE and re.fullmatch(_SURNAME, name) is not None


def is_bare(text: str, start: int, end: int) -> bool:
    """Whether no title, role or relation to the writer stands around a name."""
    before = text[max(0, start - BEFORE) : start]
    return not (_OWNED_BEFORE.search(before) or _OWNED_AFTER.match(text[end : end + AFTER]))
