"""Replay: how many records a second are decided again, and how many of their questions are distinct.

``python -m benchmarks.replay`` makes a journal of records of many tenants, targets and contents, as the sidecar would
have written them, and replays it under the shipped policy.
"""

import argparse
import asyncio
import random
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from uuid_utils.compat import uuid7

from sidecar import facts
from sidecar.app.replaying import Filter, Replayed, replay
from sidecar.audit.interface import Entry
from sidecar.audit.journal import SqliteJournal
from sidecar.audit.record import decision_record, digested
from sidecar.catalog.load import load_catalog
from sidecar.clock import SystemClock
from sidecar.config import Operator, Settings
from sidecar.policy.sources import shipped_policies
from sidecar.types.content import Complete, Direction, Finding, Format, Needs
from sidecar.types.decisions import Allow, Grounds
from sidecar.types.requests import Action, Revisions, Timings
from sidecar.types.targets import Card
from sidecar.types.tenants import Tenant

if TYPE_CHECKING:
    from sidecar.types.json import Document

RECORDS = 20_000
TENANTS = 20
TARGETS = 30
CLASSES = ("contact", "person_name", "credential", "financial_account", "national_id", "health")
MAKING = 500  # records that wait for one commit


def entries(count: int) -> list[Entry]:
    """Return records as a gateway of many customers would leave them: few kinds of requests, many of each."""
    chance = random.Random(11)
    catalog = load_catalog()
    tenants = [
        Tenant(
            id=f"tenant-{number}", country=chance.choice(["DE", "FR", "KR", "US"]), sector="technology", regimes=regimes
        )
        for number in range(TENANTS)
        for regimes in [("EU-GDPR",) if number % 2 else ()]
    ]
    cards = [catalog.card(name) for name in chance.sample(list(catalog.listed()), TARGETS)]
    whose = chance.choices(tenants, weights=_falling(TENANTS), k=count)
    where = chance.choices(cards, weights=_falling(TARGETS), k=count)
    return [_entry(chance, tenant, card) for tenant, card in zip(whose, where, strict=True)]


def _falling(count: int) -> list[float]:
    """Return weights of which the second is half of the first, the third a third: as customers and models are used."""
    return [1 / rank for rank in range(1, count + 1)]


def _entry(chance: random.Random, tenant: Tenant, card: Card) -> Entry:
    classes = sorted(chance.sample(CLASSES, chance.choice([0, 0, 0, 0, 0, 1, 1, 2])))
    findings = [
        Finding(segment=0, start=0, end=1, entity=name.upper(), data_class=name, score=1.0, recognizer="made")
        for name in classes
    ]
    tokens = chance.randrange(20, 4000)
    needs = Needs(context=tokens, tools=False, modalities=("text",), state=False)
    clock = SystemClock()
    half = facts.RequestHalf(
        direction=Direction.REQUEST,
        date=clock.now().date(),
        request=facts.request_document(
            format=Format.OPENAI_CHAT, streaming=False, size=4 * tokens, hosted_tools=(), needs=needs, attributes={}
        ),
        caller={"subject": f"mark:1:{chance.randrange(9999):04x}", "roles": [], "gateway": ""},
        content=facts.content_document(findings, Complete(findings=()), []),
    )
    document: Document = dict(facts.tenant_document(tenant))
    return decision_record(
        decision_id=str(uuid7()),
        tenant=tenant.id,
        action=Action.ALLOW,
        requested=card.id,
        final=card.id,
        final_provider=card.provider,
        name_target=lambda words: words,
        decision=Allow(card.id, Grounds()),
        grounds=Grounds(),
        residual=(),
        findings=findings,
        complete=True,
        request_half=half.document(),
        operator=facts.operator_document(Operator()),
        candidates=(),
        tenant_document=digested(document),
        policy_document=digested({"revision": "made"}),
        cards={card.id: digested(facts.card_document(card))},
        revisions=Revisions("p", "c", "d", "x"),
        timings=Timings(),
        tokens_estimate=tokens,
        price_estimate_usd=None,
        request_mark="",
    )


async def measure(count: int) -> Replayed:
    """Make a journal, and replay it."""
    with tempfile.TemporaryDirectory(prefix="sidecar-replay-") as name:
        folder, clock = Path(name, "audit"), SystemClock()
        journal = SqliteJournal(folder, clock=clock, max_bytes=None)
        made = entries(count)
        for start in range(0, count, MAKING):
            await asyncio.gather(*(journal.append(entry) for entry in made[start : start + MAKING]))
        await journal.close()
        return await replay(
            Settings(), journal=folder, bundle=[shipped_policies()], catalog=None, only=Filter(), clock=clock
        )


def main() -> None:
    """Print one line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=RECORDS)
    told = asyncio.run(measure(parser.parse_args().records))
    rate = told.comparison.records / told.seconds
    print(
        f"{told.comparison.records} records in {told.seconds:.1f} s: {rate:,.0f} a second;"
        f" {told.distinct} of {told.asked} questions distinct ({100 * told.distinct / told.asked:.1f} %)"
    )


if __name__ == "__main__":
    main()
