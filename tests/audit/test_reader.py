"""Reading a journal: the end of it, one decision and its fate, and what does not fit."""

import os
from pathlib import Path

import pytest

from sidecar.audit import store
from sidecar.audit.export.jsonl import Filter
from sidecar.audit.interface import Entry
from sidecar.audit.reader import PAGE, JournalReader
from sidecar.errors import JournalFault
from sidecar.types.json import Json
from tests.audit.fakes import entry, exported, parsed, written


def reported(number: int, content: dict[str, Json]) -> Entry:
    """Return a report on the decision that ``entry`` makes of the same number."""
    return Entry("report", f"decision-{number}", "acme-eu", content, {})


def test_tail_and_size(tmp_path: Path) -> None:
    """The last records come oldest first, and no more than there are."""
    written(tmp_path, [entry(1), entry(2), entry(3)])
    with JournalReader(tmp_path) as reader:
        assert 3 == reader.size
        assert [2, 3] == [record["sequence"] for record in reader.tail(2)]
        assert [1, 2, 3] == [record["sequence"] for record in reader.tail(10)]
        assert () == reader.tail(0) == reader.tail(-1)


def test_empty_journal(tmp_path: Path) -> None:
    """A journal without records has size 0 and zeros for its last hash."""
    written(tmp_path, [])
    with JournalReader(tmp_path) as reader:
        assert (0, "0" * 64) == reader.last_link()
        assert [] == list(reader.rows())


def test_rows_cross_pages(tmp_path: Path) -> None:
    """Going through records gives each once, whatever the size of a page; a start and an end are kept."""
    count = 2 * PAGE + 1
    written(tmp_path, [entry(number) for number in range(count)])
    with JournalReader(tmp_path) as reader:
        assert list(range(1, count + 1)) == [row.sequence for row in reader.rows()]
        assert list(range(150, 321)) == [row.sequence for row in reader.rows(after=149, until=320)]


@pytest.mark.parametrize(
    ("reports", "fate"),
    [
        ([], "decided"),
        ([{"forwarded": True}], "forwarded"),
        ([{"forwarded": False}], "not_forwarded"),
        ([{"forwarded": False}, {"forwarded": True}], "forwarded"),
        ([{"forwarded": True, "breach": "target"}, {"forwarded": False}], "breach"),
    ],
)
def test_fate(tmp_path: Path, reports: list[dict[str, Json]], fate: str) -> None:
    """A decision says "decided" until somebody reports; a breach outweighs the rest."""
    written(tmp_path, [entry(1), entry(2), *(reported(1, report) for report in reports)])
    with JournalReader(tmp_path) as reader:
        story = reader.story("decision-1")
        assert reader.story("decision-9") is None
    assert story is not None
    assert story.decision is not None
    assert (1, fate, len(reports)) == (story.decision["sequence"], story.fate, len(story.reports))


def test_stray_reports(tmp_path: Path) -> None:
    """A report of a decision that is not in this journal is found."""
    written(tmp_path, [entry(1), entry(1, kind="report"), entry(7, kind="report")])
    with JournalReader(tmp_path) as reader:
        assert [3] == [record["sequence"] for record in reader.stray_reports()]
        story = reader.story("decision-7")
    assert story is not None
    assert story.decision is None


def test_documents(tmp_path: Path) -> None:
    """A document is read by its digest."""
    item = entry(1)
    written(tmp_path, [item])
    with JournalReader(tmp_path) as reader:
        assert ['{"country":"DE","id":"acme-eu"}'] == [reader.document_text(digest) for digest in item.documents]
        assert reader.document_text("0" * 64) is None


def test_read_only_medium(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A journal that was closed and copied to a medium that nobody can write is read, and nothing is made beside it."""
    written(tmp_path, [entry(1)])
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with JournalReader(tmp_path) as reader:
        assert 1 == reader.size
        assert [store.LOCK, store.FILE] == sorted(path.name for path in tmp_path.iterdir())


def test_damaged_file(tmp_path: Path) -> None:
    """A file that is damaged where it is read is our fault to tell, not SQLite's."""
    written(tmp_path, [entry(number, padding="x" * 3000) for number in range(50)])
    content = bytearray((tmp_path / store.FILE).read_bytes())
    content[20_000:] = b"\xee" * (len(content) - 20_000)
    (tmp_path / store.FILE).write_bytes(content)
    with pytest.raises(JournalFault, match="the journal"), JournalReader(tmp_path) as reader:
        list(reader.rows())


def test_edited_body(tmp_path: Path) -> None:
    """A record that is no longer JSON is exported as it is, for the checker to find, and cannot be shown."""
    written(tmp_path, [entry(1), entry(2)])
    content = (tmp_path / store.FILE).read_bytes()
    (tmp_path / store.FILE).write_bytes(content.replace(b'{"action":"allow"', b']"action":"allow"'))
    assert b']"action":"allow"' == exported(tmp_path)[1][:17]
    with JournalReader(tmp_path) as reader, pytest.raises(JournalFault, match="record 2 is not JSON"):
        reader.tail(1)


def test_filter_states_itself(tmp_path: Path) -> None:
    """Stubs hold sequence and hashes alone; the head says what was filtered and how much is shown."""
    written(tmp_path, [entry(1), entry(2, tenant="krpay"), entry(3)])
    stub, document, record, last, head = parsed(exported(tmp_path, Filter(tenant="krpay")))
    whole = [line for line in parsed(exported(tmp_path)) if "sequence" in line]
    assert {"sequence": 1, "previous": "0" * 64, "hash": whole[0]["hash"]} == stub
    assert {"sequence": 3, "previous": whole[1]["hash"], "hash": whole[2]["hash"]} == last
    assert ("document", {"country": "DE", "id": "krpay"}) == (document["kind"], document["document"])
    assert whole[1] == record
    assert ({"from": "", "to": "", "tenant": "krpay"}, 1, 3) == (head["filter"], head["shown"], head["size"])
