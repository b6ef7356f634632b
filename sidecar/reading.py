"""Reads a body and looks at its texts: the two steps that the first look and the second have in common."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sidecar.aside import INLINE_BYTES, aside
from sidecar.clock import Deadline
from sidecar.detection.interface import Offload
from sidecar.payload.interface import Body, Payloads
from sidecar.snapshot import Snapshot
from sidecar.stopwatch import Stopwatch
from sidecar.types.content import Direction, Finding, Format, Inspection, Segment, Span
from sidecar.types.tenants import Tenant

PSEUDONYM = "PSEUDONYM"


class Reader:
    """Bodies to segments, segments to findings."""

    def __init__(self, *, payloads: Payloads, offload: Offload) -> None:
        self._payloads = payloads
        self._offload = offload

    async def read(self, form: Format, direction: Direction, raw: bytes, deadline: Deadline, watch: Stopwatch) -> Body:
        """Read a body, in a worker where it is large."""
        with watch.parse:
            if len(raw) <= INLINE_BYTES:
                return self._payloads.read(form, direction, raw)
            return await self._offload(self._payloads.read, form, direction, raw, deadline=deadline)

    async def inspect(
        self,
        snapshot: Snapshot,
        tenant: Tenant,
        segments: Sequence[Segment],
        *,
        which: Sequence[int],
        written: Mapping[int, Sequence[Span]],
        deadline: Deadline,
        watch: Stopwatch,
    ) -> Inspection:
        """Look at the segments ``which``; findings carry their index among all segments.

        ``written`` spans are hidden and nothing; pseudonyms whose check holds are hidden and pseudonymized data.
        """
        with watch.detect:
            chosen = [segments[index] for index in which]
            size = sum(len(segment.text) for segment in chosen)
            known = await aside(size, snapshot.redactor.known, tenant.id, chosen)
            ours = [set(written.get(index, ())) for index in which]
            hidden = {
                place: [*known.get(place, ()), *(ours[place] - set(known.get(place, ())))]
                for place in range(len(chosen))
            }
            seen = await snapshot.detector.inspect(
                [segment.text for segment in chosen],
                tenant=tenant.id,
                deadline=deadline,
                hidden={place: sorted(spans, key=lambda span: span.start) for place, spans in hidden.items() if spans},
            )
        findings = [replace(finding, segment=which[finding.segment]) for finding in seen.findings]
        for place, spans in known.items():
            findings.extend(_reentry(which[place], span) for span in spans if span not in ours[place])
        findings.sort(key=lambda finding: (finding.segment, finding.start, finding.end))
        return replace(seen, findings=tuple(findings))


def _reentry(segment: int, span: Span) -> Finding:
    """Return the finding for a pseudonym of an earlier decision that came back in this body."""
    return Finding(
        segment=segment,
        start=span.start,
        end=span.end,
        entity=PSEUDONYM,
        data_class="pseudonymized",
        score=1.0,
        recognizer="pseudonyms",
    )
