"""What belongs to somebody because of what stands around it.

A city, an age or a nationality is nobody's data by itself. It is somebody's where a sentence says who lives there,
where it stands close to what names or reaches a person, and where it is part of a postal address.
"""

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from importlib import resources

import yaml

from sidecar.detection.recognizers.address import part_after, part_before
from sidecar.detection.seen import Seen
from sidecar.detection.spans import Sighting

ADDRESS, PLACE = "STREET_ADDRESS", "LOCATION"
NEAR = 60  # code points between a place and somebody
BEFORE, AFTER = 90, 24  # code points that are read around it
_GAP = frozenset(" ,\r\n\t>|?*")
_WIDEST_GAP = 10
_MOST_STEPS = 6
_JOINED_SCORE = 0.6

_WORDS: Mapping[str, list[str]] = yaml.safe_load(
    resources.files("sidecar.detection").joinpath("data/ties.yaml").read_text(encoding="utf-8")
)


def _any(*keys: str) -> str:
    return "(?:" + "|".join(words for key in keys for words in _WORDS[key]) + ")"


_PLACE_BEFORE = re.compile(
    r"(?i:\b(?:I|we)(?: am| are|['’]m|['’]re) (?:now |currently )?(?:in|near|at)\s+$)"
    rf"|(?i:\b{_any('who')}\b[^.!?\n]{{0,60}}?\b{_any('lives')}(?: (?:here|there|back|over))?,?"
    r" (?:in|at|from|to|near|outside)\s+(?:the )?$)"
    rf"|(?im:^[\s\"'>|*{{-]*{_any('place_labels')}[\"'*]*\s*[:=|]\s*[\"'*]*$)"
)
_AGE_BEFORE = re.compile(
    rf"(?i:\b{_any('who', 'persons')}\b(?:[^.!?\n]{{0,30}}|[^.!?\n]{{0,60}}\band (?:i am|i['’]m) )$)"
)
_AGE_AFTER = re.compile(rf"(?i:[- ]{_any('ages')}[- ,]+{_any('persons')}\b)")
_NATIONAL_BEFORE = re.compile(
    rf"(?i:\b{_any('belongs')}\b[\"'*]*\s*[:=|]?\s*[\"'*]*(?:an? |the )?(?:proud |devout |practicing |ethnically )?$)"
)
_SENTENCE_END = re.compile(r"[.!?]\s+[A-Z]|\n\s*\n")


def with_places(seen: Sequence[Seen], view: bytes) -> list[Seen]:
    """Return what was seen with every address grown over the places and postcodes that border on it."""
    places = sorted((one for one in seen if one.entity == PLACE), key=lambda one: one.start)
    if not places or not any(one.entity == ADDRESS for one in seen):
        return list(seen)
    return [_grown(one, places, view) if one.entity == ADDRESS else one for one in seen]


def is_tied(one: Seen, text: str, owners: Sequence[Sighting]) -> bool:
    """Whether a place, an age or a nationality is somebody's. ``owners`` name or reach persons, in order of start."""
    before, after = text[max(0, one.start - BEFORE) : one.start], text[one.end : one.end + AFTER]
    if one.entity == "AGE":
        return bool(_AGE_BEFORE.search(before) or _AGE_AFTER.match(after)) or _is_near(one, text, owners)
    if one.entity == "NRP":
        return bool(_NATIONAL_BEFORE.search(before))
    return bool(_PLACE_BEFORE.search(before)) or _is_near(one, text, owners)


def _is_near(one: Seen, text: str, owners: Sequence[Sighting]) -> bool:
    place = bisect_left(owners, one.start, key=lambda owner: owner.start)
    return any(
        _close(text, *sorted(((one.start, one.end), (owner.start, owner.end))))
        for owner in owners[max(0, place - 1) : place + 1]
    )


def _close(text: str, first: tuple[int, int], second: tuple[int, int]) -> bool:
    return second[0] - first[1] <= NEAR and not _SENTENCE_END.search(text[first[1] : second[0] + 1])


def _grown(address: Seen, places: Sequence[Seen], view: bytes) -> Seen:
    start, end = address.start, address.end
    for _ in range(_MOST_STEPS):
        grown = part_after(
            view,
            max(
                (
                    one.end
                    for one in places
                    if one.start <= end + _WIDEST_GAP and one.end > end and _is_gap(view, end, one.start)
                ),
                default=end,
            ),
        )
        before = part_before(
            view,
            min(
                (
                    one.start
                    for one in places
                    if one.end >= start - _WIDEST_GAP and one.start < start and _is_gap(view, one.end, start)
                ),
                default=start,
            ),
        )
        if (before, grown) == (start, end):
            break
        start, end = before, grown
    return (
        address
        if (start, end) == address[2:4]
        else address._replace(start=start, end=end, score=max(address.score, _JOINED_SCORE))
    )


def _is_gap(view: bytes, start: int, end: int) -> bool:
    return all(chr(letter) in _GAP for letter in view[start:end])
