"""The benchmark of replays replays what it made."""

import asyncio

from benchmarks.replay import measure


def test_measure() -> None:
    """All records are read again, and only distinct questions are asked."""
    told = asyncio.run(measure(300))
    assert (300, 0) == (told.comparison.records, told.comparison.unreadable)
    assert 0 < told.distinct < told.asked
