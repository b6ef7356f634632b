"""The signed state of a journal: how many records it held, and the hash of the last, at a time.

Signed, with Ed25519, is ``"sidecar.head/v1" 0x00 canonical``, where ``canonical`` are the canonical bytes of the head
without its ``signature``. The key id is the beginning of SHA-256 over the public key's 32 bytes: it names the key and
proves nothing.
"""

import base64
import hashlib
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from sidecar.audit.chain import canonical
from sidecar.types.json import Document

HEAD_SCHEMA = "sidecar.head/v1"
HEAD_PREFIX = b"sidecar.head/v1\x00"
KEY_ID_DIGITS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What is signed. The last two say what the export that it ends may leave out, so that nothing else can be."""

    journal_id: str
    size: int
    last_hash: str
    time: str
    shown: int
    """How many records the export holds whole."""
    filter: Document
    """``from``, ``to`` and ``tenant``; empty words where nothing is filtered."""


def key_id(key: Ed25519PublicKey) -> str:
    """Return the name of a public key."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()[:KEY_ID_DIGITS]


def sign(head: Head, key: Ed25519PrivateKey) -> Document:
    """Return the head as a document, with key id and signature (base64)."""
    document: Document = {
        "schema": HEAD_SCHEMA,
        "kind": "head",
        "journal_id": head.journal_id,
        "size": head.size,
        "last_hash": head.last_hash,
        "time": head.time,
        "shown": head.shown,
        "filter": head.filter,
        "key_id": key_id(key.public_key()),
    }
    signature = key.sign(HEAD_PREFIX + canonical(document))
    return {**document, "signature": base64.b64encode(signature).decode("ascii")}
