"""Starts the zygote and asks it for workers. Blocking: call it from a thread."""

import os
import signal
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass

from sidecar.detection.engine import EngineCard, EngineSettings
from sidecar.detection.frames import Broke, Raised, receive, send
from sidecar.errors import DetectionUnavailable, SettingsFault

LOAD_SECONDS = 120.0  # until the models are loaded, on a slow disk
FORK_SECONDS = 10.0
_ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "TLDEXTRACT_PUBLIC_SUFFIX_LIST_URLS": ""}


@dataclass(frozen=True, slots=True)
class Hand:
    """A worker process: its connection, and a descriptor that names the process for as long as it is held."""

    connection: socket.socket
    process: int

    def kill(self) -> None:
        """End the process, whatever it does."""
        try:
            signal.pidfd_send_signal(self.process, signal.SIGKILL)
        except ProcessLookupError:
            return

    def release(self) -> None:
        """Forget the process. Its connection belongs to whoever reads it."""
        os.close(self.process)


class Nursery:
    """A running zygote."""

    def __init__(self, settings: EngineSettings) -> None:
        """Start it and wait until it has loaded.

        Raises:
            SettingsFault: the model or the operator's recognizers cannot be had, or the process did not come up.
        """
        self._lock = threading.Lock()
        self._control, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - ourselves
                [sys.executable, "-P", "-m", "sidecar.detection.zygote", str(theirs.fileno())],
                pass_fds=(theirs.fileno(),),
                env={**os.environ, **_ENVIRONMENT, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                start_new_session=True,
            )
        try:
            self.card = self._greet(settings)
        except BaseException:
            self.close()
            raise

    def _greet(self, settings: EngineSettings) -> EngineCard:
        self._control.settimeout(LOAD_SECONDS)
        try:
            send(self._control, settings)
            answer = receive(self._control)
        except (EOFError, OSError) as error:
            message = "the detection workers did not start"
            raise SettingsFault(message, field="detection.workers", advice="standard error may say why") from error
        if isinstance(answer, Raised):
            raise answer.error
        if isinstance(answer, Broke):
            message = f"detection could not be loaded ({answer.kind})"
            raise SettingsFault(message, field="detection")
        self._control.settimeout(FORK_SECONDS)
        card: EngineCard = answer.value
        return card

    def fork(self) -> Hand:
        """Return a new worker.

        Raises:
            DetectionUnavailable: the zygote is gone.
        """
        ours, theirs = socket.socketpair()
        try:
            with self._lock, theirs:
                socket.send_fds(self._control, [b"+"], [theirs.fileno()])
                pid: int = receive(self._control).value
            return Hand(ours, os.pidfd_open(pid))
        except (EOFError, OSError) as error:
            ours.close()
            message = "no detection worker could be started"
            raise DetectionUnavailable(message) from error

    def close(self) -> None:
        """End the zygote."""
        self._control.close()
        try:
            self._process.wait(timeout=FORK_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
