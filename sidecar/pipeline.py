"""The story of a request: one method, in the order things happen."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from sidecar import facts
from sidecar.actions.interface import Refuser, Scope
from sidecar.audit.interface import Journal
from sidecar.audit.record import decision_record, report_record
from sidecar.candidates import Shortlist, shortlist
from sidecar.clock import Clock, Deadline
from sidecar.config import Actions, Limits
from sidecar.deciding import Decider
from sidecar.enactment import Case, Enacted, Enactor, Look, is_policy_error, policy_error
from sidecar.errors import BadRequest, BodyTooLarge, NotFound, PolicyAnswerRefused, RestorationRefused
from sidecar.evidence import Evidence
from sidecar.payload.interface import Body
from sidecar.reading import Reader
from sidecar.retries import Prior, Retries, Turn
from sidecar.snapshot import Snapshot, Snapshots
from sidecar.stopwatch import Stopwatch
from sidecar.thresholds import Counted, tiers
from sidecar.types.content import Complete, Direction, Span
from sidecar.types.decisions import Decision
from sidecar.types.json import Document
from sidecar.types.requests import Caller, InspectionRequest, Outcome, Report, ReportedFinding
from sidecar.types.targets import Card, TargetName
from sidecar.types.tenants import Tenant

_ATTRIBUTE_VALUE = re.compile(r"[a-z0-9_.-]{1,64}")
# Targets whose id is the caller's words: they are recorded as keyed marks.
_CALLERS_WORDS = frozenset({"model_unknown", "provider_unknown", "ambiguous"})


class Pipeline:
    """Judges requests. Its only state: who went before (retries) and what candidates were worth (decider)."""

    def __init__(
        self,
        *,
        snapshots: Snapshots,
        reader: Reader,
        refuser: Refuser,
        journal: Journal,
        counted: Counted,
        clock: Clock,
        new_id: Callable[[], str],
        actions: Actions,
        limits: Limits,
    ) -> None:
        self._snapshots = snapshots
        self._reader = reader
        self._decider = Decider()
        self._enactor = Enactor(reader=reader)
        self._evidence = Evidence()
        self._refuser = refuser
        self._journal = journal
        self._counted = counted
        self._retries = Retries(clock)
        self._clock = clock
        self._new_id = new_id
        self._actions = actions
        self._limits = limits

    async def inspect(
        self, request: InspectionRequest, caller: Caller, deadline: Deadline, *, arrived: float | None = None
    ) -> Outcome:
        """Judge one body, carry the decision out and make the record durable, in this order; only then may it leave.

        ``arrived`` is when the request came in, on the monotonic clock, where that was before this call.

        Raises:
            SidecarError: it could not be judged; nothing was recorded as decided, and nothing may be forwarded.
        """
        watch = Stopwatch(self._clock, started=arrived)
        with self._snapshots.lease() as snapshot:
            tenant = snapshot.tenants.identify(request.tenant, caller)  # 1 who asks
            self._check(request, snapshot)
            async with self._retries.turn(request) as turn:
                requested = snapshot.catalog.card(request.target)  # 2 of which target
                body = await self._read(request, deadline, watch)  # 3 which texts
                look = await self._look(snapshot, tenant, request, body, deadline, watch)  # 4 what they hold
                prior = _still_holds(turn.prior, snapshot, look)
                decision_id = prior.decision_id if prior else self._new_id()
                chosen = self._shortlist(request, snapshot, tenant, requested, body)
                case = Case(
                    snapshot=snapshot,
                    tenant=tenant,
                    request=request,
                    requested=requested,
                    shortlist=chosen,
                    first=look,
                    half=self._half(request, caller, snapshot, tenant, (requested, *chosen.cards), look),
                    scope=self._scope(request, decision_id),
                    earlier=_opened(request, snapshot, watch),
                    deadline=deadline,
                    watch=watch,
                )
                decision = prior.decision if prior else await self._decide(case)  # 5 what shall happen
                enacted = await self._enactor.enact(case, decision, ask=prior is None)  # 6 make it so, in memory
                restoration = self._seal(case, decision_id, enacted)
                if prior is None:  # a retry is performed again, and recorded once
                    await self._record(case, decision, enacted, decision_id, turn)  # 7 durable before visible
                return self._outcome(case, enacted, decision_id, restoration)  # 8 only now may it leave

    async def report(self, report: Report, caller: Caller) -> None:
        """Record what became of a decision; what went elsewhere than decided is recorded as a breach.

        Raises:
            NotFound: no such decision for this tenant.
        """
        with self._snapshots.lease() as snapshot:
            tenant = snapshot.tenants.identify(report.tenant, caller)
            decided = await self._journal.decided(tenant.id, report.decision_id)
            if decided is None:
                message = "no such decision for this tenant"
                raise NotFound(message, field="decision_id")
            went_to = ""
            if report.target is not None:
                card = snapshot.catalog.card(report.target)
                went_to = _recorded_id(card, tenant, snapshot)
            await self._journal.append(report_record(report=report, target=went_to, decided=decided))

    def _check(self, request: InspectionRequest, snapshot: Snapshot) -> None:
        if len(request.body) > self._limits.body_bytes:
            message = f"body is over limits.body_bytes ({self._limits.body_bytes})"
            raise BodyTooLarge(message, field="body")
        for key, value in request.attributes.items():
            if key not in snapshot.attributes:
                message = "attributes holds a key that attributes.allowed does not list"
                raise BadRequest(message, field="attributes")
            if not _ATTRIBUTE_VALUE.fullmatch(value):
                message = f"attributes.{key} must match [a-z0-9_.-]{{1,64}}"
                raise BadRequest(message, field=f"attributes.{key}")

    async def _read(self, request: InspectionRequest, deadline: Deadline, watch: Stopwatch) -> Body:
        return await self._reader.read(request.format, request.direction, request.body, deadline, watch)

    async def _look(  # noqa: PLR0917 - all that a look follows from
        self,
        snapshot: Snapshot,
        tenant: Tenant,
        request: InspectionRequest,
        body: Body,
        deadline: Deadline,
        watch: Stopwatch,
    ) -> Look:
        seen = await self._reader.inspect(
            snapshot,
            tenant,
            body.segments,
            direction=request.direction,
            which=range(len(body.segments)),
            written={},
            deadline=deadline,
            watch=watch,
        )
        return Look(body, seen, facts.settle_names(seen.findings, tenant))

    def _shortlist(
        self, request: InspectionRequest, snapshot: Snapshot, tenant: Tenant, requested: Card, body: Body
    ) -> Shortlist:
        named = request.candidates or tenant.candidates or snapshot.candidates
        cards = [(name, snapshot.catalog.card(name)) for name in named]
        return shortlist(cards, requested, body.needs, body.hosted_tools, tenant)

    def _half(  # noqa: PLR0917 - all that it follows from
        self,
        request: InspectionRequest,
        caller: Caller,
        snapshot: Snapshot,
        tenant: Tenant,
        cards: Sequence[Card],
        look: Look,
    ) -> facts.RequestHalf:
        today = self._clock.now().date()
        content = facts.content_document(look.findings, look.inspection, look.body.uninspected)
        subject = snapshot.keys.mark(request.tenant, request.subject) if request.subject else ""
        return facts.RequestHalf(
            direction=request.direction,
            date=today,
            request=facts.request_document(
                format=request.format,
                streaming=look.body.streaming,
                size=len(request.body),
                hosted_tools=look.body.hosted_tools,
                needs=look.body.needs,
                attributes=request.attributes,
            ),
            caller={"subject": subject, "roles": list(caller.roles), "gateway": caller.gateway},
            content=content,
            counters=self._counters(snapshot, tenant, cards, content, today)
            if request.direction is Direction.REQUEST
            else {},
        )

    def _counters(
        self, snapshot: Snapshot, tenant: Tenant, cards: Sequence[Card], content: Document, today: date
    ) -> Mapping[str, str]:
        regimes = snapshot.catalog.regimes()
        return tiers(self._counted, regimes, tenant=tenant, cards=cards, content=content, today=today)

    async def _decide(self, case: Case) -> Decision:
        with case.watch.policy:
            try:
                return await self._decider.decide(
                    case.snapshot,
                    case.tenant,
                    case.half,
                    requested=case.requested,
                    alternatives=case.shortlist,
                    deadline=case.deadline,
                )
            except PolicyAnswerRefused:
                return policy_error(case.requested.id)

    def _scope(self, request: InspectionRequest, decision_id: str) -> Scope:
        match self._actions.pseudonym_scope:
            case "tenant":
                return Scope(request.tenant, "tenant", "")
            case "session" if request.session_id:
                return Scope(request.tenant, "session", request.session_id)
            case _:
                return Scope(request.tenant, "request", request.request_id or decision_id)

    def _seal(self, case: Case, decision_id: str, enacted: Enacted) -> bytes:
        """Seal the value map, earlier ones of the session merged in; nothing where nothing leaves."""
        if enacted.card is None:
            return b""
        with case.watch.act:
            return case.snapshot.sealer.seal(case.tenant.id, decision_id, {**case.earlier, **enacted.values})

    async def _record(self, case: Case, decision: Decision, enacted: Enacted, decision_id: str, turn: Turn) -> None:
        tenant, snapshot = case.tenant, case.snapshot
        cards = {card.id: card for card in (case.requested, *case.shortlist.cards)}
        final = enacted.card

        def name_target(words: str) -> str:
            card = cards.get(words)
            return words if card is None else _recorded_id(card, tenant, snapshot)

        entry = decision_record(
            decision_id=decision_id,
            tenant=tenant.id,
            action=enacted.action,
            requested=case.requested.id,
            final=final.id if final else "",
            final_provider=final.provider if final and final.identified else "",
            name_target=name_target,
            decision=None if is_policy_error(decision) else decision,
            grounds=enacted.decision.grounds,
            residual=enacted.residual,
            findings=case.first.findings,
            complete=_complete(case),
            request_half=case.half.document(),
            operator=facts.operator_document(snapshot.operator),
            candidates=[card.id for card in case.shortlist.cards],
            tenant_document=self._evidence.tenant(snapshot, tenant),
            policy_document=self._evidence.policy(snapshot),
            cards={id_: self._evidence.card(card) for id_, card in cards.items()},
            revisions=snapshot.revisions,
            timings=case.watch.read(),
            tokens_estimate=case.first.body.needs.context,
            price_estimate_usd=_price(final, case.first.body.needs.context),
            request_mark=snapshot.keys.mark(tenant.id, case.request.request_id) if case.request.request_id else "",
            retry_of=turn.prior.decision_id if turn.prior else "",
            in_reply_to=case.request.in_reply_to,
        )
        done = Prior(decision_id, snapshot.revisions, enacted.decision, _found(case.first))
        with case.watch.record:
            await turn.keep(done, self._journal.append(entry))

    def _outcome(self, case: Case, enacted: Enacted, decision_id: str, restoration: bytes) -> Outcome:
        grounds, card = enacted.decision.grounds, enacted.card
        return Outcome(
            decision_id=decision_id,
            action=enacted.action,
            complete=_complete(case),
            body=enacted.body,
            target=TargetName(card.model, card.provider, card.region) if card else None,
            findings=_reported(case, enacted),
            reasons=grounds.reasons,
            rejected=grounds.rejected,
            obligations=grounds.obligations,
            notices=grounds.notices,
            shadow=grounds.shadow,
            waived=grounds.waived,
            restoration=restoration,
            refusal=None if card else self._refuser.refusal(case.request.format, grounds.reasons, decision_id),
            revisions=case.snapshot.revisions,
            timings=case.watch.read(),
        )


def _opened(request: InspectionRequest, snapshot: Snapshot, watch: Stopwatch) -> Mapping[str, str]:
    """Return the value maps of earlier decisions of the session, as one.

    Raises:
        RestorationRefused: one of them does not hold.
    """
    values: dict[str, str] = {}
    with watch.act:
        for earlier in request.restorations:
            try:
                values |= snapshot.sealer.open(request.tenant, None, earlier)
            except RestorationRefused as error:
                raise RestorationRefused(error.reason, str(error), field="restorations") from error
    return values


def _still_holds(prior: Prior | None, snapshot: Snapshot, look: Look) -> Prior | None:
    """Return the earlier decision if nothing changed since: not the snapshot, and not what is seen in the body."""
    if prior is None or prior.revisions != snapshot.revisions or prior.found != _found(look):
        return None
    return prior


def _found(look: Look) -> tuple[tuple[str, int], ...]:
    counts = Counter(finding.data_class for finding in look.findings)
    return (*sorted(counts.items()), ("complete", int(isinstance(look.inspection, Complete))))


def _complete(case: Case) -> bool:
    return isinstance(case.first.inspection, Complete) and not case.first.body.uninspected


def _price(card: Card | None, tokens: int) -> float | None:
    """Return what the input costs at a target, in USD."""
    return card.price.input * tokens / 1e6 if card and card.price else None


def _recorded_id(card: Card, tenant: Tenant, snapshot: Snapshot) -> str:
    """Return the id for the record: canonical, or a keyed mark of the caller's words."""
    return snapshot.keys.mark(tenant.id, card.id) if card.unidentified in _CALLERS_WORDS else card.id


def _reported(case: Case, enacted: Enacted) -> tuple[ReportedFinding, ...]:
    """Return the findings by pointer and code points, in the order of the contract."""
    body = case.first.body
    rows = []
    for index, finding in enumerate(case.first.findings):
        segment = body.segments[finding.segment]
        span = body.place(finding.segment, Span(finding.start, finding.end))
        rows.append(
            ReportedFinding(
                entity=finding.entity,
                data_class=finding.data_class,
                pointer=segment.pointer,
                start=span.start,
                end=span.end,
                score=finding.score,
                recognizer=finding.recognizer,
                operator=enacted.operators.get(index, "") if enacted.card else "",
                in_key=segment.in_key,
            )
        )
    return tuple(rows)
