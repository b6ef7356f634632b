"""Languages of a text: by the scripts in it, and those in Latin letters by their small words.

Several may be present; none is chosen over another.
"""

import re
from collections.abc import Iterable
from typing import Final

from sidecar.detection.evidence import latin_languages

# Letters, as ranges for regular expressions.
HAN: Final = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
KANA: Final = r"\u3041-\u3096\u30a1-\u30fa"
HANGUL: Final = r"\uac00-\ud7a3"

# First and last code point of the blocks that tell, and the language they stand for; among Latin ones evidence decides.
_BLOCKS = (
    (0x0041, 0x005A, "en"),
    (0x0061, 0x007A, "en"),
    (0x00C0, 0x024F, "en"),
    (0x0370, 0x03FF, "el"),
    (0x0400, 0x052F, "ru"),
    (0x0590, 0x05FF, "he"),
    (0x0600, 0x077F, "ar"),
    (0x0900, 0x097F, "hi"),
    (0x0E00, 0x0E7F, "th"),
    (0x1100, 0x11FF, "ko"),
    (0x3040, 0x30FF, "ja"),
    (0x3130, 0x318F, "ko"),
    (0x3400, 0x4DBF, "zh"),
    (0x4E00, 0x9FFF, "zh"),
    (0xAC00, 0xD7AF, "ko"),
    (0xF900, 0xFAFF, "zh"),
    (0x20000, 0x323AF, "zh"),
)
_LATIN = re.compile("[A-Za-z]")
_HAN, _KANA = re.compile(f"[{HAN}]"), re.compile(f"[{KANA}]")
_LEAST_KANA = 0.2  # of the letters
_LATIN_PUNCTUATION = frozenset((0x00D7, 0x00F7))
_KANA_PUNCTUATION = frozenset((0x3099, 0x309A, 0x309B, 0x309C, 0x30A0, 0x30FB, 0x30FC))


def languages(text: str) -> frozenset[str]:
    """Return the languages that occur; Han letters are not Chinese where kana makes the text Japanese."""
    if text.isascii():
        return latin_languages(text) if _LATIN.search(text) else frozenset()
    found = set(_languages(ord(letter) for letter in set(text)))
    if "en" in found:
        found.remove("en")
        found |= latin_languages(text)
    if "ja" in found and is_japanese(text):
        found.discard("zh")
    return frozenset(found)


def is_japanese(text: str) -> bool:
    """Whether there is kana, and more of it than in another language that quotes a word."""
    kana = len(_KANA.findall(text))
    return kana > 0 and kana >= _LEAST_KANA * (kana + len(_HAN.findall(text)))


def _languages(points: Iterable[int]) -> Iterable[str]:
    for point in points:
        if point in _LATIN_PUNCTUATION or point in _KANA_PUNCTUATION:
            continue
        for first, last, language in _BLOCKS:
            if first <= point <= last:
                yield language
                break
