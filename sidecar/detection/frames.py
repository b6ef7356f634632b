"""Messages between the serving process and its workers: a length, then a pickle. Both ends are ours."""

import pickle
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sidecar.detection.windows import Job
from sidecar.errors import SidecarError

HEADER = struct.Struct("!Q")
MAX_FRAME = 512 << 20  # a body of 16 MiB, read into segments, with room; more is a fault


@dataclass(frozen=True, slots=True)
class Read:
    """Ask for the readings of a job."""

    job: Job


@dataclass(frozen=True, slots=True)
class ReadTogether:
    """Ask for the readings of jobs of several requests; the value is an answer for each."""

    jobs: tuple[Job, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """Ask for what a pure function returns."""

    function: Callable[..., Any]
    arguments: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """What came out."""

    value: Any


@dataclass(frozen=True, slots=True)
class Raised:
    """An error of ours, to be raised at the other end."""

    error: SidecarError


@dataclass(frozen=True, slots=True)
class Broke:
    """Something foreign went wrong; its type's name, never its text."""

    kind: str


Task = Read | ReadTogether | Call
Answer = Done | Raised | Broke


def pack(message: object) -> bytes:
    """Return a message as a frame.

    Raises:
        ValueError: it is larger than a frame may be.
    """
    body = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    if len(body) > MAX_FRAME:
        text = "the message is larger than a frame"
        raise ValueError(text)
    return HEADER.pack(len(body)) + body


def unpack(body: bytes) -> Any:  # noqa: ANN401 - whoever asked knows
    """Return the message of a frame's body."""
    return pickle.loads(body)  # noqa: S301 - from a process that we forked


def size_of(header: bytes) -> int:
    """Return the length that a header announces.

    Raises:
        EOFError: no frame of ours is that long.
    """
    (size,) = HEADER.unpack(header)
    if size > MAX_FRAME:
        message = "not a frame"
        raise EOFError(message)
    return int(size)


def send(connection: socket.socket, message: object) -> None:
    """Send a message on a blocking socket."""
    connection.sendall(pack(message))


def receive(connection: socket.socket) -> Any:  # noqa: ANN401 - as above
    """Wait for a message on a blocking socket.

    Raises:
        EOFError: the other end is gone.
    """
    return unpack(_exactly(connection, size_of(_exactly(connection, HEADER.size))))


def _exactly(connection: socket.socket, size: int) -> bytes:
    parts = bytearray()
    while len(parts) < size:
        part = connection.recv(min(size - len(parts), 1 << 20))
        if not part:
            raise EOFError
        parts += part
    return bytes(parts)
