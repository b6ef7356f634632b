"""Reads a body and looks at its texts: the two steps that the first look and the second have in common."""

import itertools
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from sidecar.aside import INLINE_BYTES, aside
from sidecar.clock import Deadline
from sidecar.detection.interface import Offload
from sidecar.errors import DeadlinePassed, DetectionUnavailable
from sidecar.payload.interface import Body, Payloads
from sidecar.snapshot import Snapshot
from sidecar.stopwatch import Stopwatch
from sidecar.types.content import Direction, Finding, Format, Inspection, Opened, Segment, Span
from sidecar.types.tenants import Tenant

PSEUDONYM = "PSEUDONYM"
FOREIGN_PSEUDONYM = "FOREIGN_PSEUDONYM"
_CLASSES = {PSEUDONYM: "pseudonymized", FOREIGN_PSEUDONYM: "foreign_pseudonym"}
OPENING_SECONDS = 5.0  # for one file: pages and sizes are counted before, and a hundred pages take two
# Where the formats keep what is said: whole messages, or their parts.
_SAID = re.compile(r"/(?:messages|input|contents|chat_history)/\d+/(?:message|content|(?:content|parts)/\d+/text)")


class Reader:
    """Bodies to segments, segments to findings."""

    def __init__(self, *, payloads: Payloads, offload: Offload) -> None:
        self._payloads = payloads
        self._offload = offload

    async def read(
        self,
        form: Format,
        direction: Direction,
        raw: bytes,
        deadline: Deadline,
        watch: Stopwatch,
        *,
        before: Body | None = None,
    ) -> Body:
        """Read a body, in a worker where it is large, and open the files in it.

        ``before`` is the body as it was before an edit: files that it had need not be opened again.
        """
        with watch.parse:
            if len(raw) <= INLINE_BYTES:
                body = self._payloads.read(form, direction, raw)
            else:
                body = await self._offload(self._payloads.read, form, direction, raw, deadline=deadline)
            known = before.files if before is not None else {}
            files = {}
            for attachment in dict.fromkeys(body.attachments):
                files[attachment] = (
                    known[attachment] if attachment in known else await self._opened(attachment, deadline)
                )
            return body.with_files(files) if files else body

    async def _opened(self, attachment: str, deadline: Deadline) -> Opened | None:
        """Return what a file says; None where it cannot be vouched for: a parser that breaks or hangs says nothing.

        Raises:
            DeadlinePassed: the caller's deadline came first.
        """
        try:
            return await self._offload(self._payloads.opened, attachment, deadline=deadline.within(OPENING_SECONDS))
        except (DetectionUnavailable, DeadlinePassed):
            if deadline.passed:
                raise
            return None

    async def inspect(
        self,
        snapshot: Snapshot,
        tenant: Tenant,
        segments: Sequence[Segment],
        *,
        direction: Direction,
        which: Sequence[int],
        written: Mapping[int, Sequence[Span]],
        deadline: Deadline,
        watch: Stopwatch,
    ) -> Inspection:
        """Look at the segments ``which``; findings carry their index among all segments.

        ``written`` spans are hidden and nothing; pseudonyms whose check holds are hidden and pseudonymized data. In a
        reply, those whose check does not hold are another tenant's: what they hide is looked at like any text.
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
                threads=_threads(segments, which),
                additions=tenant.detection,
            )
        findings = [replace(finding, segment=which[finding.segment]) for finding in seen.findings]
        for place, spans in known.items():
            findings += [_pseudonym(which[place], span, PSEUDONYM) for span in spans if span not in ours[place]]
        if direction is Direction.RESPONSE:
            foreign = await aside(size, snapshot.redactor.foreign, tenant.id, chosen)
            for place, spans in foreign.items():
                findings += [_pseudonym(which[place], span, FOREIGN_PSEUDONYM) for span in spans]
        findings = [replace(finding, fixed=segments[finding.segment].fixed) for finding in findings]
        findings.sort(key=lambda finding: (finding.segment, finding.start, finding.end))
        return replace(seen, findings=tuple(findings))


def _threads(segments: Sequence[Segment], which: Sequence[int]) -> list[list[int]]:
    """Return the places, within ``which``, of what was said in turn: all turns, and every second one.

    Between two messages of one speaker there is mostly an answer. What is a key, an argument of a tool or a field of
    a document within a message was not said.
    """
    strings = Counter(segment.pointer for segment in segments)
    said = {
        index: order
        for order, index in enumerate(
            index
            for index, segment in enumerate(segments)
            if not segment.in_key and strings[segment.pointer] == 1 and _SAID.fullmatch(segment.pointer)
        )
    }
    places = {said[index]: place for place, index in enumerate(which) if index in said}
    return [[places[order] for order in run] for step in (1, 2) for run in _runs(places, step) if len(run) > 1]


def _runs(orders: Collection[int], step: int) -> Iterator[Sequence[int]]:
    """Go through the longest runs of numbers that are ``step`` apart."""
    for first in sorted(orders):
        if first - step not in orders:
            after = next(last for last in itertools.count(first, step) if last not in orders)
            yield range(first, after, step)


def _pseudonym(segment: int, span: Span, entity: str) -> Finding:
    """Return the finding for a pseudonym that this decision did not write: the tenant's own, or a foreign one."""
    return Finding(
        segment=segment,
        start=span.start,
        end=span.end,
        entity=entity,
        data_class=_CLASSES[entity],
        score=1.0,
        recognizer="pseudonyms",
    )
