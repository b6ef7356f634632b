"""Keys and a time that do not change, and bodies in pieces."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sidecar.keys import Keyring
from sidecar.types.content import Edit, Segment


class FixedRoots:
    """A ``RootSource``, as a KMS would be one."""

    def __init__(self, *ids: str) -> None:
        self._ids = ids

    def roots(self) -> Mapping[str, bytes]:
        """Return a root key for each id."""
        return {key_id: (key_id * 32).encode()[:32] for key_id in self._ids}

    def signing_key(self) -> Ed25519PrivateKey:
        """Return the same key each time."""
        return Ed25519PrivateKey.from_private_bytes(b"s" * 32)


class SetClock:
    """A ``Clock`` that stands until it is moved."""

    def __init__(self) -> None:
        self._now = datetime(2026, 11, 23, 12, tzinfo=UTC)

    def now(self) -> datetime:
        """Return the time it was set to."""
        return self._now

    def monotonic(self) -> float:
        """Return the same in seconds."""
        return self._now.timestamp()

    def pass_hours(self, hours: float) -> None:
        """Move it."""
        self._now += timedelta(hours=hours)


def keyring(*ids: str) -> Keyring:
    """Return a keyring with these root keys."""
    return Keyring(FixedRoots(*(ids or ("k1",))))


def spliced(segment: Segment, edits: Sequence[Edit]) -> str:
    """Return a segment's text with edits made."""
    text = segment.text
    for edit in sorted(edits, key=lambda edit: edit.start, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def cut(body: bytes, places: Sequence[int]) -> list[bytes]:
    """Return a body in pieces, cut at places (modulo its length)."""
    ends = sorted({place % (len(body) + 1) for place in places} | {0, len(body)})
    return [body[start:end] for start, end in pairwise(ends)]


async def arriving(chunks: Sequence[bytes]) -> AsyncIterator[bytes]:
    """Return pieces as they come."""
    for chunk in chunks:
        yield chunk
