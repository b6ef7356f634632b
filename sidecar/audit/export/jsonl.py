"""One JSON object a line: records with their hash, documents before the record that names them first, the head last.

What a filter leaves out appears as ``{"sequence", "previous", "hash"}``, so that the chain can be followed. A line
of kind ``document`` holds ``digest`` and ``document``. Memory does not grow with the journal, only with the number of
documents.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import BinaryIO

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sidecar.audit.chain import NO_HASH, canonical
from sidecar.audit.head import Head, sign
from sidecar.audit.reader import JournalReader, Row
from sidecar.clock import Clock
from sidecar.types.json import Document, Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which records are shown whole."""

    start: datetime | None = None
    """From this time on. Without a zone it is UTC."""
    end: datetime | None = None
    """Before this time."""
    tenant: str = ""
    """Only of this tenant."""

    def admits(self, record: Document) -> bool:
        """Whether a record is shown."""
        time = str(record.get("time", ""))  # all are written alike, so that they compare as text
        return (
            self.tenant in ("", record.get("tenant"))
            and (self.start is None or time >= stamp(self.start))
            and (self.end is None or time < stamp(self.end))
        )

    def document(self) -> Document:
        """Return it as the head states it."""
        return {
            "from": "" if self.start is None else stamp(self.start),
            "to": "" if self.end is None else stamp(self.end),
            "tenant": self.tenant,
        }


EVERYTHING = Filter()


def stamp(time: datetime) -> str:
    """Return a time as records have it: RFC 3339, UTC, microseconds."""
    utc = time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    return utc.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def export(
    journal: JournalReader, out: BinaryIO, *, key: Ed25519PrivateKey, clock: Clock, only: Filter = EVERYTHING
) -> Document:
    """Write the journal as it now is, and return the head. Whatever ``out`` raises is the caller's own.

    Raises:
        JournalFault: the journal cannot be read.
    """
    size, last_hash = journal.last_link()
    shown = 0
    previous = NO_HASH.hex()
    sent: set[bytes] = set()
    for row in journal.rows(until=size):
        record = _parsed(row)
        if record is None or only.admits(record):
            for digest in [] if record is None else sorted(set(digests(record.get("digests")))):
                _document(journal, digest, out, sent)
            out.write(f'{row.body[:-1]},"hash":"{row.hash}"}}\n'.encode())
            shown += 1
        else:
            out.write(canonical({"sequence": row.sequence, "previous": previous, "hash": row.hash}) + b"\n")
        previous = row.hash
    head = Head(
        journal_id=journal.journal_id,
        size=size,
        last_hash=last_hash,
        time=stamp(clock.now()),
        shown=shown,
        filter=only.document(),
    )
    signed = sign(head, key)
    out.write(canonical(signed) + b"\n")
    return signed


def digests(named: Json) -> Iterator[str]:
    """Go through the digests under a record's ``digests``."""
    if isinstance(named, str):
        yield named
    elif isinstance(named, dict):
        for inner in named.values():
            yield from digests(inner)


def _parsed(row: Row) -> Document | None:
    """Return the record, or None where somebody edited it into something else: it is exported as it is, to be found."""
    try:
        record = json.loads(row.body)
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) else None


def _document(journal: JournalReader, digest: str, out: BinaryIO, sent: set[bytes]) -> None:
    try:
        name = bytes.fromhex(digest)
    except ValueError:
        return
    if name in sent:
        return
    text = journal.document_text(digest)
    if text is not None:
        out.write(f'{{"digest":"{digest}","document":{text},"kind":"document"}}\n'.encode())
        sent.add(name)
