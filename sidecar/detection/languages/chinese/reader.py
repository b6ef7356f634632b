"""Reads Chinese: names of persons, places and organizations, and addresses to the door."""

from collections.abc import Iterator
from pathlib import Path

from sidecar.detection.languages.chinese.addresses import addresses
from sidecar.detection.languages.chinese.people import announced, is_bare, trimmed
from sidecar.detection.languages.chinese.tagger import Mark, Tagger
from sidecar.detection.languages.reader import NameReader
from sidecar.detection.recognizers.scanner import Hit
from sidecar.detection.scripts import HAN

_ENTITIES = ("PERSON", "LOCATION", "ORGANIZATION", "STREET_ADDRESS")


class ChineseReader(NameReader):
    """Asks the network, then looks at what stands around."""

    def __init__(self, tagger: Tagger) -> None:
        super().__init__(name="ChineseReader", language="zh", letters=HAN, entities=_ENTITIES)
        self._tagger = tagger

    def read(self, text: str, start: int, end: int) -> Iterator[Hit]:
        """Go through what is seen: the network's marks, then announced names, then addresses."""
        marks = self._tagger.marks(text, start, end)
        for mark in (*marks, *announced(text, start, end)):
            if mark.entity == "PERSON":
                name = trimmed(text, mark)
                if name is not None:
                    yield _hit(name, bare=is_bare(text, name.start, name.end))
            elif not text[mark.start : mark.end].isascii():
                yield _hit(mark)
        places = [mark for mark in marks if mark.entity != "PERSON"]
        yield from map(_hit, addresses(text, start, end, places))


def load(models: Path) -> ChineseReader:
    """Load it.

    Raises:
        OSError: the network's file cannot be read.
        NotTheFile: it is another file.
    """
    return ChineseReader(Tagger.load(models))


def _hit(mark: Mark, *, bare: bool = False) -> Hit:
    return Hit(mark.start, mark.end, mark.score, mark.entity, bare)
