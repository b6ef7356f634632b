"""Takes findings out of texts: overlapping ones as one, by the strongest operator."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from sidecar.actions.interface import Rewriting, Scope
from sidecar.actions.operators import REVERSIBLE, Operators, rank
from sidecar.actions.pseudonyms import TEXT, Pseudonyms
from sidecar.actions.standins import Synthetics
from sidecar.types.content import Edit, Finding, Segment, Span
from sidecar.types.decisions import Redaction

_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class _Cut:
    """A span that goes, and what decides what comes in its place."""

    segment: int
    start: int
    end: int
    operator: str
    entity: str
    data_class: str


class SpanRedactor:
    """The ``Redactor``."""

    def __init__(self, pseudonyms: Pseudonyms, operators: Operators) -> None:
        self._pseudonyms = pseudonyms
        self._operators = operators

    def known(self, tenant: str, segments: Sequence[Segment]) -> Mapping[int, tuple[Span, ...]]:
        """Return the spans of pseudonyms whose check holds for this tenant, by index of the segment."""
        return self._found(tenant, segments, holding=True)

    def foreign(self, tenant: str, segments: Sequence[Segment]) -> Mapping[int, tuple[Span, ...]]:
        """Return the spans of pseudonyms that are not this tenant's, by index of the segment."""
        spans = self._found(tenant, segments, holding=False)
        coded = {
            index: tuple(span for span in found if _DIGIT.search(segments[index].text, span.start, span.end))
            for index, found in spans.items()
        }
        return {index: found for index, found in coded.items() if found}

    def _found(self, tenant: str, segments: Sequence[Segment], *, holding: bool) -> Mapping[int, tuple[Span, ...]]:
        found: dict[int, tuple[Span, ...]] = {}
        for index, segment in enumerate(segments):
            places = self._pseudonyms.find(tenant, segment.text)
            spans = tuple(Span(start, end) for start, end, holds in places if holds is holding)
            if spans:
                found[index] = spans
        return found

    def rewrite(
        self,
        segments: Sequence[Segment],
        findings: Sequence[Finding],
        redactions: Sequence[Redaction],
        scope: Scope,
        earlier: Mapping[str, str],
    ) -> Rewriting:
        """Return the edits for all findings of the classes in ``redactions``; all others stay.

        Raises:
            PolicyAnswerRefused: a redaction names an operator that does not exist, or that failed.
        """
        wanted: dict[str, str] = {}
        for redaction in redactions:
            before = wanted.setdefault(redaction.data_class, redaction.operator)
            wanted[redaction.data_class] = max(before, redaction.operator, key=rank)
        reentries = self._reentries(segments, findings, wanted, scope.tenant)
        chosen = [
            (index, finding)
            for index, finding in enumerate(findings)
            if finding.data_class in wanted
            and not finding.fixed
            and finding.start < finding.end
            and (finding.segment, finding.start, finding.end) not in reentries
        ]
        if not chosen:
            return Rewriting((), {}, {})
        cuts, operators = _merge(chosen, wanted, segments)
        cuts = sorted(
            [*cuts, *self._lookalikes(segments, cuts, scope.tenant)], key=lambda cut: (cut.segment, cut.start)
        )
        edits, values = self._fill(segments, cuts, scope, earlier)
        return Rewriting(edits, operators, values)

    def written(
        self,
        segments: Sequence[Segment],  # noqa: ARG002 - the interface's
        rewriting: Rewriting,
    ) -> Mapping[int, tuple[Span, ...]]:
        """Return where a rewriting's texts stand afterwards, by index of the segment."""
        places: dict[int, tuple[Span, ...]] = {}
        ordered = sorted(rewriting.edits, key=lambda edit: (edit.segment, edit.start))
        for index, edits in groupby(ordered, key=lambda edit: edit.segment):
            shift, spans = 0, []
            for edit in edits:
                start = edit.start + shift
                spans.append(Span(start, start + len(edit.text)))
                shift += len(edit.text) - (edit.end - edit.start)
            places[index] = tuple(spans)
        return places

    def _reentries(
        self, segments: Sequence[Segment], findings: Sequence[Finding], wanted: Mapping[str, str], tenant: str
    ) -> set[tuple[int, int, int]]:
        """Return the places of pseudonyms that a reversible operator asks for: they are there already, and stay."""
        asked = {
            finding.segment: segments[finding.segment].text
            for finding in findings
            if wanted.get(finding.data_class) in REVERSIBLE
        }
        return {
            (index, start, end)
            for index, text in asked.items()
            for start, end, holds in self._pseudonyms.find(tenant, text)
            if holds
        }

    def _lookalikes(self, segments: Sequence[Segment], cuts: Sequence[_Cut], tenant: str) -> Iterable[_Cut]:
        """Return what only looks like a pseudonym, and is not cut anyway: a stand-in brings it back unharmed."""
        taken: dict[int, list[_Cut]] = {}
        for cut in cuts:
            taken.setdefault(cut.segment, []).append(cut)
        for index, segment in enumerate(segments):
            if segment.fixed:
                continue
            others = iter(taken.get(index, ()))
            other = next(others, None)
            for start, end, holds in self._pseudonyms.find(tenant, segment.text):
                while other is not None and other.end <= start:
                    other = next(others, None)
                if not holds and (other is None or other.start >= end):
                    yield _Cut(index, start, end, "pseudonym", TEXT, "")

    def _fill(
        self, segments: Sequence[Segment], cuts: Sequence[_Cut], scope: Scope, earlier: Mapping[str, str]
    ) -> tuple[tuple[Edit, ...], Mapping[str, str]]:
        """Decide what comes in the place of each cut; return the edits, and the original by stand-in."""
        texts = [segments[cut.segment].text[cut.start : cut.end] for cut in cuts]
        asked: dict[str, list[tuple[str, str]]] = {operator: [] for operator in REVERSIBLE}
        for text, cut in zip(texts, cuts, strict=True):
            if cut.operator in asked:
                asked[cut.operator].append((text, cut.entity))
        synthetics: Mapping[str, str] = {}
        if asked["synthetic"]:
            synthetics = Synthetics(self._pseudonyms, scope, segments, earlier).assign(asked["synthetic"])
        without = [pair for pair in asked["synthetic"] if pair[0] not in synthetics]
        pseudonyms = self._pseudonyms.assign(scope, [*asked["pseudonym"], *without])
        values: dict[str, str] = {}
        edits = []
        for text, cut in zip(texts, cuts, strict=True):
            operator, params = cut.operator, {"entity": cut.entity, "data_class": cut.data_class}
            if operator in REVERSIBLE:
                operator = "synthetic" if operator == "synthetic" and text in synthetics else "pseudonym"
                params[operator] = standin = (synthetics if operator == "synthetic" else pseudonyms)[text]
                values.setdefault(standin, earlier.get(text, text))
            elif operator == "hash":
                params["digest"] = self._pseudonyms.digest(scope, text, cut.entity)
            edits.append(Edit(cut.segment, cut.start, cut.end, self._operators.operate(operator, text, params)))
        return tuple(edits), values


def _merge(
    chosen: Sequence[tuple[int, Finding]], wanted: Mapping[str, str], segments: Sequence[Segment]
) -> tuple[list[_Cut], dict[int, str]]:
    """Join findings that overlap; the one with the strongest operator, then the longest, gives class and entity."""
    cuts: list[_Cut] = []
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
        _, lead = max(group, key=lambda pair: (*rank(wanted[pair[1].data_class]), pair[1].end - pair[1].start))
        operator = wanted[lead.data_class]
        operators |= {index: operator for index, _ in group}
        start, end = _trimmed(segments[first.segment].text, first.start, end)
        cuts.append(_Cut(first.segment, start, end, operator, lead.entity, lead.data_class))
    return cuts, operators


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave blanks around a value where they are, so that the way back is exact."""
    inner = text[start:end]
    if not inner.strip():
        return start, end
    return start + len(inner) - len(inner.lstrip()), end - (len(inner) - len(inner.rstrip()))
