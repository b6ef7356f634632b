"""Views of a text that keep every offset: one code point of the text is one code point of each view.

``hide`` writes a neutral word over spans that detectors must not read. ``to_ascii`` is what patterns run on: full-width
forms and digits of all scripts become their ASCII twins, Latin letters lose their accents, and every other letter is a
blank, so that a pattern works when it is glued to Chinese or Korean. ``cut_runs`` is what the tokenizer reads: its cost
grows with the square of a run without blanks. ``fold`` is what words of a list are looked for in: every script, without
accents and width.
"""

import re
import unicodedata
from collections.abc import Sequence

from sidecar.detection.numerals import in_digits
from sidecar.types.content import Span

NEUTRAL_WORD = "it"
MAX_RUN = 96  # longer than any word or link worth reading; bounds the tokenizer's quadratic part
_CAPITAL = re.compile("[A-ZÀ-ÖØ-Þ]")
_LONG_RUN = re.compile(rf"\S{{{MAX_RUN + 1},}}")
_MEMO_LIMIT = 1 << 16

# Words that announce a credential, and ASCII twins no longer than they are; the rest of their place is blank.
_KEYWORDS = {
    **dict.fromkeys(("密码", "密碼", "口令", "密钥", "密鑰", "令牌", "암호"), "pw"),
    "비밀번호": "pwd",
    "パスワード": "passw",
}
_KEYWORD = re.compile("|".join(_KEYWORDS))
_ESCAPED_BLANK = re.compile(r"(?<!\\)\\[nrt]")


class _AsciiTwins(dict[int, int]):
    """ASCII twin by code point, found when first asked for; a blank where there is none."""

    def __missing__(self, point: int) -> int:
        twin = _twin(chr(point))
        if len(self) < _MEMO_LIMIT:
            self[point] = twin
        return twin


def _twin(letter: str) -> int:
    digit = unicodedata.decimal(letter, None)
    if digit is not None:
        return ord("0") + digit
    folded = unicodedata.normalize("NFKD", letter)
    first = folded[0]
    accents = folded[1:]
    if first.isascii() and all(unicodedata.combining(mark) for mark in accents):
        return ord(first)
    if unicodedata.category(letter) == "Pd":
        return ord("-")
    return ord(" ")


_TWINS = _AsciiTwins({point: point for point in range(128)})


def hide(text: str, spans: Sequence[Span]) -> str:
    """Return the text with a neutral word and blanks over the spans, as long as before."""
    if not spans:
        return text
    parts: list[str] = []
    done = 0
    for span in sorted(spans, key=lambda span: span.start):
        start, end = max(span.start, done), min(span.end, len(text))
        if start < end:
            parts += [text[done:start], NEUTRAL_WORD[: end - start].ljust(end - start)]
            done = end
    parts.append(text[done:])
    return "".join(parts)


def to_ascii(text: str) -> bytes:
    """Return the view that patterns run on, one byte for each code point."""
    if not text.isascii():
        text = in_digits(_KEYWORD.sub(_keyword_twin, text)).translate(_TWINS)
    if "\\" in text:
        text = _ESCAPED_BLANK.sub("  ", text)
    return text.encode("ascii")


def fold(text: str, *, case: bool = False) -> str:
    """Return the view that words are looked for in; capitals become small letters unless ``case`` counts."""
    if not text.isascii():
        text = text.translate(_FOLDED_WITH_CASE if case else _FOLDED)
    elif not case:
        text = text.lower()
    return _ESCAPED_BLANK.sub("  ", text) if "\\" in text else text


def may_hold_names(text: str) -> bool:
    """Whether the English model is worth asking: without a Latin capital it sees next to nothing."""
    return _CAPITAL.search(text) is not None


def cut_runs(text: str) -> str:
    """Return the text with a blank in the place of every 96th code point of a run without blanks."""
    if len(text) <= MAX_RUN or (text.isascii() and max(map(len, text.split()), default=0) <= MAX_RUN):
        return text
    return _LONG_RUN.sub(_cut_run, text)


class _FoldedLetters(dict[int, str]):
    """Folded letter by code point, found when first asked for."""

    def __init__(self, *, case: bool) -> None:
        super().__init__()
        self._case = case

    def __missing__(self, point: int) -> str:
        letter = _without_accent(chr(point))
        if not self._case:
            letter = next((small for small in (letter.casefold(), letter.lower()) if len(small) == 1), letter)
        if len(self) < _MEMO_LIMIT:
            self[point] = letter
        return letter


def _without_accent(letter: str) -> str:
    """Return a letter without its accents where that is an ASCII letter, else in its usual width."""
    parts = unicodedata.normalize("NFKD", letter)
    if parts[0].isascii() and all(unicodedata.combining(mark) for mark in parts[1:]):
        return parts[0]
    usual = unicodedata.normalize("NFKC", letter)
    return usual if len(usual) == 1 else letter


_FOLDED = _FoldedLetters(case=False)
_FOLDED_WITH_CASE = _FoldedLetters(case=True)


def _keyword_twin(match: re.Match[str]) -> str:
    return _KEYWORDS[match[0]].ljust(len(match[0]))


def _cut_run(match: re.Match[str]) -> str:
    run = match[0]
    return " ".join(run[start : start + MAX_RUN - 1] for start in range(0, len(run), MAX_RUN))[: len(run)].ljust(
        len(run)
    )
