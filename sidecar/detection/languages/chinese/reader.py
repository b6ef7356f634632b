"""Reads Chinese: names of persons, places and organizations, and addresses to the door."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from sidecar.detection.languages.chinese.addresses import addresses
from sidecar.detection.languages.chinese.convert import FILE, SHA256
from sidecar.detection.languages.chinese.people import announced, is_bare, trimmed
from sidecar.detection.languages.chinese.tagger import Tagger
from sidecar.detection.languages.reader import NameReader, Piece, judged
from sidecar.detection.recognizers.scanner import Hit
from sidecar.detection.scripts import HAN

_ENTITIES = ("PERSON", "LOCATION", "ORGANIZATION", "STREET_ADDRESS")


class ChineseReader(NameReader):
    """Asks the network, then looks at what stands around."""

    def __init__(self, tagger: Tagger) -> None:
        super().__init__(
            name="ChineseReader", language="zh", model=f"{FILE} {SHA256[:12]}", letters=HAN, entities=_ENTITIES
        )
        self._tagger = tagger

    def look_ahead(self, pieces: Sequence[Piece]) -> None:
        """Have the network read the sentences of all of them at once."""
        self._tagger.look_ahead(pieces)

    def read(self, text: str, start: int, end: int) -> Iterator[Hit]:
        """Go through what is seen: the network's names, announced names, then addresses."""
        seen = self._tagger.marks(text, start, end)
        yield from judged(text, (*seen, *announced(text, start, end)), trimmed, is_bare)
        yield from addresses(text, start, end, [hit for hit in seen if hit.entity != "PERSON"])


def load(models: Path) -> ChineseReader:
    """Load it.

    Raises:
        OSError: the network's file cannot be read.
        NotTheFile: it is another file.
    """
    return ChineseReader(Tagger.load(models))
