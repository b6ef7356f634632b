"""A loaded engine and the shipped settings, for tests."""

from dataclasses import replace

from sidecar.detection.classes import load_classes
from sidecar.detection.detector import DEFAULT_MODEL
from sidecar.detection.engine import Engine, EngineSettings, Reading
from sidecar.detection.spans import Sighting
from sidecar.detection.windows import Window, cut, packed


class Reader:
    """A loaded engine, asked about one text."""

    def __init__(self, settings: EngineSettings) -> None:
        self.engine = Engine(settings)

    def readings(self, text: str) -> list[Reading]:
        """Return the readings of all windows."""
        return [reading for _, reading in self._read(text)]

    def sightings(self, text: str) -> list[Sighting]:
        """Return all sightings."""
        return [
            replace(one, start=one.start + window.offset, end=one.end + window.offset)
            for window, reading in self._read(text)
            for one in reading.sightings
        ]

    def found(self, text: str) -> list[tuple[str, str]]:
        """Return entity and words of all sightings."""
        return [(one.entity, text[one.start : one.end]) for one in self.sightings(text)]

    def _read(self, text: str) -> list[tuple[Window, Reading]]:
        return [pair for job in packed(cut([text], {})) for pair in zip(job, self.engine.read(job), strict=True)]


def settings() -> EngineSettings:
    """Return the shipped settings."""
    return EngineSettings(model=DEFAULT_MODEL, recognizers=None, classes=load_classes(), names=True)
