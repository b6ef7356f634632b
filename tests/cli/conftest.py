"""Settings for the command line, a journal with decisions in it, and a server to ask."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sidecar.v1 import inspection_pb2 as pb
from tests.e2e.asking import CHINA, LETTER, chat, question
from tests.e2e.running import PATIENCE, Served, hearing, run, serving

Run = Callable[..., "Done"]


class Done:
    """How a run of the command line ended."""

    def __init__(self, code: int, out: bytes, err: bytes) -> None:
        self.code = code
        self.out = out.decode()
        self.err = err.decode()


@pytest.fixture(scope="session")
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
        return Done(done.returncode, done.stdout, done.stderr)

    return call
