"""Starts and supervises one ``opa run --server`` on a private Unix socket."""

import asyncio
import contextlib
import json
import os
import shutil
import sys
import tempfile
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Awaitable, Callable
from pathlib import Path

from sidecar.errors import NotReady, PolicyAnswerRefused, PolicyFault, SidecarError
from sidecar.logs import logger
from sidecar.policy import tether
from sidecar.policy.bundle import Bundle
from sidecar.policy.opa_binary import OpaBinary, environment

SOCKET_PATH_BYTES = 107  # of sockaddr_un, without the closing zero
START_SECONDS = 30.0  # it takes 0.1 where nothing else runs; a machine under load gets its time
STOP_SECONDS = 2.0  # asked to end; nobody waits for an answer any more
POLL_SECONDS = 0.01
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 2.0  # between restarts; before the first there is none
STEADY_SECONDS = 10.0  # a child that lived this long has earned an immediate restart
KEPT_BYTES = 4096  # of what a child says before it is ready, to explain a start that failed
SERVE = (
    "run",
    "--server",
    "--bundle",
    "bundle",
    "--unix-socket-perm",
    "600",
    "--skip-version-check",
    "--log-level",
    "error",
    "--shutdown-grace-period",
    "1",
)

Probe = Callable[[], Awaitable[None]]
"""Asks the smoke decision. Raises NotReady while nobody listens, PolicyAnswerRefused where the answer will not do."""


class OpaProcess:
    """One child with one bundle, for as long as it is wanted.

    The child dies with the thread that runs the event loop, is started anew when it dies, and counts as ready only once
    the smoke decision came out. What it says once it is ready is thrown away: it could repeat what it was asked.
    """

    def __init__(self, *, opa: OpaBinary, bundle: Bundle, patience: float = START_SECONDS) -> None:
        self._opa = opa
        self._folder = _private_folder()
        try:
            bundle.write(self._folder / "bundle")
        except OSError as error:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise PolicyFault(_NO_ROOM, faults=[str(error.strerror)]) from error
        self._patience = patience  # seconds until a child that does not answer is given up
        self._process: Process | None = None
        self._listener: asyncio.Task[None] | None = None
        self._supervisor: asyncio.Task[None] | None = None
        self._ready = False
        self._said = bytearray()
        self.socket = self._folder / "s"

    @property
    def ready(self) -> bool:
        """Whether the child that runs now has passed the smoke decision."""
        return self._ready

    @property
    def alive(self) -> bool:
        """Whether it is ready and, by the kernel's word of this moment, has neither ended nor been halted."""
        return self._ready and self._process is not None and _runs(self._process.pid)

    @property
    def pid(self) -> int | None:
        """The child's process id, while there is one."""
        return self._process.pid if self._process is not None else None

    async def start(self, probe: Probe) -> None:
        """Start the child and wait until it is ready.

        Raises:
            PolicyFault: it ended, never answered, or its smoke decision is not the one that must come.
        """
        try:
            await self._launch(probe)
        except BaseException:
            await self.stop()
            raise
        self._supervisor = asyncio.create_task(self._supervise(probe), name="opa supervisor")

    async def stop(self) -> None:
        """End the child and remove its folder."""
        self._ready = False
        if self._supervisor is not None:
            self._supervisor.cancel()
            await asyncio.wait([self._supervisor])
        await self._end()
        shutil.rmtree(self._folder, ignore_errors=True)

    async def _launch(self, probe: Probe) -> None:
        self.socket.unlink(missing_ok=True)
        self._said.clear()
        command = [str(self._opa.path), *SERVE, "--addr", f"unix://{self.socket}"]
        python = [sys.executable, "-I", "-S", str(Path(tether.__file__)), str(os.getpid())]
        try:
            self._process = await asyncio.create_subprocess_exec(
                *python,
                *command,
                cwd=self._folder,
                env=environment(),
                stdin=DEVNULL,
                stdout=DEVNULL,
                stderr=PIPE,
                start_new_session=True,  # an interrupt at the terminal is for us: OPA is needed while we drain
            )
        except OSError as error:
            message = f"OPA could not be started: {error.strerror}"
            raise PolicyFault(message, field="policy.opa.path") from error
        self._listener = asyncio.create_task(self._listen(self._process), name="opa output")
        try:
            async with asyncio.timeout(self._patience):
                await self._until_ready(self._process, self._listener, probe)
        except TimeoutError as error:
            message = f"OPA did not answer within {self._patience:.0f} seconds of its start"
            raise PolicyFault(message, field="policy.path") from error
        except PolicyAnswerRefused as error:
            message = "OPA's answer to the smoke decision cannot be accepted"
            raise PolicyFault(message, faults=[str(error)], field="policy.path") from error
        self._ready = True
        logger().info("opa is ready", pid=self._process.pid, version=self._opa.version)

    async def _until_ready(self, process: Process, listener: asyncio.Task[None], probe: Probe) -> None:
        while True:
            if process.returncode is not None:
                await listener  # what it said last may still be on its way
                message = "OPA ended before it was ready"
                raise PolicyFault(message, faults=_errors(self._said.decode("utf-8", "replace")), field="policy.path")
            try:
                await probe()
            except NotReady:
                await asyncio.sleep(POLL_SECONDS)
            else:
                return

    async def _listen(self, process: Process) -> None:
        """Empty the pipe for good, or the child would stand still; keep the little that may explain a failed start."""
        assert process.stderr is not None  # noqa: S101 - it was asked for
        while chunk := await process.stderr.read(KEPT_BYTES):
            if not self._ready:
                self._said += chunk[: KEPT_BYTES - len(self._said)]

    async def _supervise(self, probe: Probe) -> None:
        clock = asyncio.get_running_loop().time
        pause = 0.0
        while True:
            born = clock()
            if self._process is not None:
                code = await self._process.wait()
                self._ready = False
                pause = 0.0 if clock() - born >= STEADY_SECONDS else pause
                logger().error("opa ended and is started again", pid=self._process.pid, code=code, seconds=pause)
            await asyncio.sleep(pause)
            pause = min(max(2 * pause, FIRST_PAUSE), LONGEST_PAUSE)
            try:
                await self._launch(probe)
            except SidecarError as error:
                logger().error("opa could not be started again", reason=error.reason)
                await self._end()

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is None or process.returncode is not None:
            return
        for end in (process.terminate, process.kill):
            with contextlib.suppress(ProcessLookupError):
                end()
            try:
                await asyncio.wait_for(process.wait(), STOP_SECONDS)
            except TimeoutError:
                continue
            return


_NO_ROOM = "the bundle cannot be written to a temporary folder"


def _runs(pid: int) -> bool:
    try:
        # only looked at: whose end it is stays for the loop to collect
        return os.waitid(os.P_PID, pid, os.WEXITED | os.WSTOPPED | os.WNOHANG | os.WNOWAIT) is None
    except ChildProcessError:
        return False


def _private_folder() -> Path:
    """Make a folder that only we may enter, whose path is short enough to hold a socket."""
    for base in (None, "/tmp"):  # noqa: S108 - mkdtemp makes it private, and TMPDIR can be too long
        try:
            folder = Path(tempfile.mkdtemp(prefix="opa-", dir=base))  # mode 0700
        except OSError as error:
            raise PolicyFault(_NO_ROOM, faults=[str(error.strerror)], advice="set TMPDIR") from error
        if len(os.fsencode(folder / "s")) <= SOCKET_PATH_BYTES:
            return folder
        folder.rmdir()
    message = "no folder for temporary files has a path short enough for a Unix socket"
    raise PolicyFault(message, advice="set TMPDIR to a short path")


def _errors(said: str) -> list[str]:
    """Read the errors out of OPA's log; lines that are no log are kept as they are."""
    faults = []
    for line in said.splitlines():
        try:
            entry = json.loads(line)
            if entry["level"] != "warning":
                faults.append(str(entry["msg"]))
        except (ValueError, TypeError, KeyError):
            faults.append(line)
    return faults
