"""Whether OPA runs, by the kernel's word: what is kept is not given again where it does not."""

import os
import signal

import pytest

from sidecar.clock import Deadline, SystemClock
from sidecar.errors import PolicyUnavailable
from sidecar.policy.cache import CachedEngine
from sidecar.policy.engine import connect_engine
from tests.policy.conftest import Start
from tests.policy.fakes import facts, until


async def test_halted_and_gone_on(start: Start, never: Deadline) -> None:
    """A process that is halted decides nothing, kept or not; one that goes on does."""
    engine = await start(timeout_ms=200)
    cached = CachedEngine(engine, reads=engine.reads or frozenset(), clock=SystemClock())
    said = await cached.decide(facts(), never)
    assert engine.pid is not None
    os.kill(engine.pid, signal.SIGSTOP)
    try:
        await until(lambda: not engine.alive)
        with pytest.raises(PolicyUnavailable):
            await cached.decide(facts(), never)
    finally:
        os.kill(engine.pid, signal.SIGCONT)
    await until(lambda: engine.alive)

    async def says_so_again() -> bool:
        try:
            return said == await cached.decide(facts(), never)
        except PolicyUnavailable:
            return False

    await until(says_so_again)


async def test_ended_and_started_again(start: Start) -> None:
    """Its end is seen at once, and stays for the supervisor to see, which starts another."""
    engine = await start()
    assert engine.alive
    killed = engine.pid
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    await until(lambda: not engine.alive)
    await until(lambda: engine.alive)
    assert killed != engine.pid
    await engine.aclose()
    assert not engine.alive


async def test_somebody_elses(never: Deadline) -> None:
    """What an OPA of somebody else reads is not ours to know, so nothing of it is kept."""
    engine = await connect_engine(url="http://127.0.0.1:1", timeout_ms=100)
    assert (None, False) == (engine.reads, engine.alive)
    await engine.aclose()
