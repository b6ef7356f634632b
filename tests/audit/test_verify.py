"""The checker: whatever is done to an export, it says so and names the first record that does not hold."""

import ast
import hashlib
import io
import json
import tempfile
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from sidecar.audit import verify as checker
from sidecar.audit.export.jsonl import EVERYTHING, Filter, export
from sidecar.audit.head import Head, sign
from sidecar.audit.interface import Entry
from sidecar.audit.reader import JournalReader
from sidecar.audit.verify import Consistent, Tampered, Verdict, Verified, verify
from tests.audit.fakes import KEY, START, STRANGER, SteppingClock, entry, exported, parsed, pem, written

FLOATS = st.floats(allow_nan=False, allow_infinity=False).filter(
    lambda number: not number.is_integer() or abs(number) < 2**53
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | FLOATS | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
ENTRIES = st.lists(
    st.tuples(st.sampled_from(["acme-eu", "krpay", "clinic"]), st.sampled_from(["decision", "report"]), ANY_JSON),
    min_size=1,
    max_size=7,
)
FILTERS = st.builds(
    Filter,
    start=st.none() | st.integers(0, 8).map(lambda seconds: START + timedelta(seconds=seconds)),
    end=st.none() | st.integers(0, 8).map(lambda seconds: START + timedelta(seconds=seconds)),
    tenant=st.sampled_from(["", "acme-eu", "krpay", "nobody"]),
)
few = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def entries_of(drawn: Sequence[tuple[str, str, Any]]) -> list[Entry]:
    """Turn what was drawn into entries."""
    return [
        entry(number, tenant=tenant, kind=kind, free=free) for number, (tenant, kind, free) in enumerate(drawn, start=1)
    ]


def export_of(drawn: Sequence[tuple[str, str, Any]], only: Filter = EVERYTHING) -> list[bytes]:
    """Write a journal and return the lines of its export."""
    with tempfile.TemporaryDirectory() as folder:
        written(Path(folder), entries_of(drawn))
        return exported(Path(folder), only)


def judge(lines: Sequence[bytes], earlier: bytes | None = None) -> Verdict:
    """Check lines with the right key."""
    return verify(io.BytesIO(b"".join(lines)), public_key=pem(KEY), earlier=earlier)


def sequence_of(verdict: Verdict) -> int | None:
    """Return which record a verdict names."""
    assert isinstance(verdict, Tampered), verdict
    return verdict.sequence


def positions(lines: Sequence[bytes]) -> list[int]:
    """Return where the records and stubs stand among the lines."""
    return [place for place, line in enumerate(parsed(lines)) if "sequence" in line]


def rehashed(record: dict[str, Any]) -> bytes:
    """Return a record as a forger writes it who knows the format."""
    body = {name: value for name, value in record.items() if name != "hash"}
    hash_ = hashlib.sha256(b"sidecar.record/v1\x00" + bytes.fromhex(body["previous"]) + rfc8785.dumps(body)).hexdigest()
    return json.dumps({**body, "hash": hash_}).encode() + b"\n"


def resigned(head: dict[str, Any], change: str, value: object) -> bytes:
    """Return a head that holds, with one thing changed."""
    fields = {name: head[name] for name in ("journal_id", "size", "last_hash", "time", "shown", "filter")}
    return json.dumps(sign(Head(**{**fields, change: value}), KEY)).encode() + b"\n"


@few
@given(drawn=ENTRIES, only=FILTERS)
def test_every_export_verifies(drawn: list[tuple[str, str, Any]], only: Filter) -> None:
    """An export verifies with its key, filtered or not, and is consistent without; stubs are counted."""
    lines = export_of(drawn, only)
    head = parsed(lines)[-1]
    shown = [line for line in parsed(lines) if "decision_id" in line]
    left_out = len(drawn) - len(shown)
    assert Verified(len(drawn), head["journal_id"], head["time"], left_out) == judge(lines)
    assert Consistent(len(drawn), head["journal_id"], head["time"], left_out) == verify(io.BytesIO(b"".join(lines)))
    assert all(only.admits(record) for record in shown)


@few
@given(drawn=ENTRIES)
def test_spacing_and_order_of_keys_do_not_matter(drawn: list[tuple[str, str, Any]]) -> None:
    """An export that another program wrote out again still verifies."""
    lines = [json.dumps(dict(reversed(line.items()))).encode() + b"\r\n\n" for line in parsed(export_of(drawn))]
    assert isinstance(judge(lines), Verified)


@settings(few, max_examples=100)
@given(drawn=ENTRIES, choice=st.data())
def test_changed_byte(drawn: list[tuple[str, str, Any]], choice: st.DataObject) -> None:
    """A byte of a record that was changed so that it says something else names this record."""
    lines = export_of(drawn)
    place = choice.draw(st.sampled_from(positions(lines)))
    index = choice.draw(st.integers(0, len(lines[place]) - 1))
    changed = bytearray(lines[place])
    changed[index] = choice.draw(st.integers(0, 255) | st.sampled_from(b'0123456789abcdef"{}:,\\'))
    assume(not _same(bytes(changed), lines[place]))
    expected = parsed(lines)[place]["sequence"]
    lines[place] = bytes(changed)
    assert expected == sequence_of(judge(lines))


def _same(changed: bytes, line: bytes) -> bool:
    try:
        return bool(json.loads(changed) == json.loads(line)) and changed.endswith((b"\n", b"\r", b" "))
    except ValueError:
        return False


@few
@given(drawn=ENTRIES, choice=st.data())
def test_dropped(drawn: list[tuple[str, str, Any]], choice: st.DataObject) -> None:
    """A record that was dropped names the one that stands in its place; the last names itself, as missing."""
    lines = export_of(drawn)
    place = choice.draw(st.sampled_from(positions(lines)))
    dropped = parsed(lines)[place]["sequence"]
    del lines[place]
    assert min(dropped + 1, len(drawn)) == sequence_of(judge(lines))


@few
@given(drawn=ENTRIES.filter(lambda drawn: len(drawn) > 1), choice=st.data())
def test_swapped(drawn: list[tuple[str, str, Any]], choice: st.DataObject) -> None:
    """Of two records that changed places the first names itself, where it now stands."""
    lines = export_of(drawn)
    first, second = sorted(
        choice.draw(st.lists(st.sampled_from(positions(lines)), min_size=2, max_size=2, unique=True))
    )
    expected = parsed(lines)[second]["sequence"]
    lines[first], lines[second] = lines[second], lines[first]
    assert expected == sequence_of(judge(lines))


@few
@given(drawn=ENTRIES, choice=st.data())
def test_inserted(drawn: list[tuple[str, str, Any]], choice: st.DataObject) -> None:
    """Behind a forged record, well made though it is, the next does not follow."""
    lines = export_of(drawn)
    place = choice.draw(st.sampled_from(positions(lines)))
    record = parsed(lines)[place]
    forged = {**record, "sequence": record["sequence"] + 1, "previous": record["hash"], "decision_id": "forged"}
    lines.insert(place + 1, rehashed(forged))
    assert record["sequence"] + 1 == sequence_of(judge(lines))


@few
@given(drawn=ENTRIES, choice=st.data())
def test_repeated(drawn: list[tuple[str, str, Any]], choice: st.DataObject) -> None:
    """A record that stands there twice names itself."""
    lines = export_of(drawn)
    place = choice.draw(st.sampled_from(positions(lines)))
    lines.insert(place + 1, lines[place])
    assert parsed(lines)[place]["sequence"] == sequence_of(judge(lines))


@few
@given(drawn=ENTRIES, choice=st.data())
def test_rewritten(drawn: list[tuple[str, str, Any]], choice: st.DataObject) -> None:
    """A record that was replaced by a well-made one names itself: what follows it, or the head, tells."""
    lines = export_of(drawn)
    place = choice.draw(st.sampled_from(positions(lines)))
    record = parsed(lines)[place]
    lines[place] = rehashed({**record, "tenant": "someone-else"})
    assert record["sequence"] == sequence_of(judge(lines))


@few
@given(drawn=ENTRIES, choice=st.data())
def test_inserted_out_of_chain(drawn: list[tuple[str, str, Any]], choice: st.DataObject) -> None:
    """A well-made record that follows something else names itself, not the one before."""
    lines = export_of(drawn)
    place = choice.draw(st.sampled_from(positions(lines)))
    record = parsed(lines)[place]
    lines.insert(place + 1, rehashed({**record, "sequence": record["sequence"] + 1, "previous": "ab" * 32}))
    assert record["sequence"] + 1 == sequence_of(judge(lines))


@few
@given(drawn=ENTRIES, choice=st.data())
def test_everything_rewritten_behind(drawn: list[tuple[str, str, Any]], choice: st.DataObject) -> None:
    """Who makes the whole rest anew cannot sign it."""
    lines = export_of(drawn)
    places = positions(lines)
    start = choice.draw(st.sampled_from(places))
    previous = None
    for place in [place for place in places if place >= start]:
        record = parsed(lines)[place]
        lines[place] = rehashed({**record, "action": "block", "previous": previous or record["previous"]})
        previous = parsed(lines)[place]["hash"]
    assert len(drawn) == sequence_of(judge(lines))
    lines[-1] = json.dumps({**parsed(lines)[-1], "last_hash": previous}).encode()
    assert sequence_of(judge(lines)) is None
    assert isinstance(verify(io.BytesIO(b"".join(lines))), Consistent)


@few
@given(drawn=ENTRIES, choice=st.data())
def test_cut(drawn: list[tuple[str, str, Any]], choice: st.DataObject) -> None:
    """An export without its end names the first record that is missing, with the head and without."""
    lines = export_of(drawn)
    place = choice.draw(st.sampled_from(positions(lines)))
    first = parsed(lines)[place]["sequence"]
    assert first == sequence_of(judge([*lines[:place], lines[-1]]))
    assert first == sequence_of(judge(lines[:place]))
    assert first == sequence_of(verify(io.BytesIO(b"".join(lines[:place]))))
    half = len(lines[place]) // 2
    assert first == sequence_of(judge([*lines[:place], lines[place][:half]]))


@settings(few, max_examples=100)
@given(drawn=ENTRIES, choice=st.data())
def test_edited_head(drawn: list[tuple[str, str, Any]], choice: st.DataObject) -> None:
    """A byte of the head that was changed is no fault of a record, and is not verified."""
    lines = export_of(drawn)
    changed = bytearray(lines[-1])
    changed[choice.draw(st.integers(0, len(changed) - 2))] = choice.draw(st.integers(0, 255))
    assume(not _same(bytes(changed), lines[-1]))
    lines[-1] = bytes(changed)
    assert sequence_of(judge(lines)) in {None, len(drawn) + 1}


@settings(few, max_examples=80)
@given(drawn=ENTRIES, only=FILTERS, choice=st.data())
def test_changed_byte_of_a_filtered_export(
    drawn: list[tuple[str, str, Any]], only: Filter, choice: st.DataObject
) -> None:
    """In a filtered export too; where a stub's word stands against its neighbor's, one of the two is named."""
    lines = export_of(drawn, only)
    place = choice.draw(st.sampled_from(positions(lines)))
    index = choice.draw(st.integers(0, len(lines[place]) - 1))
    changed = bytearray(lines[place])
    changed[index] = choice.draw(st.sampled_from(b'0123456789abcdef"{}:,\\'))
    assume(not _same(bytes(changed), lines[place]))
    record = parsed(lines)[place]
    lines[place] = bytes(changed)
    allowed = {record["sequence"]} if "decision_id" in record else {record["sequence"], record["sequence"] - 1}
    assert sequence_of(judge(lines)) in allowed


@few
@given(drawn=ENTRIES, choice=st.data())
def test_record_made_a_stub(drawn: list[tuple[str, str, Any]], choice: st.DataObject) -> None:
    """In an export without filter a record cannot be hidden as if it had been filtered."""
    lines = export_of(drawn)
    place = choice.draw(st.sampled_from(positions(lines)))
    record = parsed(lines)[place]
    lines[place] = json.dumps({name: record[name] for name in ("sequence", "previous", "hash")}).encode() + b"\n"
    verdict = judge(lines)
    assert isinstance(verdict, Tampered)
    assert verdict.sequence in {record["sequence"], record["sequence"] + 1, None}


@pytest.fixture
def lines(tmp_path: Path) -> list[bytes]:
    """Return an export of three records: document, 1, 2, document, 3, head."""
    written(tmp_path, [entry(1), entry(2), entry(3, tenant="krpay")])
    return exported(tmp_path)


def test_record_hidden_behind_a_filter(tmp_path: Path) -> None:
    """In a filtered export a shown record cannot be hidden either: the head says how many are shown."""
    written(tmp_path, [entry(1), entry(2), entry(3, tenant="krpay")])
    lines = exported(tmp_path, Filter(tenant="acme-eu"))
    assert isinstance(judge(lines), Verified)
    record = parsed(lines)[2]
    lines[2] = json.dumps({name: record[name] for name in ("sequence", "previous", "hash")}).encode() + b"\n"
    assert Tampered(None, "the export shows fewer or more records whole than the head says") == judge(lines)


def test_empty_journal(tmp_path: Path) -> None:
    """A journal without records has a head, and verifies."""
    written(tmp_path, [])
    lines = exported(tmp_path)
    assert 1 == len(lines)
    assert isinstance(judge(lines), Verified)


def test_stranger(tmp_path: Path) -> None:
    """An export signed by another key is not verified; both keys are named."""
    written(tmp_path, [entry(1)])
    verdict = judge(exported(tmp_path, key=STRANGER))
    assert isinstance(verdict, Tampered)
    assert "another key" in verdict.what


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda lines: [], Tampered(1, "the export has no head: its end is missing")),
        (lambda lines: lines[:-1], Tampered(4, "the export has no head: its end is missing")),
        (lambda lines: [*lines, lines[-1]], Tampered(4, "there are lines behind the head")),
        (lambda lines: [*lines[:-1], resigned(parsed(lines)[-1], "size", 2)],
         Tampered(3, "the head says 2 records and the export holds 3")),
        (lambda lines: [*lines[:-1], resigned(parsed(lines)[-1], "last_hash", "0" * 64)],
         Tampered(3, "the last record is not the one that the head names")),
        (lambda lines: [*lines[:-1], resigned(parsed(lines)[-1], "journal_id", "other")],
         Tampered(None, "the head is of another journal")),
        (lambda lines: [*lines[:-1], resigned(parsed(lines)[-1], "size", -3)],
         Tampered(None, "the head does not count")),
        (lambda lines: [*lines[:-1], resigned(parsed(lines)[-1], "size", "3")],
         Tampered(None, "the head does not count")),
        (lambda lines: [*lines[:-1], b'{"kind":"head"}'], Tampered(None, "the head is not a signed head")),
        (lambda lines: lines[1:], Tampered(1, "record 1 names a document that is missing")),
        (lambda lines: [lines[0].replace(b"DE", b"US"), *lines[1:]],
         Tampered(1, "a document before record 1 was changed")),
        (lambda lines: [*lines[:2], lines[0], *lines[2:]],
         Tampered(2, "a document before record 2 is there twice")),
        (lambda lines: [lines[3], *lines[:3], *lines[4:]],
         Tampered(1, "before record 1 stands a document that it does not name")),
        (lambda lines: [*lines[:2], lines[3], lines[2], *lines[4:]],
         Tampered(2, "before record 2 stands a document that it does not name")),
        (lambda lines: [*lines[:2], b'{"sequence":2}\n', *lines[2:]],
         Tampered(2, "the line of record 2 is neither a record nor a stub")),
        (lambda lines: [lines[0], rehashed({**parsed(lines)[1], "previous": "11" * 32}), *lines[2:]],
         Tampered(1, "record 1 follows another")),
        (lambda lines: [*lines[:2], rehashed({**parsed(lines)[2], "schema": "sidecar.record/v9"}), *lines[3:]],
         Tampered(2, "record 2 is of another schema than sidecar.record/v1")),
        (lambda lines: [*lines[:2], rehashed({**parsed(lines)[2], "journal_id": "other"}), *lines[3:]],
         Tampered(2, "record 2 is of another journal")),
    ],
)  # fmt: skip
def test_faults(lines: list[bytes], change: Callable[[list[bytes]], list[bytes]], expected: Tampered) -> None:
    """Each way of being wrong has its own words and its place."""
    assert expected == judge(change(lines))


@pytest.mark.parametrize(
    "line",
    [
        b"not JSON\n",
        b"[1, 2]\n",
        b"\xff\xfe{}\n",
        b'{"sequence": 2, "sequence": 2}\n',
        b'{"sequence": 2, "x": {"a": 1, "a": 2}}\n',
        b'{"sequence": NaN}\n',
        b'{"sequence": ' + b"9" * 5000 + b"}\n",
        b"[" * 200_000 + b"\n",
        b'{"sequence": true, "previous": "", "hash": ""}\n',
        b'{"sequence": 2.0, "previous": "' + b"0" * 64 + b'", "hash": "' + b"0" * 64 + b'"}\n',
    ],
)
def test_malformed_lines(lines: list[bytes], line: bytes) -> None:
    """A line that is no object, or that two readers could read differently, is named by the place it has."""
    assert 2 == sequence_of(judge([*lines[:2], line, *lines[2:]]))


def test_endless_line(lines: list[bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    """A line longer than any of ours is not read to its end."""
    monkeypatch.setattr("sidecar.audit.verify.MAX_LINE_BYTES", 4096)
    stream = io.BytesIO(b"".join(lines[:2]) + b'{"x": "' + b"x" * 1_000_000)
    assert Tampered(2, "the line of record 2 is longer than any line of an export") == verify(stream)
    assert 10_000 > stream.tell()


@pytest.mark.parametrize("whole", [True, False], ids=["export", "head alone"])
def test_earlier_head(tmp_path: Path, *, whole: bool) -> None:
    """A later export of the same journal holds up against an earlier head; a shorter or another one does not."""
    written(tmp_path / "a", [entry(1), entry(2)])
    before = exported(tmp_path / "a")
    earlier = b"".join(before if whole else before[-1:])
    assert isinstance(judge(before, earlier), Verified)
    written(tmp_path / "a", [entry(3)])
    after = exported(tmp_path / "a")
    assert isinstance(judge(after, earlier), Verified)
    assert isinstance(judge(exported(tmp_path / "a", Filter(tenant="nobody")), earlier), Verified)

    late = b"".join(after)
    assert Tampered(3, "an earlier head had 3 records and 2 are left") == judge(before, late)

    rewritten = resigned(parsed(before)[-1], "last_hash", "ab" * 32)
    words = "of the records up to 2 one is not what it was when an earlier head was signed"
    assert Tampered(None, words) == judge(after, rewritten)

    written(tmp_path / "b", [entry(1), entry(2)])
    other = exported(tmp_path / "b")
    assert sequence_of(judge(other, earlier)) is None
    written(tmp_path / "c", [])
    assert Tampered(None, "the earlier head is of another journal") == judge(after, exported(tmp_path / "c")[-1])


@pytest.mark.parametrize("earlier", [b"", b"\n\n", b"x", b"{}", b'{"kind":"head"}'])
def test_unusable_earlier_head(lines: list[bytes], earlier: bytes) -> None:
    """What is not a head proves nothing."""
    verdict = judge(lines, earlier)
    assert isinstance(verdict, Tampered)
    assert verdict.what.startswith("the earlier head is not")


def test_earlier_head_of_a_stranger(tmp_path: Path) -> None:
    """An earlier head must be signed by the same key."""
    written(tmp_path, [entry(1)])
    verdict = judge(exported(tmp_path), exported(tmp_path, key=STRANGER)[-1])
    assert isinstance(verdict, Tampered)
    assert verdict.what.startswith("the earlier head is signed by another key")


def test_keys_that_are_none(lines: list[bytes]) -> None:
    """A public key that cannot be used is the caller's fault, not the export's."""
    other = generate_private_key(65537, 2048).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    for text, message in (
        (b"", "not PEM"),
        (b"-----BEGIN PUBLIC KEY-----\n", "not PEM"),
        (other, "not an Ed25519 key"),
    ):
        with pytest.raises(ValueError, match=message):
            verify(io.BytesIO(b"".join(lines)), public_key=text)


def test_growing_journal_gives_one_state(tmp_path: Path) -> None:
    """Records that come while it is exported are in the next export."""

    class Growing(JournalReader):
        def last_link(self) -> tuple[int, str]:
            found = super().last_link()
            written(tmp_path, [entry(4)])
            return found

    written(tmp_path, [entry(number) for number in range(3)])
    out = io.BytesIO()
    with Growing(tmp_path) as reader:
        head = export(reader, out, key=KEY, clock=SteppingClock())
    assert 3 == head["size"]
    assert isinstance(judge([out.getvalue()]), Verified)
    assert 4 == parsed(exported(tmp_path))[-1]["size"]


def test_checker_shares_no_code_with_the_writer() -> None:
    """What checks imports nothing of the sidecar."""
    tree = ast.parse(Path(checker.__file__).read_text(encoding="utf-8"))
    modules = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    modules += [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    assert [] == [module for module in modules if module.startswith("sidecar")]
