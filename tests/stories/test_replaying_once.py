"""Records that put the same question are decided once, and nothing that comes out is another for it."""

import asyncio
import random
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from sidecar.clock import Deadline, SystemClock
from sidecar.errors import NotRecalled, PolicyAnswerRefused
from sidecar.policy.projection import Projection
from sidecar.recalling import ReadPart, question_of
from sidecar.replay import Comparison, Replay
from sidecar.types.decisions import Allow, Block, Decision, Grounds
from sidecar.types.json import Document
from tests.stories.test_recalling import recollection, record

READ = Projection([("content", "classes"), ("request", "hosted_tools"), ("target", "id"), ("candidates",)]).of
ALONE = {"candidates": [], "digests": {"tenant": "t", "cards": {"deepseek/deepseek-v3.2@nebius": "r"}}}


class PureEngine:
    """Decides by what ``READ`` names, counts its questions, and gives no acceptable answer to one kind."""

    revision = "r"
    rules: Sequence[str] = ()
    shadow_rules: Sequence[str] = ()
    engine = "fake"

    def __init__(self) -> None:
        self.asked = 0

    async def healthy(self) -> bool:
        """It is."""
        return True

    async def decide(self, facts: Document, deadline: Deadline) -> Decision:
        """Decide."""
        self.asked += 1
        await asyncio.sleep(0)
        content: Any = facts["content"]
        target: Any = facts["target"]
        candidates: Any = facts["candidates"]
        if "odd" in content["classes"]:
            message = "odd"
            raise PolicyAnswerRefused(message)
        if content["classes"] and len(candidates) != 1:
            return Block(Grounds())
        return Allow(target["id"], Grounds())


def made(count: int) -> list[Mapping[str, Any]]:
    """Return records of few kinds that differ in much that nobody reads, one in ten of which tells nothing."""
    chance = random.Random(11)
    return [_made(chance, number) for number in range(count)]


def _made(chance: random.Random, number: int) -> Mapping[str, Any]:
    needs = {"context": chance.choice([10, 10**9]), "tools": False, "modalities": ["text"], "state": False}
    half = {
        "direction": "request",
        "date": chance.choice(["2026-11-24", "2026-11-25"]),
        "request": {"hosted_tools": [], "needs": needs, "attributes": {}, "bytes": number},
        "caller": {"subject": f"mark:1:{number}", "roles": [], "gateway": ""},
        "content": {"classes": chance.choice([[], ["contact"], ["odd"]]), "found": {"contact": number}},
    }
    ended: dict[str, object] = {
        "decision_id": str(number),
        "action": chance.choice(["allow", "block"]),
        "final_target": "deepseek/deepseek-v3.2@nebius",
        "decision": None,
        "reasons": [],
        "rejected": [],
    }
    around = chance.choice([ALONE, ALONE, {}])
    lost: dict[str, object] = {"request_half": {}} if chance.random() < 0.1 else {}
    return record(**{"request_half": half, **ended, **around, **lost})


def _compared(records: Sequence[Mapping[str, Any]], read: ReadPart | None) -> tuple[Comparison, int]:
    engine = PureEngine()
    story = Replay(recollection=recollection(), policy=engine, max_candidates=8, clock=SystemClock(), read_part=read)
    found = asyncio.run(story.run(records))
    return found, engine.asked


def test_its_slow_twin() -> None:
    """What comes out is what comes out where each record is asked for by itself, in far fewer questions."""
    records = made(2000)
    quick, few = _compared(records, READ)
    slow, all_of_them = _compared(records, None)
    assert slow == quick
    assert few * 2 < all_of_them == len(records) - quick.unreadable
    assert {"opened", "same", "tightened", "undecided"} <= {change.value for change in quick.changes}


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({"decision_id": "another"}, True),
        ({"request_half": {**record()["request_half"], "caller": {"subject": "another"}}}, True),  # type: ignore[dict-item]
        ({"request_half": {**record()["request_half"], "date": "2026-11-25"}}, False),  # type: ignore[dict-item]
        ({"request_half": {**record()["request_half"], "content": {"classes": ["x"]}}}, False),  # type: ignore[dict-item]
        ({"tenant": "another"}, False),
        ({"operator": None}, False),
        ({"requested_target": "another"}, False),
        ({"revisions": {}}, False),
        ({"candidates": ["a"]}, False),
        ({"digests": {"tenant": "u", "cards": ALONE["digests"]["cards"]}}, False),  # type: ignore[index]
    ],
)
def test_what_tells_questions_apart(changes: dict[str, object], *, same: bool) -> None:
    """All that a decision follows from, and nothing that policy does not read."""
    first = question_of(record(**ALONE), READ)
    assert same is (first == question_of(record(**{**ALONE, **changes}), READ))


def test_needs_count_where_there_are_candidates() -> None:
    """What a candidate must be able to do decides which of them are put to policy."""
    half: Any = record()["request_half"]
    longer = {**half, "request": {**half["request"], "needs": {**half["request"]["needs"], "context": 11}}}
    assert question_of(record(), READ) != question_of(record(request_half=longer), READ)
    assert question_of(record(**ALONE), READ) == question_of(record(**{**ALONE, "request_half": longer}), READ)


def test_a_record_that_does_not_tell() -> None:
    """It has no key."""
    with pytest.raises(NotRecalled):
        question_of({"request_half": {}}, READ)
