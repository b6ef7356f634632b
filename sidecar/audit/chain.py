"""What a hash covers: canonical bytes, each kind under its own prefix, each record with the hash of the one before.

Canonical bytes are RFC 8785. The hash of a record is ``SHA-256("sidecar.record/v1" 0x00 previous canonical)``, where
``previous`` is the 32 bytes of the hash before it (zeros for the first). The digest of a document is
``SHA-256("sidecar.document/v1" 0x00 canonical)``. The prefixes differ, so that nothing can be passed off as something
else.
"""

import hashlib
import json
import re
from typing import Any, cast

import rfc8785

from sidecar.types.json import Document

RECORD_SCHEMA = "sidecar.record/v1"
RECORD_PREFIX = b"sidecar.record/v1\x00"
DOCUMENT_PREFIX = b"sidecar.document/v1\x00"
NO_HASH = bytes(32)
"""Stands before the first record."""
_SORTED_OTHERWISE = re.compile("[\ud800-\U0010ffff]")
MAX_WHOLE = 2**53 - 1  # the largest that every reader of JSON reads alike


class NotCanonical(ValueError):
    """A document has no canonical form: NaN, a whole number from 2^53 on, half a surrogate pair, what is not JSON."""


def canonical(document: Document) -> bytes:
    """Return the canonical bytes.

    Raises:
        NotCanonical: there are none.
    """
    try:
        text = json.dumps(document, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        if _is_canonical(text):
            return text.encode()
        body = rfc8785.dumps(cast("Any", document))
        json.loads(body, parse_int=_exact)
    except (ValueError, TypeError, RecursionError) as exc:
        message = "the document has no canonical form"
        raise NotCanonical(message) from exc
    return body


def _is_canonical(text: str) -> bool:
    """Whether the standard encoder, which is several times as fast, has written what RFC 8785 asks.

    It writes some floats otherwise, and it sorts keys by code point, which is another order from the surrogates on.
    """
    floats: list[str] = []
    json.loads(text, parse_int=_exact, parse_float=floats.append)
    return _SORTED_OTHERWISE.search(text) is None and not any("e" in item or item.endswith(".0") for item in floats)


def _exact(digits: str) -> None:
    """Refuse what a reader takes for another number: RFC 8785 writes the float 1e16 as a whole number."""
    if abs(int(digits)) > MAX_WHOLE:
        raise ValueError(digits)


def record_hash(previous: bytes, body: bytes) -> bytes:
    """Return the hash of a record's canonical bytes after the record that has the hash ``previous``."""
    return hashlib.sha256(RECORD_PREFIX + previous + body).digest()


def document_digest(body: bytes) -> str:
    """Return the digest of a document's canonical bytes, in hex."""
    return hashlib.sha256(DOCUMENT_PREFIX + body).hexdigest()
