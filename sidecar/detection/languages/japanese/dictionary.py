"""Persons and places as the dictionary of Sudachi names them."""

import re
from collections.abc import Iterator
from typing import Final

from sudachipy import Dictionary, Morpheme, SplitMode

from sidecar.detection.languages.sentences import readable, sentences
from sidecar.detection.recognizers.scanner import Hit
from sidecar.detection.scripts import HAN, KANA

_PERSON, _PLACE = "人名", "地名"
_WHOLE, _ALONE = 0.75, 0.5
_BETWEEN = frozenset({"・", "＝", " ", "　"})
_NUMBERS_IN_NAMES = frozenset("一二三四五六七八九十郎")  # 健一, 浩二
_TOO_SHORT: Final = re.compile(r"[ぁ-ゖァ-ヺー]{1,2}|.")  # kana that are more often something else, or a single letter
_READABLE = re.compile(f"[{HAN}{KANA}]")


class Names:
    """Finds them. Not for several threads at once."""

    def __init__(self) -> None:
        self._tokenizer = Dictionary(dict="small").tokenizer()

    def marks(self, text: str, start: int, end: int) -> Iterator[Hit]:
        """Go through what is seen between ``start`` and ``end``, in order."""
        for first, last in sentences(text, start, end):
            sentence = readable(text[first:last])
            if _READABLE.search(sentence):
                for hit in _runs(list(self._tokenizer.tokenize(sentence, SplitMode.C))):
                    yield hit._replace(start=hit.start + first, end=hit.end + first)


def _runs(words: list[Morpheme]) -> Iterator[Hit]:
    """Go through the runs of words that are a person's, and those that are places'."""
    place = 0
    while place < len(words):
        kind = _kind(words[place])
        if kind is None:
            place += 1
            continue
        last = place
        while last + 1 < len(words) and (
            _kind(words[last + 1]) == kind
            or (kind == _PERSON and words[last + 1].surface() in _NUMBERS_IN_NAMES)
            or (words[last + 1].surface() in _BETWEEN and last + 2 < len(words) and _kind(words[last + 2]) == kind)
        ):
            last += 1
        run = words[place : last + 1]
        start, end = run[0].begin(), run[-1].end()
        if kind == _PLACE:
            yield Hit(start, end, _WHOLE, "LOCATION")
        elif len(run) > 1:
            yield Hit(start, end, _WHOLE, "PERSON")
        elif not _TOO_SHORT.fullmatch(run[0].surface()):
            yield Hit(start, end, _ALONE, "PERSON")
        place = last + 1


def _kind(word: Morpheme) -> str | None:
    kind = word.part_of_speech()[2]
    return kind if kind in {_PERSON, _PLACE} else None
