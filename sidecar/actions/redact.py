"""Takes findings out of texts: overlapping ones as one, by the strongest operator."""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from sidecar.actions.cuts import Cut, merged
from sidecar.actions.filling import Filler
from sidecar.actions.interface import Rewriting, Scope
from sidecar.actions.operators import REVERSIBLE, Operators, rank
from sidecar.actions.pseudonyms import TEXT, Pseudonyms
from sidecar.types.content import Direction, Finding, Segment, Span
from sidecar.types.decisions import Redaction

_DIGIT = re.compile(r"\d")


class SpanRedactor:
    """The ``Redactor``."""

    def __init__(self, pseudonyms: Pseudonyms, operators: Operators) -> None:
        self._pseudonyms = pseudonyms
        self._filler = Filler(pseudonyms, operators)

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
        *,
        scope: Scope,
        earlier: Mapping[str, str],
        direction: Direction = Direction.REQUEST,
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
        cuts, operators = merged(chosen, wanted, segments)
        if direction is Direction.REQUEST:
            cuts = [*cuts, *self._lookalikes(segments, cuts, scope.tenant)]
            cuts.sort(key=lambda cut: (cut.segment, cut.start))
        edits, values = self._filler.fill(segments, cuts, scope, earlier)
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

    def _lookalikes(self, segments: Sequence[Segment], cuts: Sequence[Cut], tenant: str) -> Iterable[Cut]:
        """Return what only looks like a pseudonym, and is not cut anyway: a stand-in brings it back unharmed."""
        taken: dict[int, list[Cut]] = {}
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
                    yield Cut(index, start, end, "pseudonym", TEXT, "")
