"""Reads a journal for people, also while it is written; has no way to write."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self, cast

from sidecar.audit import store
from sidecar.errors import JournalFault
from sidecar.types.json import Document

PAGE = 200  # records read at once: some 2 MB, and no read lasts long enough to keep the writer's log from being moved

Fate = Literal["decided", "forwarded", "not_forwarded", "breach"]


@dataclass(frozen=True, slots=True)
class Row:
    """A record as it is stored."""

    sequence: int
    hash: str
    body: str
    """Its canonical text."""

    def record(self) -> Document:
        """Return the record.

        Raises:
            JournalFault: it is not JSON: somebody edited the file.
        """
        try:
            return cast("Document", json.loads(self.body))
        except ValueError as exc:
            message = f"record {self.sequence} is not JSON"
            raise JournalFault(message, advice="run `sidecar audit export` and `audit verify`") from exc


@dataclass(frozen=True, slots=True)
class Story:
    """A decision and what was reported of it."""

    decision: Document | None
    """None where reports speak of a decision that this journal does not hold."""
    reports: tuple[Document, ...]
    """In the order they came."""

    @property
    def fate(self) -> Fate:
        """What became of it; ``decided`` while nobody has reported. A breach outweighs whatever else was said."""
        if not self.reports:
            return "decided"
        if any(report.get("breach") for report in self.reports):
            return "breach"
        return "forwarded" if any(report.get("forwarded") for report in self.reports) else "not_forwarded"


class JournalReader:
    """A journal, read-only. Use it as a context, or close it."""

    def __init__(self, folder: Path) -> None:
        """Open the journal in ``folder``.

        Raises:
            JournalFault: there is none, or it cannot be read.
        """
        opened = store.open_reader(folder)
        self._connection = opened.connection
        self.journal_id = opened.journal_id

    def __enter__(self) -> Self:
        """Return the reader itself."""
        return self

    def __exit__(self, *exc: object) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def last_link(self) -> tuple[int, str]:
        """Return how many records there are now, and the hash of the last (zeros where there is none).

        Raises:
            JournalFault: it cannot be read.
        """
        try:
            size, last_hash = store.last_link(self._connection)
        except sqlite3.Error as exc:
            raise _unreadable(exc) from exc
        return size, last_hash.hex()

    @property
    def size(self) -> int:
        """How many records there are now."""
        return self.last_link()[0]

    def rows(self, *, after: int = 0, until: int | None = None) -> Iterator[Row]:
        """Go through the records behind ``after``, up to ``until`` or to the end as it is when it is reached.

        Since nothing that stands is ever changed, what lies before a size that was read once is one consistent state.

        Raises:
            JournalFault: it cannot be read.
        """
        last = (1 << 62) if until is None else until
        while page := self._query(
            "SELECT sequence, hash, body FROM records WHERE sequence > ? AND sequence <= ? ORDER BY sequence LIMIT ?",
            (after, last, PAGE),
        ):
            yield from page
            after = page[-1].sequence

    def tail(self, count: int) -> tuple[Document, ...]:
        """Return the last records, oldest first.

        Raises:
            JournalFault: they cannot be read.
        """
        rows = self._query("SELECT sequence, hash, body FROM records ORDER BY sequence DESC LIMIT ?", (max(count, 0),))
        return tuple(row.record() for row in reversed(rows))

    def story(self, decision_id: str) -> Story | None:
        """Return a decision with its reports; None where neither is there.

        Raises:
            JournalFault: it cannot be read.
        """
        records = [
            row.record()
            for row in self._query(
                "SELECT sequence, hash, body FROM records WHERE decision_id = ? ORDER BY sequence", (decision_id,)
            )
        ]
        if not records:
            return None
        decisions = [record for record in records if record.get("kind") == "decision"]
        reports = tuple(record for record in records if record.get("kind") == "report")
        return Story(decisions[0] if decisions else None, reports)

    def stray_reports(self) -> tuple[Document, ...]:
        """Return reports of decisions that this journal does not hold.

        Raises:
            JournalFault: they cannot be read.
        """
        rows = self._query(
            "SELECT sequence, hash, body FROM records AS report WHERE kind = 'report' AND NOT EXISTS"
            " (SELECT 1 FROM records WHERE decision_id = report.decision_id AND kind = 'decision') ORDER BY sequence",
            (),
        )
        return tuple(row.record() for row in rows)

    def document_text(self, digest: str) -> str | None:
        """Return the canonical text of a document that records name by this digest, or None.

        Raises:
            JournalFault: it cannot be read.
        """
        try:
            row = self._connection.execute("SELECT body FROM documents WHERE digest = ?", (digest,)).fetchone()
        except (sqlite3.Error, UnicodeDecodeError) as exc:
            raise _unreadable(exc) from exc
        return None if row is None else str(row[0])

    def _query(self, sql: str, values: tuple[object, ...]) -> list[Row]:
        try:
            return [Row(row[0], row[1].hex(), row[2]) for row in self._connection.execute(sql, values)]
        except (sqlite3.Error, UnicodeDecodeError) as exc:
            raise _unreadable(exc) from exc


def _unreadable(exc: Exception) -> JournalFault:
    advice = f"the file is damaged ({getattr(exc, 'sqlite_errorname', 'not JSON')}): keep it, and restore a copy"
    return JournalFault("the journal cannot be read", field="audit.path", advice=advice)
