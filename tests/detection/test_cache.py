"""Cost follows new text: what was read is remembered, for the same tenant, and gives the same answers."""

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from sidecar.clock import Deadline, SystemClock
from sidecar.detection.cache import ENTRY_BYTES, SIGHTING_BYTES, ReadingCache
from sidecar.detection.detector import LocalDetector, WindowDetector
from sidecar.detection.engine import Reading
from sidecar.detection.spans import Sighting
from sidecar.detection.windows import Window
from sidecar.types.content import Inspection, Partial, Span
from sidecar.types.status import CacheTally
from tests.detection.fakes import CountingRunner

SYSTEM = "You are a careful assistant of Anna Smith. Internal use only."
MAIL = "Write to jane.doe@example.com today."


class Cached:
    """A detector with a cache, and what reaches its workers."""

    def __init__(self, local: LocalDetector, *, max_bytes: int = 1 << 20, names_budget: int = 400_000) -> None:
        self.cache = ReadingCache(subkey=lambda tenant: tenant.encode().ljust(32), max_bytes=max_bytes)
        self.runner = CountingRunner(local.offload)
        self.detector = WindowDetector(self.runner, ("en",), cache=self.cache, names_budget=names_budget)

    def inspect(
        self, texts: Sequence[str], tenant: str = "t", hidden: dict[int, list[Span]] | None = None
    ) -> Inspection:
        """Inspect with a caller who waits."""
        return inspect(self.detector, texts, tenant, hidden)

    def news(self) -> list[str]:
        """Return what has reached the workers since last asked."""
        seen, self.runner.seen = self.runner.seen, []
        return seen


def inspect(
    detector: WindowDetector, texts: Sequence[str], tenant: str = "t", hidden: dict[int, list[Span]] | None = None
) -> Inspection:
    """Inspect with a caller who waits."""
    threads = [list(range(len(texts)))]
    return asyncio.run(
        detector.inspect(texts, tenant=tenant, deadline=Deadline(SystemClock(), None), hidden=hidden, threads=threads)
    )


@pytest.fixture
def cached(local: LocalDetector) -> Cached:
    """A fresh cache over the shared engine."""
    return Cached(local)


def test_a_conversation_costs_its_new_message(cached: Cached, local: LocalDetector) -> None:
    """Twenty turns that resend their history: only the new messages are read, and all is found."""
    history = [SYSTEM]
    inspection = cached.inspect(history)
    cached.news()
    for turn in range(20):
        history += [f"Turn {turn}: ask Bob Jones, {turn}@example.com.", f"Answer {turn} for Ms. Miller."]
        inspection = cached.inspect(history)
        assert history[-2:] == [text for text in cached.news() if text in history]
    assert inspect(local, history) == inspection
    assert 40 == sum(one.entity in {"EMAIL_ADDRESS", "PERSON"} for one in inspection.findings if one.segment % 2)


def test_a_grown_text_costs_its_end(cached: Cached) -> None:
    """Of a long text that has grown at its end, only the last window is read again."""
    text = "".join(f"{line}: all of it is said in the {line}th line.\n" for line in range(2_400))
    cached.inspect([text])
    windows = len(cached.news())
    cached.inspect([text + "And more."])
    assert (5, 1) == (windows, len(cached.news()))


def test_the_same_window_twice_is_read_once(cached: Cached) -> None:
    """Equal texts of one request are one."""
    assert 2 == len(cached.inspect([MAIL, MAIL]).findings)
    assert [MAIL] == [text for text in cached.news() if text == MAIL]


def test_tenants_share_nothing(cached: Cached) -> None:
    """What one tenant sent is read again for another: an answer's speed tells nobody what others asked."""
    cached.inspect([MAIL], "one")
    cached.inspect([MAIL], "two")
    assert ([MAIL, MAIL], 0, 2) == (cached.news(), cached.cache.tally.hits, cached.cache.tally.misses)


def test_hidden_spans_are_part_of_the_key(cached: Cached) -> None:
    """The same text with something hidden is another."""
    assert 1 == len(cached.inspect([MAIL]).findings)
    assert () == cached.inspect([MAIL], hidden={0: [Span(9, 29)]}).findings
    assert 1 == len(cached.inspect([MAIL]).findings)


def test_what_is_missing_is_never_kept(local: LocalDetector) -> None:
    """A window that names were not read in is asked about again."""
    cached = Cached(local, names_budget=0)
    assert isinstance(cached.inspect([MAIL]), Partial)
    assert isinstance(cached.inspect([MAIL]), Partial)
    assert ([MAIL, MAIL], 0) == (cached.news(), cached.cache.tally.bytes)


def test_nothing_of_a_text_stays(cached: Cached) -> None:
    """Keys are digests, and entries hold offsets and words of ours."""
    cached.inspect([MAIL])
    (shelf,) = cached.cache._shelves.values()
    kept = repr(shelf.readings)
    assert "jane" not in kept
    assert "Write" not in kept
    assert [32] == [len(key) for key in shelf.readings]


def window(text: str) -> Window:
    """Return a window of a short text."""
    return Window(0, 0, text, 0, len(text), units=9.0, names=True)


def reading(count: int = 0) -> Reading:
    """Return a reading with some sightings."""
    sighting = Sighting(0, 1, "X", "x", 1.0, "X")
    return Reading((sighting,) * count, (), frozenset(), frozenset())


def test_bytes_are_bounded_and_the_least_used_goes() -> None:
    """Beyond its bytes the cache forgets what was not asked for longest; what is larger than all of it is not kept."""
    cache = ReadingCache(subkey=lambda tenant: bytes(32), max_bytes=2 * ENTRY_BYTES + SIGHTING_BYTES)
    one, two, three, large = (cache.key("t", "r", window(text)) for text in ("one", "two", "three", "large"))
    cache.put("t", one, reading())
    cache.put("t", two, reading(1))
    assert (reading(), 2 * ENTRY_BYTES + SIGHTING_BYTES) == (cache.get("t", one), cache.tally.bytes)
    cache.put("t", three, reading())
    cache.put("t", large, reading(5))
    assert (None, reading(), reading(), None) == tuple(cache.get("t", key) for key in (two, one, three, large))
    assert CacheTally(hits=3, misses=2, entries=2, bytes=2 * ENTRY_BYTES, evictions=1) == cache.tally


def test_a_flood_of_one_tenant_costs_only_itself() -> None:
    """What others keep within their share stays, however much one tenant sends; the largest gives way to newcomers."""
    cache = ReadingCache(subkey=lambda tenant: tenant.encode(), max_bytes=12 * ENTRY_BYTES)
    quiet = [cache.key("quiet", "r", window(str(number))) for number in range(4)]
    for key in quiet:
        cache.put("quiet", key, reading())
    for number in range(100):
        cache.put("loud", cache.key("loud", "r", window(str(number))), reading())
    assert [reading()] * 4 == [cache.get("quiet", key) for key in quiet]
    for number in range(3):
        cache.put("new", cache.key("new", "r", window(str(number))), reading())
    kept = {name: len(shelf.readings) for name, shelf in cache._shelves.items()}
    assert ({"quiet": 4, "loud": 5, "new": 3}, 12) == (kept, cache.tally.entries)


def test_tenants_that_keep_nothing_are_forgotten() -> None:
    """A tenant's last entry takes its name along."""
    cache = ReadingCache(subkey=lambda tenant: tenant.encode(), max_bytes=2 * ENTRY_BYTES)
    for number in range(50):
        tenant = f"tenant{number}"
        cache.put(tenant, cache.key(tenant, "r", window("x")), reading())
    assert (2, 2) == (len(cache._shelves), cache.tally.entries)


async def test_twins_are_read_once(local: LocalDetector, never: Deadline) -> None:
    """Requests that hold the same text at the same time cost one reading, and each has its findings."""
    cached = Cached(local)
    twins = [cached.detector.inspect([MAIL, f"{number}"], tenant="t", deadline=never) for number in range(5)]
    inspections = await asyncio.gather(*twins)
    assert [1] * 5 == [len(one.findings) for one in inspections]
    assert [MAIL, "0", "1", "2", "3", "4"] == cached.news()
    await asyncio.gather(*(cached.detector.inspect([MAIL], tenant=name, deadline=never) for name in ("u", "v")))
    assert [MAIL, MAIL] == cached.news()


def test_everything_a_reading_depends_on_is_in_the_key() -> None:
    """Another tenant, revision, text, core or budget is another key."""
    cache = ReadingCache(subkey=lambda tenant: tenant.encode())
    plain = window("abcd")
    keys = {
        cache.key("t", "r", plain),
        cache.key("u", "r", plain),
        cache.key("t", "s", plain),
        cache.key("t", "r", window("abcx")),
        cache.key("t", "r", Window(0, 0, "abcd", 1, 4, units=9.0, names=True)),
        cache.key("t", "r", Window(0, 0, "abcd", 0, 3, units=9.0, names=True)),
        cache.key("t", "r", Window(0, 0, "abcd", 0, 4, units=9.0, names=False)),
        cache.key("t", "r", Window(0, 0, "abcd", 0, 4, units=8.0, names=True)),
        cache.key("t", "r", Window(0, 0, "abcd", 0, 4, units=9.0, names=False, joint=True)),
    }
    assert 9 == len(keys)
    assert cache.key("t", "r", plain) == cache.key("t", "r", Window(7, 99, "abcd", 0, 4, units=9.0, names=True))


PIECES = st.sampled_from(
    [
        SYSTEM,
        MAIL,
        "4111 1111",
        "1111 1111",
        "Anna Smith",
        "john.smith",
        "@acme.com",
        "한국 900101-1234568",
        "",
        "so be it",
    ]
)


@hypothesis_settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.lists(PIECES, max_size=6), st.booleans()), min_size=1, max_size=4))
def test_equal_to_uncached(local: LocalDetector, requests: list[tuple[list[str], bool]]) -> None:
    """Whatever was asked before, a detector with a cache, even one that forgets, says what one without says."""
    roomy, tight = Cached(local), Cached(local, max_bytes=3 * ENTRY_BYTES)
    for texts, hide in requests:
        hidden = {index: [Span(0, 4)] for index in range(0, len(texts), 2)} if hide else {}
        expected = inspect(local, texts, hidden=hidden)
        assert expected == roomy.inspect(texts, hidden=hidden) == tight.inspect(texts, hidden=hidden)
