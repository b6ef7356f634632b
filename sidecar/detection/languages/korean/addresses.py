"""Addresses in Korean: regions, a street or a lot with its number, and what leads to a door."""

import re
from collections.abc import Iterator
from typing import Final

from sidecar.detection.languages.words import Words
from sidecar.detection.recognizers.scanner import Hit

_SCORE: Final = 0.75
_WORDS = Words.load("korean")
_NUMBER = r"\d{1,5}(?:-\d{1,4})?"
_REGION = r"[가-힣]{1,6}(?:시|군|구|읍|면|동|리|가)"
_REGIONS = rf"(?:{_WORDS.any('provinces')}(?:\s+{_REGION}){{0,4}}|{_REGION}(?:\s+{_REGION}){{0,3}})"
_BRANCH = r"(?:\s?\d{1,4}(?:번|가|안|번안)?길)"
_STREET = rf"[가-힣0-9·]{{1,12}}?(?:대로|로|길){_BRANCH}?\s?(?:지하\s?)?{_NUMBER}(?:번지)?(?![0-9%])"
_LOT = rf"(?:산\s?)?{_NUMBER}(?:번지)?(?![0-9%년월일시분개명원층호])"
_HOUSE = rf"[가-힣A-Za-z0-9]{{0,14}}{_WORDS.any('houses')}"
_ROOM = r"(?:(?:지하\s?)?\d{1,4}동\s?)?(?:(?:지하\s?|B)?\d{1,3}층(?:\s?\d{1,5}호)?|\d{1,5}호)"
_PLACE = rf"(?:,?\s(?:{_HOUSE}|[가-힣A-Za-z0-9]{{2,14}}(?=\s?{_ROOM})))"
_DOOR = rf"(?:,?\s?\([가-힣0-9, ]{{2,24}}\))?{_PLACE}?(?:,?\s?{_ROOM})?(?:\s?\([가-힣0-9, ]{{2,24}}\))?"
_ADDRESS = re.compile(
    rf"(?<![가-힣])(?:{_REGIONS}\s+{_STREET}{_DOOR}|{_REGIONS}\s+{_LOT}{_DOOR}"
    rf"|{_STREET},?\s(?:{_HOUSE}\s)?{_ROOM}|{_REGIONS}\s+{_HOUSE}\s{_ROOM}|{_HOUSE}\s\d{{1,4}}동\s?\d{{1,5}}호"
    rf"|(?<=주소[:：은는] )(?:{_STREET}))"
)


def addresses(text: str, start: int, end: int) -> Iterator[Hit]:
    """Go through addresses with a number."""
    for match in _ADDRESS.finditer(text, start, end):
        yield Hit(match.start(), match.end(), _SCORE, "STREET_ADDRESS")
