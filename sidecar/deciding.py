"""Asks policy: which candidates are worth a place, then the question itself."""

from collections import OrderedDict
from dataclasses import replace
from typing import Protocol

from sidecar import facts
from sidecar.candidates import Shortlist
from sidecar.clock import Deadline
from sidecar.config import Operator
from sidecar.errors import PolicyAnswerRefused
from sidecar.policy.interface import PolicyEngine
from sidecar.types.content import Complete, Format, Needs
from sidecar.types.decisions import Allow, Block, Decision, Redact, Rejected, Reroute, Severity
from sidecar.types.requests import Revisions
from sidecar.types.targets import Card
from sidecar.types.tenants import Tenant

KEEP_SCREENED = 20_000  # answers about candidates without content; a few hundred bytes each

_NOTHING = facts.content_document([], Complete(findings=()), [])
_NO_NEEDS = Needs(context=0, tools=False, modalities=("text",), state=False)


class Bench(Protocol):
    """What of a snapshot a decision is made with."""

    @property
    def policy(self) -> PolicyEngine:
        """What is asked."""
        ...

    @property
    def operator(self) -> Operator:
        """Who runs the gateway."""
        ...

    @property
    def max_candidates(self) -> int:
        """How many alternatives are put to policy."""
        ...

    @property
    def revisions(self) -> Revisions:
        """Tells tenants and cards of one name apart."""
        ...


class Decider:
    """Puts one request to policy, with at most ``max_candidates`` alternatives."""

    def __init__(self) -> None:
        self._screened: OrderedDict[tuple[object, ...], tuple[str, ...]] = OrderedDict()

    async def decide(
        self,
        snapshot: Bench,
        tenant: Tenant,
        half: facts.RequestHalf,
        *,
        requested: Card,
        alternatives: Shortlist,
        deadline: Deadline,
    ) -> Decision:
        """Return the decision, with every candidate that was considered and not taken.

        Raises:
            PolicyAnswerRefused: the answer is not acceptable, or names a target that was not asked about.
        """
        cards, denied = await self._places(snapshot, tenant, half, alternatives, deadline)
        question = facts.build(
            half, phase="request", tenant=tenant, operator=snapshot.operator, target=requested, candidates=cards
        )
        decision = await snapshot.policy.decide(question, deadline)
        _check_target(decision, requested, cards)
        if not _considered(decision, tenant):
            return decision
        rejected = sorted([*decision.grounds.rejected, *denied, *alternatives.misfits], key=lambda one: one.target)
        return replace(decision, grounds=replace(decision.grounds, rejected=tuple(rejected)))

    async def _places(
        self, snapshot: Bench, tenant: Tenant, half: facts.RequestHalf, alternatives: Shortlist, deadline: Deadline
    ) -> tuple[list[Card], list[Rejected]]:
        """Fill the places in order; where candidates are more than places, those denied without content take none."""
        if len(alternatives.cards) <= snapshot.max_candidates:
            return list(alternatives.cards), []
        cards: list[Card] = []
        denied: list[Rejected] = []
        for card in alternatives.cards:
            if len(cards) == snapshot.max_candidates:
                break
            codes = await self._denied_without_content(snapshot, tenant, half, card, deadline)
            if codes:
                denied.append(Rejected(card.id, codes))
            else:
                cards.append(card)
        return cards, denied

    async def _denied_without_content(
        self, snapshot: Bench, tenant: Tenant, half: facts.RequestHalf, card: Card, deadline: Deadline
    ) -> tuple[str, ...]:
        attributes = half.request["attributes"]
        purposes = tuple(sorted(attributes.items())) if isinstance(attributes, dict) else ()
        key = (snapshot.policy.revision, snapshot.revisions, tenant.id, card.id, half.date, half.direction, purposes)
        if key in self._screened:
            self._screened.move_to_end(key)
            return self._screened[key]
        request = facts.request_document(
            format=Format.TEXT,
            streaming=False,
            size=0,
            hosted_tools=(),
            needs=_NO_NEEDS,
            attributes={name: str(value) for name, value in purposes},
        )
        question = facts.build(
            replace(
                half, request=request, content=_NOTHING, counters={}, caller={"subject": "", "roles": [], "gateway": ""}
            ),
            phase="request",
            tenant=tenant,
            operator=snapshot.operator,
            target=card,
        )
        answer = await snapshot.policy.decide(question, deadline)
        denies = {reason.code for reason in answer.grounds.reasons if reason.severity is Severity.DENY}
        codes = tuple(sorted(denies)) if isinstance(answer, Block) else ()
        self._screened[key] = codes
        while len(self._screened) > KEEP_SCREENED:
            self._screened.popitem(last=False)
        return codes


def _considered(decision: Decision, tenant: Tenant) -> bool:
    """Whether candidates were looked at: the target is not permitted as it is, and redacting was not preferred."""
    match decision:
        case Allow():
            return False
        case Redact(grounds=grounds):
            denied = any(reason.severity is Severity.DENY for reason in grounds.reasons)
            return (
                denied and "reroute" in tenant.prefer and tenant.prefer.index("reroute") < tenant.prefer.index("redact")
            )
        case _:
            return True


def _check_target(decision: Decision, requested: Card, cards: list[Card]) -> None:
    match decision:
        case Allow(target=target) | Redact(target=target):
            known = target == requested.id
        case Reroute(target=target):
            known = target in {card.id for card in cards}
        case _:
            known = True
    if not known:
        message = "the decision names a target that was not asked about"
        raise PolicyAnswerRefused(message)
