"""A sidecar as a process of its own, and what a test may do to it."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc
import yaml
from grpc_health.v1 import health_pb2, health_pb2_grpc

from sidecar.v1 import inspection_pb2_grpc, status_pb2, status_pb2_grpc

SIDECAR = Path(sys.executable).with_name("sidecar")
ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "data" / "e2e"
LISTENING = re.compile(r"^sidecar: listening on (.+)\n", re.MULTILINE)
PATIENCE = 90.0  # seconds for what takes two on an idle machine
SILENCE = 1.5  # seconds; within one of OPA's last answer, what it said before may be given again
CHANNEL = (("grpc.max_send_message_length", -1), ("grpc.max_receive_message_length", -1))


def until(holds: Callable[[], object], what: str, seconds: float = PATIENCE) -> None:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"{what} did not come to be"
        time.sleep(0.05)


def environment(folder: Path, **more: str) -> dict[str, str]:
    """Return an environment in which everything the sidecar writes lands below ``folder``."""
    temporary = folder / "tmp"
    temporary.mkdir(parents=True, exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SIDECAR_")}
    return {**kept, "HOME": str(folder), "TMPDIR": str(temporary), "XDG_STATE_HOME": str(folder / "state"), **more}


def write_settings(folder: Path, **sections: Mapping[str, Any]) -> Path:
    """Write a settings file: patient, one worker, a journal and a socket in ``folder``; sections add to it."""
    document: dict[str, dict[str, Any]] = {
        "server": {"listen": [f"unix:{folder}/s"]},
        "tenants": {"path": str(DATA / "tenants.yaml")},
        "policy": {"timeout_ms": 20_000},
        "detection": {"workers": 1},
        "audit": {"path": str(folder / "audit")},
    }
    for name, section in sections.items():
        document[name] = {**document.get(name, {}), **section}
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "settings.yaml"
    path.write_text(yaml.safe_dump(document))
    return path


class Served:
    """One ``sidecar serve``. Use it as ``with serving(folder, ...) as served``."""

    def __init__(self, folder: Path, settings: Path, arguments: Sequence[str] = (), **more: str) -> None:
        self.folder = folder
        self.settings = settings
        self.log = folder / "serve.log"
        self._stream = self.log.open("ab")
        self.process = subprocess.Popen(
            [SIDECAR, "serve", "--config", settings, *arguments],
            env=environment(folder, **more),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=self._stream,
            stderr=self._stream,
        )

    @property
    def said(self) -> str:
        """All that it said so far."""
        return self.log.read_text()

    @property
    def addresses(self) -> list[str]:
        """Where it listens."""
        line = LISTENING.search(self.said)
        assert line is not None
        return line[1].split(", ")

    def listening(self) -> "Served":
        """Wait until it listens."""
        until(self._listens, f"a listener; {self.said}")
        return self

    def _listens(self) -> bool:
        assert self.process.poll() is None, self.said
        return LISTENING.search(self.said) is not None

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the serving process."""
        self.process.send_signal(number)

    def wait(self) -> int:
        """Wait for its end and return the exit code."""
        code = self.process.wait(PATIENCE)
        self._stream.close()
        return code

    def stop(self) -> int:
        """Stop it as an operator would."""
        if self.process.poll() is None:
            self.send(signal.SIGTERM)
        try:
            return self.wait()
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.wait()
            raise

    @property
    def opa(self) -> int:
        """The process id of the child that decides."""
        return next(pid for pid in children(self.process.pid) if "--server" in command(pid))

    @property
    def workers(self) -> list[int]:
        """The process ids of the detection workers."""
        return [
            worker for child in children(self.process.pid) if "zygote" in command(child) for worker in children(child)
        ]

    @property
    def everybody(self) -> list[int]:
        """The process ids of all it has started."""
        direct = children(self.process.pid)
        return [*direct, *(worker for child in direct for worker in children(child))]


class Ears:
    """One channel to a sidecar, with a stub for each of its services."""

    def __init__(self, address: str, credentials: grpc.ChannelCredentials | None = None) -> None:
        self.channel = (
            grpc.insecure_channel(address, options=CHANNEL)
            if credentials is None
            else grpc.secure_channel(address, credentials, options=CHANNEL)
        )
        self.inspection = inspection_pb2_grpc.InspectionServiceStub(self.channel)
        self._status = status_pb2_grpc.StatusServiceStub(self.channel)
        self._health: Any = health_pb2_grpc.HealthStub(self.channel)

    def status(self) -> status_pb2.GetStatusResponse:
        """Ask what is enforced."""
        return self._status.GetStatus(status_pb2.GetStatusRequest(), timeout=PATIENCE)

    def serves(self, service: str = "") -> bool:
        """Ask the health service."""
        asked = health_pb2.HealthCheckRequest(service=service)
        answer = self._health.Check(asked, timeout=PATIENCE)
        return bool(answer.status == health_pb2.HealthCheckResponse.SERVING)

    def until_it_serves(self) -> None:
        """Wait until all parts are well."""
        until(self.serves, "health")


@contextmanager
def serving(
    folder: Path, arguments: Sequence[str] = (), *, env: Mapping[str, str] | None = None, **sections: Mapping[str, Any]
) -> Iterator[Served]:
    """Run a sidecar with its own folder for as long as the block lasts."""
    served = Served(folder, write_settings(folder, **sections), arguments, **(env or {}))
    try:
        yield served.listening()
    finally:
        served.stop()


@contextmanager
def hearing(address: str, credentials: grpc.ChannelCredentials | None = None) -> Iterator[Ears]:
    """Hold a channel for as long as the block lasts."""
    ears = Ears(address, credentials)
    with ears.channel:
        yield ears


@contextmanager
def silenced(served: Served) -> Iterator[None]:
    """Let OPA give no answer for as long as the block lasts."""
    opa = served.opa
    os.kill(opa, signal.SIGSTOP)
    try:
        time.sleep(SILENCE)
        yield
    finally:
        os.kill(opa, signal.SIGCONT)


def children(pid: int) -> list[int]:
    """Return the process ids of a process's children; none where it is gone."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        return [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return []


def command(pid: int) -> str:
    """Return a process's command line; empty where it is gone or dead."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def copy_of_policies(folder: Path) -> Path:
    """Return a copy of the shipped policies, to be changed."""
    return Path(shutil.copytree(ROOT / "policies", folder / "policies"))


def run(
    arguments: Sequence[str | Path], folder: Path, *, stdin: bytes = b"", **more: str
) -> "subprocess.CompletedProcess[bytes]":
    """Run the command line to its end, from ``folder``."""
    return subprocess.run(
        [SIDECAR, *arguments],
        env=environment(folder, **more),
        cwd=folder,
        input=stdin,
        capture_output=True,
        check=False,
        timeout=PATIENCE * 2,
    )
