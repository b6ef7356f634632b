"""Reads Japanese: names of persons and places, and addresses."""

from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from sidecar.detection.languages.japanese.addresses import addresses
from sidecar.detection.languages.japanese.dictionary import Names
from sidecar.detection.languages.japanese.people import announced, is_bare, trimmed
from sidecar.detection.languages.reader import NameReader, judged
from sidecar.detection.recognizers.scanner import Hit
from sidecar.detection.scripts import KANA, is_japanese

_ENTITIES = ("PERSON", "LOCATION", "STREET_ADDRESS")


class JapaneseReader(NameReader):
    """Asks the dictionary, then looks at what stands around."""

    def __init__(self, names: Names) -> None:
        # Two letters besides kana are Japanese alone: the mark of postcodes, and the word for prefecture.
        super().__init__(
            name="JapaneseReader",
            language="ja",
            model=f"sudachidict-small {version('sudachidict-small')}",
            letters=f"{KANA}〒県",
            entities=_ENTITIES,
        )
        self._names = names

    def read(self, text: str, start: int, end: int) -> Iterator[Hit]:
        """Go through what is seen: the dictionary's names, labeled names, then addresses."""
        if is_japanese(text[start:end]):
            seen = (*self._names.marks(text, start, end), *announced(text, start, end))
            yield from judged(text, seen, trimmed, is_bare)
        yield from addresses(text, start, end)


def load(models: Path) -> JapaneseReader:
    """Load it; the dictionary is a package."""
    del models
    return JapaneseReader(Names())
