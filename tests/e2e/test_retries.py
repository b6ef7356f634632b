"""Idempotency over the wire."""

import json
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

from sidecar.audit.reader import JournalReader
from sidecar.v1 import inspection_pb2 as pb
from tests.e2e.asking import CHINA, EU_HOST, LETTER, MAIL, Refused, action, chat, question, refused
from tests.e2e.running import PATIENCE, Ears, Served, silenced


@pytest.fixture
def request_id() -> str:
    """An id that no other test uses."""
    return uuid.uuid4().hex


def redacted(**fields: object) -> pb.InspectRequest:
    """Return a request that is redacted with pseudonyms."""
    return question(**{"tenant": "shop", "target": CHINA, "body": chat(LETTER), "session_id": "s", **fields})


def test_same_request_same_decision(ears: Ears, request_id: str) -> None:
    """A retry gets the same id and the same body, and the journal has one record."""
    before = ears.status().journal_size
    first, second = (ears.inspection.Inspect(redacted(request_id=request_id), timeout=PATIENCE) for _ in range(2))
    assert ("redact", first.decision_id, first.body) == (action(second), second.decision_id, second.body)
    assert before + 1 == ears.status().journal_size


def test_restoration_of_a_retry_holds(ears: Ears, request_id: str) -> None:
    """What a retry seals opens under the decision's id, like what the first sealed."""
    answers = [ears.inspection.Inspect(redacted(request_id=request_id), timeout=PATIENCE) for _ in range(2)]
    for answer in answers:
        restored = ears.inspection.Restore(
            pb.RestoreRequest(
                tenant="shop",
                decision_id=answers[0].decision_id,
                restoration=answer.restoration,
                format=pb.FORMAT_TEXT,
                body=json.loads(answer.body)["messages"][0]["content"].encode(),
            ),
            timeout=PATIENCE,
        )
        assert LETTER == restored.body.decode()


def test_without_an_id_there_is_no_promise(ears: Ears) -> None:
    """Every request without an id is decided for itself."""
    first, second = (ears.inspection.Inspect(question(), timeout=PATIENCE) for _ in range(2))
    assert first.decision_id != second.decision_id


def test_twins_in_flight(served: Served, ears: Ears, request_id: str) -> None:
    """Twins that come while the first is judged wait for it, and get its decision."""
    before = ears.status().journal_size
    with silenced(served):
        calls = [ears.inspection.Inspect.future(redacted(request_id=request_id), timeout=PATIENCE) for _ in range(4)]
        assert not any(call.done() for call in calls)
    answers = [call.result() for call in calls]
    assert 1 == len({answer.decision_id for answer in answers})
    assert before + 1 == ears.status().journal_size


def test_tenants_do_not_share_ids(ears: Ears, request_id: str) -> None:
    """The same id of two customers names two requests."""
    ids = {
        ears.inspection.Inspect(question(tenant=tenant, request_id=request_id), timeout=PATIENCE).decision_id
        for tenant in ("plain", "shop")
    }
    assert 2 == len(ids)


CHANGES: dict[str, Callable[[pb.InspectRequest], None]] = {
    "body": lambda request: setattr(request, "body", chat("Something else.")),
    "target": lambda request: request.target.CopyFrom(EU_HOST),
    "region": lambda request: setattr(request.target, "region", "CN"),
    "candidates": lambda request: request.candidates.append(EU_HOST),
    "attributes": lambda request: request.attributes.update({"purpose": "support"}),
    "subject": lambda request: setattr(request, "subject", MAIL),
    "session": lambda request: setattr(request, "session_id", "t"),
    "direction": lambda request: setattr(request, "direction", pb.DIRECTION_RESPONSE),
    "restorations": lambda request: request.restorations.append(b"x"),
    "format": lambda request: setattr(request, "format", pb.FORMAT_TEXT),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_other_content_is_refused(ears: Ears, request_id: str, change: Callable[[pb.InspectRequest], None]) -> None:
    """An id that was used for something else is refused, whatever the difference."""
    asked = redacted(request_id=request_id)
    ears.inspection.Inspect(asked, timeout=PATIENCE)
    change(asked)
    assert Refused("INVALID_ARGUMENT", "RETRY_MISMATCH", "request_id", retry=False) == refused(
        lambda: ears.inspection.Inspect(asked, timeout=PATIENCE)
    )


def test_refused_request_leaves_its_id_free(ears: Ears, request_id: str) -> None:
    """Nothing was decided on a malformed body, so that its id may name the corrected one."""
    refused(lambda: ears.inspection.Inspect(question(request_id=request_id, body=b"{"), timeout=PATIENCE))
    assert "allow" == action(ears.inspection.Inspect(question(request_id=request_id), timeout=PATIENCE))


def test_caller_that_left_and_came_again(served: Served, ears: Ears, request_id: str) -> None:
    """A deadline that passed while policy was asked decided nothing; the retry is judged, and recorded once."""
    before = ears.status().journal_size
    with silenced(served):
        told = refused(lambda: ears.inspection.Inspect(question(request_id=request_id), timeout=0.5))
    assert "DEADLINE_EXCEEDED" == told.code
    answer = ears.inspection.Inspect(question(request_id=request_id), timeout=PATIENCE)
    assert "allow" == action(answer)
    with JournalReader(Path(served.folder, "audit")) as journal:
        fresh = journal.tail(journal.size - before)
    assert [answer.decision_id] == [record["decision_id"] for record in fresh]
