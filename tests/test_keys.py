import os
from collections.abc import Mapping
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_public_key

from sidecar.errors import KeysFault
from sidecar.keys import Keyring, init_keys, open_or_make, rotate_keys
from tests.actions.fakes import FixedRoots, SetClock, keyring


def folder(tmp_path: Path) -> Path:
    """Return a folder of new keys."""
    init_keys(tmp_path / "keys", SetClock())
    return tmp_path / "keys"


def modes(path: Path) -> dict[str, int]:
    """Return the permissions of each file."""
    return {file.name: file.stat().st_mode & 0o777 for file in path.iterdir()}


def faults(path: Path) -> tuple[str, ...]:
    """Return why a folder is refused."""
    with pytest.raises(KeysFault) as caught:
        Keyring.open(path)
    return caught.value.faults


def test_init_makes_one_root_and_a_signing_pair(tmp_path: Path) -> None:
    """A new folder is for its owner alone and holds exactly what the design names."""
    keys = folder(tmp_path)

    assert keys.stat().st_mode & 0o777 == 0o700
    assert modes(keys) == {
        "root.20261123-120000-000000": 0o600,
        "audit.ed25519": 0o600,
        "audit.ed25519.pub": 0o600,
    }
    assert len((keys / "root.20261123-120000-000000").read_bytes()) == 32
    assert [path.name for path in tmp_path.iterdir()] == ["keys"]


def test_public_key_verifies_what_the_keyring_signs(tmp_path: Path) -> None:
    """The PEM file beside the signing key is its public half."""
    keys = folder(tmp_path)
    ring = Keyring.open(keys)
    public = load_pem_public_key((keys / "audit.ed25519.pub").read_bytes())

    assert ring.public_pem == (keys / "audit.ed25519.pub").read_bytes()
    assert ring.signing_key.public_key() == public


def test_init_never_overwrites(tmp_path: Path) -> None:
    """Keys that are there stay, byte for byte."""
    keys = folder(tmp_path)
    before = {file.name: file.read_bytes() for file in keys.iterdir()}

    with pytest.raises(KeysFault, match="no keys were made"):
        init_keys(keys)

    assert {file.name: file.read_bytes() for file in keys.iterdir()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["keys"]


def test_rotation_adds_a_newer_id_and_keeps_the_old(tmp_path: Path) -> None:
    """After a rotation the new id seals and the old one still opens."""
    clock = SetClock()
    keys = tmp_path / "keys"
    first = init_keys(keys, clock)
    old = Keyring.open(keys)
    clock.pass_hours(1)

    second = rotate_keys(keys, clock)
    ring = Keyring.open(keys)

    assert (second, first) == ring.ids
    assert second == ring.newest
    assert old.subkey("seal", "acme") == ring.subkey("seal", "acme", first)
    assert old.subkey("seal", "acme") != ring.subkey("seal", "acme")


def test_rotation_under_a_clock_that_was_set_back_still_sorts_last(tmp_path: Path) -> None:
    """A new key is the newest whatever the clock says."""
    clock = SetClock()
    keys = tmp_path / "keys"
    first = init_keys(keys, clock)
    clock.pass_hours(-5)

    second = rotate_keys(keys, clock)

    assert (second, first) == Keyring.open(keys).ids


def test_ids_of_the_operators_own_are_taken(tmp_path: Path) -> None:
    """A root key may be put into the folder under any id, and a rotation sorts after it."""
    keys = folder(tmp_path)
    (keys / "root.prod-7").write_bytes(b"r" * 32)
    (keys / "root.prod-7").chmod(0o600)

    added = rotate_keys(keys, SetClock())

    assert added.startswith("prod-7.")
    assert Keyring.open(keys).ids == (added, "prod-7", "20261123-120000-000000")


def test_all_faults_of_a_folder_are_told_together(tmp_path: Path) -> None:
    """Too open, too short, missing and malformed are told in one go, and no key material is."""
    keys = folder(tmp_path)
    (keys / "root.20261123-120000-000000").chmod(0o644)
    (keys / "root.short").write_bytes(b"SECRET")
    (keys / "root.short").chmod(0o600)
    (keys / "root.zero").write_bytes(bytes(32))
    (keys / "root.zero").chmod(0o600)
    (keys / "root.b:d").write_bytes(b"x" * 32)
    (keys / "root.folder").mkdir(mode=0o700)
    os.mkfifo(keys / "root.pipe", 0o600)
    (keys / "audit.ed25519").write_bytes(b"SECRET")
    (keys / "audit.ed25519.pub").unlink()

    with pytest.raises(KeysFault) as caught:
        Keyring.open(keys)

    assert caught.value.faults == (
        "root.20261123-120000-000000: too open: mode 0644, must be 0600",
        "'root.b:d': not a key id",
        "root.folder: cannot be read: Is a directory",
        "root.pipe: not a file",
        "root.short: must be 32 bytes",
        "root.zero: is all zeros",
        "audit.ed25519.pub: missing",
        "audit.ed25519: not a PEM private key",
    )
    assert "SECRET" not in str(caught.value)


def test_open_makes_nothing(tmp_path: Path) -> None:
    """A folder that is not there stops the start and stays away."""
    assert faults(tmp_path / "keys") == ("the folder cannot be read: No such file or directory",)
    assert list(tmp_path.iterdir()) == []


def test_folder_that_others_may_enter_is_refused(tmp_path: Path) -> None:
    """The folder itself is for its owner alone."""
    keys = folder(tmp_path)
    keys.chmod(0o750)

    assert faults(keys) == ("the folder is too open: mode 0750, must be 0700",)


def test_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    """A path that is no folder is told as that."""
    (tmp_path / "keys").write_bytes(b"")

    assert faults(tmp_path / "keys") == ("the folder cannot be read: Not a directory",)


def test_folder_without_a_root_is_refused(tmp_path: Path) -> None:
    """No root key is not an empty keyring, but a fault."""
    keys = folder(tmp_path)
    next(keys.glob("root.*")).unlink()

    assert faults(keys) == ("root.*: missing",)


def test_public_key_of_another_pair_is_refused(tmp_path: Path) -> None:
    """An auditor must not be handed a key that does not fit."""
    keys = folder(tmp_path)
    (keys / "audit.ed25519.pub").write_bytes(keyring().public_pem)

    assert faults(keys) == ("audit.ed25519.pub: not the public key of audit.ed25519",)


def test_signing_key_of_another_kind_is_refused(tmp_path: Path) -> None:
    """Only Ed25519 signs heads."""
    keys = folder(tmp_path)
    pem = X25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (keys / "audit.ed25519").write_bytes(pem)

    assert faults(keys) == ("audit.ed25519: not an Ed25519 key",)


def test_embedded_default_makes_keys_once(tmp_path: Path) -> None:
    """The first start makes keys and says so; the second opens the same ones."""
    first, made = open_or_make(tmp_path / "state" / "keys")
    second, made_again = open_or_make(tmp_path / "state" / "keys")

    assert (made, made_again) == (True, False)
    assert first.ids == second.ids
    assert first.subkey("seal", "acme") == second.subkey("seal", "acme")


def test_embedded_default_does_not_replace_broken_keys(tmp_path: Path) -> None:
    """Where there are keys that cannot be used, nothing is made in their place."""
    keys = folder(tmp_path)
    (keys / "audit.ed25519").unlink()

    with pytest.raises(KeysFault, match=r"audit\.ed25519: missing"):
        open_or_make(keys)


def test_embedded_default_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """Where no folder can be made the start stops."""
    (tmp_path / "state").write_bytes(b"")

    with pytest.raises(KeysFault, match="no keys were made"):
        open_or_make(tmp_path / "state" / "keys")


def test_subkeys_are_hkdf_with_the_info_of_the_design() -> None:
    """Anybody with the root key can derive the same subkey by the documented info."""
    root = FixedRoots("k1").roots()["k1"]
    expected = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"sidecar/v1/seal/acme/k1").derive(root)

    assert expected == keyring("k1").subkey("seal", "acme")


def test_subkeys_differ_by_purpose_tenant_and_key() -> None:
    """No two uses share a key."""
    ring = keyring("k1", "k2")
    subkeys = {
        ring.subkey(purpose, tenant, key_id)
        for purpose in ("pseudonym", "seal", "mark", "cache")
        for tenant in ("acme", "acme/k1", "other")
        for key_id in ("k1", "k2")
    }

    assert len(subkeys) == 24


def test_mark_is_stable_keyed_and_names_its_key() -> None:
    """A mark is the same for the same identifier and tenant, differs for others, and holds nothing of either."""
    ring = keyring("k1")
    mark = ring.mark("acme", "alice@example.com")

    assert mark == keyring("k1").mark("acme", "alice@example.com")
    assert mark.rpartition(":")[0] == "mark:k1"
    assert len(bytes.fromhex(mark.rpartition(":")[2])) == 16
    assert len({mark, ring.mark("acme", "bob"), ring.mark("other", "alice@example.com")}) == 3
    assert keyring("k1", "k2").mark("acme", "x").startswith("mark:k2:")


@pytest.mark.parametrize(
    ("roots", "fault"),
    [
        ({}, "there is no root key"),
        ({"a/b": b"x" * 32}, "root.a/b: not a key id"),
        ({"a": b"x" * 31}, "root.a: must be 32 bytes"),
    ],
)
def test_a_source_of_ones_own_is_checked_too(roots: Mapping[str, bytes], fault: str) -> None:
    """A KMS hook that returns no key, or none that is one, stops the start."""

    class Broken:
        def roots(self) -> Mapping[str, bytes]:
            return roots

        def signing_key(self) -> Ed25519PrivateKey:
            return Ed25519PrivateKey.generate()

    with pytest.raises(KeysFault) as caught:
        Keyring(Broken())

    assert caught.value.faults == (fault,)
