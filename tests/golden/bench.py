"""Asks the real policy many questions at once: real bundle, real catalog, real OPA, no bodies."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Self

from sidecar import facts
from sidecar.catalog.load import load_catalog
from sidecar.clock import Deadline, SystemClock
from sidecar.config import Operator
from sidecar.policy.engine import OpaEngine, start_engine
from sidecar.types.content import Direction, Format, Needs
from sidecar.types.decisions import Decision, Redact, Reroute, Severity
from sidecar.types.json import Document
from sidecar.types.targets import Card, TargetName
from sidecar.types.tenants import Tenant
from tests.golden.oracle import STRENGTH, Content, Objection, Verdict

TODAY = date(2026, 11, 24)
AT_ONCE = 8


class Bench:
    """An engine with a loop of its own, so that a test that is no coroutine can ask it too."""

    def __init__(self) -> None:
        self.catalog = load_catalog()
        self._runner = asyncio.Runner()
        self._engine: OpaEngine = self._runner.run(
            start_engine(catalog_data=self.catalog.policy_data(), shadow={}, timeout_ms=60_000)
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._runner.run(self._engine.aclose())
        self._runner.close()

    def card(self, model: str, provider: str, region: str = "") -> Card:
        """Return the card of a target."""
        return self.catalog.card(TargetName(model, provider, region))

    def decide(self, questions: Sequence[Document]) -> list[Decision]:
        """Return the decisions, in the order of the questions."""
        return self._runner.run(self._all(questions))

    async def _all(self, questions: Sequence[Document]) -> list[Decision]:
        answers: list[Decision | None] = [None] * len(questions)
        waiting = iter(enumerate(questions))
        deadline = Deadline(SystemClock(), None)

        async def worker() -> None:
            for position, question in waiting:
                answers[position] = await self._engine.decide(question, deadline)

        async with asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(worker())
        return [answer for answer in answers if answer is not None]


def question(
    tenant: Tenant,
    card: Card,
    content: Content,
    *,
    operator: Operator | None = None,
    today: date = TODAY,
    purpose: str = "",
    counters: Mapping[str, str] | None = None,
) -> Document:
    """Return the facts of a request."""
    found: Document = {
        name: {"count": 1, "entities": {name.upper(): 1}, "score": 1.0} for name in sorted(content.classes)
    }
    picture: Document = {"kind": "image", "media_type": "image/png", "bytes": 10}
    half = facts.RequestHalf(
        direction=Direction.REQUEST,
        date=today,
        request=facts.request_document(
            format=Format.OPENAI_CHAT,
            streaming=False,
            size=4000,
            hosted_tools=(),
            needs=Needs(context=1000, tools=False, modalities=("text",), state=False),
            attributes={"purpose": purpose} if purpose else {},
        ),
        caller={"subject": "", "roles": [], "gateway": ""},
        content={
            "classes": sorted(content.classes),
            "fixed": sorted(content.fixed),
            "found": found,
            "languages": ["en"],
            "unsupported_languages": [],
            "markings": [],
            "uninspected": [picture] if content.pictures else [],
            "complete": content.complete,
        },
    )
    document = facts.build(half, phase="request", tenant=tenant, operator=operator or Operator(), target=card)
    return {**document, "counters": dict(counters or {})}


def told(decision: Decision) -> Verdict:
    """Return a decision in the words of the oracle."""

    def said(severity: Severity) -> frozenset[Objection]:
        reasons = decision.grounds.reasons
        return frozenset(Objection(one.code, one.data_class, one.basis) for one in reasons if one.severity is severity)

    denies = said(Severity.DENY)
    redactions = decision.redactions if isinstance(decision, Redact | Reroute) else ()
    return Verdict(
        action=type(decision).__name__.lower(),
        denies=denies,
        asks=said(Severity.REDACT) - denies if redactions else frozenset(),
        redact={one.data_class: STRENGTH[one.operator] for one in redactions},
    )
