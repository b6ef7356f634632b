"""A clock that steps, entries to write, and exports in memory."""

import asyncio
import io
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from sidecar.audit.export.jsonl import EVERYTHING, Filter, export
from sidecar.audit.interface import Entry, Receipt
from sidecar.audit.journal import SqliteJournal
from sidecar.audit.reader import JournalReader
from sidecar.audit.record import digested
from sidecar.types.json import Json

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
STRANGER = Ed25519PrivateKey.from_private_bytes(bytes(32))


def pem(key: Ed25519PrivateKey) -> bytes:
    """Return the public half as a file holds it."""
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


class SteppingClock:
    """Goes on by a second at each look."""

    def __init__(self) -> None:
        self._looks = 0

    def now(self) -> datetime:
        """Return the next second."""
        self._looks += 1
        return START + timedelta(seconds=self._looks)

    def monotonic(self) -> float:
        """Return the seconds so far."""
        return float(self._looks)


def entry(number: int, *, tenant: str = "acme-eu", kind: str = "decision", **content: Json) -> Entry:
    """Return an entry that names its tenant's document; its content can be told by ``number``."""
    document = digested({"id": tenant, "country": "DE"})
    return Entry(
        kind,
        f"decision-{number}",
        tenant,
        {"action": "allow", "number": number, "digests": {"tenant": document.digest}, **content},
        {document.digest: document.document},
    )


async def write(folder: Path, entries: Sequence[Entry]) -> list[Receipt]:
    """Write entries, in their order and in one commit, to the journal in a folder."""
    journal = SqliteJournal(folder, clock=SteppingClock())
    try:
        return await asyncio.gather(*(journal.append(item) for item in entries))
    finally:
        await journal.close()


def written(folder: Path, entries: Sequence[Entry]) -> None:
    """Do the same outside an event loop."""
    asyncio.run(write(folder, entries))


def exported(folder: Path, only: Filter = EVERYTHING, key: Ed25519PrivateKey = KEY) -> list[bytes]:
    """Return the lines of an export."""
    out = io.BytesIO()
    with JournalReader(folder) as reader:
        export(reader, out, key=key, clock=SteppingClock(), only=only)
    return out.getvalue().splitlines(keepends=True)


def parsed(lines: Sequence[bytes]) -> list[dict[str, Any]]:
    """Return lines as objects."""
    return [json.loads(line) for line in lines]
