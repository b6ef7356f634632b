"""What is answered again without asking, and what never is."""

import copy
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from sidecar.clock import Deadline
from sidecar.errors import DeadlinePassed, PolicyAnswerRefused, PolicyUnavailable
from sidecar.policy.cache import TRUSTED_SECONDS, CachedEngine, Tally
from sidecar.policy.smoke import FACTS
from sidecar.types.decisions import Allow, Block, Decision, Grounds, Reason, Redaction, Rejected, Reroute, Severity
from sidecar.types.json import Document

READS = frozenset({("tenant", "country"), ("content", "classes")})


class StillClock:
    """A clock that goes only when told to."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def now(self) -> datetime:
        """Return some day."""
        return datetime(2026, 11, 24, tzinfo=UTC)

    def monotonic(self) -> float:
        """Return the seconds it was set to."""
        return self.seconds


class Oracle:
    """An engine that says what it is told to, and counts how often it is asked."""

    revision = "r1"
    rules: Sequence[str] = ("a.b",)
    shadow_rules: Sequence[str] = ("*:a.b",)
    engine = "opa fake"

    def __init__(self) -> None:
        self.says: Decision | Exception | None = None
        self.asked = 0
        self.alive = True

    async def decide(self, facts: Document, deadline: Deadline) -> Decision:
        """Say it; by default, allow the target."""
        self.asked += 1
        if isinstance(self.says, Exception):
            raise self.says
        target: Any = facts["target"]
        return self.says or Allow(target["id"], Grounds())

    async def healthy(self) -> bool:
        """Say whether it lives."""
        return self.alive


CLOCK_NEVER = Deadline(StillClock(), None)
BLOCK = Block(Grounds(reasons=(Reason("a.b", Severity.DENY, "", "unknown@unknown", "m", "c", "r", "b"),)))


def facts(**tenant: object) -> Any:  # noqa: ANN401 - facts of one's own
    """Return facts with changes to the tenant."""
    document: Any = copy.deepcopy(FACTS)
    document["tenant"] |= tenant
    return document


@pytest.fixture
def oracle() -> Oracle:
    """What is asked."""
    return Oracle()


@pytest.fixture
def clock() -> StillClock:
    """The time."""
    return StillClock()


@pytest.fixture
def cached(oracle: Oracle, clock: StillClock) -> CachedEngine:
    """What is tried."""
    return CachedEngine(oracle, reads=READS, clock=clock)


async def test_asks_once(cached: CachedEngine, oracle: Oracle) -> None:
    """Facts that differ in nothing that is read have one decision."""
    said = [await cached.decide(facts(sector=sector), CLOCK_NEVER) for sector in ("health", "law", "health")]
    assert [Allow("unknown@unknown", Grounds())] * 3 == said
    assert 1 == oracle.asked
    assert Tally(hits=2, misses=1, entries=1, bytes=1000, evictions=0, off=False) == cached.tally


async def test_asks_anew_where_it_matters(cached: CachedEngine, oracle: Oracle) -> None:
    """What is read makes a question of its own."""
    for country in ("DE", "FR", "DE"):
        await cached.decide(facts(country=country), CLOCK_NEVER)
    assert 2 == oracle.asked


async def test_what_the_answer_is_held_against(cached: CachedEngine, oracle: Oracle) -> None:
    """Targets and fixed classes count, whether the bundle reads them or not: the answer must fit them."""
    changes: list[dict[str, Any]] = [{}, {}, {}]
    changes[0] = facts() | {"target": {**facts()["target"], "id": "another@unknown"}}
    changes[1] = facts() | {"candidates": [facts()["target"]]}
    changes[2] = facts() | {"content": {**facts()["content"], "fixed": ["contact"]}}
    for document in (facts(), *changes):
        await cached.decide(document, CLOCK_NEVER)
    assert 4 == oracle.asked
    assert Allow("another@unknown", Grounds()) == await cached.decide(changes[0], CLOCK_NEVER)


@pytest.mark.parametrize("error", [PolicyUnavailable("gone"), PolicyAnswerRefused("odd"), DeadlinePassed("late")])
async def test_errors_are_not_kept(cached: CachedEngine, oracle: Oracle, error: Exception) -> None:
    """Nor is anything given again until OPA has answered since."""
    oracle.says = error
    with pytest.raises(type(error)):
        await cached.decide(facts(), CLOCK_NEVER)
    oracle.says = None
    await cached.decide(facts(), CLOCK_NEVER)
    oracle.says = error
    with pytest.raises(type(error)):
        await cached.decide(facts(country="FR"), CLOCK_NEVER)
    with pytest.raises(type(error)):
        await cached.decide(facts(), CLOCK_NEVER)
    oracle.says = None
    assert [Allow("unknown@unknown", Grounds())] * 2 == [await cached.decide(facts(), CLOCK_NEVER) for _ in range(2)]
    assert (1, 5, 5) == (cached.tally.hits, cached.tally.misses, oracle.asked)


async def test_the_caller_who_is_too_late(cached: CachedEngine, clock: StillClock) -> None:
    """It gets nothing that is kept either."""
    await cached.decide(facts(), CLOCK_NEVER)
    deadline = Deadline(clock, 1)
    clock.seconds += 1
    with pytest.raises(DeadlinePassed):
        await cached.decide(facts(), deadline)


async def test_opa_that_is_gone(cached: CachedEngine, oracle: Oracle) -> None:
    """Where its process does not run, the question goes to it all the same, and so is refused."""
    await cached.decide(facts(), CLOCK_NEVER)
    oracle.alive, oracle.says = False, PolicyUnavailable("gone")
    with pytest.raises(PolicyUnavailable):
        await cached.decide(facts(), CLOCK_NEVER)


async def test_opa_that_was_not_heard_of_for_long(cached: CachedEngine, oracle: Oracle, clock: StillClock) -> None:
    """Then it is asked, and what is kept is good again for as long."""
    await cached.decide(facts(), CLOCK_NEVER)
    clock.seconds += TRUSTED_SECONDS
    await cached.decide(facts(), CLOCK_NEVER)
    await cached.decide(facts(), CLOCK_NEVER)
    assert (1, 2) == (cached.tally.hits, oracle.asked)


async def test_two_answers_to_one_question(cached: CachedEngine, oracle: Oracle, clock: StillClock) -> None:
    """A bundle that does not say the same again is not what it was taken for: nothing is kept any more."""
    await cached.decide(facts(), CLOCK_NEVER)
    clock.seconds += TRUSTED_SECONDS
    oracle.says = BLOCK
    assert [BLOCK] * 3 == [await cached.decide(facts(), CLOCK_NEVER) for _ in range(3)]
    assert (4, Tally(hits=0, misses=2, entries=0, bytes=0, evictions=0, off=True)) == (oracle.asked, cached.tally)


async def test_entries_are_bounded(oracle: Oracle, clock: StillClock) -> None:
    """The one that was not asked for longest makes room."""
    cached = CachedEngine(oracle, reads=READS, clock=clock, max_entries=2)
    for country in ("DE", "FR", "DE", "IT", "DE", "FR"):
        await cached.decide(facts(country=country), CLOCK_NEVER)
    assert (2, 2, 4) == (cached.tally.entries, cached.tally.hits, oracle.asked)


async def test_bytes_are_bounded(oracle: Oracle, clock: StillClock) -> None:
    """A decision that says much takes the room of others; one that is too large is not kept at all."""
    cached = CachedEngine(oracle, reads=READS, clock=clock, max_bytes=6000)
    grounds = Grounds(reasons=BLOCK.grounds.reasons * 2, rejected=(Rejected("x@y", ("a.b",)),))
    oracle.says = Reroute("unknown@unknown", (Redaction("contact", "remove"),), grounds)
    for country in ("DE", "FR", "IT"):
        await cached.decide(facts(country=country), CLOCK_NEVER)
    size = cached.tally.bytes // cached.tally.entries
    assert 2 == cached.tally.entries
    assert 1000 + 4 * 400 <= size <= 3000
    oracle.says = Block(Grounds(reasons=BLOCK.grounds.reasons * 20))
    await cached.decide(facts(country="ES"), CLOCK_NEVER)
    assert (2, 2 * size, True) == (cached.tally.entries, cached.tally.bytes, cached.tally.evictions > 0)


async def test_speaks_for_its_engine(cached: CachedEngine) -> None:
    """Everything else is the engine's own."""
    told = (cached.revision, cached.rules, cached.shadow_rules, cached.engine, await cached.healthy())
    assert ("r1", ("a.b",), ("*:a.b",), "opa fake", True) == told
