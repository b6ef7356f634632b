"""The matrix: the whole catalog judged for one customer, and what a change would change of it."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import assert_never

from sidecar.app.judging import Judge, Made
from sidecar.explain import Explainer
from sidecar.policy.spread import SpreadEngine
from sidecar.types.decisions import Allow, Block, Decision, Redact, Redaction, Reroute, Severity
from sidecar.types.targets import TargetName
from sidecar.types.tenants import Tenant

AT_ONCE = 8
UNTOUCHED = frozenset({"pseudonymized", "anonymous", "person_name_bare"})  # not what a prompt is found to hold


@dataclass(frozen=True, slots=True)
class Row:
    """What one target is to one customer. All words, so that every form of the table says the same."""

    model: str
    provider: str
    verdict: str
    """allow, redact or block."""
    redact: str
    against: str
    clauses: str
    with_data: str
    """Which classes would be taken out, and which would close it, were they in the content."""
    unlock: str
    """The smallest changes that would open it."""


async def rows(
    judge: Judge,
    tenant: Tenant,
    names: Sequence[TargetName],
    classes: Sequence[str],
    on_progress: Callable[[], None] = lambda: None,
    *,
    unlock: bool = True,
) -> list[Row]:
    """Judge targets for a tenant, content of these classes; ``unlock``: say too what would open what is closed.

    Raises:
        PolicyUnavailable: OPA gave no answer.
        PolicyAnswerRefused: its answer cannot be accepted.
    """
    spread = SpreadEngine([judge.policy], reads=judge.policy.reads or frozenset([()]))
    known = judge.catalog.policy_data()["classes"]
    asking = _Asking(
        judge=judge,
        explainer=Explainer(policy=spread, catalog=judge.catalog, clock=judge.clock),
        tenant=tenant,
        classes=classes,
        unlock=unlock,
        every=sorted(set(known) - UNTOUCHED) if isinstance(known, dict) and not classes else [],
    )
    places = asyncio.Semaphore(AT_ONCE)

    async def one(name: TargetName) -> Row:
        async with places:
            row = await asking.row(name)
        on_progress()
        return row

    return list(await asyncio.gather(*map(one, names)))


def changed(before: Sequence[Row], after: Sequence[Row]) -> list[tuple[Row | None, Row | None]]:
    """Return the rows that differ in what is allowed, redacted or against it; None where there is none."""
    olds, news = ({(row.model, row.provider): row for row in side} for side in (before, after))
    pairs = [(olds.get(key), news.get(key)) for key in sorted(olds.keys() | news.keys())]
    return [(old, new) for old, new in pairs if _told(old) != _told(new)]


def opened(pairs: Sequence[tuple[Row | None, Row | None]]) -> bool:
    """Whether a target that was closed is open after a change."""
    return any(
        new is not None and new.verdict != "block" and (old is None or old.verdict == "block") for old, new in pairs
    )


def _told(row: Row | None) -> tuple[str, ...] | None:
    return None if row is None else (row.verdict, row.redact, row.against, row.with_data)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asking:
    """What is the same for all rows."""

    judge: Judge
    explainer: Explainer
    tenant: Tenant
    classes: Sequence[str]
    unlock: bool
    every: Sequence[str]
    """All classes, where the content is none in particular."""

    async def row(self, name: TargetName) -> Row:
        question = self.judge.facts(self.tenant, name, Made(classes=self.classes))
        decision = await self.judge.judge(self.tenant, name, Made(classes=self.classes))
        reasons, blocked = decision.grounds.reasons, isinstance(decision, Block)
        plans = await self.explainer.unlock(question) if blocked and self.unlock else ()
        return Row(
            model=name.model,
            provider=name.provider,
            verdict=_word(decision),
            redact=", ".join(f"{one.data_class} ({one.operator})" for one in _redactions(decision)),
            against=", ".join(sorted({reason.code for reason in reasons})),
            clauses="; ".join(sorted({reason.clause for reason in reasons if reason.clause})),
            with_data=await self._with_data(name) if self.every and not blocked else "",
            unlock="; or ".join(" and ".join(plan.changes) for plan in plans[:2]),
        )

    async def _with_data(self, name: TargetName) -> str:
        """Say what content of every class would meet: asked once, since a reason names its class."""
        decision = await self.judge.judge(self.tenant, name, Made(classes=self.every))
        reasons = decision.grounds.reasons
        curable = {one.data_class for one in reasons if one.data_class}
        closing = {one.code for one in reasons if one.severity is Severity.DENY and not one.data_class}
        parts = [f"without {', '.join(sorted(curable))}"] if curable else []
        parts += [f"closed by {', '.join(sorted(closing))}"] if closing else []
        return "; ".join(parts) or "as it is"


def _redactions(decision: Decision) -> Sequence[Redaction]:
    return decision.redactions if isinstance(decision, Redact | Reroute) else ()


def _word(decision: Decision) -> str:
    match decision:
        case Allow():
            return "allow"
        case Redact():
            return "redact"
        case Reroute():
            return "reroute"
        case Block():
            return "block"
        case _:
            assert_never(decision)
