"""The only place that reads the time."""

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Wall time for records and facts, monotonic seconds for deadlines and timings."""

    def now(self) -> datetime:
        """Return the time of day, in UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds that only grow."""
        ...


class SystemClock:
    """The machine's own clocks."""

    def now(self) -> datetime:
        """Return the time of day, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds that only grow."""
        return time.monotonic()


class Deadline:
    """When the caller stops waiting, on the monotonic clock; ``None`` means never."""

    __slots__ = ("_clock", "at")

    def __init__(self, clock: Clock, seconds: float | None) -> None:
        self._clock = clock
        self.at = None if seconds is None else clock.monotonic() + seconds

    def remaining(self) -> float | None:
        """Return the seconds that are left, not below zero; ``None`` without a deadline."""
        return None if self.at is None else max(0.0, self.at - self._clock.monotonic())

    @property
    def passed(self) -> bool:
        """Whether nothing is left."""
        return self.at is not None and self._clock.monotonic() >= self.at

    def within(self, seconds: float) -> "Deadline":
        """Return the earlier of this deadline and one in so many seconds."""
        left = self.remaining()
        return Deadline(self._clock, seconds if left is None else min(seconds, left))
