"""Decides a journal again, under other policies or another catalog."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sidecar.app.policies import layers_of, with_policies
from sidecar.app.sources import open_catalog, open_engine
from sidecar.audit.export.jsonl import Filter
from sidecar.audit.reader import JournalReader
from sidecar.clock import Clock
from sidecar.config import Settings
from sidecar.errors import SettingsFault
from sidecar.policy.cache import PARSED_PATHS
from sidecar.policy.projection import Projection
from sidecar.policy.spread import SpreadEngine
from sidecar.recalling import Recollection
from sidecar.replay import Change, Comparison, Difference, Ending, Replay
from sidecar.types.json import Document

if TYPE_CHECKING:
    from sidecar.policy.engine import OpaEngine

__all__ = ["Change", "Comparison", "Difference", "Ending", "Filter"]

CHILDREN = 2
PATIENCE_MS = 60_000  # many questions wait in one queue


@dataclass(frozen=True, slots=True)
class Replayed:
    """What came out, and what it took."""

    comparison: Comparison
    revision: str
    """Of the candidate."""
    asked: int
    distinct: int
    """Questions that OPA had to answer."""
    seconds: float


async def replay(
    settings: Settings,
    *,
    journal: Path,
    bundle: Sequence[Path],
    catalog: Path | None,
    only: Filter,
    clock: Clock,
    on_size: Callable[[int], None] = lambda _: None,
    on_progress: Callable[[int], None] = lambda _: None,
) -> Replayed:
    """Decide the records of a journal again, by candidate policies, or the configured ones with a candidate catalog.

    Raises:
        OperatorFault: journal, policies or catalog will not do.
        PolicyUnavailable: OPA gave no answer.
    """
    if settings.policy.opa.url:
        message = "a replay runs OPA itself: leave policy.opa.url out"
        raise SettingsFault(message, field="policy.opa.url")
    candidate = with_policies(settings, layers_of(settings, bundle))
    candidate = candidate.model_copy(
        update={
            "policy": candidate.policy.model_copy(update={"timeout_ms": PATIENCE_MS}),
            "catalog": candidate.catalog
            if catalog is None
            else candidate.catalog.model_copy(update={"overlay": catalog}),
        }
    )
    cards = open_catalog(candidate)
    async with AsyncExitStack() as closing:
        reader = closing.enter_context(JournalReader(journal))
        engines: list[OpaEngine] = []
        for _ in range(CHILDREN):
            engine = await open_engine(candidate, cards)
            closing.push_async_callback(engine.aclose)
            engines.append(engine)
        reads = engines[0].reads or frozenset([()])
        spread = SpreadEngine(engines, reads=reads)
        story = Replay(
            recollection=Recollection(
                document=documents_of(reader),
                unknown=cards,
                operator=settings.operator,
                catalog=None if catalog is None else cards,
            ),
            policy=spread,
            max_candidates=settings.policy.max_candidates,
            clock=clock,
            read_part=Projection(reads | PARSED_PATHS).of,
        )
        size, started = reader.size, clock.monotonic()
        on_size(size)
        comparison = await story.run(_decisions(reader, size, only), on_progress)
        seconds = clock.monotonic() - started
        return Replayed(comparison, spread.revision, spread.asked + story.spared, spread.distinct, seconds)


def _decisions(reader: JournalReader, size: int, only: Filter) -> Iterator[Mapping[str, Any]]:
    for row in reader.rows(until=size):
        record = row.record()
        if record.get("kind") == "decision" and only.admits(record):
            yield record


def documents_of(reader: JournalReader) -> Callable[[str], Document | None]:
    """Return what finds the documents that a journal's records name by digest."""

    def find(digest: str) -> Document | None:
        text = reader.document_text(digest)
        document = None if text is None else json.loads(text)
        return document if isinstance(document, dict) else None

    return find
