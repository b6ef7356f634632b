import json
import os
import zlib

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from hypothesis import given
from hypothesis import strategies as st

from sidecar.actions.seal import MAX_SEALED_BYTES, MapSealer
from sidecar.errors import RestorationRefused, TooMuch
from tests.actions.fakes import SetClock, keyring

VALUES = {"<PERSON_7KQ2M4XA9D>": "Ada Lovelace", "<EMAIL_ADDRESS_0123456789>": "ada@example.com"}


def sealer(*ids: str, clock: SetClock | None = None, hours: float = 24) -> MapSealer:
    """Return a sealer with these root keys."""
    return MapSealer(keys=keyring(*ids), clock=clock or SetClock(), hours=hours)


def reason(sealer: MapSealer, tenant: str, decision_id: str | None, restoration: bytes) -> str:
    """Return why a restoration is refused."""
    with pytest.raises(RestorationRefused) as caught:
        sealer.open(tenant, decision_id, restoration)
    assert caught.value.field == "restoration"
    return caught.value.reason


@given(st.dictionaries(st.text(), st.text()))
def test_what_was_sealed_opens(values: dict[str, str]) -> None:
    """Any map comes back as it was, lone surrogates included."""
    one = sealer()

    assert values == one.open("acme", "d1", one.seal("acme", "d1", values))


def test_nothing_to_seal_is_nothing() -> None:
    """An empty map is empty bytes, and back."""
    assert sealer().seal("acme", "d1", {}) == b""
    assert sealer().open("acme", "d1", b"") == {}


def test_any_decision_of_the_tenant_is_taken_where_none_is_named() -> None:
    """Earlier restorations are merged, whatever decision they are of."""
    assert sealer().open("acme", None, sealer().seal("acme", "d1", VALUES)) == VALUES


def test_values_are_not_in_the_bytes() -> None:
    """What the gateway keeps can be read by nobody but us."""
    sealed = sealer().seal("acme", "d1", VALUES)

    assert not any(value.encode() in sealed for value in VALUES.values())


@pytest.mark.parametrize(
    ("tenant", "decision_id", "expected"),
    [
        ("other", "d1", "RESTORATION_TENANT"),
        ("other", "d2", "RESTORATION_TENANT"),
        ("other", None, "RESTORATION_TENANT"),
        ("acme", "d2", "RESTORATION_DECISION"),
        ("acme", "", "RESTORATION_DECISION"),
    ],
)
def test_another_tenant_or_decision_is_named(tenant: str, decision_id: str | None, expected: str) -> None:
    """A seal that holds but is not for this reply is refused for what it is."""
    assert expected == reason(sealer(), tenant, decision_id, sealer().seal("acme", "d1", VALUES))


def test_expires_after_a_fraction_of_an_hour() -> None:
    """``restoration_hours`` may be a fraction; until then it opens, from then on it does not."""
    clock = SetClock()
    one = sealer(clock=clock, hours=0.5)
    sealed = one.seal("acme", "d1", VALUES)
    clock.pass_hours(0.49)
    assert one.open("acme", "d1", sealed) == VALUES
    clock.pass_hours(0.01)

    assert reason(one, "acme", "d1", sealed) == "RESTORATION_EXPIRED"
    assert reason(one, "acme", None, sealed) == "RESTORATION_EXPIRED"


def test_old_keys_open_and_the_newest_seals() -> None:
    """A rotation in between does not lose a reply; a key that is gone does."""
    sealed = sealer("k1").seal("acme", "d1", VALUES)

    assert sealer("k1", "k2").open("acme", "d1", sealed) == VALUES
    assert reason(sealer("k2"), "acme", "d1", sealed) == "RESTORATION_CORRUPT"
    assert reason(sealer("k1"), "acme", "d1", sealer("k1", "k2").seal("acme", "d1", VALUES)) == "RESTORATION_CORRUPT"


@given(st.data())
def test_edited_anywhere_is_corrupt_whatever_the_header_says(drawn: st.DataObject) -> None:
    """No bit can change, those of tenant, decision, key id and expiry included."""
    clock = SetClock()
    one = sealer(clock=clock)
    sealed = one.seal("acme", "d1", VALUES)
    place = drawn.draw(st.integers(0, len(sealed) - 1))
    bit = drawn.draw(st.integers(0, 7))
    edited = sealed[:place] + bytes([sealed[place] ^ (1 << bit)]) + sealed[place + 1 :]
    clock.pass_hours(drawn.draw(st.sampled_from([0, 48])))

    assert reason(one, "acme", "d1", edited) == "RESTORATION_CORRUPT"


@given(st.integers(min_value=1))
def test_truncated_is_corrupt(length: int) -> None:
    """Any beginning of a restoration is refused."""
    sealed = sealer().seal("acme", "d1", VALUES)

    assert reason(sealer(), "acme", "d1", sealed[: 1 + length % (len(sealed) - 1)]) == "RESTORATION_CORRUPT"


@given(st.binary(min_size=1))
def test_any_other_bytes_are_corrupt(octets: bytes) -> None:
    """Whatever is handed back, nothing but our own error comes."""
    assert reason(sealer(), "acme", "d1", octets) == "RESTORATION_CORRUPT"
    assert reason(sealer(), "acme", "d1", b"SR\x01" + octets) == "RESTORATION_CORRUPT"


def test_relabeled_for_another_tenant_is_corrupt() -> None:
    """A header that was rewritten to name the asking tenant does not hold under that tenant's key."""
    sealed = sealer().seal("acme", "d1", VALUES)

    assert reason(sealer(), "evil", "d1", sealed.replace(b"acme", b"evil")) == "RESTORATION_CORRUPT"


@pytest.mark.parametrize(
    "packed",
    [
        zlib.compress(b"[" + b" " * (80 * 1024 * 1024) + b"]"),
        zlib.compress(b"[]"),
        zlib.compress(b'{"a": 1}'),
        zlib.compress(b"{"),
        zlib.compress(b"{}") + b"more",
        b"not zlib",
    ],
    ids=["bomb", "list", "number", "no JSON", "more", "not packed"],
)
def test_what_unpacks_to_no_map_is_corrupt(packed: bytes) -> None:
    """Even under a seal that holds, nothing but a bounded map of texts is taken."""
    sealed = sealer().seal("acme", "d1", VALUES)
    header = sealed[: sealed.index(b"d1") + 2]
    nonce = os.urandom(12)
    forged = header + nonce + AESGCMSIV(keyring().subkey("seal", "acme")).encrypt(nonce, packed, header)

    assert reason(sealer(), "acme", "d1", forged) == "RESTORATION_CORRUPT"


def test_what_is_too_large_is_not_sealed() -> None:
    """A restoration that could not be handed back is refused when it is made, and unread when it comes."""
    noise = json.dumps(os.urandom(MAX_SEALED_BYTES).hex())

    with pytest.raises(TooMuch):
        sealer().seal("acme", "d1", {"<TEXT_1>": noise})
    assert reason(sealer(), "acme", "d1", bytes(MAX_SEALED_BYTES + 1)) == "RESTORATION_CORRUPT"
