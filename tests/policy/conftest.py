"""Parts that the policy tests share: a small bundle, the real OPA, engines that are closed again."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from sidecar.clock import Deadline, SystemClock
from sidecar.policy.bundle import Bundle, assemble
from sidecar.policy.engine import OpaEngine, start_engine
from sidecar.policy.opa_binary import OpaBinary, find_opa
from tests.policy.fakes import FakeOpa

SMALL = Path(__file__).parent.parent / "data" / "policy" / "small"
Spoil = Callable[[Mapping[str, str | None]], Path]
Start = Callable[..., Awaitable[OpaEngine]]


@pytest.fixture(scope="session")
def opa() -> OpaBinary:
    """The real OPA."""
    return find_opa()


@pytest.fixture
def spoil(tmp_path: Path) -> Spoil:
    """Copy the small policies, with some files replaced, added or (None) left out."""

    def copy(changes: Mapping[str, str | None]) -> Path:
        folder = tmp_path / "policies"
        for path in sorted(SMALL.rglob("*.*")):
            target = folder / path.relative_to(SMALL)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
        for name, text in changes.items():
            target = folder / name
            if text is None:
                target.unlink()
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(text, encoding="utf-8")
        return folder

    return copy


@pytest.fixture
def bundled(opa: OpaBinary) -> Callable[..., Bundle]:
    """Assemble a bundle of the small policies, or of others."""

    def bundle(policies: Path = SMALL, shadow: Mapping[str, Sequence[str]] | None = None) -> Bundle:
        return assemble(policies, opa=opa, catalog_data={"regimes": {}}, shadow=shadow or {})

    return bundle


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """Start engines with children of their own; all are closed at the end."""
    async with AsyncExitStack() as closing:

        async def managed(policies: Path = SMALL, timeout_ms: int = 5000) -> OpaEngine:
            engine = await start_engine(
                policies=policies, catalog_data={"regimes": {}}, shadow={}, timeout_ms=timeout_ms
            )
            closing.push_async_callback(engine.aclose)
            return engine

        yield managed


@pytest.fixture
async def fake_opa() -> AsyncIterator[FakeOpa]:
    """An OPA that answers what the test tells it to."""
    async with FakeOpa() as server:
        yield server


@pytest.fixture
def never() -> Deadline:
    """A deadline that never comes."""
    return Deadline(SystemClock(), None)
