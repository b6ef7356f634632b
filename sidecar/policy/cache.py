"""Answers again what the same bundle was asked before, without asking.

A decision is a pure function of what the bundle reads of the facts, so facts that it cannot tell apart have one
decision. OPA still has to be there: a decision is given again only while its process runs and it answered within the
last second; otherwise the question goes to OPA like any other, and its answer must be the kept one.
"""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from sidecar.clock import Clock, Deadline
from sidecar.errors import DeadlinePassed
from sidecar.logs import logger
from sidecar.policy.interface import PolicyEngine
from sidecar.policy.projection import Projection
from sidecar.policy.reads import FactPath
from sidecar.types.decisions import Decision, Redact, Reroute
from sidecar.types.json import Document

ENTRIES = 20_000
BYTES = 64 << 20
TRUSTED_SECONDS = 1.0  # how long after an answer OPA counts as one that answers
PARSED_PATHS: frozenset[FactPath] = frozenset(
    {("target", "id"), ("candidates",), ("content", "fixed")}
)  # an answer is held against these when it is parsed, whatever the bundle reads
_PART_BYTES = 400  # of a reason, beside its texts
_ENTRY_BYTES = 1000


class PureEngine(PolicyEngine, Protocol):
    """An engine of which it is known what its one bundle reads."""

    @property
    def alive(self) -> bool:
        """Whether its process runs, this moment."""
        ...


@dataclass(frozen=True, slots=True)
class Tally:
    """What a cache holds and did."""

    hits: int
    misses: int
    """Questions that went to OPA, those included that only confirmed what was kept."""
    entries: int
    bytes: int
    """An estimate."""
    evictions: int
    off: bool
    """It found an answer that differed from the kept one, and keeps nothing since."""


class CachedEngine:
    """A policy engine that remembers. One bundle, one cache: both go together."""

    def __init__(
        self,
        engine: PureEngine,
        *,
        reads: frozenset[FactPath],
        clock: Clock,
        max_entries: int = ENTRIES,
        max_bytes: int = BYTES,
    ) -> None:
        self._engine = engine
        self._projection = Projection(reads | PARSED_PATHS)
        self._clock = clock
        self._max_entries = max_entries
        self._max_bytes = max_bytes
        self._kept: OrderedDict[bytes, tuple[Decision, int]] = OrderedDict()
        self._bytes = 0
        self._hits = 0
        self._misses = 0
        self._evictions = 0
        self._answered = float("-inf")
        self._off = False

    @property
    def revision(self) -> str:
        """Digest of the bundle with its data."""
        return self._engine.revision

    @property
    def rules(self) -> Sequence[str]:
        """Codes of all rules, sorted."""
        return self._engine.rules

    @property
    def shadow_rules(self) -> Sequence[str]:
        """``code`` or ``tenant:code``."""
        return self._engine.shadow_rules

    @property
    def engine(self) -> str:
        """The engine that is asked where nothing is kept."""
        return self._engine.engine

    @property
    def tally(self) -> Tally:
        """What it holds and did."""
        return Tally(self._hits, self._misses, len(self._kept), self._bytes, self._evictions, self._off)

    async def healthy(self) -> bool:
        """Whether the smoke decision comes out of OPA."""
        return await self._engine.healthy()

    async def decide(self, facts: Document, deadline: Deadline) -> Decision:
        """Return what is kept for these facts, else ask.

        Raises:
            PolicyUnavailable: OPA gave no answer.
            DeadlinePassed: the caller's deadline came first.
            PolicyAnswerRefused: an answer came and is not acceptable.
        """
        if deadline.passed:
            message = "the deadline passed before policy was asked"
            raise DeadlinePassed(message)
        if self._off:
            return await self._engine.decide(facts, deadline)
        key = self._projection.key(facts)
        kept = self._kept.get(key)
        if kept is not None and self._engine_answers():
            self._kept.move_to_end(key)
            self._hits += 1
            return kept[0]
        return await self._ask(key, facts, deadline)

    def _engine_answers(self) -> bool:
        return self._clock.monotonic() - self._answered < TRUSTED_SECONDS and self._engine.alive

    async def _ask(self, key: bytes, facts: Document, deadline: Deadline) -> Decision:
        self._misses += 1
        try:
            decision = await self._engine.decide(facts, deadline)
        except BaseException:
            self._answered = float("-inf")  # until it answers again, every question is its to answer
            raise
        self._answered = self._clock.monotonic()
        kept = self._kept.get(key)
        if kept is None:
            self._keep(key, decision)
        elif kept[0] != decision:
            self._give_up()
        return decision

    def _keep(self, key: bytes, decision: Decision) -> None:
        size = _size(decision)
        if self._off or size > self._max_bytes:
            return
        self._kept[key] = (decision, size)
        self._bytes += size
        while len(self._kept) > self._max_entries or self._bytes > self._max_bytes:
            _, (_, size) = self._kept.popitem(last=False)
            self._bytes -= size
            self._evictions += 1

    def _give_up(self) -> None:
        """Keep nothing any more: the bundle is not what it was taken for."""
        logger().error("two answers to one question: decisions are no longer kept", revision=self.revision)
        self._off = True
        self._kept.clear()
        self._bytes = 0


def _size(decision: Decision) -> int:
    """Estimate what a decision takes; strings that are shared count each time."""
    return _ENTRY_BYTES + sum(_PART_BYTES + length for length in _lengths(decision))


def _lengths(decision: Decision) -> Iterator[int]:
    grounds = decision.grounds
    if isinstance(decision, Redact | Reroute):
        yield from (len(redaction.data_class) for redaction in decision.redactions)
    yield from (sum(map(len, rejected.codes)) for rejected in grounds.rejected)
    for reason in (*grounds.reasons, *grounds.notices, *grounds.shadow):
        yield sum(map(len, (reason.message, reason.clause, reason.remedy, reason.target, reason.basis)))
    yield from (len(waived.reason) + len(waived.approver) + len(waived.clause) for waived in grounds.waived)
    yield from (len(duty.text) + len(duty.clause) for duty in grounds.obligations)
