"""Joins findings into the spans that go from a text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sidecar.actions.operators import rank
from sidecar.types.content import Finding, Segment


@dataclass(frozen=True, slots=True)
class Cut:
    """A span that goes, and what decides what comes in its place."""

    segment: int
    start: int
    end: int
    operator: str
    entity: str
    data_class: str


def merged(
    chosen: Sequence[tuple[int, Finding]], wanted: Mapping[str, str], segments: Sequence[Segment]
) -> tuple[list[Cut], dict[int, str]]:
    """Join findings that overlap; the one with the strongest operator, then the longest, gives class and entity."""

    def strength(finding: Finding) -> tuple[int, int, int]:
        return *rank(wanted[finding.data_class]), finding.end - finding.start

    cuts: list[Cut] = []
    operators: dict[int, str] = {}
    ordered = sorted(chosen, key=lambda pair: (pair[1].segment, pair[1].start, pair[1].end))
    position = 0
    while position < len(ordered):
        first = ordered[position][1]
        end, group = first.end, []
        while position < len(ordered):
            index, finding = ordered[position]
            if finding.segment != first.segment or finding.start >= end:
                break
            group.append((index, finding))
            end = max(end, finding.end)
            position += 1
        lead = max(group, key=lambda pair: strength(pair[1]))[1] if len(group) > 1 else first
        operator = wanted[lead.data_class]
        operators.update((index, operator) for index, _ in group)
        start, end = _trimmed(segments[first.segment].text, first.start, end)
        cuts.append(Cut(first.segment, start, end, operator, lead.entity, lead.data_class))
    return cuts, operators


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave blanks around a value where they are, so that the way back is exact."""
    inner = text[start:end]
    if not inner.strip():
        return start, end
    return start + len(inner) - len(inner.lstrip()), end - (len(inner) - len(inner.rstrip()))
