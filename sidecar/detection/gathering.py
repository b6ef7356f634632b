"""Readings of windows, in order, to one inspection of all texts."""

from collections.abc import Iterator, Mapping, Sequence

from sidecar.detection.echo import Echoes
from sidecar.detection.engine import Reading
from sidecar.detection.joints import Joint
from sidecar.detection.spans import Sighting, beside, disjoint
from sidecar.detection.windows import Window
from sidecar.types.content import Complete, Finding, Inspection, Missing, Partial, Span

FINDINGS_BUDGET = 100_000  # findings of one request; what lies beyond makes the inspection partial


class Gathering:
    """What is known of a request's texts so far."""

    def __init__(self, texts: Sequence[str], hidden: Mapping[int, Sequence[Span]], rank: Mapping[str, int]) -> None:
        self._texts = texts
        self._hidden = hidden
        self._rank = rank
        self._sightings: dict[int, list[Sighting]] = {}
        self._parts: dict[int, list[Sighting]] = {}
        self._count = 0
        self._missing: list[Missing] = []
        self._languages: set[str] = set()
        self._markings: set[str] = set()

    @property
    def full(self) -> bool:
        """Whether there are as many findings as a request may have, so that nothing more is looked at."""
        return self._count > FINDINGS_BUDGET

    def add(self, window: Window, reading: Reading | None) -> None:
        """Take what one window held; None where it was not asked, or there is no room: both are noted."""
        if reading is None:
            self._skip(window)
            return
        if self._count + len(reading.sightings) > FINDINGS_BUDGET:
            self._count = FINDINGS_BUDGET + 1
        if self.full:
            self._skip(window)
            return
        self._count += len(reading.sightings)
        self._missing += (
            Missing(window.segment, window.offset + gap.start, window.offset + gap.end, gap.detector)
            for gap in reading.missing
        )
        self._languages |= reading.languages
        self._markings |= reading.markings
        sightings = self._sightings.setdefault(window.segment, [])
        hidden, text = self._hidden.get(window.segment, ()), self._texts[window.segment]
        for one in reading.sightings:
            moved = one.between(one.start + window.offset, one.end + window.offset)
            for rest in _visible(moved, hidden, text):
                # One that reaches over the end of its own window may have been seen in the next one too.
                previous = sightings[-1].end if sightings else 0
                if rest.end > previous:
                    sightings.append(rest.between(max(rest.start, previous), rest.end))

    def _skip(self, window: Window) -> None:
        """Note that there was no room for what a window held."""
        start, end = window.offset + window.start, window.offset + window.end
        self._missing.append(Missing(window.segment, start, end, "findings"))

    def join(self, joint: Joint, reading: Reading) -> None:
        """Take the parts of values that are split over neighboring texts."""
        for piece in joint.pieces:
            self._missing += (
                Missing(piece.segment, piece.start, piece.start + piece.length, gap.detector) for gap in reading.missing
            )
        for parts in joint.split(reading.sightings):
            if not any(self._is_whole(segment, part) for segment, part in parts.items()):
                for segment, part in parts.items():
                    self._parts.setdefault(segment, []).append(part)

    def echo(self) -> None:
        """Find what one place told in all other places too, and let a name be somebody's everywhere if it is once."""
        echoes = Echoes.of(self._texts, self._sightings)
        if echoes is None:
            return
        for segment, text in enumerate(self._texts):
            known = [echoes.owned(text, one) for one in self._sightings.get(segment, ())]
            hidden = self._hidden.get(segment, ())
            heard = [rest for one in echoes.within(text, known) for rest in _visible(one, hidden, text)]
            self._count += len(heard)
            if self.full:
                self._missing.append(Missing(segment, 0, len(text), "findings"))
                return
            self._sightings[segment] = list(disjoint([*known, *heard], self._rank, text)) if heard else known

    def _is_whole(self, segment: int, part: Sighting) -> bool:
        """Whether a text alone already holds such a value there: then what its neighbor would add is a stranger."""
        return any(
            one.entity == part.entity and one.start < part.end and part.start < one.end
            for one in self._sightings.get(segment, ())
        )

    def inspection(self, known: frozenset[str]) -> Inspection:
        """Return it all; ``known`` are the languages that names are read in."""
        for segment, parts in self._parts.items():
            hidden, text = self._hidden.get(segment, ()), self._texts[segment]
            visible = [rest for part in parts for rest in _visible(part, hidden, text)]
            self._sightings[segment] = list(disjoint([*self._sightings.get(segment, ()), *visible], self._rank, text))
        findings = tuple(
            Finding(
                segment=segment,
                start=one.start,
                end=one.end,
                entity=one.entity,
                data_class=one.data_class,
                score=one.score,
                recognizer=one.recognizer,
                bare=one.bare,
            )
            for segment in sorted(self._sightings)
            for one in self._sightings[segment]
        )
        seen, unsupported = tuple(sorted(self._languages)), tuple(sorted(self._languages - known))
        markings = tuple(sorted(self._markings))
        if self._missing:
            return Partial(findings, _coalesced(self._missing), seen, unsupported, markings)
        return Complete(findings, seen, unsupported, markings)


def _visible(sighting: Sighting, hidden: Sequence[Span], text: str) -> Iterator[Sighting]:
    """Go through what no hidden span covers of a sighting: its longest side, or nothing."""
    rest = beside(sighting, hidden)
    if rest is not None and (rest is sighting or any(letter.isalnum() for letter in text[rest.start : rest.end])):
        yield rest


def _coalesced(missing: Sequence[Missing]) -> tuple[Missing, ...]:
    """Return what is missing with neighbors joined, in order."""
    joined: list[Missing] = []
    for one in sorted(missing, key=lambda one: (one.detector, one.segment, one.start)):
        last = joined[-1] if joined else None
        if last and (last.detector, last.segment) == (one.detector, one.segment) and last.end >= one.start:
            joined[-1] = Missing(one.segment, last.start, max(last.end, one.end), one.detector)
        else:
            joined.append(one)
    return tuple(sorted(joined, key=lambda one: (one.segment, one.start, one.detector)))
