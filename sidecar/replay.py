"""The story of a replay: what was recorded is decided again, by another policy or catalog, and compared."""

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, assert_never

from sidecar.clock import Clock, Deadline
from sidecar.config import Operator
from sidecar.deciding import Decider
from sidecar.errors import NotRecalled, PolicyAnswerRefused
from sidecar.policy.interface import PolicyEngine
from sidecar.recalling import ReadPart, Recalled, Recollection, question_of
from sidecar.types.decisions import Allow, Block, Decision, Redact, Redaction, Reroute
from sidecar.types.requests import Revisions

BATCH = 32  # records that are read while the engines answer
BATCHES = 16  # that are under way at once
EXAMPLES = 5  # told of each kind of change

_STRENGTH = {"pseudonym": 1, "synthetic": 1, "hash": 1, "mask": 2, "generalize": 3, "remove": 4}


class Change(StrEnum):
    """What another policy makes of a record, from the worst to the best."""

    OPENED = "opened"
    """Nothing left, and now something would."""
    LOOSENED = "loosened"
    """Less would be taken out, or a target that was refused would get it."""
    UNDECIDED = "undecided"
    """The candidate's answer cannot be accepted."""
    MOVED = "moved"
    """It would go elsewhere, to a target that was not refused."""
    TIGHTENED = "tightened"
    """More would be taken out, or nothing would leave."""
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Ending:
    """How a request ended: what was done, where it went, what was taken out, for which reasons."""

    action: str
    target: str
    redact: Mapping[str, str]
    """Class to operator."""
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """One record that would have ended otherwise."""

    change: Change
    decision_id: str
    tenant: str
    model: str
    was: Ending
    now: Ending


@dataclass(slots=True)
class Comparison:
    """What a replay found: counts, and a few examples of each kind."""

    records: int = 0
    unreadable: int = 0
    """Records that do not tell what was asked."""
    changes: Counter[Change] = field(default_factory=Counter)
    by_tenant: Counter[tuple[Change, str]] = field(default_factory=Counter)
    by_model: Counter[tuple[Change, str]] = field(default_factory=Counter)
    by_rule: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(``+`` or ``-``, code): rules that would speak, or would no longer."""
    by_action: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(was, now), where they differ."""
    examples: dict[Change, list[Difference]] = field(default_factory=dict)

    @property
    def looser(self) -> bool:
        """Whether anything would leave that was held back."""
        return bool(self.changes[Change.OPENED] + self.changes[Change.LOOSENED])

    def add(self, one: Difference) -> None:
        """Count one."""
        self.records += 1
        self.changes[one.change] += 1
        for sign, codes in (("+", {*one.now.codes} - {*one.was.codes}), ("-", {*one.was.codes} - {*one.now.codes})):
            self.by_rule.update((sign, code) for code in codes)
        if one.change is Change.SAME:
            return
        self.by_tenant[one.change, one.tenant] += 1
        self.by_model[one.change, one.model] += 1
        if one.was.action != one.now.action:
            self.by_action[one.was.action, one.now.action] += 1
        told = self.examples.setdefault(one.change, [])
        if len(told) < EXAMPLES:
            told.append(one)


@dataclass(frozen=True, slots=True)
class _Bench:
    """What of a snapshot the decider needs."""

    policy: PolicyEngine
    operator: Operator
    max_candidates: int
    revisions: Revisions


class Replay:
    """Decides records again, those that put the same question once."""

    def __init__(
        self,
        *,
        recollection: Recollection,
        policy: PolicyEngine,
        max_candidates: int,
        clock: Clock,
        read_part: ReadPart | None = None,
    ) -> None:
        """Prepare. ``read_part`` tells what policy reads; each record is asked for by itself where it is None."""
        self._recollection = recollection
        self._policy = policy
        self._max_candidates = max_candidates
        self._deadline = Deadline(clock, None)
        self._decider = Decider()
        self._read_part = read_part
        self._known: dict[bytes, tuple[Ending, bool, str]] = {}
        self.spared = 0
        """How many records put a question whose answer was there already."""

    async def run(
        self, records: Iterable[Mapping[str, Any]], on_progress: Callable[[int], None] = lambda _: None
    ) -> Comparison:
        """Decide all of them again, and compare.

        Raises:
            PolicyUnavailable: OPA gave no answer.
        """
        found = Comparison()
        under_way: deque[asyncio.Future[list[Difference | None]]] = deque()
        try:
            for batch in _batches(records, BATCH):
                under_way.append(asyncio.gather(*map(self._compared, batch)))
                await asyncio.sleep(0)  # the engines get their questions before the next records are read
                if len(under_way) == BATCHES:
                    on_progress(_count(await under_way.popleft(), found))
            while under_way:
                on_progress(_count(await under_way.popleft(), found))
        finally:
            for left in under_way:
                left.cancel()
            await asyncio.gather(*under_way, return_exceptions=True)
        return found

    async def _compared(self, record: Mapping[str, Any]) -> Difference | None:
        try:
            now, accepted, model = await self._ended(record)
        except NotRecalled:
            return None
        was = recorded_ending(record)
        change = compare(record, was, now) if accepted else Change.UNDECIDED
        return Difference(change, str(record["decision_id"]), str(record["tenant"]), model, was, now)

    async def _ended(self, record: Mapping[str, Any]) -> tuple[Ending, bool, str]:
        """Return how a record would end, whether that is an answer, and the model that was asked for."""
        if self._read_part is None:
            return await self._ending(self._recollection.recall(record))
        question = question_of(record, self._read_part)
        known = self._known.get(question)
        if known is not None:
            self.spared += 1
            return known
        ended = self._known[question] = await self._ending(self._recollection.recall(record))
        return ended

    async def _ending(self, recalled: Recalled) -> tuple[Ending, bool, str]:
        try:
            return ending(await self._decide(recalled)), True, recalled.requested.model
        except PolicyAnswerRefused:
            return Ending("block", "", {}, ("policy.error",)), False, recalled.requested.model

    async def _decide(self, recalled: Recalled) -> Decision:
        return await self._decider.decide(
            _Bench(self._policy, recalled.operator, self._max_candidates, recalled.revisions),
            recalled.tenant,
            recalled.half,
            requested=recalled.requested,
            alternatives=recalled.alternatives,
            deadline=self._deadline,
        )


def compare(record: Mapping[str, Any], was: Ending, now: Ending) -> Change:
    """Say what became of a record. Where redaction was decided and then did not hold, only the same is the same."""
    if was.action == "block":
        said = record["decision"]
        same = now.action == "block" or (said is not None and now == _as_decided(record, now.codes))
        return Change.SAME if same else Change.OPENED
    if now.action == "block":
        return Change.TIGHTENED
    if now.target != was.target:
        refused = {one["target"] for one in record["rejected"] if one["codes"] != ["ranked"]}
        if was.target != record["requested_target"]:
            refused.add(record["requested_target"])
        return Change.LOOSENED if now.target in refused else Change.MOVED
    kept = {name: _STRENGTH.get(now.redact.get(name, ""), 0) for name in was.redact}
    if any(kept[name] < _STRENGTH.get(operator, 0) for name, operator in was.redact.items()):
        return Change.LOOSENED
    stronger = any(kept[name] > _STRENGTH.get(operator, 0) for name, operator in was.redact.items())
    return Change.TIGHTENED if stronger or now.redact.keys() - was.redact.keys() else Change.SAME


def ending(decision: Decision) -> Ending:
    """Return how a decision ends."""
    codes = tuple(sorted({reason.code for reason in decision.grounds.reasons}))
    match decision:
        case Allow(target=target):
            return Ending("allow", target, {}, codes)
        case Redact(target=target, redactions=redactions):
            return Ending("redact", target, _operators(redactions), codes)
        case Reroute(target=target, redactions=redactions):
            return Ending("reroute", target, _operators(redactions), codes)
        case Block():
            return Ending("block", "", {}, codes)
        case _:
            assert_never(decision)


def recorded_ending(record: Mapping[str, Any]) -> Ending:
    """Return how a record says it ended."""
    codes = tuple(sorted({reason["code"] for reason in record["reasons"]}))
    if record["action"] == "block":
        return Ending("block", "", {}, codes)
    redact = {one["class"]: one["operator"] for one in (record["decision"] or {}).get("redact", ())}
    return Ending(record["action"], record["final_target"], redact, codes)


def _as_decided(record: Mapping[str, Any], codes: tuple[str, ...]) -> Ending:
    """Return what policy had said, before the second look."""
    said = record["decision"]
    return Ending(said["action"], said["target"], {one["class"]: one["operator"] for one in said["redact"]}, codes)


def _operators(redactions: Sequence[Redaction]) -> dict[str, str]:
    return {one.data_class: one.operator for one in redactions}


def _count(differences: Sequence[Difference | None], found: Comparison) -> int:
    """Count them, and return how many they were."""
    for one in differences:
        if one is None:
            found.unreadable += 1
        else:
            found.add(one)
    return len(differences)


def _batches(records: Iterable[Mapping[str, Any]], size: int) -> Iterator[list[Mapping[str, Any]]]:
    """Cut into lists of a size."""
    batch: list[Mapping[str, Any]] = []
    for record in records:
        batch.append(record)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
