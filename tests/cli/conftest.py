"""Settings for the command line, a journal with decisions in it, and a server to ask."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from sidecar.v1 import inspection_pb2 as pb
from tests.e2e.asking import CHINA, LETTER, chat, question
from tests.e2e.running import PATIENCE, Served, environment, hearing, run, serving

Run = Callable[..., "Done"]


Together = Callable[..., "list[Done]"]
MANY = Path(__file__).with_name("many.py")


@dataclass(frozen=True, slots=True)
class Done:
    """How a run of the command line ended."""

    code: int
    out: str
    err: str
    arguments: Sequence[str | Path]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A sidecar that decided an allow, a redaction and a block, and then was told what became of the first."""
    folder = tmp_path_factory.mktemp("cli")
    with serving(folder) as running, hearing(running.addresses[0]) as ears:
        ears.until_it_serves()
        first = ears.inspection.Inspect(question(), timeout=PATIENCE)
        ears.inspection.Inspect(question(tenant="shop", target=CHINA, body=chat(LETTER)), timeout=PATIENCE)
        ears.inspection.Inspect(question(tenant="ministry", target=CHINA, body=chat(LETTER)), timeout=PATIENCE)
        report = pb.ReportRequest(tenant="plain", decision_id=first.decision_id, forwarded=True, target=first.target)
        ears.inspection.Report(report, timeout=PATIENCE)
        yield running


@pytest.fixture
def sidecar(served: Served, tmp_path: Path) -> Run:
    """Run ``sidecar`` from a folder of its own, with the server's settings."""

    def call(*arguments: str | Path, stdin: bytes = b"", **more: str) -> Done:
        done = run(arguments, tmp_path, stdin=stdin, **{"SIDECAR_CONFIG": str(served.settings), **more})
        assert b"Traceback" not in done.stderr, done.stderr.decode()
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode(), arguments)

    return call


@pytest.fixture
def together(served: Served, tmp_path: Path) -> Together:
    """Do the same with many lines of arguments, one after the other in one process."""

    def call(*lines: Sequence[str], **more: str) -> list[Done]:
        done = subprocess.run(
            [sys.executable, MANY],
            env=environment(tmp_path, **{"SIDECAR_CONFIG": str(served.settings), **more}),
            cwd=tmp_path,
            input=json.dumps(lines).encode(),
            capture_output=True,
            check=False,
            timeout=PATIENCE * 2,
        )
        assert 0 == done.returncode, done.stderr.decode()
        results = json.loads(done.stdout)
        return [Done(code, out, err, line) for (code, out, err), line in zip(results, lines, strict=True)]

    return call
