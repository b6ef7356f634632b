"""Carries a decision out on the body, and asks again about what remains of it.

After redaction the new body is read and inspected like any other. What this decision wrote, and pseudonyms whose
check holds, are hidden from the detectors; new findings of a class that had to go are taken out the same way, and so
is a class that only shows now, where policy says how. Only an allow of what then remains lets the body go.
"""

from collections.abc import Mapping
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

POLICY_ERROR = "policy.error"
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
    earlier: Mapping[str, str]
    """Originals by stand-in, of earlier decisions of the session. Text: sealed, never logged or recorded."""
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


@dataclass(slots=True)
class _Work:
    """A body as far as it has been redacted."""

    look: Look
    operators: Mapping[int, str] | None = None
    """Of the findings of the first look."""
    values: dict[str, str] = field(default_factory=dict)
    written: dict[int, tuple[Span, ...]] = field(default_factory=dict)
    linkable: bool = False


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
        """Redact, or say why nothing may leave."""
        try:
            return await self._taken_out(case, decision, card, ask=ask)
        except PolicyAnswerRefused:
            return _error(card)
        except BadRequest:
            return _stopped(decision, card, "residual.unreadable", "the redacted body could not be read again")

    async def _taken_out(self, case: Case, decision: Redact | Reroute, card: Card, *, ask: bool) -> Enacted:
        """Take the classes out, look again, take out what only shows now, and ask about the rest."""
        work = _Work(case.first)
        stood: tuple[Reason, ...] = ()
        for turn in range(1, MAX_ROUNDS + 1):
            look = await self._turn(case, decision, work)
            if len(look.body.segments) != len(case.first.body.segments):
                return _stopped(decision, card, "residual.unreadable", "the redacted body reads in another way")
            remains = _still_there(look, decision)
            if remains and turn < MAX_ROUNDS:
                continue
            if not ask and remains:
                return _stopped(decision, card, "residual.remaining", "a class that had to go is still there")
            answer = await self._ask_again(case, card, work) if ask else None
            if answer is None:
                break
            decision = _excused(decision, answer)
            if isinstance(answer, Allow):
                break
            reasons = _as_residual(answer)
            wider = _widened(decision, answer, look) if turn < MAX_ROUNDS else None
            if wider is None:
                return Enacted(decision=_blocked(decision, reasons), action=Action.BLOCK, residual=reasons)
            decision, stood = wider, (*stood, *reasons)
        body, rerouted = work.look.body, isinstance(decision, Reroute)
        return Enacted(
            decision=decision,
            residual=stood,
            action=Action.REROUTE if rerouted else Action.REDACT,
            body=_renamed(case, body, card) if rerouted else body.raw,
            card=card,
            operators=work.operators or {},
            values=work.values,
        )

    async def _turn(self, case: Case, decision: Redact | Reroute, work: _Work) -> Look:
        """Take out what is there of the classes, and look at the body that this gives."""
        redactor, segments, size = case.snapshot.redactor, work.look.body.segments, len(case.request.body)
        with case.watch.act:
            rewriting = await aside(
                size,
                redactor.rewrite,
                segments,
                work.look.findings,
                decision.redactions,
                scope=case.scope,
                earlier={**case.earlier, **work.values},
                direction=case.request.direction,
            )
            if work.operators is None:
                work.operators = rewriting.operators
            work.values |= rewriting.values
            work.linkable = work.linkable or bool(LINKABLE & set(rewriting.operators.values()))
            work.written = _carried(work.written, rewriting, redactor.written(segments, rewriting))
            spliced = await aside(size, work.look.body.splice, rewriting.edits)
        body = await self._reader.read(
            case.request.format,
            case.request.direction,
            spliced,
            case.deadline,
            case.watch,
            before=work.look.body,
        )
        if len(body.segments) == len(segments):
            work.look = await self._look_again(case, work.look, body, work.written)
            return work.look
        return replace(work.look, body=body)

    async def _look_again(self, case: Case, before: Look, body: Body, written: Mapping[int, tuple[Span, ...]]) -> Look:
        """Inspect the texts that changed; what was found in the others still stands."""
        pairs = zip(before.body.segments, body.segments, strict=True)
        changed = [index for index, (old, new) in enumerate(pairs) if old.text != new.text]
        again = await self._reader.inspect(
            case.snapshot,
            case.tenant,
            body.segments,
            direction=case.request.direction,
            which=changed,
            written=written,
            deadline=case.deadline,
            watch=case.watch,
        )
        kept = [finding for finding in before.findings if finding.segment not in set(changed)]
        merged = sorted([*kept, *again.findings], key=lambda finding: (finding.segment, finding.start, finding.end))
        settled = facts.settle_names(merged, case.tenant, among_personal=facts.has_personal(case.first.findings))
        return Look(body, _as_whole(before.inspection, again), settled)

    async def _ask_again(self, case: Case, card: Card, work: _Work) -> Decision:
        """Return what policy says of what remains.

        Raises:
            PolicyAnswerRefused: its answer cannot be accepted.
        """
        look, left_behind = work.look, [facts.PSEUDONYMIZED] if work.linkable else []
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
        with case.watch.policy:
            return await case.snapshot.policy.decide(question, case.deadline)


def policy_error(target: str) -> Block:
    """Return the block that stands for an answer of OPA which cannot be accepted."""
    return Block(
        Grounds(
            reasons=(
                Reason(
                    code=POLICY_ERROR,
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


def is_policy_error(decision: Decision) -> bool:
    """Whether a decision stands for an answer that could not be accepted."""
    return [reason.code for reason in decision.grounds.reasons] == [POLICY_ERROR]


def _error(card: Card) -> Enacted:
    error = policy_error(card.id)
    return Enacted(decision=error, action=Action.BLOCK, residual=error.grounds.reasons)


def _left(look: Look) -> set[str]:
    """Return the classes an operator can still reach. Pseudonyms that came back may stay; policy sees that they did."""
    return {finding.data_class for finding in look.findings if finding.entity != PSEUDONYM and not finding.fixed}


def _still_there(look: Look, decision: Redact | Reroute) -> bool:
    """Whether something that had to go is left."""
    return not _left(look).isdisjoint(redaction.data_class for redaction in decision.redactions)


def _widened(decision: Redact | Reroute, answer: Decision, look: Look) -> Redact | Reroute | None:
    """Return the decision with the classes that only show now; None where taking them out is no cure.

    Taking one value out changes how those around it read: a name may show where the first look saw none at all. What
    then remains is asked about like everything else.
    """
    if not isinstance(answer, Redact) or not _left(look).issuperset(one.data_class for one in answer.redactions):
        return None
    grounds = decision.grounds
    reasons = sorted({*grounds.reasons, *answer.grounds.reasons}, key=lambda one: (one.code, one.data_class, one.basis))
    return replace(
        decision,
        redactions=(*decision.redactions, *answer.redactions),
        grounds=replace(grounds, reasons=tuple(reasons)),
    )


def _excused(decision: Redact | Reroute, answer: Decision) -> Redact | Reroute:
    """Return the decision with what was waived only now: a record tells every waiver that it owes something to."""
    fresh = tuple(one for one in answer.grounds.waived if one not in decision.grounds.waived)
    if not fresh:
        return decision
    return replace(decision, grounds=replace(decision.grounds, waived=(*decision.grounds.waived, *fresh)))


def _as_residual(answer: Decision) -> tuple[Reason, ...]:
    return tuple(
        replace(reason, code=f"residual.{reason.code}", severity=Severity.DENY) for reason in answer.grounds.reasons
    )


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
