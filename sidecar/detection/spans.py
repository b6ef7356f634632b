"""Findings of one text made disjoint."""

import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sidecar.detection.classes import UNCLASSIFIED
from sidecar.types.content import Span


@dataclass(frozen=True, slots=True)
class Sighting:
    """A finding before it knows its body: offsets are the text's own."""

    start: int
    end: int
    entity: str
    data_class: str
    score: float
    recognizer: str
    bare: bool = False

    def between(self, start: int, end: int) -> "Sighting":
        """Return the same at another place."""
        if start == self.start and end == self.end:
            return self
        return Sighting(start, end, self.entity, self.data_class, self.score, self.recognizer, self.bare)


def disjoint(sightings: Sequence[Sighting], rank: Mapping[str, int], text: str) -> tuple[Sighting, ...]:
    """Return sightings that do not overlap, in order of their start.

    The class that stands earlier in the order keeps the place, then the higher score, then the longer span, then the
    earlier one, then the entity's name. What loses keeps its longest free side, unless nothing is left of it but blanks
    and punctuation. A side that borders on a sighting of the same entity becomes part of it.
    """
    lowest = rank.get(UNCLASSIFIED, len(rank))
    starts: list[int] = []
    taken: list[Sighting] = []
    for sighting in sorted(
        sightings,
        key=lambda one: (rank.get(one.data_class, lowest), -one.score, one.start - one.end, one.start, one.entity),
    ):
        place = bisect.bisect_right(starts, sighting.start)
        if place and taken[place - 1].end > sighting.start:
            place -= 1
        rest = _longest_side(sighting, taken, place)
        if rest is None or (
            rest is not sighting and not any(letter.isalnum() for letter in text[rest.start : rest.end])
        ):
            continue
        place = bisect.bisect_right(starts, rest.start)
        if rest is not sighting and _joined(rest, taken, starts, place):
            continue
        starts.insert(place, rest.start)
        taken.insert(place, rest)
    return tuple(taken)


def inset(sightings: Sequence[Sighting], words: Sequence[Sighting], text: str) -> tuple[Sighting, ...]:
    """Return disjoint sightings with disjoint words set into them, in order.

    What a word lies in keeps everything beside it: nothing is lost for the word's sake.
    """
    ends = [word.end for word in words]
    pieces = list(words)
    for one in sightings:
        start, place = one.start, bisect.bisect_right(ends, one.start)
        if place == len(words) or words[place].start >= one.end:
            pieces.append(one)
            continue
        while place < len(words) and words[place].start < one.end:
            pieces.append(one.between(start, max(start, words[place].start)))
            start, place = words[place].end, place + 1
        pieces.append(one.between(start, max(start, one.end)))
    pieces = [one for one in pieces if any(letter.isalnum() for letter in text[one.start : one.end])]
    return tuple(sorted(pieces, key=lambda one: one.start))


def beside(sighting: Sighting, hidden: Sequence[Span]) -> Sighting | None:
    """Return the longest side of a sighting that no hidden span covers; None where there is none."""
    return _longest_side(
        sighting, sorted((one for one in hidden if one.end > sighting.start), key=lambda one: one.start), 0
    )


def _longest_side(sighting: Sighting, taken: Sequence[Sighting | Span], place: int) -> Sighting | None:
    best: tuple[int, int] | None = None
    start = sighting.start
    while start < sighting.end:
        blocker = taken[place] if place < len(taken) and taken[place].start < sighting.end else None
        end = sighting.end if blocker is None else max(start, blocker.start)
        if end > start and (best is None or end - start > best[1] - best[0]):
            best = (start, end)
        if blocker is None:
            break
        start = max(start, blocker.end)
        place += 1
    return None if best is None else sighting.between(*best)


def _joined(rest: Sighting, taken: list[Sighting], starts: list[int], place: int) -> bool:
    if place and taken[place - 1].end == rest.start and taken[place - 1].entity == rest.entity:
        winner = taken[place - 1]
        taken[place - 1] = replace(winner, end=rest.end, bare=winner.bare and rest.bare)
        return True
    if place < len(taken) and taken[place].start == rest.end and taken[place].entity == rest.entity:
        winner = taken[place]
        taken[place] = replace(winner, start=rest.start, bare=winner.bare and rest.bare)
        starts[place] = rest.start
        return True
    return False
