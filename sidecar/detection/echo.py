"""A value that was recognized once is recognized wherever it stands in a request.

A letter says "Dear Ms. Kowalska" once and "Kowalska has not paid" later; a table shows an account's number without
the word that told what it is. What one place told holds for all places: for names also by their parts, in capitals, and
with a possessive; words of the language, such as Mark or Young, are left alone when they stand by themselves.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import re2

from sidecar.detection.recognizers.name_lists import name_words
from sidecar.detection.spans import Sighting

PERSON = "PERSON"
MOST_VALUES = 4_000  # different ones in a request that are looked for
LEAST_LETTERS = 5  # of a value that is no name: "1234" stands everywhere
LEAST_PART = 3  # of a name
LEAST_IDEOGRAPHS = 2
_LONGEST = 200
# What is somebody's only where it stands, and what is a legend of the whole text.
_NOT_ECHOED = frozenset(
    {"AGE", "CARD_VERIFICATION", "CONFIDENTIALITY_MARKING", "EXPORT_CONTROL_MARKING", "LOCATION", "NRP", "IP_ADDRESS"}
)
_WITHOUT_BLANKS = 0x2E80  # first code point of scripts whose words stand without blanks between them


@dataclass(slots=True)
class Echoes:
    """Values of one request, ready to be looked for."""

    _by_value: dict[str, Sighting]
    _pattern: Any

    @classmethod
    def of(cls, texts: Sequence[str], sightings: Mapping[int, Sequence[Sighting]]) -> "Echoes | None":
        """Take the values of what was found; None where there is nothing to look for."""
        values: dict[str, Sighting] = {}
        for segment, found in sightings.items():
            for one in found:
                for value in _values(texts[segment][one.start : one.end], one):
                    known = values.get(value)
                    if known is None or (known.bare and not one.bare):
                        values[value] = one
        if not values:
            return None
        kept = sorted(values, key=lambda value: (-len(value), value))[:MOST_VALUES]
        options = re2.Options()
        options.log_errors = False
        options.max_mem = 64 << 20
        return cls({value: values[value] for value in kept}, re2.compile("|".join(map(re2.escape, kept)), options))

    def within(self, text: str, known: Sequence[Sighting]) -> Iterator[Sighting]:
        """Go through the places of a text where one of the values stands as a whole and is not ``known``, in order."""
        place = 0
        for match in self._pattern.finditer(text):
            start, end = match.span()
            while place < len(known) and known[place].end <= start:
                place += 1
            covered = place < len(known) and known[place].start <= start and known[place].end >= end
            if not covered and _stands_alone(text, start, end):
                yield replace(self._by_value[match[0]], start=start, end=end)

    def owned(self, text: str, sighting: Sighting) -> Sighting:
        """Return a bare name as somebody's, where another place said whose it is."""
        if not sighting.bare or sighting.entity != PERSON:
            return sighting
        known = self._by_value.get(text[sighting.start : sighting.end])
        return sighting if known is None or known.bare else replace(sighting, bare=False)


def _values(value: str, sighting: Sighting) -> Iterator[str]:
    """Go through what is looked for because of one finding."""
    if sighting.entity in _NOT_ECHOED or len(value) > _LONGEST:
        return
    if sighting.entity != PERSON:
        if len(value) >= LEAST_LETTERS and any(not letter.isalpha() for letter in value):
            yield value
        return
    words = value.split()
    if len(words) > 1:
        yield from {value, value.upper(), value.lower(), value.title()}
    for word in words:
        part = word.strip(".,'’\"")
        if _is_telling(part):
            yield from {part, part.upper(), part.capitalize() if part.isupper() else part}


def _is_telling(part: str) -> bool:
    """Whether a part of a name is no word of the language, nor an initial."""
    if part and ord(part[0]) >= _WITHOUT_BLANKS:
        return len(part) >= LEAST_IDEOGRAPHS
    return len(part) >= LEAST_PART and part[0].isupper() and part.lower() not in name_words()


def _stands_alone(text: str, start: int, end: int) -> bool:
    if ord(text[start]) >= _WITHOUT_BLANKS:
        return True
    return not (start and _is_inner(text[start - 1])) and not (end < len(text) and _is_inner(text[end]))


def _is_inner(letter: str) -> bool:
    return (letter.isalnum() and ord(letter) < _WITHOUT_BLANKS) or letter == "_"
