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
from sidecar.types.status import CacheTally

MAX_BYTES = 64 << 20  # of entries: about 150,000 messages
ENTRY_BYTES = 400  # a key, a reading and their places in the table, as CPython lays them out
SIGHTING_BYTES = 250


class _Shelf:
    """One tenant's readings, the least recently used first."""

    __slots__ = ("bytes", "readings")

    def __init__(self) -> None:
        self.readings: OrderedDict[bytes, Reading] = OrderedDict()
        self.bytes = 0


class ReadingCache:
    """Readings by key. Whoever keeps most forgets first: nobody's history goes for the sake of another's flood."""

    def __init__(self, *, subkey: Callable[[str], bytes], max_bytes: int = MAX_BYTES) -> None:
        """Start empty. ``subkey`` gives a tenant's key; after a rotation it gives another, and old entries age out."""
        self._subkey = subkey
        self._max_bytes = max_bytes
        self._shelves: dict[str, _Shelf] = {}
        self._bytes = 0
        self._hits = 0
        self._misses = 0
        self._evictions = 0

    @property
    def tally(self) -> CacheTally:
        """What it holds and did."""
        entries = sum(len(shelf.readings) for shelf in self._shelves.values())
        return CacheTally(self._hits, self._misses, entries, self._bytes, self._evictions)

    def key(self, tenant: str, revision: str, window: Window) -> bytes:
        """Return what a window's reading is kept under. What is hidden is hidden in its text already."""
        added = window.additions.digest if window.additions else ""
        header = f"{revision}{added} {window.start} {window.end} {window.units} {window.names:d} {window.joint:d} "
        return hmac.digest(self._subkey(tenant), (header + window.text).encode("utf-8", "surrogatepass"), "sha256")

    def get(self, tenant: str, key: bytes) -> Reading | None:
        """Return a reading, and count whether it was there."""
        shelf = self._shelves.get(tenant)
        reading = None if shelf is None else shelf.readings.get(key)
        if shelf is None or reading is None:
            self._misses += 1
            return None
        self._hits += 1
        shelf.readings.move_to_end(key)
        return reading

    def put(self, tenant: str, key: bytes, reading: Reading) -> None:
        """Keep a reading, unless something is missing from it or it is larger than all that may be kept."""
        size = _size(reading)
        if reading.missing or size > self._max_bytes:
            return
        shelf = self._shelves.setdefault(tenant, _Shelf())
        if key in shelf.readings:
            return
        shelf.readings[key] = reading
        shelf.bytes += size
        self._bytes += size
        while self._bytes > self._max_bytes:
            self._forget(tenant)

    def _forget(self, tenant: str) -> None:
        """Forget the oldest of ``tenant`` where it keeps more than its share, else of whoever keeps most."""
        if self._shelves[tenant].bytes * len(self._shelves) <= self._max_bytes:
            tenant = max(self._shelves, key=lambda name: self._shelves[name].bytes)
        shelf = self._shelves[tenant]
        _, oldest = shelf.readings.popitem(last=False)
        shelf.bytes -= _size(oldest)
        self._bytes -= _size(oldest)
        self._evictions += 1
        if not shelf.readings:
            del self._shelves[tenant]


def _size(reading: Reading) -> int:
    return ENTRY_BYTES + SIGHTING_BYTES * len(reading.sightings)
