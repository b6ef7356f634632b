"""``python -m benchmarks.policy``: what a decision costs, beside an empty policy asked over the same socket.

Prints ratios; with ``--write`` keeps them in ``benchmarks/POLICY.md``.
"""

import argparse
import asyncio
import os
import random
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from statistics import median

from sidecar import facts
from sidecar.catalog.load import load_catalog
from sidecar.catalog.shipped import ShippedCatalog
from sidecar.clock import Deadline, SystemClock
from sidecar.config import Operator
from sidecar.policy.cache import CachedEngine
from sidecar.policy.engine import DECISION, OpaEngine, start_engine
from sidecar.policy.opa_client import OpaClient
from sidecar.policy.sources import shipped_policies
from sidecar.types.content import Direction, Format, Needs
from sidecar.types.decisions import Allow, Reroute
from sidecar.types.json import Document
from sidecar.types.tenants import Tenant

RESULTS = Path(__file__).with_name("POLICY.md")
EMPTY = "sidecar/empty/answer"
ROUNDS, QUICK_ROUNDS = 40, 3
EACH = 25  # questions of every kind in a round, turn by turn; a round's figure is their median
TODAY = date(2026, 11, 24)
CLASSES = ("contact", "person_name")
MIB = 1 << 20

# A bank in Germany. The stay: a model hosted in the EU. The others: a model in China, and eight places to go instead.
TENANT = Tenant(
    id="bench",
    country="DE",
    sector="finance",
    regimes=("EU-GDPR", "PCI-DSS"),
    monthly_active_users=200_000,
    monthly_revenue_usd=4_000_000,
    user_countries=("DE", "FR"),
    origins={"CN": "self_hosted_or_hosted_outside"},
    prefer=("reroute", "redact", "block"),
)
STAY = "deepseek-v4-flash-0731@scaleway"
LEAVE = "deepseek-v4-pro@deepseek"
ELSEWHERE = 8


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the results: what was measured, against what, and how much it may be."""

    name: str
    measured: str
    against: str
    target: float


LINES = (
    Line("a permitted target", "permitted", "empty", 2.0),
    Line("the same, with 8 candidates in the facts", "permitted of many", "empty of many", 2.0),
    Line("8 candidates judged", "rerouted", "empty of many", 8.0),
    Line("a cached decision", "cached", "empty", 0.1),
    Line("a cached decision over 8 candidates", "cached of many", "empty of many", 0.1),
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.policy", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few rounds: only to see that it runs")
    parser.add_argument("--write", action="store_true", help="keep the results in benchmarks/POLICY.md")
    asked = parser.parse_args(arguments)
    took = asyncio.run(measure(QUICK_ROUNDS if asked.quick else ROUNDS))
    page = render(took, day=datetime.now(UTC).date())
    print(page)
    if asked.write:
        RESULTS.write_text(page, "utf-8")


async def measure(rounds: int) -> Mapping[str, Sequence[float]]:
    """Return the median milliseconds of every kind of question, by round."""
    catalog = load_catalog()
    alone, many, leaving = questions(catalog)
    async with asking(catalog) as (engine, client):
        cached = CachedEngine(engine, reads=engine.reads or frozenset(), clock=SystemClock())
        never = Deadline(SystemClock(), None)
        assert isinstance(await cached.decide(alone, never), Allow)  # noqa: S101 - or it would measure something else
        rerouted = await cached.decide(leaving, never)
        assert isinstance(rerouted, Reroute)  # noqa: S101
        assert len(rerouted.grounds.rejected) == ELSEWHERE - 1  # noqa: S101
        kinds: dict[str, Callable[[], Awaitable[object]]] = {
            "empty": lambda: client.query(EMPTY, alone),
            "permitted": lambda: client.query(DECISION, alone),
            "empty of many": lambda: client.query(EMPTY, many),
            "permitted of many": lambda: client.query(DECISION, many),
            "rerouted": lambda: client.query(DECISION, leaving),
            "cached": lambda: cached.decide(alone, never),
            "cached of many": lambda: cached.decide(leaving, never),
        }
        await _round(kinds)  # warm
        results = [await _round(kinds) for _ in range(rounds)]
    return {name: [result[name] for result in results] for name in kinds}


async def _round(kinds: Mapping[str, Callable[[], Awaitable[object]]]) -> dict[str, float]:
    took: dict[str, list[float]] = {name: [] for name in kinds}
    names = list(kinds)
    order = random.Random(EACH)
    for _ in range(EACH):
        order.shuffle(names)  # what a long question leaves behind must not always hit the same kind
        for name in names:
            start = time.perf_counter()
            await kinds[name]()
            took[name].append((time.perf_counter() - start) * 1e3)
    return {name: median(each) for name, each in took.items()}


def questions(catalog: ShippedCatalog) -> tuple[Document, Document, Document]:
    """Return the facts of a target that is permitted, alone and with candidates, and of one that is not."""
    half = facts.RequestHalf(
        direction=Direction.REQUEST,
        date=TODAY,
        request=facts.request_document(
            format=Format.OPENAI_CHAT,
            streaming=True,
            size=5120,
            hosted_tools=(),
            needs=Needs(context=1280, tools=False, modalities=("text",), state=False),
            attributes={"purpose": "support"},
        ),
        caller={"subject": "", "roles": ["analyst"], "gateway": ""},
        content={
            "classes": list(CLASSES),
            "fixed": [],
            "found": {name: {"count": 2, "entities": {name.upper(): 2}, "score": 0.9} for name in CLASSES},
            "languages": ["en"],
            "unsupported_languages": [],
            "markings": [],
            "uninspected": [],
            "complete": True,
        },
    )
    stay, leave = (catalog.card(catalog.parse(text)) for text in (STAY, LEAVE))
    listed = (catalog.card(name) for name in islice(catalog.listed(), 0, None, 37))
    candidates = [*islice((card for card in listed if card.identified and card.context), ELSEWHERE - 1), stay]
    operator = Operator()
    return (
        facts.build(half, phase="request", tenant=TENANT, operator=operator, target=stay),
        facts.build(
            half, phase="request", tenant=TENANT, operator=operator, target=stay, candidates=[*candidates[:-1], leave]
        ),
        facts.build(half, phase="request", tenant=TENANT, operator=operator, target=leave, candidates=candidates),
    )


@asynccontextmanager
async def asking(catalog: ShippedCatalog) -> AsyncIterator[tuple[OpaEngine, OpaClient]]:
    """Start an OPA with the shipped policies and one that says nothing; yield its engine, and a client of its own."""
    with tempfile.TemporaryDirectory(prefix="sidecar-bench-") as name:
        folder = Path(name, "policies")
        shutil.copytree(shipped_policies(), folder)
        (folder / "sidecar" / "empty.rego").write_text("package sidecar.empty\n\nanswer := {}\n", "utf-8")
        engine = await start_engine(catalog_data=catalog.policy_data(), shadow={}, timeout_ms=60_000, policies=folder)
        try:
            yield engine, engine._client  # noqa: SLF001 - the same socket is the point
        finally:
            await engine.aclose()


def render(took: Mapping[str, Sequence[float]], *, day: date) -> str:
    """Return the page."""
    rounds = len(took["empty"])
    rows = [f"| {' | '.join(_row(line, took))} |" for line in LINES]
    return "\n".join([_HEAD.format(when=day.isoformat(), cores=os.cpu_count(), rounds=rounds, each=EACH), *rows]) + "\n"


def _row(line: Line, took: Mapping[str, Sequence[float]]) -> tuple[str, ...]:
    ratios = sorted(one / other for one, other in zip(took[line.measured], took[line.against], strict=True))
    middle = median(ratios)
    missed = "" if middle <= line.target else f" (missed by {middle / line.target - 1:.0%})"
    return (
        line.name,
        f"{median(took[line.against]):.3f}",
        f"{median(took[line.measured]):.3f}",
        f"{middle:.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})",
        f"{line.target:g}{missed}",
    )


_HEAD = """\
# What a decision costs

Written by `python -m benchmarks.policy --write`. {when}, {cores} cores, a machine shared with other work: milliseconds
are of little worth by themselves. Ratios hold, since all kinds of question took turns on one socket of one OPA:
{rounds} rounds of {each} each. A round's figure is the median of its questions; a line gives the median of the rounds'
ratios, and in brackets the lowest and the highest.

| question | empty policy, ms | took, ms | ratio | target |
| --- | ---: | ---: | ---: | ---: |"""


if __name__ == "__main__":
    main()
