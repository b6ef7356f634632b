"""An OPA that somebody else runs: asked lazily, believed only within the contract."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from sidecar.clock import Deadline
from sidecar.errors import PolicyAnswerRefused, PolicyFault, PolicyUnavailable
from sidecar.policy.bundle import Bundle
from sidecar.policy.engine import OpaEngine, connect_engine
from sidecar.policy.opa_binary import OpaBinary
from sidecar.types.decisions import Allow, Grounds
from tests.policy.fakes import FakeOpa, answer, facts, http, until

DECISION, BUNDLE, SHADOW = "sidecar/main/decision", "sidecar/bundle", "sidecar/config/shadow"
RULES = ["license.territory", "transfer.regime"]
PERMITTED = Allow("unknown@unknown", Grounds())


def described(revision: str = "r1", rules: list[str] | None = None) -> dict[str, object]:
    """Return what a loaded bundle says of itself."""
    result = {"revision": revision, "rules": rules or RULES, "hard": [], "directions": {}}
    return {"result": result, "provenance": {"version": "1.22.2"}}


def said(**changes: object) -> bytes:
    """Return a decision over HTTP."""
    return http({"result": answer("allow", target="unknown@unknown", **changes)})


@pytest.fixture
async def engine(fake_opa: FakeOpa) -> AsyncIterator[OpaEngine]:
    """An engine that asks the fake, which has a bundle."""
    fake_opa.says = {BUNDLE: http(described()), SHADOW: http({"result": {"*": ["transfer.regime"]}}), DECISION: said()}
    engine = await connect_engine(url=fake_opa.url + "/", timeout_ms=5000)
    yield engine
    await engine.aclose()


async def test_nothing_is_asked_before_there_is_a_question(engine: OpaEngine, fake_opa: FakeOpa) -> None:
    """The start does not depend on somebody else's server."""
    assert ([], "", (), (), f"opa {fake_opa.url}") == (
        fake_opa.asked,
        engine.revision,
        engine.rules,
        engine.shadow_rules,
        engine.engine,
    )


async def test_the_bundle_is_read_once(engine: OpaEngine, fake_opa: FakeOpa, never: Deadline) -> None:
    """Revision, rules, shadow and version come from the OPA itself at first contact."""
    assert [PERMITTED, PERMITTED] == [await engine.decide(facts(), never) for _ in range(2)]
    assert [BUNDLE, SHADOW, DECISION, DECISION] == fake_opa.asked
    assert ("r1", tuple(RULES), ("transfer.regime",), f"opa 1.22.2 {fake_opa.url}") == (
        engine.revision,
        engine.rules,
        engine.shadow_rules,
        engine.engine,
    )
    assert await engine.healthy()


async def test_a_new_bundle_is_read_again(engine: OpaEngine, fake_opa: FakeOpa, never: Deadline) -> None:
    """An answer of another revision is held against what the OPA says now."""
    await engine.decide(facts(), never)
    fake_opa.says |= {BUNDLE: http(described("r2", ["x.y"])), DECISION: said(revision="r2", ruled_by=["x.y"])}
    assert PERMITTED == await engine.decide(facts(), never)
    assert ("r2", ("x.y",)) == (engine.revision, engine.rules)


@pytest.mark.parametrize(
    "changes",
    [{"revision": "r9"}, {"ruled_by": ["transfer.regime"]}, {"ruled_by": []}],
    ids=["revision", "rules", "no rules"],
)
async def test_an_answer_of_no_known_bundle_is_refused(
    engine: OpaEngine, fake_opa: FakeOpa, never: Deadline, changes: dict[str, object]
) -> None:
    """Neither revision nor rules are taken on the answer's own word."""
    fake_opa.says |= {DECISION: said(**changes)}
    with pytest.raises(PolicyAnswerRefused):
        await engine.decide(facts(), never)
    assert not await engine.healthy()


@pytest.mark.parametrize(
    "bundle",
    [
        {},
        {"result": {}},
        described(rules=["b.b", "a.a"]),
        {"result": {"revision": "", "rules": ["a.a"]}},
        {"result": None},
        [],
        7,
    ],
)
async def test_an_opa_without_our_bundle(engine: OpaEngine, fake_opa: FakeOpa, never: Deadline, bundle: object) -> None:
    """What it answers is refused before it is asked about any facts."""
    fake_opa.says |= {BUNDLE: http(bundle)}
    with pytest.raises(PolicyAnswerRefused):
        await engine.decide(facts(), never)
    assert DECISION not in fake_opa.asked


async def test_the_token_is_sent(fake_opa: FakeOpa, never: Deadline) -> None:
    """An OPA that asks who calls is told."""
    fake_opa.says = {BUNDLE: http(described()), SHADOW: http({}), DECISION: said()}
    engine = await connect_engine(url=fake_opa.url, timeout_ms=5000, token="made-up")
    await engine.decide(facts(), never)
    await engine.aclose()
    assert {"Bearer made-up"} == set(fake_opa.tokens)
    assert () == engine.shadow_rules


async def test_while_it_is_unreachable(never: Deadline) -> None:
    """It starts, is not healthy, and refuses."""
    engine = await connect_engine(url="http://127.0.0.1:1", timeout_ms=5000)
    with pytest.raises(PolicyUnavailable):
        await engine.decide(facts(), never)
    assert not await engine.healthy()
    await engine.aclose()


async def test_a_url_with_credentials_stops_the_start() -> None:
    """GetStatus shows the address."""
    with pytest.raises(PolicyFault):
        await connect_engine(url="http://user:secret@opa", timeout_ms=1)


async def test_a_real_opa_over_tcp(
    opa: OpaBinary, bundled: Callable[..., Bundle], tmp_path: Path, never: Deadline
) -> None:
    """A bundle that we assembled is served by an OPA that we did not start; it may come up after us."""
    bundle = bundled()
    bundle.write(tmp_path)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    engine = await connect_engine(url=f"http://{address}", timeout_ms=5000)
    assert not await engine.healthy()
    command = ["run", "--server", "--addr", address, "--skip-version-check", "--bundle", str(tmp_path)]
    server = await asyncio.create_subprocess_exec(opa.path, *command, stderr=asyncio.subprocess.DEVNULL)
    try:
        await until(engine.healthy)
        assert PERMITTED == await engine.decide(facts(), never)
        assert (bundle.revision, bundle.rules.codes, f"opa 1.22.2 http://{address}") == (
            engine.revision,
            engine.rules,
            engine.engine,
        )
    finally:
        await engine.aclose()
        server.kill()
        await server.wait()
