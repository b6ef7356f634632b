"""The engine on the real OPA: what it answers, and that it never permits what OPA did not."""

import asyncio
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from sidecar.clock import Deadline, SystemClock
from sidecar.errors import DeadlinePassed, PolicyAnswerRefused, PolicyFault, PolicyUnavailable
from sidecar.policy.bundle import Bundle
from sidecar.policy.engine import OpaEngine, start_engine
from sidecar.policy.opa_binary import OpaBinary
from sidecar.types.decisions import Allow, Block, Decision, Grounds, Reason, Severity
from tests.policy.conftest import SMALL, Spoil, Start
from tests.policy.fakes import alive, facts, script, until

MAIN = "sidecar/main/main.rego"
UNIDENTIFIED = "sidecar/rules/identity/unidentified_target/unidentified_target.rego"
PERMITTED = Allow("unknown@unknown", Grounds())
PURPOSE_DENIED = Block(
    Grounds(
        reasons=(
            Reason(
                code="trial.purpose",
                severity=Severity.DENY,
                data_class="",
                target="unknown@unknown",
                message="Denied as asked.",
                clause="",
                remedy="",
                basis="",
            ),
        )
    )
)


async def test_it_decides(start: Start, never: Deadline, bundled: Callable[..., Bundle]) -> None:
    """Decisions come from the bundle, which is the one that was assembled."""
    engine = await start()
    assert PERMITTED == await engine.decide(facts(), never)
    assert PURPOSE_DENIED == await engine.decide(facts(purpose="deny"), never)
    bundle = bundled()
    assert (bundle.revision, bundle.rules.codes, (), "opa 1.22.2 managed") == (
        engine.revision,
        engine.rules,
        engine.shadow_rules,
        engine.engine,
    )
    assert await engine.healthy()


async def test_shadow_rules_are_told() -> None:
    """For all tenants by their code, else with the tenant."""
    shadow = {"acme": ["trial.purpose"], "*": ["*"]}
    engine = await start_engine(policies=SMALL, catalog_data={}, shadow=shadow, timeout_ms=1000)
    assert ("*", "acme:trial.purpose") == engine.shadow_rules
    await engine.aclose()


async def test_the_socket_is_private(start: Start) -> None:
    """Nobody else on the machine may ask or answer."""
    engine = await start()
    assert engine._process is not None
    socket = engine._process.socket
    assert (0o700, 0o600) == (socket.parent.stat().st_mode & 0o777, socket.stat().st_mode & 0o777)
    await engine.aclose()
    assert not socket.parent.exists()


async def test_undefined_is_refused(start: Start, never: Deadline) -> None:
    """HTTP 200 without a result is not a permission."""
    engine = await start()
    with pytest.raises(PolicyAnswerRefused, match="undefined"):
        await engine.decide(facts(purpose="undefined"), never)


async def test_an_error_of_a_builtin_is_no_answer(start: Start, never: Deadline) -> None:
    """It would be undefined, so not deny, if errors were not strict."""
    engine = await start()
    with pytest.raises(PolicyUnavailable, match="HTTP status 500"):
        await engine.decide(facts(purpose="fault"), never)
    assert PERMITTED == await engine.decide(facts(), never)


@pytest.mark.parametrize(
    ("timeout_ms", "seconds", "error"), [(50, None, PolicyUnavailable), (60_000, 0.05, DeadlinePassed)]
)
async def test_a_runaway_policy_is_stopped(
    start: Start, timeout_ms: int, seconds: float | None, error: type[Exception]
) -> None:
    """Our own limit makes it unavailable, the caller's deadline passes; either way OPA stops evaluating."""
    engine = await start(timeout_ms=timeout_ms)
    with pytest.raises(error):
        await engine.decide(facts(purpose="runaway"), Deadline(SystemClock(), seconds))
    await until(lambda: _rests(engine))
    engine._seconds = 5.0
    assert PERMITTED == await engine.decide(facts(), Deadline(SystemClock(), None))


async def test_a_passed_deadline_asks_nothing(start: Start) -> None:
    """Nobody waits for the answer any more."""
    engine = await start()
    with pytest.raises(DeadlinePassed):
        await engine.decide(facts(), Deadline(SystemClock(), 0))


async def test_killed_under_load_it_refuses_and_comes_back(start: Start, never: Deadline) -> None:
    """While OPA is gone there is no decision at all; within seconds it decides again, with another child."""
    engine = await start()
    first = engine.pid
    seen: list[Decision | PolicyUnavailable] = []
    stop = asyncio.Event()

    async def ask() -> None:
        while not stop.is_set():
            try:
                seen.append(await engine.decide(facts(purpose="deny"), never))
            except PolicyUnavailable as error:
                seen.append(error)
                await asyncio.sleep(0.001)

    async with asyncio.timeout(60), asyncio.TaskGroup() as load:
        for _ in range(8):
            load.create_task(ask())
        await until(lambda: len(seen) >= 50)
        await _kill(engine)
        await until(engine.healthy)
        before = len(seen)
        await until(lambda: len(seen) >= before + 50)
        stop.set()
    assert {PURPOSE_DENIED, PolicyUnavailable} == {said if isinstance(said, Block) else type(said) for said in seen}
    assert engine.pid != first


async def test_it_comes_back_every_time(start: Start, never: Deadline) -> None:
    """A child that dies again and again is started again and again."""
    engine = await start()
    for _ in range(3):
        await _kill(engine)
        await until(engine.healthy)
    assert PERMITTED == await engine.decide(facts(), never)


async def test_a_stopped_child_is_unhealthy(start: Start) -> None:
    """A child that hangs is not taken for one that answers."""
    engine = await start()
    assert engine.pid is not None
    os.kill(engine.pid, signal.SIGSTOP)
    try:
        assert not await engine.healthy()
    finally:
        os.kill(engine.pid, signal.SIGCONT)
    assert await engine.healthy()


async def test_closing_waits_for_questions_in_flight(start: Start, never: Deadline) -> None:
    """The child ends when its last question has been answered, and takes no more of them."""
    engine = await start(timeout_ms=300)
    pid = engine.pid
    assert pid is not None
    asking = asyncio.create_task(engine.decide(facts(purpose="runaway"), never))
    await asyncio.sleep(0)
    closing = asyncio.create_task(engine.aclose())
    await asyncio.sleep(0)
    with pytest.raises(PolicyUnavailable, match="replaced"):
        await engine.decide(facts(), never)
    assert not await engine.healthy()
    assert not closing.done()
    with pytest.raises(PolicyUnavailable, match="timeout_ms"):
        await asking
    await closing
    assert not alive(pid)


async def test_one_child_per_revision(start: Start, spoil: Spoil, never: Deadline) -> None:
    """A new bundle gets a child of its own beside the old one, which ends without disturbing it."""
    old = await start()
    new = await start(spoil({UNIDENTIFIED: None}))
    assert old.revision != new.revision
    assert [Block, Allow] == [type(await engine.decide(facts(identified=False), never)) for engine in (old, new)]
    await old.aclose()
    assert PERMITTED == await new.decide(facts(identified=False), never)


async def test_a_question_that_is_given_up_holds_nothing(start: Start, never: Deadline) -> None:
    """A caller that goes away cancels its question, and closing does not wait for it."""
    engine = await start(timeout_ms=60_000)
    asking = asyncio.create_task(engine.decide(facts(purpose="runaway"), never))
    await asyncio.sleep(0.05)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    await engine.aclose()


async def test_the_smoke_decision_guards_the_start(spoil: Spoil) -> None:
    """A bundle that lets an unknown target pass, or answers out of contract, is not served."""
    silent = (SMALL / UNIDENTIFIED).read_text().replace("if not input.target.identified", "if input.target.identified")
    with pytest.raises(PolicyFault, match="a target that nobody knows was not blocked"):
        await start_engine(policies=spoil({UNIDENTIFIED: silent}), catalog_data={}, shadow={}, timeout_ms=1000)
    wrong = (SMALL / MAIN).read_text().replace('"ruled_by": ruled_by', '"ruled_by": []')
    with pytest.raises(PolicyFault, match="ruled_by: not the rules of the bundle"):
        await start_engine(policies=spoil({MAIN: wrong}), catalog_data={}, shadow={}, timeout_ms=1000)


async def test_without_the_rule_any_acceptable_decision_will_do(start: Start, spoil: Spoil, never: Deadline) -> None:
    """A bundle of somebody's own rules need not have ours."""
    engine = await start(spoil({UNIDENTIFIED: None}))
    assert PERMITTED == await engine.decide(facts(identified=False), never)


BROKEN = """case "$1" in run) echo '{"level":"error","msg":"no room"}' >&2; exit 1;; esac"""


async def test_an_opa_that_cannot_serve(opa: OpaBinary, tmp_path: Path) -> None:
    """A child that ends at once stops the start, and is told in its own words."""
    broken = script(tmp_path / "opa", f'{BROKEN}\nexec {opa.path} "$@"')
    with pytest.raises(PolicyFault) as refused:
        await start_engine(policies=SMALL, catalog_data={}, shadow={}, timeout_ms=1000, opa=broken)
    assert ("no room",) == refused.value.faults


async def test_it_is_tried_until_it_can_be_started(opa: OpaBinary, tmp_path: Path, never: Deadline) -> None:
    """While no child can be started there are no decisions; once one can, there are."""
    path = script(tmp_path / "opa", f'exec {opa.path} "$@"')
    engine = await start_engine(policies=SMALL, catalog_data={}, shadow={}, timeout_ms=5000, opa=path)
    script(path, f'date >> {tmp_path}/tries\n{BROKEN}\nexec {opa.path} "$@"')
    await _kill(engine)
    await until(lambda: (tmp_path / "tries").exists() and len((tmp_path / "tries").read_text().splitlines()) > 2)
    with pytest.raises(PolicyUnavailable):
        await engine.decide(facts(), never)
    assert not await engine.healthy()
    script(path, f'exec {opa.path} "$@"')
    await until(engine.healthy)
    assert PERMITTED == await engine.decide(facts(), never)
    await engine.aclose()


async def test_an_interrupt_at_the_terminal_is_not_for_the_child(start: Start) -> None:
    """OPA is in a session of its own, so that requests in flight are still decided while the sidecar drains."""
    engine = await start()
    assert engine.pid is not None
    assert engine.pid == os.getsid(engine.pid)


async def test_a_child_that_will_not_end_is_ended(start: Start) -> None:
    """Asked first, killed then."""
    engine = await start()
    pid = engine.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    await engine.aclose()
    assert not alive(pid)


async def _kill(engine: OpaEngine) -> None:
    pid = engine.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    await until(lambda: engine.pid != pid)


def _ticks(engine: OpaEngine) -> int:
    """Return the processor time that the child has used."""
    fields = Path(f"/proc/{engine.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


async def _rests(engine: OpaEngine) -> bool:
    before = _ticks(engine)
    await asyncio.sleep(0.2)
    return before == _ticks(engine)
