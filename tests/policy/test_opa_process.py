"""The life of the child."""

import asyncio
import os
import signal
import sys
import tempfile
import threading
from pathlib import Path

import pytest

from sidecar.clock import Deadline, SystemClock
from sidecar.errors import PolicyFault
from sidecar.policy.engine import start_engine
from sidecar.policy.opa_process import _private_folder
from sidecar.types.decisions import Allow, Grounds
from tests.policy.conftest import SMALL
from tests.policy.fakes import alive, facts, until


async def test_the_child_dies_with_its_parent(tmp_path: Path) -> None:
    """Killed the hard way, the sidecar leaves no OPA behind."""
    parent = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.policy.orphan",
        str(SMALL),
        cwd=Path(__file__).parents[2],
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdout=asyncio.subprocess.PIPE,
    )
    assert parent.stdout is not None
    try:
        child = int(await parent.stdout.readline())
        assert alive(child)
    finally:
        parent.send_signal(signal.SIGKILL)
        await parent.wait()
    await until(lambda: not alive(child))


def test_the_child_outlives_other_threads() -> None:
    """It belongs to the thread of the loop that started it; those of the pool may come and go."""
    said: list[object] = []

    async def life() -> None:
        engine = await start_engine(policies=SMALL, catalog_data={}, shadow={}, timeout_ms=5000)
        await asyncio.get_running_loop().shutdown_default_executor()
        said.append(await engine.decide(facts(), Deadline(SystemClock(), None)))
        await engine.aclose()

    thread = threading.Thread(target=lambda: asyncio.run(life()))
    thread.start()
    thread.join()
    assert [Allow("unknown@unknown", Grounds())] == said


def test_long_temporary_paths_are_avoided(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A socket's path may have 107 bytes; where TMPDIR is longer, another place is taken."""
    deep = tmp_path / ("d" * 100)
    deep.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(deep))
    folder = _private_folder()
    assert Path("/tmp") == folder.parent  # noqa: S108 - that is the place
    assert [] == list(deep.iterdir())
    folder.rmdir()


def test_no_room_for_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full or missing temporary folder is the operator's to mend."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))
    with pytest.raises(PolicyFault, match="temporary"):
        _private_folder()
