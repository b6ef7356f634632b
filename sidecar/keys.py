"""Root keys, and everything that is derived from them.

A folder (0700) holds ``root.<id>`` (32 bytes each), ``audit.ed25519`` (PEM) and ``audit.ed25519.pub`` (PEM). Ids sort
by time: the last one seals, marks and names, the ones before only open what they once sealed.
"""

import hmac
import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from stat import S_IMODE, S_ISDIR, S_ISREG
from typing import Literal, Protocol, Self, TypeAlias

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from sidecar.clock import Clock, SystemClock
from sidecar.errors import KeysFault
from sidecar.folders import make_private

Purpose: TypeAlias = Literal["pseudonym", "seal", "mark", "cache"]

ROOT_BYTES = 32
ROOT_PREFIX = "root."
SIGNING_FILE = "audit.ed25519"
PUBLIC_FILE = "audit.ed25519.pub"

_KEY_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")  # no slash, no colon: ids stand in HKDF's info and in marks
_OTHERS = 0o077
_UNUSABLE = "the keys cannot be used"
_SUBKEYS = 4096  # derived keys that are kept: a few for each tenant
_MARK_BYTES = 16


class RootSource(Protocol):
    """Where root keys come from: the folder that ships, or a hook that asks a KMS."""

    def roots(self) -> Mapping[str, bytes]:
        """Return 32 bytes by key id; ids sort by time.

        Raises:
            KeysFault: a key is missing, too open, or not a key.
        """
        ...

    def signing_key(self) -> Ed25519PrivateKey:
        """Return the key that signs the heads of journals.

        Raises:
            KeysFault: as above.
        """
        ...


class Keyring:
    """Derives subkeys, and marks identifiers. Built whole, never changed; a rotation is seen by opening anew."""

    def __init__(self, source: RootSource) -> None:
        """Take all keys from a source.

        Raises:
            KeysFault: the source's own faults, or it holds no root key, or one that is no key.
        """
        self._roots = dict(sorted(source.roots().items()))
        self._signing_key = source.signing_key()
        faults = [] if self._roots else ["there is no root key"]
        faults += [f"root.{key_id}: not a key id" for key_id in self._roots if not _KEY_ID.fullmatch(key_id)]
        faults += [f"root.{key_id}: {fault}" for key_id, root in self._roots.items() if (fault := _root_fault(root))]
        if faults:
            raise KeysFault(_UNUSABLE, faults=faults, field="keys.path")
        self._derive = lru_cache(maxsize=_SUBKEYS)(self._expand)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open a folder of keys; nothing is made.

        Raises:
            KeysFault: a file is missing, too open or malformed; all faults are told together, no key material.
        """
        return cls(FolderRoots(path))

    @property
    def ids(self) -> tuple[str, ...]:
        """All key ids, the newest first."""
        return tuple(reversed(self._roots))

    @property
    def newest(self) -> str:
        """The id of the key that seals."""
        return self.ids[0]

    @property
    def signing_key(self) -> Ed25519PrivateKey:
        """The key that signs the heads of journals."""
        return self._signing_key

    @property
    def public_pem(self) -> bytes:
        """The key that verifies them."""
        return _public_pem(self._signing_key)

    def subkey(self, purpose: Purpose, tenant: str, key_id: str | None = None) -> bytes:
        """Return the 32 bytes for a purpose and a tenant, by the newest root key or by ``key_id``.

        Raises:
            KeyError: there is no such root key.
        """
        return self._derive(purpose, tenant, self.newest if key_id is None else key_id)

    def mark(self, tenant: str, value: str) -> str:
        """Return what stands for an identifier in records: the same for the same, and of no use without the key."""
        key_id = self.newest
        digest = hmac.digest(self.subkey("mark", tenant, key_id), _octets(value), "sha256")
        return f"mark:{key_id}:{digest[:_MARK_BYTES].hex()}"

    def _expand(self, purpose: str, tenant: str, key_id: str) -> bytes:
        # The purpose and the key id hold no slash, so no two triples share an info, whatever the tenant is called.
        info = _octets(f"sidecar/v1/{purpose}/{tenant}/{key_id}")
        return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=info).derive(self._roots[key_id])


class FolderRoots:
    """The folder of ``keys.path``, read once and whole."""

    def __init__(self, path: Path) -> None:
        """Read the folder.

        Raises:
            KeysFault: with every fault of it.
        """
        self._roots: dict[str, bytes] = {}
        faults = _folder_faults(path)
        signing_key: Ed25519PrivateKey | None = None
        if not faults:
            for file in sorted(path.iterdir()):
                if file.name.startswith(ROOT_PREFIX):
                    self._read_root(file, faults)
            if not self._roots and not faults:
                faults.append("root.*: missing")
            signing_key = _read_signing_key(path, faults)
        if faults or signing_key is None:
            advice = "`sidecar keys init` makes a folder of keys; a missing key is only in your backup"
            raise KeysFault(_UNUSABLE, faults=faults, field="keys.path", advice=advice)
        self._signing_key = signing_key

    def roots(self) -> Mapping[str, bytes]:
        """Return the root keys by id."""
        return self._roots

    def signing_key(self) -> Ed25519PrivateKey:
        """Return the key that signs heads."""
        return self._signing_key

    def _read_root(self, file: Path, faults: list[str]) -> None:
        key_id = file.name.removeprefix(ROOT_PREFIX)
        if not _KEY_ID.fullmatch(key_id):
            faults.append(f"{file.name!a}: not a key id")
            return
        root = _read_private(file, faults)
        if root is None:
            return
        if fault := _root_fault(root):
            faults.append(f"{file.name}: {fault}")
        else:
            self._roots[key_id] = root


def init_keys(path: Path, clock: Clock | None = None) -> str:
    """Make a folder of new keys, whole or not at all, and return the id of its root key.

    Raises:
        KeysFault: there is something already, or the folder cannot be made.
    """
    key_id = _time_id(clock or SystemClock())
    try:
        make_private(path.parent)
        draft = Path(tempfile.mkdtemp(prefix=".keys-", dir=path.parent))  # mode 0700
        try:
            signing_key = Ed25519PrivateKey.generate()
            _write(draft / (ROOT_PREFIX + key_id), os.urandom(ROOT_BYTES))
            pem = signing_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            _write(draft / SIGNING_FILE, pem)
            _write(draft / PUBLIC_FILE, _public_pem(signing_key))
            draft.rename(path)  # replaces an empty folder, and no other
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
        _sync(path.parent)
    except OSError as error:
        message = f"no keys were made: {error.strerror}"
        raise KeysFault(message, field="keys.path") from error
    return key_id


def rotate_keys(path: Path, clock: Clock | None = None) -> str:
    """Add a root key that sorts after all others, and return its id. What it replaces still opens.

    Raises:
        KeysFault: the folder cannot be used as it is, or the key cannot be written.
    """
    newest = Keyring.open(path).newest
    key_id = _time_id(clock or SystemClock())
    if key_id <= newest:  # a clock that was set back, or ids of the operator's own
        key_id = f"{newest}.{key_id}"
    if not _KEY_ID.fullmatch(key_id):
        message = "no id can be made that sorts after the newest key"
        raise KeysFault(message, field="keys.path")
    try:
        draft = path / f".new.{key_id}"
        _write(draft, os.urandom(ROOT_BYTES))
        draft.rename(path / (ROOT_PREFIX + key_id))
        _sync(path)
    except OSError as error:
        message = f"no key was added: {error.strerror}"
        raise KeysFault(message, field="keys.path") from error
    return key_id


def open_or_make(path: Path) -> tuple[Keyring, bool]:
    """Open the keys of the embedded default, made where there are none yet; the flag says that they were made.

    Raises:
        KeysFault: there are keys, and they cannot be used; or none can be made.
    """
    if path.is_dir() and any(path.iterdir()):
        return Keyring.open(path), False
    try:
        init_keys(path)
    except KeysFault:
        if not path.is_dir():
            raise
        return Keyring.open(path), False  # another process was faster
    return Keyring.open(path), True


def _root_fault(root: bytes) -> str:
    if len(root) != ROOT_BYTES:
        return f"must be {ROOT_BYTES} bytes"
    return "" if any(root) else "is all zeros"


def _folder_faults(path: Path) -> list[str]:
    try:
        status = path.stat()
        next(path.iterdir(), None)
    except OSError as error:
        return [f"the folder cannot be read: {error.strerror}"]
    if not S_ISDIR(status.st_mode):
        return ["not a folder"]
    if S_IMODE(status.st_mode) & _OTHERS:
        return [f"the folder is too open: mode {S_IMODE(status.st_mode):04o}, must be 0700"]
    return []


def _read_private(file: Path, faults: list[str]) -> bytes | None:
    try:
        with open(file, "rb", opener=_at_once) as opened:
            status = os.fstat(opened.fileno())
            if not S_ISREG(status.st_mode):
                faults.append(f"{file.name}: not a file")
                return None
            if S_IMODE(status.st_mode) & _OTHERS:
                faults.append(f"{file.name}: too open: mode {S_IMODE(status.st_mode):04o}, must be 0600")
                return None
            return opened.read(1 << 16)
    except FileNotFoundError:
        faults.append(f"{file.name}: missing")
    except OSError as error:
        faults.append(f"{file.name}: cannot be read: {error.strerror}")
    return None


def _read_signing_key(path: Path, faults: list[str]) -> Ed25519PrivateKey | None:
    pem = _read_private(path / SIGNING_FILE, faults)
    public_pem: bytes | None = None
    try:
        public_pem = (path / PUBLIC_FILE).read_bytes()
    except FileNotFoundError:
        faults.append(f"{PUBLIC_FILE}: missing")
    except OSError as error:
        faults.append(f"{PUBLIC_FILE}: cannot be read: {error.strerror}")
    if pem is None:
        return None
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        faults.append(f"{SIGNING_FILE}: not a PEM private key")
        return None
    if not isinstance(key, Ed25519PrivateKey):
        faults.append(f"{SIGNING_FILE}: not an Ed25519 key")
        return None
    if public_pem is not None and public_pem.split() != _public_pem(key).split():
        faults.append(f"{PUBLIC_FILE}: not the public key of {SIGNING_FILE}")
    return key


def _public_pem(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _time_id(clock: Clock) -> str:
    return clock.now().strftime("%Y%m%d-%H%M%S-%f")


def _octets(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _at_once(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)  # a pipe by that name must not stop the start


def _sync(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
