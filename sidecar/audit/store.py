"""The journal's folder and its SQLite file: made, opened to write or to read, and refused when it is not ours.

::

    <audit.path>/              0700
        journal.sqlite3        0600: records in order, and the documents that they name by digest
        journal.sqlite3-wal    0600: what is durable and not yet moved into the file
        journal.lock           0600: held by the serving process
        counts.json            0600: what left, summed up from the records; made again where it is missing
"""

import fcntl
import os
import secrets
import sqlite3
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote

from sidecar.audit.chain import NO_HASH, record_hash
from sidecar.errors import JournalFault
from sidecar.folders import make_private

FILE = "journal.sqlite3"
LOCK = "journal.lock"
APPLICATION_ID = 0x53434A31  # "SCJ1": tells our file from any other SQLite file
VERSION = 1  # raise it with the tables; an older release then refuses the file
PAGE_BYTES = 4096
BUSY_SECONDS = 5.0  # nobody else writes; only a backup tool could hold the file that long
TAIL_CHECKED = 1000  # links that are derived again at each start: some 20 ms

# Columns that repeat what a record says are derived from it, so that they cannot say something else.
SCHEMA = """
CREATE TABLE journal (id TEXT NOT NULL) STRICT;
CREATE TABLE records (
    sequence INTEGER PRIMARY KEY,
    hash BLOB NOT NULL,
    body TEXT NOT NULL,
    decision_id TEXT AS (json_extract(body, '$.decision_id')) VIRTUAL,
    kind TEXT AS (json_extract(body, '$.kind')) VIRTUAL,
    tenant TEXT AS (json_extract(body, '$.tenant')) VIRTUAL
) STRICT;
CREATE INDEX by_decision ON records (decision_id, kind);
CREATE TABLE documents (digest TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE probe (filling BLOB NOT NULL) STRICT;
"""


@dataclass(frozen=True, slots=True)
class Opened:
    """A journal that is open: which one it is, and where it ends."""

    connection: sqlite3.Connection
    journal_id: str
    size: int
    last_hash: bytes


def lock(folder: Path, *, patient: bool = False) -> int:
    """Make the folder, and hold its lock until the descriptor that is returned is closed.

    ``patient`` waits until another process lets go of it.

    Raises:
        JournalFault: another process holds it, or the folder cannot be used.
    """
    try:
        make_private(folder)
        descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as exc:
        message = f"the journal's folder cannot be used: {exc.strerror}"
        raise JournalFault(
            message, field="audit.path", advice=f"make {folder} a folder that this user can write"
        ) from exc
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX if patient else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as exc:
        holder = os.pread(descriptor, 20, 0).decode("ascii", "replace").strip()
        os.close(descriptor)
        message = "another process serves on this journal"
        advice = f"stop process {holder or '(unknown)'}, or give this one a folder of its own (audit.path)"
        raise JournalFault(message, field="audit.path", advice=advice) from exc
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
    return descriptor


def open_writer(folder: Path, *, max_bytes: int | None) -> Opened:
    """Open the journal to write, or make it. The caller holds the lock.

    Raises:
        JournalFault: it is not ours, of a newer release, damaged, or its end was edited.
    """
    path = folder / FILE
    try:
        os.close(
            os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        )  # SQLite gives its other files the same mode
        connection = sqlite3.connect(
            path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=16
        )
    except (OSError, sqlite3.Error) as exc:
        message = "the journal's file cannot be opened"
        raise JournalFault(message, field="audit.path", advice=f"see who owns {path} and its mode") from exc
    try:
        with _faults(path):
            _create_if_new(connection)
            _check_kind(connection)
            _check_durable(connection)
            if max_bytes is not None:
                connection.execute(f"PRAGMA max_page_count={max(1, max_bytes // PAGE_BYTES)}")
            _check_tail(connection)
            return _opened(connection)
    except BaseException:
        connection.close()
        raise


def open_reader(folder: Path) -> Opened:
    """Open the journal to read, also while it is written.

    Raises:
        JournalFault: there is none, or it is not ours, of a newer release, or damaged.
    """
    path = folder / FILE
    if not path.is_file():
        message = "there is no journal"
        raise JournalFault(message, field="audit.path", advice=f"no {FILE} in {folder}: did the sidecar serve there?")
    # On a read-only medium SQLite can make no index of its log; it needs none where no log is.
    settled = not os.access(folder, os.W_OK) and not path.with_name(FILE + "-wal").exists()
    uri = f"file:{quote(str(path.resolve()))}?mode=ro{'&immutable=1' if settled else ''}"
    with _faults(path):
        connection = sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        try:
            _check_kind(connection)
            return _opened(connection)
        except BaseException:
            connection.close()
            raise


class _faults:  # noqa: N801 - reads as a clause
    """Turns every fault of SQLite into ours."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, exc: BaseException | None, trace: object) -> None:
        if isinstance(exc, sqlite3.Error):
            message = "the journal cannot be read"
            advice = f"{self._path} is damaged or not a journal ({exc.sqlite_errorname}): keep it, and restore a copy"
            raise JournalFault(message, field="audit.path", advice=advice) from exc


def _create_if_new(connection: sqlite3.Connection) -> None:
    if connection.execute("SELECT count(*) FROM sqlite_master").fetchone() != (0,):
        return
    if connection.execute("PRAGMA application_id").fetchone() != (0,):
        return
    connection.execute(f"PRAGMA page_size={PAGE_BYTES}")
    connection.execute("BEGIN IMMEDIATE")
    for statement in SCHEMA.split(";\n"):
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version={VERSION}")
    connection.execute("INSERT INTO journal VALUES (?)", (secrets.token_hex(16),))
    connection.execute("COMMIT")


def _check_durable(connection: sqlite3.Connection) -> None:
    if connection.execute("PRAGMA journal_mode=WAL").fetchone() != ("wal",):
        message = "the journal's file system cannot hold a write-ahead log"
        raise JournalFault(message, field="audit.path", advice="use a local file system")
    connection.execute("PRAGMA synchronous=FULL")


def _check_kind(connection: sqlite3.Connection) -> None:
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if application != APPLICATION_ID:
        message = "the file is not a journal"
        raise JournalFault(message, field="audit.path", advice=f"move {FILE} away, or use another folder")
    if version != VERSION:
        message = f"the journal is of version {version}, this release reads {VERSION}"
        raise JournalFault(message, field="audit.path", advice="use the release that wrote it, or a newer one")


def _check_tail(connection: sqlite3.Connection) -> None:
    """Derive the last links again: a file that was edited or torn there is refused before anything is added to it."""
    rows = connection.execute(
        "SELECT sequence, hash, body FROM records ORDER BY sequence DESC LIMIT ?", (TAIL_CHECKED + 1,)
    ).fetchall()
    rows.reverse()
    if len(rows) <= TAIL_CHECKED:
        rows.insert(0, (0, NO_HASH, ""))
    for (before, previous, _), (sequence, hash_, body) in pairwise(rows):
        if sequence != before + 1 or hash_ != record_hash(previous, body.encode()):
            message = f"the journal was changed: record {sequence} does not hold"
            advice = "keep the folder as evidence; run `sidecar audit export` and `audit verify`; serve on a new folder"
            raise JournalFault(message, field="audit.path", advice=advice)


def _opened(connection: sqlite3.Connection) -> Opened:
    row = connection.execute("SELECT id FROM journal").fetchone()
    if row is None:
        message = "the journal has no id"
        raise JournalFault(message, field="audit.path", advice=f"{FILE} was edited: keep it, and restore a copy")
    size, last_hash = last_link(connection)
    return Opened(connection, row[0], size, last_hash)


def last_link(connection: sqlite3.Connection) -> tuple[int, bytes]:
    """Return the last sequence and its hash; 0 and zeros where the journal is empty."""
    row = connection.execute("SELECT sequence, hash FROM records ORDER BY sequence DESC LIMIT 1").fetchone()
    return (0, NO_HASH) if row is None else (row[0], row[1])
