"""Exports that were kept: the format of old evidence never changes, and each fault has its file."""

from pathlib import Path

import pytest

from sidecar.audit.verify import Consistent, Tampered, Verdict, Verified, verify
from tests.audit.make_exports import FOLDER, faulty_exports

JOURNAL = "0b3f3ec3f6af1f57267405eabd02e868"
TIME = "2026-11-23T09:00:01.000000Z"
VERDICTS: dict[str, Verdict] = {
    "whole.jsonl": Verified(3, JOURNAL, TIME),
    "changed-record-2.jsonl": Tampered(2, "record 2 was changed: its hash does not hold"),
    "dropped-record-2.jsonl": Tampered(3, "record 2 is missing or changed: 3 stands there"),
    "reordered-records-2-and-3.jsonl": Tampered(3, "record 2 is missing or changed: 3 stands there"),
    "inserted-record-2-again.jsonl": Tampered(2, "record 3 is missing or changed: 2 stands there"),
    "hidden-record-2.jsonl": Tampered(2, "a record was taken out of an export without a filter"),
    "cut-behind-record-2.jsonl": Tampered(3, "the head says 3 records and the export holds 2"),
    "cut-in-record-3.jsonl": Tampered(3, "the line of record 3 is not JSON, or ambiguous"),
    "duplicate-key-in-record-2.jsonl": Tampered(2, "the line of record 2 is not JSON, or ambiguous"),
    "changed-document.jsonl": Tampered(1, "a document before record 1 was changed"),
    "no-head.jsonl": Tampered(4, "the export has no head: its end is missing"),
    "changed-head-time.jsonl": Tampered(None, "the signature of the head does not hold"),
    "head-in-front.jsonl": Tampered(1, "there are lines behind the head"),
    "empty.jsonl": Tampered(1, "the export has no head: its end is missing"),
}


@pytest.mark.parametrize("name", sorted(VERDICTS))
def test_kept_export(name: str) -> None:
    """Each file gets its verdict."""
    with (FOLDER / name).open("rb") as export:
        assert VERDICTS[name] == verify(export, public_key=(FOLDER / "audit.ed25519.pub").read_bytes())


def test_kept_export_without_a_key() -> None:
    """Without a key the same export is consistent, never verified; a head that was edited goes unseen."""
    for name, time in (("whole.jsonl", TIME), ("changed-head-time.jsonl", TIME.replace("2026", "2027"))):
        with (FOLDER / name).open("rb") as export:
            assert Consistent(3, JOURNAL, time) == verify(export)


def test_files_are_those_of_the_script() -> None:
    """Every faulty file is what the script makes of the whole one, and has a verdict here."""
    made = faulty_exports((FOLDER / "whole.jsonl").read_bytes())
    assert dict(made) == {path.name: path.read_bytes() for path in _files() if path.name != "whole.jsonl"}
    assert set(VERDICTS) == {path.name for path in _files()}


def _files() -> list[Path]:
    return sorted(FOLDER.glob("*.jsonl"))
