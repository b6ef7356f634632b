"""Names of persons in Japanese: what announces them, and whether one stands bare."""

import re
from collections.abc import Iterator

from sidecar.detection.languages.words import Words
from sidecar.detection.recognizers.scanner import Hit
from sidecar.detection.scripts import HAN

BEFORE, AFTER = 20, 14  # code points around a name that can tell whose it is

_WORDS = Words.load("japanese")
_SCORE = 0.8
_OPEN = r"[\s　:：=,、（(「『\"'|*]*"
_NAME = rf"[{HAN}]{{1,4}}[ 　]?[{HAN}]{{1,3}}|[ァ-ヺー・]{{3,20}}"
_LABELED = re.compile(rf"{_WORDS.any('labels')}[ 　]*[\"']?[:：=|][ 　]*[\"'「]?({_NAME})(?![{HAN}ァ-ヺー])")
_TITLE = re.compile(_WORDS.any("titles"))
_ROLE = re.compile(rf"{_WORDS.any('labels', 'ties')}様?")
_OWNED_BEFORE = re.compile(
    rf"(?:{_WORDS.any('introductions')}|{_WORDS.any('labels')}(?:は|の)?"
    rf"|(?:私|僕|弊社|当社|うち|彼|彼女)の{_WORDS.any('ties')}の?|{_WORDS.any('ties')}の){_OPEN}$"
)
_OWNED_AFTER = re.compile(
    rf"{_WORDS.any('titles')}|の[{HAN}]{{0,2}}{_WORDS.any('belongings')}|{_WORDS.any('after')}"
    r"|[\s　（(、]*\d{1,3}歳|[\s　（(、]*[男女]性?[）)、]|[\s　|（(:：]*0[789]0[-－]?\d{4}"
)


def announced(text: str, start: int, end: int) -> Iterator[Hit]:
    """Go through names that stand behind a label."""
    for match in _LABELED.finditer(text, start, end):
        yield Hit(match.start(1), match.end(1), _SCORE, "PERSON")


def trimmed(text: str, hit: Hit) -> Hit | None:
    """Return a name without a title; None where it is a role, or a family name of one letter without a title."""
    start, end = hit.start, hit.end
    name = text[start:end]
    if _ROLE.fullmatch(name) or _TITLE.fullmatch(name):
        return None
    return hit


def is_bare(text: str, start: int, end: int) -> bool:
    """Whether no title, role or relation to the writer stands around a name."""
    before = text[max(0, start - BEFORE) : start]
    return not (_OWNED_BEFORE.search(before) or _OWNED_AFTER.match(text[end : end + AFTER]))
