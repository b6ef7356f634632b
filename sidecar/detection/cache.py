"""What windows held, kept for the next request of the same tenant, so that cost follows new text.

It lies below the cut, so a window of a long text is found again as well as a short message, and a request's budgets
count what is remembered like what is read: the same request is complete, or partial, whether or not it was seen
before. An entry's key is an HMAC over everything a reading depends on, under a key of the tenant's own. Nothing of a
text stays.
"""

import hmac
from collections import OrderedDict
from collections.abc import Callable

from sidecar.detection.engine import Reading
from sidecar.detection.windows import Window

MAX_BYTES = 64 << 20  # of entries: about 150,000 messages
ENTRY_BYTES = 400  # a key, a reading and their places in the table, as CPython lays them out
SIGHTING_BYTES = 250


class ReadingCache:
    """Readings by key, the least recently used forgotten first."""

    def __init__(self, *, subkey: Callable[[str], bytes], max_bytes: int = MAX_BYTES) -> None:
        """Start empty. ``subkey`` gives a tenant's key; after a rotation it gives another, and old entries age out."""
        self._subkey = subkey
        self._max_bytes = max_bytes
        self._entries: OrderedDict[bytes, Reading] = OrderedDict()
        self.bytes = 0
        self.hits = 0
        self.misses = 0

    def key(self, tenant: str, revision: str, window: Window) -> bytes:
        """Return what a window's reading is kept under. What is hidden is hidden in its text already."""
        added = window.additions.digest if window.additions else ""
        header = f"{revision}{added} {window.start} {window.end} {window.units} {window.names:d} {window.joint:d} "
        return hmac.digest(self._subkey(tenant), (header + window.text).encode("utf-8", "surrogatepass"), "sha256")

    def get(self, key: bytes) -> Reading | None:
        """Return a reading, and count whether it was there."""
        reading = self._entries.get(key)
        if reading is None:
            self.misses += 1
            return None
        self.hits += 1
        self._entries.move_to_end(key)
        return reading

    def put(self, key: bytes, reading: Reading) -> None:
        """Keep a reading, unless something is missing from it or it is larger than all that may be kept."""
        size = _size(reading)
        if reading.missing or size > self._max_bytes or key in self._entries:
            return
        self._entries[key] = reading
        self.bytes += size
        while self.bytes > self._max_bytes:
            _, oldest = self._entries.popitem(last=False)
            self.bytes -= _size(oldest)


def _size(reading: Reading) -> int:
    return ENTRY_BYTES + SIGHTING_BYTES * len(reading.sightings)
