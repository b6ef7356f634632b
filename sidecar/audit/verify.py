"""Checks an export from its bytes alone, and names the first record that does not hold.

Shares no code with what writes: the formats are stated here a second time, from their description. An export is one
JSON object a line.

- A *record* is any object that is none of the following. Its hash is
  ``SHA-256("sidecar.record/v1" 0x00 previous canonical)``, where ``canonical`` are the RFC 8785 bytes of the line
  without ``hash``, and ``previous`` the 32 bytes of the hash before it, zeros for sequence 1.
- A *stub* has ``sequence``, ``previous`` and ``hash`` alone: a record that a filter left out.
- A *document* has ``kind``, ``digest`` and ``document``; the digest is
  ``SHA-256("sidecar.document/v1" 0x00 canonical)``. It stands before the first record that names it under ``digests``,
  and nowhere else.
- The *head* is the last line, of kind ``head``; ``signature`` is Ed25519 over
  ``"sidecar.head/v1" 0x00 canonical``, of the head without it.

Values are compared, not bytes: other spacing or order of keys is the same record.
"""

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO, TypeAlias

import rfc8785
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

MAX_LINE_BYTES = 64 << 20  # more than a body may have; a longer line is not read to its end
RECORD = "sidecar.record/v1"
HEAD = "sidecar.head/v1"
ZEROS = "0" * 64
STUB_KEYS = {"sequence", "previous", "hash"}
DOCUMENT_KEYS = {"kind", "digest", "document"}
HEAD_KEYS = {
    "schema", "kind", "journal_id", "size", "last_hash", "time", "shown", "filter", "key_id", "signature",
}  # fmt: skip
NO_FILTER = {"from": "", "to": "", "tenant": ""}
DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Verified:
    """Every record follows from the one before, and the end is signed by the key that was given."""

    size: int
    journal_id: str
    time: str
    """When the head was signed, as the signer says."""
    left_out: int = 0
    """Records that the export's filter left out."""


@dataclass(frozen=True, slots=True)
class Consistent:
    """The same, but no key was given: it proves that nothing was damaged, not that nobody wrote it anew."""

    size: int
    journal_id: str
    time: str
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Tampered:
    """Not what the sidecar wrote, or not all of it, or not signed by the key that was given."""

    sequence: int | None
    """The first record that was changed, is missing or does not follow; None where the fault is in no one record."""
    what: str


Verdict: TypeAlias = Verified | Consistent | Tampered
_Object: TypeAlias = dict[str, Any]


class _Broken(Exception):
    def __init__(self, sequence: int | None, what: str) -> None:
        super().__init__(what)
        self.sequence = sequence
        self.what = what


def verify(export: BinaryIO, *, public_key: bytes | None = None, earlier: bytes | None = None) -> Verdict:
    """Check an export.

    Args:
        export: Its bytes. They are read once, line by line.
        public_key: Ed25519, PEM. Without it the answer is at best ``Consistent``.
        earlier: A head from before, or an export that ends with one: nothing that it covered may be missing or changed.

    Raises:
        ValueError: ``public_key`` is not an Ed25519 public key in PEM.
    """
    key = None if public_key is None else _public_key(public_key)
    try:
        walk = _Walk(None if earlier is None else _earlier(earlier, key))
        for line in _lines(export):
            walk.step(line)
        head = walk.finish(key)
    except _Broken as broken:
        return Tampered(broken.sequence, broken.what)
    kind = Consistent if key is None else Verified
    return kind(head["size"], head["journal_id"], head["time"], walk.left_out)


def _public_key(pem: bytes) -> Ed25519PublicKey:
    try:
        key = load_pem_public_key(pem)
    except (ValueError, TypeError, UnsupportedAlgorithm) as exc:
        message = "the public key is not PEM"
        raise ValueError(message) from exc
    if not isinstance(key, Ed25519PublicKey):
        message = "the public key is not an Ed25519 key"
        raise ValueError(message)  # noqa: TRY004 - the value is wrong, not the caller's type
    return key


def _lines(export: BinaryIO) -> Iterator[bytes]:
    while line := export.readline(MAX_LINE_BYTES + 1):
        if line.strip():
            yield line


def _earlier(text: bytes, key: Ed25519PublicKey | None) -> _Object:
    """Return the head that a file from before is, or ends with."""
    lines = text.split(b"\n") if len(text) <= MAX_LINE_BYTES else text.rstrip()[-MAX_LINE_BYTES:].split(b"\n")
    last = next((line for line in reversed(lines) if line.strip()), b"")
    head = _object(last, None, "the earlier head")
    _check_head(head, key, "the earlier head")
    return head


@dataclass(slots=True)
class _Walk:
    """Where the check stands between two lines."""

    earlier: _Object | None
    size: int = 0
    last_hash: str = ZEROS
    journal_id: str = ""
    left_out: int = 0
    first_left_out: int | None = None
    suspects: tuple[int, int] | None = None
    """Two neighbors of which one was exchanged: the line behind them tells which."""
    head: _Object | None = None
    documents: set[bytes] = field(default_factory=set)
    loose: set[bytes] = field(default_factory=set)
    """Documents that no record has named yet."""

    def step(self, line: bytes) -> None:
        """Take one line."""
        following = self.size + 1
        if self.head is not None:
            raise _Broken(following, "there are lines behind the head")
        value = _object(line, following, f"the line of record {following}")
        kind = value.get("kind")
        if kind == "head":
            self.head = value
        elif kind == "document" and value.keys() == DOCUMENT_KEYS:
            self._document(value, following)
        else:
            self._link(value, following)

    def finish(self, key: Ed25519PublicKey | None) -> _Object:
        """Return the head, once it fits all that came before it."""
        head = self.head
        self._acquit(None if head is None else head.get("last_hash"))
        if head is None:
            raise _Broken(self.size + 1, "the export has no head: its end is missing")
        _check_head(head, key, "the head")
        self._compare(head)
        self._compare_earlier()
        return head

    def _compare(self, head: _Object) -> None:
        size = head["size"]
        if size != self.size:
            first = min(size, self.size) + 1
            raise _Broken(first, f"the head says {size} records and the export holds {self.size}")
        if head["last_hash"] != self.last_hash:
            raise _Broken(size or None, "the last record is not the one that the head names")
        if self.journal_id not in ("", head["journal_id"]):
            raise _Broken(None, "the head is of another journal")
        if head["filter"] == NO_FILTER and self.first_left_out is not None:
            raise _Broken(self.first_left_out, "a record was taken out of an export without a filter")
        if head["shown"] != self.size - self.left_out:
            raise _Broken(None, "the export shows fewer or more records whole than the head says")
        if self.loose:
            raise _Broken(None, "a document is there that no record names")

    def _compare_earlier(self) -> None:
        earlier, head = self.earlier, self.head
        if earlier is None or head is None:
            return
        if earlier["journal_id"] != head["journal_id"]:
            raise _Broken(None, "the earlier head is of another journal")
        if earlier["size"] > self.size:
            raise _Broken(self.size + 1, f"an earlier head had {earlier['size']} records and {self.size} are left")

    def _link(self, value: _Object, following: int) -> None:
        """Take a record or a stub."""
        sequence, previous, stated = value.get("sequence"), value.get("previous"), value.get("hash")
        stub = value.keys() == STUB_KEYS
        whole = stub or _derive(value) == stated
        if type(sequence) is not int or not (_is_hash(previous) and _is_hash(stated)):
            raise _Broken(following, f"the line of record {following} is neither a record nor a stub")
        self._acquit(previous)
        if sequence != following:
            moved = whole and not (stub and previous == self.last_hash)
            raise _Broken(
                sequence if moved else following, f"record {following} is missing or changed: {sequence} stands there"
            )
        if not whole:
            raise _Broken(sequence, f"record {sequence} was changed: its hash does not hold")
        if not stub:
            self._record(value, sequence)
        if previous != self.last_hash:
            if sequence == 1:
                raise _Broken(1, "record 1 follows another")
            self.suspects = (sequence - 1, sequence)
        self.size, self.last_hash = following, str(stated)
        if stub:
            self.left_out += 1
            self.first_left_out = self.first_left_out or sequence
        if self.earlier is not None and sequence == self.earlier["size"] and stated != self.earlier["last_hash"]:
            self._acquit(None)
            raise _Broken(
                None, f"of the records up to {sequence} one is not what it was when an earlier head was signed"
            )

    def _record(self, value: _Object, sequence: int) -> None:
        if value.get("schema") != RECORD:
            raise _Broken(sequence, f"record {sequence} is of another schema than {RECORD}")
        self.journal_id = self.journal_id or str(value.get("journal_id"))
        if value.get("journal_id") != self.journal_id:
            raise _Broken(sequence, f"record {sequence} is of another journal")
        named = {bytes.fromhex(digest) for digest in _digests(value.get("digests"))}
        if not named <= self.documents:
            raise _Broken(sequence, f"record {sequence} names a document that is missing")
        if not self.loose <= named:
            raise _Broken(sequence, f"before record {sequence} stands a document that it does not name")
        self.loose.clear()

    def _document(self, value: _Object, following: int) -> None:
        canonical = _canonical(value["document"])
        digest = value["digest"]
        derived = None if canonical is None else hashlib.sha256(b"sidecar.document/v1\x00" + canonical).hexdigest()
        if derived is None or derived != digest:
            raise _Broken(following, f"a document before record {following} was changed")
        if bytes.fromhex(digest) in self.documents:
            raise _Broken(following, f"a document before record {following} is there twice")
        self.documents.add(bytes.fromhex(digest))
        self.loose.add(bytes.fromhex(digest))

    def _acquit(self, previous: object) -> None:
        """Tell which of two suspects was exchanged: the second is right if what follows it says so."""
        if self.suspects is not None:
            first, second = self.suspects
            guilty = first if previous == self.last_hash else second
            raise _Broken(guilty, f"record {second} does not follow record {first}: {guilty} was exchanged")


def _check_head(head: _Object, key: Ed25519PublicKey | None, name: str) -> None:
    if head.keys() != HEAD_KEYS or head["schema"] != HEAD or head["kind"] != "head":
        raise _Broken(None, f"{name} is not a signed head")
    texts = (head["journal_id"], head["time"], head["key_id"], head["signature"])
    counts = (head["size"], head["shown"])
    if not all(isinstance(text, str) and text for text in texts) or not _is_hash(head["last_hash"]):
        raise _Broken(None, f"{name} is not a signed head")
    if not all(type(count) is int and count >= 0 for count in counts):
        raise _Broken(None, f"{name} does not count")
    if key is None:
        return
    key_id = hashlib.sha256(key.public_bytes_raw()).hexdigest()[:16]
    if head["key_id"] != key_id:
        raise _Broken(None, f"{name} is signed by another key than the one given, {key_id}")
    signed = _canonical({name: value for name, value in head.items() if name != "signature"})
    try:
        key.verify(base64.b64decode(head["signature"], validate=True), b"sidecar.head/v1\x00" + (signed or b""))
    except (InvalidSignature, binascii.Error, ValueError) as exc:
        raise _Broken(None, f"the signature of {name} does not hold") from exc


def _object(line: bytes, sequence: int | None, name: str) -> _Object:
    """Parse a line strictly: one object, no key twice, no NaN, not longer than anything of ours."""
    if len(line) > MAX_LINE_BYTES:
        raise _Broken(sequence, f"{name} is longer than any line of an export")
    try:
        value = json.loads(line, object_pairs_hook=_once, parse_constant=_refuse)
    except (ValueError, RecursionError) as exc:
        raise _Broken(sequence, f"{name} is not JSON, or ambiguous") from exc
    if not isinstance(value, dict):
        raise _Broken(sequence, f"{name} is not an object")
    return value


def _once(pairs: list[tuple[str, Any]]) -> _Object:
    value = dict(pairs)
    if len(value) != len(pairs):
        message = "a key stands twice"
        raise ValueError(message)
    return value


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _canonical(value: Any) -> bytes | None:  # noqa: ANN401 - whatever the file holds
    try:
        return rfc8785.dumps(value)
    except (ValueError, RecursionError):
        return None


def _derive(record: _Object) -> str | None:
    previous = record.get("previous")
    canonical = _canonical({name: value for name, value in record.items() if name != "hash"})
    if canonical is None or not _is_hash(previous):
        return None
    return hashlib.sha256(b"sidecar.record/v1\x00" + bytes.fromhex(str(previous)) + canonical).hexdigest()


def _digests(named: object) -> Iterator[str]:
    """Go through the digests under a record's ``digests``, however deep."""
    if isinstance(named, str) and _is_hash(named):
        yield named
    elif isinstance(named, dict):
        for inner in named.values():
            yield from _digests(inner)


def _is_hash(value: object) -> bool:
    return isinstance(value, str) and DIGEST.fullmatch(value) is not None
