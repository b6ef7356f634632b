"""Addresses in Japanese: prefecture, town, block and house, and what leads to a door."""

import re
from collections.abc import Iterator

from sidecar.detection.languages.words import Words
from sidecar.detection.recognizers.scanner import Hit
from sidecar.detection.scripts import HAN

_WORDS = Words.load("japanese")
_SCORE = 0.75
_NUMBER = r"(?:[0-9０-９]{1,5}|[一二三四五六七八九十]{1,3})"
_CODE = r"〒?\s?[0-9０-９]{3}[-－ー−][0-9０-９]{4}[\s　]*"
_TOWN = rf"[{HAN}ァ-ヺーヶ]{{1,6}}[市区町村郡]"
_NAME = rf"[{HAN}ぁ-ゖァ-ヺーヶ]{{0,16}}?"
_DASH = r"[-－ー−‐の]"
_BLOCK = rf"{_NUMBER}(?:(?:丁目|番地?|号|{_DASH}){_NUMBER}?){{1,4}}"
_BUILDING = rf"[ 　]?[ァ-ヺー{HAN}A-Za-z]{{1,16}}?{_WORDS.any('buildings')}[ 　]?(?:[0-9０-９]{{1,4}}(?:号室?|F|階)?)?"
_ROOM = rf"(?:{_BUILDING}|[ 　]?[0-9０-９]{{1,4}}号室)"
_ADDRESS = re.compile(
    rf"(?:{_CODE})?{_WORDS.any('prefectures')}[ 　]?(?:{_TOWN})?{_NAME}(?:{_BLOCK}|[0-9０-９]{{1,5}})(?:{_ROOM})?"
    rf"|(?:{_CODE})?{_TOWN}{_NAME}{_BLOCK}(?:{_ROOM})?"
)


def addresses(text: str, start: int, end: int) -> Iterator[Hit]:
    """Go through addresses with a number."""
    for match in _ADDRESS.finditer(text, start, end):
        yield Hit(match.start(), match.end(), _SCORE, "STREET_ADDRESS")
