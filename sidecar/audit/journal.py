"""The durable log: one thread writes, the order of its queue is the order of the log.

The life of a record: ``append`` puts the entry into the queue; the writer takes all that waits, gives each its
sequence, time, previous hash and hash, commits them in one transaction that SQLite syncs to disk, and only then wakes
the callers. Where the commit fails, every caller of that batch gets :class:`JournalUnavailable` and nothing of it is in
the log.
"""

import asyncio
import json
import os
import sqlite3
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue

from sidecar.audit import store
from sidecar.audit.chain import RECORD_SCHEMA, NotCanonical, canonical, document_digest, record_hash
from sidecar.audit.interface import Entry, Receipt
from sidecar.clock import Clock
from sidecar.errors import JournalFault, JournalUnavailable
from sidecar.types.json import Document

MAX_BATCH = 256  # records a commit: some 2 MB, so that the first of them does not wait long for the last
PROBE_BYTES = 64 * 1024  # what a probe must find room for: more than any ordinary record
WRITER_FIELDS = frozenset({"schema", "journal_id", "sequence", "previous", "time", "kind", "decision_id", "tenant"})


@dataclass(frozen=True, slots=True)
class _Waiting:
    """An entry in the queue, or a probe where there is none, and the caller who waits for it."""

    entry: Entry | None
    receipt: "Future[Receipt]" = field(default_factory=Future)


@dataclass(frozen=True, slots=True)
class _Link:
    """A record with its place."""

    sequence: int
    hash: bytes
    body: bytes


class SqliteJournal:
    """A journal in a folder. At most one process writes it."""

    def __init__(self, folder: Path, *, clock: Clock, max_bytes: int | None = None, patient: bool = False) -> None:
        """Open the journal in ``folder``, or make it, and start its writer.

        ``patient`` waits until another process has closed it.

        Raises:
            JournalFault: another process serves on it, it is not ours, damaged, or was edited.
        """
        self._clock = clock
        self._max_bytes = max_bytes
        self._folder = folder
        self._lock = store.lock(folder, patient=patient)
        try:
            opened = store.open_writer(folder, max_bytes=max_bytes)
            self._reader = store.open_reader(folder).connection
            self._file = _identity(folder / store.FILE)
        except BaseException:
            os.close(self._lock)
            raise
        self._connection = opened.connection
        self._reading = threading.Lock()
        self._id = opened.journal_id
        self._size = opened.size
        self._last_hash = opened.last_hash
        self._stored: set[str] = set()
        self._good = True
        self._queue: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._gate = threading.Lock()
        self._closed = False
        self._writer = threading.Thread(target=self._run, name="journal", daemon=True)
        self._writer.start()

    @property
    def id(self) -> str:
        """Names this journal anywhere."""
        return self._id

    @property
    def size(self) -> int:
        """How many records are durable."""
        return self._size

    async def append(self, entry: Entry) -> Receipt:
        """Make a record durable; a caller that is cancelled does not undo it.

        Raises:
            JournalUnavailable: it cannot be written; nothing is recorded.
        """
        return await asyncio.wrap_future(self._submit(entry))

    async def decided(self, tenant: str, decision_id: str) -> Document | None:
        """Return the content of a decision of this tenant, or None.

        Raises:
            JournalUnavailable: the journal cannot be read.
        """
        return await asyncio.to_thread(self._decided, tenant, decision_id)

    async def healthy(self) -> bool:
        """Whether the last commit was good. Where it was not, one is tried that leaves no record."""
        if self._good or self._closed:
            return self._good and not self._closed
        try:
            await asyncio.wrap_future(self._submit(None))
        except JournalUnavailable:
            return False
        return True

    async def close(self) -> None:
        """Write what waits, then let go of the journal. A second call does nothing."""
        await asyncio.to_thread(self.close_now)

    def close_now(self) -> None:
        """Do the same without an event loop."""
        with self._gate:
            closing, self._closed = not self._closed, True
            if closing:
                self._queue.put(None)
        self._writer.join()

    def _submit(self, entry: Entry | None) -> "Future[Receipt]":
        waiting = _Waiting(entry)
        waiting.receipt.set_running_or_notify_cancel()  # from here on it cannot be cancelled
        with self._gate:
            if self._closed:
                message = "the journal is closed"
                raise JournalUnavailable(message)
            self._queue.put(waiting)
        return waiting.receipt

    def _run(self) -> None:
        """Write batches until the end mark; whatever happens, nobody is left waiting."""
        try:
            more = True
            while more:
                batch, more = self._take()
                if batch:
                    self._write(batch)
        finally:
            with self._gate:
                self._closed = True
            _fail(self._rest(), lambda: JournalUnavailable("the journal's writer has ended"))
            with self._reading:
                self._reader.close()
            self._connection.close()  # the last to close moves the log into the file
            os.close(self._lock)

    def _take(self) -> tuple[list[_Waiting], bool]:
        """Wait for an entry, then take all that waits; False once the end mark was met, behind which nothing is put."""
        batch: list[_Waiting] = []
        waiting = self._queue.get()
        while waiting is not None:
            batch.append(waiting)
            if len(batch) == MAX_BATCH:
                return batch, True
            try:
                waiting = self._queue.get_nowait()
            except Empty:
                return batch, True
        return batch, False

    def _rest(self) -> list[_Waiting]:
        rest: list[_Waiting] = []
        while not self._queue.empty():
            waiting = self._queue.get()
            if waiting is not None:
                rest.append(waiting)
        return rest

    def _write(self, batch: Sequence[_Waiting]) -> None:
        """Commit a batch, then wake its callers."""
        try:
            if _identity(self._folder / store.FILE) != self._file:
                message = "the journal's file was moved or replaced"
                raise OSError(message)  # noqa: TRY301 - what is synced to a file without a name is not durable
            if not self._good:
                self._recover()
            batch, links, documents = self._place(batch)
            self._commit(links, documents)
        except (sqlite3.Error, OSError, JournalFault) as exc:
            self._good = False
            self._roll_back()
            _fail(batch, partial(self._unavailable, exc))
            return
        except BaseException:
            self._good = False
            _fail(batch, lambda: JournalUnavailable("the journal's writer has failed"))
            raise
        self._good = True
        self._stored.update(documents)
        if links:
            self._size, self._last_hash = links[-1].sequence, links[-1].hash
        placed = iter(links)
        for waiting in batch:
            link = next(placed) if waiting.entry is not None else _Link(self._size, self._last_hash, b"")
            waiting.receipt.set_result(Receipt(self._id, link.sequence, link.hash.hex()))

    def _place(self, batch: Sequence[_Waiting]) -> tuple[list[_Waiting], list[_Link], dict[str, bytes]]:
        """Give entries their place; those that cannot be recorded are refused, and the rest moves up."""
        kept: list[_Waiting] = []
        links: list[_Link] = []
        documents: dict[str, bytes] = {}
        for waiting in batch:
            size, previous = (links[-1].sequence, links[-1].hash) if links else (self._size, self._last_hash)
            try:
                if waiting.entry is not None:
                    links.append(self._link(waiting.entry, size, previous, documents))
            except NotCanonical as exc:
                error = partial(
                    JournalUnavailable, "the record cannot be written", advice=f"a fault of the sidecar: {exc}"
                )
                _fail([waiting], error)
            else:
                kept.append(waiting)
        return kept, links, documents

    def _link(self, entry: Entry, size: int, previous: bytes, documents: dict[str, bytes]) -> _Link:
        """Give an entry its place, and add to ``documents`` those that are not stored yet.

        Raises:
            NotCanonical: it, or a document of it, has no canonical form, or says what only the writer may say.
        """
        if not WRITER_FIELDS.isdisjoint(entry.content):
            message = "its content names a field of the writer"
            raise NotCanonical(message)
        record: Document = {
            **entry.content,
            "schema": RECORD_SCHEMA,
            "journal_id": self._id,
            "sequence": size + 1,
            "previous": previous.hex(),
            "time": self._clock.now().strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "kind": entry.kind,
            "decision_id": entry.decision_id,
            "tenant": entry.tenant,
        }
        body = canonical(record)
        fresh: dict[str, bytes] = {}
        for digest, document in entry.documents.items():
            if digest not in self._stored and digest not in documents:
                fresh[digest] = canonical(document)
                if document_digest(fresh[digest]) != digest:
                    message = "a document does not have the digest that names it"
                    raise NotCanonical(message)
        documents.update(fresh)
        return _Link(size + 1, record_hash(previous, body), body)

    def _commit(self, links: Sequence[_Link], documents: Mapping[str, bytes]) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        if not links:
            self._connection.execute("INSERT INTO probe VALUES (zeroblob(?))", (PROBE_BYTES,))
            self._connection.execute("DELETE FROM probe")
        self._connection.executemany(
            "INSERT OR IGNORE INTO documents VALUES (?, ?)",
            [(digest, body.decode()) for digest, body in documents.items()],
        )
        self._connection.executemany(
            "INSERT INTO records (sequence, hash, body) VALUES (?, ?, ?)",
            [(link.sequence, link.hash, link.body.decode()) for link in links],
        )
        self._connection.execute("COMMIT")

    def _roll_back(self) -> None:
        with suppress(sqlite3.Error):
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")

    def _recover(self) -> None:
        """Open the file anew and see where the log ends: it may hold what was not acknowledged."""
        self._connection.close()
        opened = store.open_writer(self._folder, max_bytes=self._max_bytes)
        self._connection, self._size, self._last_hash = opened.connection, opened.size, opened.last_hash
        self._stored.clear()

    def _unavailable(self, exc: Exception) -> JournalUnavailable:
        if isinstance(exc, JournalFault):
            return JournalUnavailable(str(exc), advice=exc.advice)
        if getattr(exc, "sqlite_errorname", "") == "SQLITE_FULL" and self._max_bytes is not None:
            advice = (
                "export it, then raise audit.max_bytes or serve on a new folder (audit.path), unless the disk is full"
            )
            return JournalUnavailable("the journal is full", field="audit.max_bytes", advice=advice)
        cause = getattr(exc, "sqlite_errorname", "") or getattr(exc, "strerror", "") or str(exc)
        advice = (
            f"the disk of {self._folder} is full or failing ({cause}); records are taken again as soon as it is not"
        )
        return JournalUnavailable("the record could not be made durable", advice=advice)

    def _decided(self, tenant: str, decision_id: str) -> Document | None:
        try:
            with self._reading:
                row = self._reader.execute(
                    "SELECT body FROM records WHERE decision_id = ? AND kind = 'decision' AND tenant = ?",
                    (decision_id, tenant),
                ).fetchone()
        except sqlite3.Error as exc:
            message = "the journal cannot be read"
            raise JournalUnavailable(message) from exc
        if row is None:
            return None
        return {name: value for name, value in json.loads(row[0]).items() if name not in WRITER_FIELDS}


def _fail(batch: Sequence[_Waiting], error: Callable[[], JournalUnavailable]) -> None:
    for waiting in batch:
        if not waiting.receipt.done():
            waiting.receipt.set_exception(error())


def _identity(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_dev, status.st_ino
