"""An OPA that says whatever the test wants, and facts and answers to ask and say."""

import asyncio
import copy
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Self

from sidecar.policy.smoke import FACTS
from sidecar.types.json import Document

HANG = b"hang"
DROP = b"drop"


def facts(*, purpose: str = "", identified: bool = True) -> Document:
    """Return facts for the small bundle; the purpose tells its trial rule how to misbehave."""
    document: dict[str, Any] = copy.deepcopy(FACTS)
    document["request"]["attributes"] = {"purpose": purpose}
    document["target"]["identified"] = identified
    return document


def reason(**changes: str) -> dict[str, str]:
    """Return a reason as OPA would say it."""
    fields = {
        "code": "transfer.regime",
        "severity": "deny",
        "class": "contact",
        "target": "requested@there",
        "message": "It may not.",
        "clause": "Art. 44",
        "remedy": "Do otherwise.",
        "basis": "EU-GDPR",
    }
    return {**fields, **changes}


def answer(action: str, /, **changes: object) -> dict[str, Any]:
    """Return a valid answer of some action, with changes."""
    fields: dict[str, Any] = {
        "action": action,
        "redact": [],
        "reasons": [],
        "rejected": [],
        "obligations": [],
        "notices": [],
        "shadow": [],
        "ruled_by": ["license.territory", "transfer.regime"],
        "revision": "r1",
    }
    if action != "allow":
        fields["reasons"] = [reason()]
    if action != "block":
        fields["target"] = "candidate@elsewhere" if action == "reroute" else "requested@there"
    if action == "redact":
        fields["redact"] = [{"class": "contact", "operator": "pseudonym"}]
    return {**fields, **changes}


def http(body: object, *, status: int = 200, length: int | None = None) -> bytes:
    """Write an HTTP response; ``length`` lies about the body's."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    size = len(content) if length is None else length
    head = f"HTTP/1.1 {status} Said\r\nContent-Type: application/json\r\nContent-Length: {size}\r\n\r\n"
    return head.encode() + content


async def until(holds: Callable[[], bool | Awaitable[bool]]) -> None:
    """Wait until something holds that tells nobody when it does."""
    async with asyncio.timeout(30):
        while not (held if isinstance(held := holds(), bool) else await held):  # noqa: ASYNC110 - another process's doing
            await asyncio.sleep(0.005)


class FakeOpa:
    """A server on loopback: paths under ``/v1/data/`` to raw responses, :data:`HANG` or :data:`DROP`.

    A list is used up in order.
    """

    def __init__(self) -> None:
        self.says: dict[str, bytes | list[bytes]] = {}
        self.asked: list[str] = []
        self.questions: list[dict[str, Any]] = []
        self.tokens: list[str] = []
        self.url = ""
        self.left = asyncio.Event()
        self.keeps_alive = True

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                path = line.decode().split(" ")[1].partition("?")[0].removeprefix("/v1/data/")
                length = 0
                while (header := await reader.readline()).strip():
                    name, _, value = header.decode().partition(":")
                    length = int(value) if name.lower() == "content-length" else length
                    self.tokens += [value.strip()] if name.lower() == "authorization" else []
                self.questions.append(json.loads(await reader.readexactly(length)))
                self.asked.append(path)
                said = self.says.get(path, http({}))
                said = said.pop(0) if isinstance(said, list) else said
                if said == HANG:
                    await reader.read()
                    self.left.set()
                    break
                if said == DROP:
                    break
                writer.write(said)
                await writer.drain()
                if not self.keeps_alive:
                    break
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()


def alive(pid: int) -> bool:
    """Whether a process runs; one that only waits for its parent to look does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def script(path: Path, body: str) -> Path:
    """Write a program."""
    path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    path.chmod(0o755)
    return path
