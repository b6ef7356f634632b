"""A part is lost under load: requests are refused, nothing unjudged is let go, and it comes back by itself."""

import os
import signal
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import grpc
import pytest

from tests.e2e.asking import (
    CHINA,
    LETTER,
    PLANTED,
    Refused,
    action,
    chat,
    codes,
    fresh,
    question,
    read_refusal,
    refused,
)
from tests.e2e.running import PATIENCE, Ears, Served, command, copy_of_policies, hearing, serving, silenced, until

SURPRISED = """
_surprised := object.union(_verdict, {"surprise": true}) if input.tenant.id == "plain"

_surprised := _verdict if input.tenant.id != "plain"
"""
ROUNDS = 12
AT_ONCE = 6


@pytest.fixture(scope="module")
def fragile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A sidecar that is not spared."""
    with serving(
        tmp_path_factory.mktemp("lost"),
        policy={"timeout_ms": 3000},
        limits={"queue": 2},
        server={"drain_seconds": 1},
    ) as running:
        yield running


@pytest.fixture
def ears(fragile: Served) -> Iterator[Ears]:
    """A channel to it, once all parts are well."""
    with hearing(fragile.addresses[0]) as open_ears:
        open_ears.until_it_serves()
        yield open_ears
        open_ears.until_it_serves()


def load(ears: Ears) -> list[Any]:
    """Put requests under way that must be redacted."""
    return [
        ears.inspection.Inspect.future(question(tenant="shop", target=CHINA, body=fresh(LETTER)), timeout=PATIENCE)
        for _ in range(AT_ONCE)
    ]


def fates(calls: list[Any]) -> list[str]:
    """Return how calls ended; whatever was answered was judged, and holds nothing that had to go."""
    ends = []
    for call in calls:
        try:
            answer = call.result()
        except grpc.RpcError as error:
            told = read_refusal(error)
            assert told.code in {"UNAVAILABLE", "RESOURCE_EXHAUSTED"}, told
            assert told.retry, told
            ends.append(told.reason)
        else:
            assert "redact" == action(answer), answer
            assert [] == [value for value in PLANTED if value in answer.body.decode()]
            ends.append("redact")
    return ends


def test_opa_killed_under_load(fragile: Served, ears: Ears) -> None:
    """Every request is judged or refused; another OPA takes over within seconds."""
    killed = fragile.opa
    ends = []
    for turn in range(ROUNDS):
        calls = load(ears)
        if turn == 3:
            os.kill(killed, signal.SIGKILL)
        ends += fates(calls)
    assert "redact" in ends
    until(partial(_another_opa, fragile, killed), "another OPA")
    until(lambda: {"redact"} == set(fates(load(ears))), "answers to all")


def test_opa_that_keeps_dying(fragile: Served, ears: Ears) -> None:
    """However often it is killed, it comes back."""
    for _ in range(3):
        killed = fragile.opa
        os.kill(killed, signal.SIGKILL)
        until(partial(_another_opa, fragile, killed), "another OPA")
    until(lambda: {"redact"} == set(fates(load(ears))), "answers to all")


def _another_opa(served: Served, before: int) -> bool:
    running = [pid for pid in served.everybody if "--server" in command(pid)]
    return bool(running) and before not in running


def test_opa_that_does_not_answer(fragile: Served, ears: Ears) -> None:
    """No answer within policy.timeout_ms is no decision: UNAVAILABLE, when to come again, and nothing recorded."""
    before = ears.status().journal_size
    with silenced(fragile):
        told = refused(lambda: ears.inspection.Inspect(question(), timeout=PATIENCE))
        until(lambda: not ears.serves("sidecar.v1.InspectionService"), "NOT_SERVING")
        assert ["policy: OPA does not give the smoke decision"] == list(ears.status().troubles)
    assert Refused("UNAVAILABLE", "POLICY_UNAVAILABLE", "", retry=True) == told
    assert before == ears.status().journal_size


def test_worker_killed_under_load(fragile: Served, ears: Ears) -> None:
    """Requests that a worker held are refused; another takes its place."""
    killed = fragile.workers
    ends = []
    for turn in range(ROUNDS):
        calls = load(ears)
        if turn == 3:
            for worker in killed:
                os.kill(worker, signal.SIGKILL)
        ends += fates(calls)
    assert "redact" in ends
    until(lambda: {"redact"} == set(fates(load(ears))), "answers to all")
    assert [] == [worker for worker in fragile.workers if worker in killed]


def test_worker_that_holds_a_request_is_lost(fragile: Served, ears: Ears) -> None:
    """The request that a lost worker held is UNAVAILABLE, and nothing is recorded of it."""
    before = ears.status().journal_size
    (worker,) = fragile.workers
    os.kill(worker, signal.SIGSTOP)
    call = ears.inspection.Inspect.future(question(body=fresh()), timeout=PATIENCE)
    time.sleep(2)  # until it has it; were it later, the request would be served by the next worker
    os.kill(worker, signal.SIGKILL)
    told = refused(call.result)
    assert Refused("UNAVAILABLE", "DETECTION_UNAVAILABLE", "", retry=True) == told
    assert before == ears.status().journal_size


def test_whole_nursery_is_lost(fragile: Served, ears: Ears) -> None:
    """Where even the process that workers are forked from is killed, detection is loaded again."""
    for child in fragile.everybody:
        if "zygote" in command(child):
            os.kill(child, signal.SIGKILL)
    ears.until_it_serves()
    until(lambda: "redact" in fates(load(ears)[:1]), "detection")


def test_worker_that_never_ends_is_given_up(fragile: Served, ears: Ears) -> None:
    """After the caller's deadline its worker is replaced, so that the next request is served."""
    (worker,) = fragile.workers
    os.kill(worker, signal.SIGSTOP)
    told = refused(lambda: ears.inspection.Inspect(question(body=fresh()), timeout=1))
    assert "DEADLINE_EXCEEDED" == told.code
    assert "allow" == action(ears.inspection.Inspect(question(body=fresh()), timeout=PATIENCE))
    assert worker not in fragile.workers


def test_more_requests_than_may_wait(fragile: Served, ears: Ears) -> None:
    """Beyond limits.queue a request is refused with a retry delay; those that wait are answered."""
    with silenced(fragile):
        calls: list[Any] = [ears.inspection.Inspect.future(question(), timeout=PATIENCE) for _ in range(40)]
        until(lambda: any(call.done() for call in calls), "a refusal")
        refusals = [read_refusal(call.exception()) for call in calls if call.done()]
    ends = {read_refusal(error) for call in calls if (error := call.exception()) is not None}
    assert Refused("RESOURCE_EXHAUSTED", "QUEUE_FULL", "", retry=True) in refusals
    assert {"QUEUE_FULL", "POLICY_UNAVAILABLE"} >= {one.reason for one in ends}


def test_journal_that_is_full(tmp_path: Path) -> None:
    """Where the record cannot be written there is no answer, the service is not well, and the log still verifies."""
    with (
        serving(tmp_path, audit={"max_bytes": 200_000}) as small,
        hearing(small.addresses[0]) as ears,
    ):
        ears.until_it_serves()
        told: Refused | None = None
        answered = 0
        for number in range(400):
            try:
                ears.inspection.Inspect(
                    question(tenant="ministry", target=CHINA, body=chat(f"{LETTER} {number}")), timeout=PATIENCE
                )
                answered += 1
            except grpc.RpcError as error:
                told = read_refusal(error)
                break
        assert Refused("UNAVAILABLE", "JOURNAL_UNAVAILABLE", "audit.max_bytes", retry=True) == told
        assert answered == ears.status().journal_size
        until(lambda: not ears.serves(), "NOT_SERVING")
        assert ["journal: the last commit failed"] == list(ears.status().troubles)


def test_answer_that_cannot_be_accepted(tmp_path: Path) -> None:
    """A policy that answers with a field nobody knows is an error of the policy: a recorded block."""
    policies = copy_of_policies(tmp_path)
    main = policies / "sidecar" / "main" / "main.rego"
    rules = main.read_text()
    assert "object.union(_verdict, " in rules
    main.write_text(rules.replace("object.union(_verdict, ", "object.union(_surprised, ") + SURPRISED)
    with (
        serving(tmp_path / "run", policy={"path": str(policies)}) as odd,
        hearing(odd.addresses[0]) as ears,
    ):
        ears.until_it_serves()
        answer = ears.inspection.Inspect(question(), timeout=PATIENCE)
        assert ("block", ["policy.error"], 1) == (action(answer), codes(answer), ears.status().journal_size)
        assert b"" == answer.body
