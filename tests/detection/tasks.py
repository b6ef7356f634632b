"""Functions that tests send to a worker, and a parent that gets killed."""

import sys
from typing import NoReturn, TypeVar

from sidecar.errors import BadRequest

T = TypeVar("T")

PARENT = """
import asyncio, os
from sidecar.clock import Deadline, SystemClock
from sidecar.detection.detector import start_detector
from tests.detection import tasks

async def main():
    detector = await start_detector(workers=1)
    never = Deadline(SystemClock(), None)
    pid = await detector.offload(os.getpid, deadline=never)
    call = asyncio.create_task(detector.offload(tasks.never_return, deadline=never))
    await asyncio.sleep(0.2)
    print(pid, detector.offload._nursery._process.pid, flush=True)
    await call

asyncio.run(main())
"""


def echo(value: T) -> T:
    """Return the argument."""
    return value


def refuse() -> NoReturn:
    """Raise an error of ours."""
    message = "not this"
    raise BadRequest(message, field="body")


def stumble(text: str) -> NoReturn:
    """Raise somebody else's error, with text in it."""
    raise ValueError(text)


def never_return() -> None:
    """Compute without end."""
    while True:
        pass


def foreign_modules() -> list[str]:
    """Return what a worker must not have imported."""
    return sorted(name for name in sys.modules if name.split(".")[0] == "grpc" or name.startswith("sidecar.wire"))
