"""The journal: durable before visible, in order, and refusing where it cannot be."""

import asyncio
import json
import os
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Awaitable
from pathlib import Path

import pytest

from sidecar.audit import store
from sidecar.audit.chain import NO_HASH, canonical, record_hash
from sidecar.audit.interface import Entry, Receipt
from sidecar.audit.journal import MAX_BATCH, SqliteJournal
from sidecar.audit.reader import JournalReader
from sidecar.errors import JournalFault, JournalUnavailable
from tests.audit.fakes import SteppingClock, entry, write, written

PADDING = "x" * 20_000
CHILD = Path(__file__).with_name("child.py")


def rows(folder: Path) -> list[tuple[int, bytes, str]]:
    """Return what the file holds."""
    connection = sqlite3.connect(folder / store.FILE)
    try:
        return connection.execute("SELECT sequence, hash, body FROM records ORDER BY sequence").fetchall()
    finally:
        connection.close()


def edit(folder: Path, sql: str) -> None:
    """Change the file as an intruder would."""
    connection = sqlite3.connect(folder / store.FILE)
    connection.execute(sql)
    connection.commit()
    connection.close()


async def attempt(appending: Awaitable[Receipt]) -> Receipt | JournalUnavailable:
    """Return the receipt, or the refusal."""
    try:
        return await appending
    except JournalUnavailable as refusal:
        return refusal


def chain_holds(folder: Path) -> bool:
    """Whether every record follows from the one before."""
    previous = NO_HASH
    for number, (sequence, hash_, body) in enumerate(rows(folder), start=1):
        record = json.loads(body)
        if (sequence, record["sequence"], record["previous"]) != (number, number, previous.hex()):
            return False
        if hash_ != record_hash(previous, body.encode()):
            return False
        previous = hash_
    return True


async def test_record_and_receipt(tmp_path: Path) -> None:
    """A record holds the content and the writer's fields; the receipt names its place."""
    journal = SqliteJournal(tmp_path, clock=SteppingClock())
    first = await journal.append(entry(1))
    second = await journal.append(entry(2))
    assert (journal.id, 2) == (second.journal_id, journal.size)
    await journal.close()
    expected = {
        "schema": "sidecar.record/v1",
        "journal_id": journal.id,
        "sequence": 2,
        "previous": first.hash,
        "time": "2026-11-23T09:00:02.000000Z",
        "kind": "decision",
        "decision_id": "decision-2",
        "tenant": "acme-eu",
        **entry(2).content,
    }
    stored = rows(tmp_path)[1]
    assert (2, second.hash, canonical(expected).decode()) == (stored[0], stored[1].hex(), stored[2])
    assert Receipt(journal.id, 2, record_hash(bytes.fromhex(first.hash), canonical(expected)).hex()) == second


async def test_reopened_journal_goes_on(tmp_path: Path) -> None:
    """The same journal continues its sequence and chain after a restart."""
    before = await write(tmp_path, [entry(1), entry(2)])
    after = await write(tmp_path, [entry(3)])
    assert (before[0].journal_id, 3) == (after[0].journal_id, after[0].sequence)
    assert chain_holds(tmp_path)


async def test_order_under_concurrency(tmp_path: Path) -> None:
    """Two hundred that append at once get one place each, in the order in which they asked."""
    journal = SqliteJournal(tmp_path, clock=SteppingClock())
    receipts = await asyncio.gather(*(journal.append(entry(number)) for number in range(200)))
    await journal.close()
    assert list(range(1, 201)) == [receipt.sequence for receipt in receipts]
    assert list(range(200)) == [json.loads(body)["number"] for _, _, body in rows(tmp_path)]
    assert chain_holds(tmp_path)


async def test_more_than_a_batch(tmp_path: Path) -> None:
    """What does not fit into one commit goes into the next, in order."""
    journal = SqliteJournal(tmp_path, clock=SteppingClock())
    count = 2 * MAX_BATCH + 1
    receipts = await asyncio.gather(*(journal.append(entry(number)) for number in range(count)))
    await journal.close()
    assert list(range(1, count + 1)) == [receipt.sequence for receipt in receipts]


async def test_documents_are_stored_once(tmp_path: Path) -> None:
    """A document that many records name stands once in the side table, also after a restart."""
    await write(tmp_path, [entry(1), entry(2)])
    await write(tmp_path, [entry(3), entry(4, tenant="other")])
    connection = sqlite3.connect(tmp_path / store.FILE)
    bodies = connection.execute("SELECT body FROM documents ORDER BY body").fetchall()
    connection.close()
    assert [('{"country":"DE","id":"acme-eu"}',), ('{"country":"DE","id":"other"}',)] == bodies


async def test_cancelled_caller_is_recorded(tmp_path: Path) -> None:
    """Who stops waiting does not undo the record."""
    journal = SqliteJournal(tmp_path, clock=SteppingClock())
    task = asyncio.create_task(journal.append(entry(1)))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await journal.append(entry(2))).sequence == 2
    await journal.close()
    assert [0 + 1, 2] == [json.loads(body)["number"] for _, _, body in rows(tmp_path)]


async def test_close_flushes(tmp_path: Path) -> None:
    """What was in the queue when the journal was closed is written; what comes later is refused."""
    journal = SqliteJournal(tmp_path, clock=SteppingClock())
    tasks = [asyncio.create_task(journal.append(entry(number))) for number in range(50)]
    await asyncio.sleep(0)
    await journal.close()
    await journal.close()
    assert list(range(1, 51)) == [receipt.sequence for receipt in await asyncio.gather(*tasks)]
    with pytest.raises(JournalUnavailable, match="closed"):
        await journal.append(entry(51))
    assert await journal.healthy() is False
    with pytest.raises(JournalUnavailable, match="cannot be read"):
        await journal.decided("acme-eu", "decision-1")


async def test_decided(tmp_path: Path) -> None:
    """A decision is found by its tenant alone, as the content that was appended; a report is no decision."""
    journal = SqliteJournal(tmp_path, clock=SteppingClock())
    await journal.append(entry(1))
    await journal.append(entry(2, kind="report"))
    assert entry(1).content == await journal.decided("acme-eu", "decision-1")
    assert await journal.decided("other", "decision-1") is None
    assert await journal.decided("acme-eu", "decision-2") is None
    assert await journal.decided("acme-eu", "decision-3") is None
    await journal.close()


@pytest.mark.parametrize(
    "broken",
    [
        entry(0, ratio=float("nan")),
        entry(0, count=2**53),
        entry(0, count=1e16),
        entry(0, text="\ud800"),
        entry(0, sequence=7),
        Entry("decision", "decision-0", "acme-eu", {}, {"0" * 64: {"id": "acme-eu"}}),
    ],
    ids=["nan", "integer", "whole float", "surrogate", "field of the writer", "digest"],
)
async def test_unwritable_record_is_refused_alone(tmp_path: Path, broken: Entry) -> None:
    """A record without canonical form, or that lies about itself, is refused; those around it are written."""
    journal = SqliteJournal(tmp_path, clock=SteppingClock())
    results = await asyncio.gather(
        journal.append(entry(1)), journal.append(broken), journal.append(entry(2)), return_exceptions=True
    )
    assert await journal.healthy() is True
    await journal.close()
    assert [Receipt, JournalUnavailable, Receipt] == [type(result) for result in results]
    assert [1, 2] == [json.loads(body)["number"] for _, _, body in rows(tmp_path)]
    assert chain_holds(tmp_path)


async def test_full_journal(tmp_path: Path) -> None:
    """At max_bytes nothing more is recorded, the journal is not well, and a larger limit makes it go on."""
    journal = SqliteJournal(tmp_path, clock=SteppingClock(), max_bytes=200_000)
    results = [await attempt(journal.append(entry(number, padding=PADDING))) for number in range(20)]
    kept = sum(isinstance(result, Receipt) for result in results)
    refused = results[kept:]
    assert 0 < kept < 20
    assert {("the journal is full", "audit.max_bytes")} == {
        (str(result), result.field) for result in refused if isinstance(result, JournalUnavailable)
    }
    assert await journal.healthy() is False
    together = await asyncio.gather(*(attempt(journal.append(entry(0, padding=PADDING))) for _ in range(5)))
    assert [JournalUnavailable] * 5 == [type(result) for result in together]
    assert kept == journal.size
    await journal.close()
    assert kept == len(rows(tmp_path))
    larger = SqliteJournal(tmp_path, clock=SteppingClock(), max_bytes=10_000_000)
    assert kept + 1 == (await larger.append(entry(kept, padding=PADDING))).sequence
    await larger.close()
    assert chain_holds(tmp_path)


async def test_full_disk_and_recovery(tmp_path: Path) -> None:
    """A write that the system refuses is JournalUnavailable for all who wait, until there is room again."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, CHILD, "full", tmp_path, stdout=subprocess.PIPE, cwd=CHILD.parents[2]
    )
    output, _ = await child.communicate()
    assert {
        "refused": ["JournalUnavailable"] * 20,
        "healthy while full": False,
        "size while full": 1,
        "healthy again": True,
        "sequence": 2,
    } == json.loads(output)
    assert [1, 2] == [sequence for sequence, _, _ in rows(tmp_path)]
    assert chain_holds(tmp_path)


async def test_kill_loses_nothing_acknowledged(tmp_path: Path) -> None:
    """After kill -9 every record whose caller was answered is there, and the chain holds."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, CHILD, "append", tmp_path, stdout=subprocess.PIPE, cwd=CHILD.parents[2]
    )
    assert child.stdout is not None
    acknowledged = [json.loads(await child.stdout.readline()) for _ in range(300)]
    child.send_signal(signal.SIGKILL)
    rest = (await child.stdout.read()).splitlines(keepends=True)
    acknowledged += [json.loads(line) for line in rest if line.endswith(b"\n")]
    await child.wait()
    journal = SqliteJournal(tmp_path, clock=SteppingClock())
    await journal.append(entry(0))
    await journal.close()
    assert chain_holds(tmp_path)
    stored = {sequence: (hash_.hex(), json.loads(body)["number"]) for sequence, hash_, body in rows(tmp_path)}
    assert [(item["hash"], item["number"]) for item in acknowledged] == [
        stored[item["sequence"]] for item in acknowledged
    ]


async def test_moved_file_is_noticed(tmp_path: Path) -> None:
    """Where the file was moved away, nothing is said to be durable, and no second journal appears in its place."""
    journal = SqliteJournal(tmp_path, clock=SteppingClock())
    await journal.append(entry(1))
    moved = (tmp_path / store.FILE).rename(tmp_path / "elsewhere")
    with pytest.raises(JournalUnavailable) as caught:
        await journal.append(entry(2))
    assert "No such file" in caught.value.advice
    assert not (tmp_path / store.FILE).exists()
    (tmp_path / store.FILE).touch()
    with pytest.raises(JournalUnavailable) as caught:
        await journal.append(entry(2))
    assert "moved or replaced" in caught.value.advice
    moved.rename(tmp_path / store.FILE)
    assert await journal.healthy() is True
    assert (await journal.append(entry(2))).sequence == 2
    await journal.close()
    assert chain_holds(tmp_path)


async def test_second_process_is_refused(tmp_path: Path) -> None:
    """Who opens a journal that is served is told who holds it; once that one is closed, it opens."""
    journal = SqliteJournal(tmp_path, clock=SteppingClock())
    with pytest.raises(JournalFault, match="another process serves") as caught:
        SqliteJournal(tmp_path, clock=SteppingClock())
    assert f"stop process {os.getpid()}" in caught.value.advice
    await journal.close()
    await write(tmp_path, [entry(1)])


async def test_readers_while_it_is_written(tmp_path: Path) -> None:
    """A reader sees what is durable, while the writer goes on."""
    journal = SqliteJournal(tmp_path, clock=SteppingClock())
    with JournalReader(tmp_path) as reader:
        for number in range(1, 20):
            await journal.append(entry(number))
            assert (number, number) == (reader.size, reader.tail(1)[0]["number"])
    await journal.close()


async def test_modes(tmp_path: Path) -> None:
    """The folder is made 0700 and every file in it 0600, whatever the umask."""
    before = os.umask(0)
    try:
        journal = SqliteJournal(tmp_path / "new" / "audit", clock=SteppingClock())
        await journal.append(entry(1))
    finally:
        os.umask(before)
    folder = tmp_path / "new" / "audit"
    assert {".": 0o700, "journal.lock": 0o600, "journal.sqlite3": 0o600} | dict.fromkeys(
        ("journal.sqlite3-shm", "journal.sqlite3-wal"), 0o600
    ) == {".": stat.S_IMODE(folder.stat().st_mode)} | {
        path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()
    }
    await journal.close()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE records SET body = replace(body, 'allow', 'block') WHERE sequence = 3",
        "UPDATE records SET body = replace(body, 'allow', 'block') WHERE sequence = 2",
        "UPDATE records SET hash = zeroblob(32) WHERE sequence = 3",
        "DELETE FROM records WHERE sequence = 2",
        "DELETE FROM records WHERE sequence = 1",
        "UPDATE records SET sequence = 9 WHERE sequence = 3",
    ],
)
def test_edited_journal_is_refused(tmp_path: Path, sql: str) -> None:
    """Whoever edited the end of the file is found out at the next start, and nothing is added to it."""
    written(tmp_path, [entry(1), entry(2), entry(3)])
    edit(tmp_path, sql)
    with pytest.raises(JournalFault, match="the journal was changed: record"):
        SqliteJournal(tmp_path, clock=SteppingClock())
    with pytest.raises(JournalFault, match="the journal was changed: record"):
        SqliteJournal(tmp_path, clock=SteppingClock())  # the lock was let go, or this would say so


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("PRAGMA user_version = 2", "the journal is of version 2, this release reads 1"),
        ("PRAGMA application_id = 5", "the file is not a journal"),
        ("DELETE FROM journal", "the journal has no id"),
        ("DROP TABLE records", "the journal cannot be read"),
    ],
)
def test_other_files_are_refused(tmp_path: Path, sql: str, message: str) -> None:
    """A file that is not a journal of this version is refused, by the writer and by readers."""
    written(tmp_path, [entry(1)])
    edit(tmp_path, sql)
    with pytest.raises(JournalFault, match=message):
        SqliteJournal(tmp_path, clock=SteppingClock())
    with pytest.raises(JournalFault, match=message):
        JournalReader(tmp_path)


def test_no_sqlite_file(tmp_path: Path) -> None:
    """A file that SQLite does not know is refused, and left as it is."""
    (tmp_path / store.FILE).write_bytes(b"not a database at all" * 100)
    with pytest.raises(JournalFault, match="the journal cannot be read"):
        SqliteJournal(tmp_path, clock=SteppingClock())
    assert b"not a database at all" * 100 == (tmp_path / store.FILE).read_bytes()


def test_folder_that_cannot_be(tmp_path: Path) -> None:
    """A path that is a file is refused."""
    (tmp_path / "file").touch()
    with pytest.raises(JournalFault, match="folder cannot be used"):
        SqliteJournal(tmp_path / "file", clock=SteppingClock())


def test_reader_without_a_journal(tmp_path: Path) -> None:
    """Who reads makes nothing."""
    with pytest.raises(JournalFault, match="there is no journal"):
        JournalReader(tmp_path)
    assert [] == list(tmp_path.iterdir())
