"""The process that workers are forked from: it loads the models once and holds no connection but to its parent.

``python -m sidecar.detection.zygote FD`` reads settings from the socket FD, answers with what it loaded or why it could
not, and then forks a worker for every descriptor it is sent. It ends when its parent does, and so do its workers: each
watches its own connection. The ``multiprocessing`` forkserver would import the parent's main module, and gRPC with it,
into every worker.
"""

import gc
import logging
import os
import select
import signal
import socket
import sys
import threading
from collections.abc import Sequence
from itertools import islice
from typing import NoReturn

from sidecar.detection.engine import Engine, EngineSettings
from sidecar.detection.frames import Answer, Broke, Done, Raised, Read, ReadTogether, Task, receive, send
from sidecar.detection.windows import Job
from sidecar.errors import SidecarError


def main(descriptor: int) -> None:
    """Load, answer, fork until the parent is gone."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # the parent drains and then closes our sockets
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children are reaped by the kernel
    control = socket.socket(fileno=descriptor)
    try:
        settings: EngineSettings = receive(control)
        engine = _load(control, settings)
        while True:
            _message, descriptors, _flags, _address = socket.recv_fds(control, 1, 1)
            if not descriptors:
                return
            _fork(control, engine, descriptors[0])
    except (EOFError, OSError):
        return


def _load(control: socket.socket, settings: EngineSettings) -> Engine:
    logging.disable(logging.CRITICAL)  # libraries must not log what they read
    try:
        engine = Engine(settings)
        engine.warm_up()
    except SidecarError as error:
        send(control, Raised(error))
        raise EOFError from error
    except Exception as error:
        send(control, Broke(type(error).__name__))
        raise EOFError from error
    gc.collect()
    gc.freeze()  # keeps the pages of the models shared
    send(control, Done(engine.card))
    return engine


def _fork(control: socket.socket, engine: Engine, descriptor: int) -> None:
    pid = os.fork()
    if pid == 0:
        control.close()
        _work(engine, socket.socket(fileno=descriptor))
    os.close(descriptor)
    send(control, Done(pid))


def _work(engine: Engine, connection: socket.socket) -> NoReturn:
    """Serve one connection until it closes."""
    try:
        with open(os.devnull, "w", encoding="ascii") as nowhere:  # noqa: PTH123 - a descriptor is wanted
            os.dup2(nowhere.fileno(), sys.stderr.fileno())
        threading.Thread(target=_watch, args=(connection,), daemon=True).start()
        while True:
            send(connection, _perform(engine, receive(connection)))
    except BaseException:  # noqa: BLE001 - a forked child must not run on into its parent's code
        os._exit(1)


def _perform(engine: Engine, task: Task) -> Answer:
    try:
        if isinstance(task, ReadTogether):
            return Done(_together(engine, task.jobs))
        if isinstance(task, Read):
            return Done(engine.read(task.job))
        return Done(task.function(*task.arguments))
    except SidecarError as error:
        return Raised(error)
    except Exception as error:  # noqa: BLE001 - of any library; its text may hold the caller's
        return Broke(type(error).__name__)


def _together(engine: Engine, jobs: Sequence[Job]) -> tuple[Answer, ...]:
    """Read several jobs as one; where that fails each is read by itself, so that it only fails for whom it must."""
    try:
        readings = iter(engine.read(tuple(window for job in jobs for window in job)))
        return tuple(Done(tuple(islice(readings, len(job)))) for job in jobs)
    except Exception:  # noqa: BLE001 - as above
        return tuple(_perform(engine, Read(job)) for job in jobs)


def _watch(connection: socket.socket) -> None:
    """End the worker when the other end is gone, even in the middle of a job."""
    poll = select.poll()
    poll.register(connection, select.POLLRDHUP | select.POLLHUP)
    poll.poll()
    os._exit(0)


if __name__ == "__main__":
    main(int(sys.argv[1]))
