"""Random facts of the real catalog, and what the real policies say of them with and without a cache.

``python -m tests.policy.replaying 10000`` replays as many; the tests replay fewer.
"""

import argparse
import asyncio
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sidecar import facts
from sidecar.catalog.load import load_catalog
from sidecar.catalog.shipped import ShippedCatalog
from sidecar.clock import Deadline, SystemClock
from sidecar.config import Operator
from sidecar.policy.bundle import canonical
from sidecar.policy.cache import PARSED_PATHS, CachedEngine
from sidecar.policy.decision import Question, parse_decision
from sidecar.policy.engine import DECISION, OpaEngine, start_engine
from sidecar.policy.projection import Projection
from sidecar.types.content import Direction, Format, Needs
from sidecar.types.targets import Card, TargetName
from sidecar.types.tenants import OriginStance, Tenant, TransferMechanism

TODAY = date(2026, 11, 24)
AT_ONCE = 6
TENANTS, TARGETS = 12, 40
REPEATS = 4  # how often, on average, what rules read comes up with something else around it
COUNTRIES = ("DE", "FR", "US", "KR", "CN", "IN", "GB", "CA")
SECTORS = ("finance", "health", "public", "technology", "defense")
PURPOSES = ("", "support", "saas", "military")


class World:
    """Tenants, targets and contents to draw facts from; everything follows from the seed."""

    def __init__(self, catalog: ShippedCatalog, seed: int) -> None:
        self.draw = random.Random(seed)
        self.catalog = catalog
        self.classes = sorted(str(name) for name in dict(catalog.policy_data()["classes"]))  # type: ignore[arg-type]
        listed = list(catalog.listed())
        names = [TargetName(model.id, "self-hosted") for model in catalog.models()[:40] if model.open_weights]
        names += [TargetName("nobody-knows", "nowhere"), *listed]
        self.cards: list[Card] = [catalog.card(name) for name in self.draw.sample(names, TARGETS)]
        self.tenants = [self._tenant(number) for number in range(TENANTS)]

    def facts(self, count: int) -> list[dict[str, Any]]:
        """Return facts: what rules read from fewer cases, and anything at all in what they do not."""
        cases = [self._case() for _ in range(max(1, count // REPEATS))]
        return [self._around(self.draw.choice(cases)) for _ in range(count)]

    def _case(self) -> dict[str, Any]:
        draw = self.draw
        card = draw.choice(self.cards)
        others = draw.sample(self.cards, draw.choice((0, 0, 0, 0, 0, 2, 8)))
        return {
            "date": TODAY + timedelta(days=draw.choice((0, 0, 0, 400))),
            "hosted_tools": draw.choice(((), (), ("web_search",))),
            "purpose": draw.choice(PURPOSES),
            "content": self._content(),
            "tenant": draw.choice(self.tenants),
            "operator": Operator(country="KR", monthly_revenue_usd=draw.choice((None, 900_000))),
            "target": card,
            "candidates": [other for other in others if other.id != card.id],
            "counters": draw.choice(({}, {}, {"CN-PIPL/general": "reached"})),
        }

    def _around(self, case: dict[str, Any]) -> dict[str, Any]:
        draw = self.draw
        half = facts.RequestHalf(
            direction=Direction.REQUEST,
            date=case["date"],
            request=facts.request_document(
                format=draw.choice((Format.OPENAI_CHAT, Format.TEXT)),
                streaming=draw.random() < 0.5,
                size=draw.randrange(10**6),
                hosted_tools=case["hosted_tools"],
                needs=Needs(draw.randrange(9000), draw.random() < 0.5, ("text",), state=False),
                attributes={"purpose": case["purpose"], "team": str(draw.random())},
            ),
            caller={"subject": f"mark:{draw.random()}", "roles": [], "gateway": ""},
            content=self._noise(case["content"]),
        )
        document = facts.build(
            half,
            phase=draw.choice(("request", "residual")),
            tenant=case["tenant"],
            operator=case["operator"],
            target=case["target"],
            candidates=case["candidates"],
        )
        return {**document, "counters": case["counters"]}

    def _content(self) -> dict[str, Any]:
        draw = self.draw
        classes = sorted(draw.sample(self.classes, draw.choice((0, 1, 1, 2, 4))))
        return {
            "classes": classes,
            "fixed": [name for name in classes if draw.random() < 0.2],
            "found": {},
            "languages": [],
            "unsupported_languages": draw.choice(([], [], ["tlh"])),
            "markings": [],
            "uninspected": draw.choice(([], [], [{"kind": "image", "media_type": "image/png", "bytes": 9}])),
            "complete": draw.random() < 0.9,
        }

    def _noise(self, content: dict[str, Any]) -> dict[str, Any]:
        draw = self.draw
        found = {
            name: {"count": draw.randrange(1, 99), "entities": {"X": 1}, "score": draw.random()}
            for name in content["classes"]
        }
        return {**content, "found": found, "languages": draw.choice((["en"], ["ko", "en"])), "markings": []}

    def _tenant(self, number: int) -> Tenant:
        draw = self.draw
        regimes = sorted(draw.sample(sorted(self.catalog.regimes()), draw.choice((0, 1, 2, 4))))
        stances: list[dict[str, OriginStance]] = [{}, {"CN": "deny"}, {"CN": "self_hosted_or_hosted_outside"}]
        tenant = Tenant(
            id=f"tenant-{number}",
            country=draw.choice(COUNTRIES),
            sector=draw.choice(SECTORS),
            subdivisions=draw.choice(((), ("US-TX",), ("CA-QC",))),
            regimes=tuple(regimes),
            commercial=draw.random() < 0.8,
            monthly_active_users=draw.choice((None, 1000, 10**9)),
            monthly_revenue_usd=draw.choice((None, 1000, 10**9)),
            user_countries=tuple(draw.sample(COUNTRIES, 2)),
            accepted_licenses=tuple(sorted(draw.sample(sorted(self.catalog.license_ids()), 6))),
            transfer_mechanisms=tuple(record for regime in regimes for record in self._records(regime)),
            origins=draw.choice(stances),
            residency=draw.choice(((), (), ("EU",))),
            strict=draw.random() < 0.2,
            max_retention_days=draw.choice((None, None, 30)),
            operators=draw.choice(({}, {"contact": "mask"})),
        )
        orders = (("redact", "reroute", "block"), ("reroute", "redact", "block"), ("reroute", "block"), ("block",))
        return replace(tenant, prefer=draw.choice(orders))  # type: ignore[arg-type]

    def _records(self, regime: str) -> list[TransferMechanism]:
        mechanisms: Any = self.catalog.regimes()[regime]["mechanisms"]
        if not mechanisms or self.draw.random() < 0.5:
            return []
        name = self.draw.choice(sorted(mechanisms))
        return [TransferMechanism(regime, name, ("*",), ("US", "CN", "EU"), self.draw.choice((None, TODAY)))]


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay came to."""

    asked: int
    keys: int
    hits: int
    differing: int
    """Facts on which the cache and OPA disagree: in any byte of OPA's answer, or in the decision."""


async def replay(engine: OpaEngine, questions: Sequence[dict[str, Any]], *, at_once: int = AT_ONCE) -> Replayed:
    """Ask everything with and without the cache; several questions are under way at any time."""
    assert engine.reads is not None
    projection = Projection(engine.reads | PARSED_PATHS)
    cached = CachedEngine(engine, reads=engine.reads, clock=SystemClock())
    never = Deadline(SystemClock(), None)
    told: dict[bytes, bytes] = {}
    differing = 0
    waiting = iter(questions)

    async def worker() -> None:
        nonlocal differing
        for question in waiting:
            raw = await engine._client.query(DECISION, question)
            said = canonical(raw)  # type: ignore[arg-type]
            known = told.setdefault(projection.key(question), said)
            asked = Question.of(question, rules=tuple(engine.rules), revision=engine.revision)
            differing += known != said or parse_decision(raw, asked) != await cached.decide(question, never)

    async with asyncio.TaskGroup() as group:
        for _ in range(at_once):
            group.create_task(worker())
    return Replayed(len(questions), len(told), cached.tally.hits, differing)


async def main(count: int, seed: int) -> None:
    """Replay, and say what came of it."""
    catalog = load_catalog()
    engine = await start_engine(catalog_data=catalog.policy_data(), shadow={}, timeout_ms=60_000)
    try:
        world = World(catalog, seed)
        start = time.perf_counter()
        replayed = await replay(engine, world.facts(count))
        print(replayed, f"{time.perf_counter() - start:.1f} seconds")  # noqa: T201 - for a person
    finally:
        await engine.aclose()
    assert not replayed.differing


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    asyncio.run(main(arguments.count, arguments.seed))
