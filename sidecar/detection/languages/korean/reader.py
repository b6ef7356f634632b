"""Reads Korean: names of persons, places and organizations, and addresses."""

from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from sidecar.detection.languages.korean.addresses import addresses
from sidecar.detection.languages.korean.people import announced, is_bare, trimmed
from sidecar.detection.languages.korean.tagger import FILE, SHA256, Tagger
from sidecar.detection.languages.reader import NameReader, judged
from sidecar.detection.recognizers.scanner import Hit
from sidecar.detection.scripts import HANGUL

_ENTITIES = ("PERSON", "LOCATION", "ORGANIZATION", "STREET_ADDRESS")


class KoreanReader(NameReader):
    """Asks the chain, then looks at what stands around."""

    def __init__(self, tagger: Tagger) -> None:
        super().__init__(
            name="KoreanReader",
            language="ko",
            model=f"{FILE} {SHA256[:12]}, mecab-ko-dic {version('python-mecab-ko-dic')}",
            letters=HANGUL,
            entities=_ENTITIES,
        )
        self._tagger = tagger

    def read(self, text: str, start: int, end: int) -> Iterator[Hit]:
        """Go through what is seen: the chain's names, announced names, then addresses."""
        seen = (*self._tagger.marks(text, start, end), *announced(text, start, end))
        yield from judged(text, seen, trimmed, is_bare)
        yield from addresses(text, start, end)


def load(models: Path) -> KoreanReader:
    """Load it; the chain is a file of the package.

    Raises:
        OSError: the chain's file cannot be read.
        NotTheFile: it is another file.
    """
    del models
    return KoreanReader(Tagger.load())
