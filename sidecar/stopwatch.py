"""Where the time of one request goes."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from sidecar.clock import Clock
from sidecar.types.requests import Timings


class Stopwatch:
    """Adds up wall time by stage: ``with watch.detect: ...``."""

    def __init__(self, clock: Clock, *, started: float | None = None) -> None:
        """Start; ``started`` is when the request came in, on the monotonic clock, if that was earlier."""
        self._clock = clock
        self._started = clock.monotonic() if started is None else started
        self._spent = dict.fromkeys(("parse", "detect", "policy", "act", "record"), 0.0)

    @property
    def parse(self) -> AbstractContextManager[None]:
        """Body to segments."""
        return self._stage("parse")

    @property
    def detect(self) -> AbstractContextManager[None]:
        """Segments to findings."""
        return self._stage("detect")

    @property
    def policy(self) -> AbstractContextManager[None]:
        """Facts to decision."""
        return self._stage("policy")

    @property
    def act(self) -> AbstractContextManager[None]:
        """Redaction, rerouting, sealing."""
        return self._stage("act")

    @property
    def record(self) -> AbstractContextManager[None]:
        """Waiting for the record to be durable."""
        return self._stage("record")

    def read(self) -> Timings:
        """Return what was spent so far, in microseconds."""
        spent = {f"{stage}_us": int(seconds * 1e6) for stage, seconds in self._spent.items()}
        return Timings(**spent, total_us=int((self._clock.monotonic() - self._started) * 1e6))

    @contextmanager
    def _stage(self, stage: str) -> Iterator[None]:
        start = self._clock.monotonic()
        try:
            yield
        finally:
            self._spent[stage] += self._clock.monotonic() - start
