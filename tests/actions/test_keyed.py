"""HMAC with a key that is made ready once."""

import hmac

from hypothesis import given
from hypothesis import strategies as st

from sidecar.actions.keyed import Keyed


@given(st.binary(max_size=200), st.lists(st.binary(max_size=200), max_size=5))
def test_says_what_hmac_says(key: bytes, messages: list[bytes]) -> None:
    """Whatever the key and however often it is used, each digest is that of the standard library."""
    keyed = Keyed(key)

    assert [hmac.digest(key, message, "sha256") for message in messages] == [keyed.digest(one) for one in messages]
