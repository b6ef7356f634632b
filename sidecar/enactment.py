"""Carries a decision out on the body, and asks again about what remains of it.

After redaction the new body is read and inspected like any other. What this decision wrote, and pseudonyms whose
check holds, are hidden from the detectors; new findings of a class that had to go are taken out the same way. Only an
allow of what then remains lets the body go.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import assert_never

from sidecar import facts
from sidecar.actions.interface import Rewriting, Scope
from sidecar.aside import aside
from sidecar.candidates import Shortlist
from sidecar.clock import Deadline
from sidecar.errors import BadRequest, PolicyAnswerRefused
from sidecar.payload.interface import Body
from sidecar.reading import PSEUDONYM, Reader
from sidecar.snapshot import Snapshot
from sidecar.stopwatch import Stopwatch
from sidecar.types.content import Complete, Finding, Inspection, Partial, Span
from sidecar.types.decisions import Allow, Block, Decision, Grounds, Reason, Redact, Reroute, Severity
from sidecar.types.requests import Action, InspectionRequest
from sidecar.types.targets import Card
from sidecar.types.tenants import Tenant

MAX_ROUNDS = 3  # the redaction itself, and two more for what only shows once something is gone
LINKABLE = frozenset({"pseudonym", "synthetic", "hash"})  # operators whose result is still pseudonymized data


@dataclass(frozen=True, slots=True)
class Look:
    """A body, and what it holds."""

    body: Body
    inspection: Inspection
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One request as far as it has come when the decision is there."""

    snapshot: Snapshot
    tenant: Tenant
    request: InspectionRequest
    requested: Card
    shortlist: Shortlist
    first: Look
    half: facts.RequestHalf
    scope: Scope
    deadline: Deadline
    watch: Stopwatch


@dataclass(frozen=True, slots=True, kw_only=True)
class Enacted:
    """What is to be forwarded, or that nothing is. ``values`` are text: sealed, never logged or recorded."""

    decision: Decision
    """As it ended: a block where the second look did not let the body go."""
    residual: tuple[Reason, ...] = ()
    """What stood against the redacted body."""
    action: Action
    body: bytes = b""
    card: Card | None = None
    operators: Mapping[int, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)


class Enactor:
    """Takes decisions apart, in the one place where that is done."""

    def __init__(self, *, reader: Reader) -> None:
        self._reader = reader

    async def enact(self, case: Case, decision: Decision, *, ask: bool) -> Enacted:
        """Carry ``decision`` out. ``ask`` false performs again what policy already allowed, without asking it."""
        match decision:
            case Allow():
                return Enacted(decision=decision, action=Action.ALLOW, body=case.request.body, card=case.requested)
            case Redact():
                return await self._redacted(case, decision, case.requested, ask=ask)
            case Reroute(target=target, redactions=redactions):
                card = next(card for card in case.shortlist.cards if card.id == target)
                if redactions:
                    return await self._redacted(case, decision, card, ask=ask)
                renamed = _renamed(case, case.first.body, card)
                return Enacted(decision=decision, action=Action.REROUTE, body=renamed, card=card)
            case Block():
                return Enacted(decision=decision, action=Action.BLOCK)
            case _:
                assert_never(decision)

    async def _redacted(self, case: Case, decision: Redact | Reroute, card: Card, *, ask: bool) -> Enacted:
        """Take the classes out, look again, take out what only shows now, and ask about the rest."""
        classes = {redaction.data_class for redaction in decision.redactions}
        redactor, watch, look = case.snapshot.redactor, case.watch, case.first
        size = len(case.request.body)
        operators: Mapping[int, str] = {}
        values: dict[str, str] = {}
        written: dict[int, tuple[Span, ...]] = {}
        linkable = False
        for turn in range(MAX_ROUNDS):
            if turn and not _still_there(look, classes):
                break
            with watch.act:
                segments = look.body.segments
                try:
                    rewriting = await aside(
                        size, redactor.rewrite, segments, look.findings, decision.redactions, case.scope
                    )
                except PolicyAnswerRefused:
                    return _error(card)
                operators = operators if turn else rewriting.operators
                values |= rewriting.values
                linkable = linkable or bool(LINKABLE & set(rewriting.operators.values()))
                written = _carried(written, rewriting, redactor.written(segments, rewriting))
                spliced = await aside(size, look.body.splice, rewriting.edits)
            try:
                body = await self._reader.read(
                    case.request.format, case.request.direction, spliced, case.deadline, watch
                )
            except BadRequest:
                return _stopped(decision, card, "residual.unreadable", "the redacted body could not be read again")
            if len(body.segments) != len(segments):
                return _stopped(decision, card, "residual.unreadable", "the redacted body reads in another way")
            look = await self._look_again(case, look, body, written)
        if ask:
            refused = await self._ask_again(case, decision, card, look, linkable=linkable)
            if refused is not None:
                return refused
        elif _still_there(look, classes):
            return _stopped(decision, card, "residual.remaining", "a class that had to go is still there")
        rerouted = isinstance(decision, Reroute)
        return Enacted(
            decision=decision,
            action=Action.REROUTE if rerouted else Action.REDACT,
            body=_renamed(case, look.body, card) if rerouted else look.body.raw,
            card=card,
            operators=operators,
            values=values,
        )

    async def _look_again(self, case: Case, before: Look, body: Body, written: Mapping[int, tuple[Span, ...]]) -> Look:
        """Inspect the texts that changed; what was found in the others still stands."""
        pairs = zip(before.body.segments, body.segments, strict=True)
        changed = [index for index, (old, new) in enumerate(pairs) if old.text != new.text]
        again = await self._reader.inspect(
            case.snapshot,
            case.tenant,
            body.segments,
            which=changed,
            written=written,
            deadline=case.deadline,
            watch=case.watch,
        )
        kept = [finding for finding in before.findings if finding.segment not in set(changed)]
        merged = sorted([*kept, *again.findings], key=lambda finding: (finding.segment, finding.start, finding.end))
        settled = facts.settle_names(merged, case.tenant, among_personal=facts.has_personal(case.first.findings))
        return Look(body, _as_whole(before.inspection, again), settled)

    async def _ask_again(
        self, case: Case, decision: Redact | Reroute, card: Card, look: Look, *, linkable: bool
    ) -> Enacted | None:
        """Return the block, or None where policy allows what remains."""
        left_behind = [facts.PSEUDONYMIZED] if linkable else []
        content = facts.content_document(
            look.findings, look.inspection, look.body.uninspected, extra_classes=left_behind
        )
        question = facts.build(
            replace(case.half, content=content),
            phase="residual",
            tenant=case.tenant,
            operator=case.snapshot.operator,
            target=card,
        )
        try:
            with case.watch.policy:
                answer = await case.snapshot.policy.decide(question, case.deadline)
        except PolicyAnswerRefused:
            return _error(card)
        if isinstance(answer, Allow):
            return None
        reasons = tuple(
            replace(reason, code=f"residual.{reason.code}", severity=Severity.DENY) for reason in answer.grounds.reasons
        )
        return Enacted(decision=_blocked(decision, reasons), action=Action.BLOCK, residual=reasons)


def policy_error(target: str) -> Block:
    """Return the block that stands for an answer of OPA which cannot be accepted."""
    return Block(
        Grounds(
            reasons=(
                Reason(
                    code="policy.error",
                    severity=Severity.DENY,
                    data_class="",
                    target=target,
                    message="The policy engine did not answer with an acceptable decision.",
                    clause="",
                    remedy="The operator of the gateway must look at the policy bundle.",
                    basis="",
                ),
            )
        )
    )


def _error(card: Card) -> Enacted:
    error = policy_error(card.id)
    return Enacted(decision=error, action=Action.BLOCK, residual=error.grounds.reasons)


def _still_there(look: Look, classes: Collection[str]) -> bool:
    """Whether something that had to go is left; pseudonyms that came back may stay, and policy sees that they did."""
    return any(finding.data_class in classes and finding.entity != PSEUDONYM for finding in look.findings)


def _stopped(decision: Redact | Reroute, card: Card, code: str, message: str) -> Enacted:
    reason = Reason(
        code=code,
        severity=Severity.DENY,
        data_class="",
        target=card.id,
        message=f"After redaction {message}.",
        clause="",
        remedy="Send the request to a target that may have it as it is.",
        basis="",
    )
    return Enacted(decision=_blocked(decision, (reason,)), action=Action.BLOCK, residual=(reason,))


def _blocked(decision: Redact | Reroute, reasons: tuple[Reason, ...]) -> Block:
    grounds = decision.grounds
    return Block(replace(grounds, reasons=(*reasons, *grounds.reasons), obligations=()))


def _renamed(case: Case, body: Body, card: Card) -> bytes:
    """Return the body for another target, whose model it names as the candidate was named."""
    return body.with_model(case.shortlist.names[card.id].model)


def _as_whole(first: Inspection, again: Inspection) -> Inspection:
    """Return what is known of all texts: what was not looked at in either look is not known."""
    if isinstance(first, Complete) and isinstance(again, Complete):
        return first
    missing = tuple(part for look in (first, again) if isinstance(look, Partial) for part in look.missing)
    return Partial(
        findings=(),
        missing=missing,
        languages=first.languages,
        unsupported_languages=first.unsupported_languages,
        markings=first.markings,
    )


def _carried(
    written: Mapping[int, tuple[Span, ...]], rewriting: Rewriting, fresh: Mapping[int, tuple[Span, ...]]
) -> dict[int, tuple[Span, ...]]:
    """Move earlier spans along with the edits made around them, and add the fresh ones."""
    moved: dict[int, tuple[Span, ...]] = {}
    for index, spans in written.items():
        edits = sorted((edit for edit in rewriting.edits if edit.segment == index), key=lambda edit: edit.start)
        moved[index] = tuple(
            Span(span.start + shift, span.end + shift)
            for span in spans
            for shift in [sum(len(edit.text) - (edit.end - edit.start) for edit in edits if edit.end <= span.start)]
        )
    for index, spans in fresh.items():
        moved[index] = tuple(sorted({*moved.get(index, ()), *spans}, key=lambda span: span.start))
    return moved
