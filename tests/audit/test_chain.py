"""Canonical bytes, and what hashes cover."""

import hashlib
import json
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from sidecar.audit.chain import NO_HASH, NotCanonical, canonical, document_digest, record_hash

KEYS = st.text() | st.sampled_from(["\ue000", "\U0001f600", "é", "\x7f"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) - 3, 2**53 + 3) | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner),
    max_leaves=20,
)


@given(st.dictionaries(st.text(), JSON))
def test_same_as_the_reference(document: dict[str, Any]) -> None:
    """Whatever has a canonical form has the reference's, and reads back as itself; the rest is refused."""
    try:
        expected = rfc8785.dumps(document)
        assert document == json.loads(expected)
        json.loads(expected, parse_int=lambda digits: rfc8785.dumps(int(digits)))
    except (ValueError, AssertionError):
        with pytest.raises(NotCanonical):
            canonical(document)
    else:
        assert expected == canonical(document)


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"b": [1.0, 1e-7, 0.1, -0.0, 1e21], "a": None}, b'{"a":null,"b":[1,1e-7,0.1,0,1e+21]}'),
        ({"\ue000": 1, "\U0001f600": 2}, '{"\U0001f600":2,"\ue000":1}'.encode()),
        ({"a": '"\\\n\x1f\x7f/é'}, b'{"a":"\\"\\\\\\n\\u001f\x7f/\xc3\xa9"}'),
    ],
)
def test_canonical_bytes(document: dict[str, Any], expected: bytes) -> None:
    """Numbers, order of keys and escapes are those of RFC 8785."""
    assert expected == canonical(document)


def test_prefixes() -> None:
    """A record's hash covers the one before; a document's digest has a prefix of its own."""
    body = b'{"a":1}'
    assert hashlib.sha256(b"sidecar.record/v1\x00" + bytes(32) + body).digest() == record_hash(NO_HASH, body)
    assert hashlib.sha256(b"sidecar.document/v1\x00" + body).hexdigest() == document_digest(body)
