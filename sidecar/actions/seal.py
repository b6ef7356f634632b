"""Value maps that the gateway keeps for us, sealed with AES-GCM-SIV, so that there is no vault.

Layout, version 1: ``"SR" 1``, a clear header (expiry, key id, tenant, decision id), a nonce, the packed map, encrypted.
The header is associated data under the key of the tenant that it names. So a restoration is opened by its own claims
first: where that fails it is corrupt, whatever they say; where it holds they are true, and are compared with the asked.
"""

import json
import os
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Never

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

from sidecar.clock import Clock
from sidecar.errors import RestorationRefused, TooMuch
from sidecar.keys import Keyring

MAGIC = b"SR\x01"
EXPIRED = "RESTORATION_EXPIRED"
CORRUPT = "RESTORATION_CORRUPT"
TENANT = "RESTORATION_TENANT"
DECISION = "RESTORATION_DECISION"

NONCE_BYTES = 12
TAG_BYTES = 16
MAX_SEALED_BYTES = 8 * 1024 * 1024  # with a body of 16 MiB it fits one message of 32 MiB
MAX_MAP_BYTES = 64 * 1024 * 1024  # what a sealed map may unpack to

_EXPIRY = struct.Struct(">Q")  # milliseconds since 1970
_LENGTH = struct.Struct(">H")
_COMPRESSION = 1  # maps are short, and this is on the way of every request


@dataclass(frozen=True, slots=True)
class _Header:
    expiry: int
    key_id: str
    tenant: str
    decision_id: str

    def pack(self) -> bytes:
        """Write it, as it stands before the nonce."""
        parts = [MAGIC, _EXPIRY.pack(self.expiry)]
        for text in (self.key_id, self.tenant, self.decision_id):
            octets = text.encode()
            parts += [_LENGTH.pack(len(octets)), octets]
        return b"".join(parts)

    @classmethod
    def unpack(cls, octets: bytes) -> "tuple[_Header, int]":
        """Read it, and where it ends.

        Raises:
            ValueError: this is no header.
        """
        if not octets.startswith(MAGIC):
            message = "no restoration of this version"
            raise ValueError(message)
        try:
            (expiry,) = _EXPIRY.unpack_from(octets, len(MAGIC))
            place = len(MAGIC) + _EXPIRY.size
            texts = []
            for _ in range(3):
                (length,) = _LENGTH.unpack_from(octets, place)
                place += _LENGTH.size + length
                texts.append(octets[place - length : place].decode())
        except struct.error as error:
            message = "truncated"
            raise ValueError(message) from error
        return cls(expiry, *texts), place


class MapSealer:
    """The ``Sealer``."""

    def __init__(self, *, keys: Keyring, clock: Clock, hours: float) -> None:
        """Take the keys, the time, and how long a restoration can be opened."""
        self._keys = keys
        self._clock = clock
        self._life = timedelta(hours=hours)

    def seal(self, tenant: str, decision_id: str, values: Mapping[str, str]) -> bytes:
        """Return the sealed map; empty bytes where ``values`` is empty.

        Raises:
            TooMuch: the map is too large to be handed back.
        """
        if not values:
            return b""
        key_id = self._keys.newest
        header = _Header(_milliseconds(self._clock.now() + self._life), key_id, tenant, decision_id).pack()
        plain = json.dumps(dict(values), separators=(",", ":")).encode()
        packed = zlib.compress(plain, _COMPRESSION)
        if len(plain) > MAX_MAP_BYTES or len(header) + NONCE_BYTES + len(packed) + TAG_BYTES > MAX_SEALED_BYTES:
            message = "the values taken out, with those of earlier restorations, are too large to be sealed"
            raise TooMuch(message, field="restorations")
        nonce = os.urandom(NONCE_BYTES)
        return header + nonce + AESGCMSIV(self._keys.subkey("seal", tenant, key_id)).encrypt(nonce, packed, header)

    def open(self, tenant: str, decision_id: str | None, restoration: bytes) -> Mapping[str, str]:
        """Return the value map; empty where ``restoration`` is empty.

        Raises:
            RestorationRefused: expired, edited, truncated, of another tenant or decision.
        """
        if not restoration:
            return {}
        header, values = self._unseal(restoration)
        if header.tenant != tenant:
            raise RestorationRefused(TENANT, "the restoration is another tenant's")
        if decision_id is not None and header.decision_id != decision_id:
            raise RestorationRefused(DECISION, "the restoration is of another decision")
        if header.expiry <= _milliseconds(self._clock.now()):
            raise RestorationRefused(EXPIRED, "the restoration has expired")
        return values

    def _unseal(self, restoration: bytes) -> tuple[_Header, Mapping[str, str]]:
        if len(restoration) > MAX_SEALED_BYTES:
            _corrupt()
        try:
            header, end = _Header.unpack(restoration)
            if header.key_id not in self._keys.ids:
                _corrupt()
            key = self._keys.subkey("seal", header.tenant, header.key_id)
            nonce, sealed = restoration[end : end + NONCE_BYTES], restoration[end + NONCE_BYTES :]
            packed = AESGCMSIV(key).decrypt(nonce, sealed, restoration[:end])
            return header, _unpack(packed)
        except (ValueError, InvalidTag, zlib.error, RecursionError):
            _corrupt()


def _unpack(packed: bytes) -> Mapping[str, str]:
    unpacker = zlib.decompressobj()
    plain = unpacker.decompress(packed, MAX_MAP_BYTES)
    if not unpacker.eof or unpacker.unused_data:
        message = "not one whole map"
        raise ValueError(message)
    values = json.loads(plain)
    if not isinstance(values, dict) or not all(isinstance(value, str) for value in values.values()):
        message = "not a map of texts"
        raise ValueError(message)
    return values


def _corrupt() -> Never:
    raise RestorationRefused(CORRUPT, "the restoration does not hold: it was edited or truncated") from None


def _milliseconds(moment: datetime) -> int:
    return int((moment - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(milliseconds=1))
