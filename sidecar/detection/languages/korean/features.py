"""What tells of a letter of a Korean text: those around it, the word it stands in, and what the dictionary says."""

from collections.abc import Iterator, Sequence
from typing import Final

from mecab import MeCab

_AROUND: Final = 2  # letters to each side


class Features:
    """Reads texts with the dictionary. Not for several threads at once."""

    def __init__(self) -> None:
        self._dictionary = MeCab()

    def of(self, text: str) -> list[list[str]]:
        """Return, for every letter, what tells of it, each as a word for the chain."""
        classes, senses = self._morphemes(text)
        letters = ["<2", "<1", *text, ">1", ">2"]
        shapes = [letter[0] if len(letter) > 1 else _shape(letter) for letter in letters]
        rows: list[list[str]] = []
        for place, (position, tail, following) in enumerate(_words(text)):
            a, b, c, d, e = letters[place : place + 2 * _AROUND + 1]
            row = [
                "b",
                *(f"c-2={a}", f"c-1={b}", f"c0={c}", f"c1={d}", f"c2={e}"),
                *(f"g-2={a}{b}", f"g-1={b}{c}", f"g0={c}{d}", f"g1={d}{e}"),
                *(f"t-2={a}{b}{c}", f"t-1={b}{c}{d}", f"t0={c}{d}{e}"),
                f"s={''.join(shapes[place : place + 2 * _AROUND + 1])}",
                f"pm={classes[place]}|{senses[place]}",
                *(f"tail={tail}", f"pos={position}", f"next={following}"),
            ]
            for shift in range(max(-_AROUND, -place), min(_AROUND, len(text) - 1 - place) + 1):
                row += (f"p{shift}={classes[place + shift]}", f"m{shift}={senses[place + shift]}")
            rows.append(row)
        return rows

    def _morphemes(self, text: str) -> tuple[Sequence[str], Sequence[str]]:
        """Return word class and sense of every letter, as of the morpheme that it stands in."""
        classes, senses = ["_"] * len(text), ["_"] * len(text)
        for morpheme in self._dictionary.parse(text):
            start, end = morpheme.span.start, morpheme.span.end
            kind = morpheme.pos.split("+", 1)[0]
            sense = morpheme.feature.semantic or "-"
            classes[start:end] = [f"B-{kind}"] + [f"I-{kind}"] * (end - start - 1)
            senses[start:end] = [sense] * (end - start)
        return classes, senses


def _shape(letter: str) -> str:
    if "가" <= letter <= "힣":
        return "H"
    if letter.isdigit():
        return "D"
    if letter.isascii() and letter.isalpha():
        return "A"
    return "S" if letter.isspace() else "P"


def _words(text: str) -> Iterator[tuple[int, str, str]]:
    """Go through all letters: the place in the word between blanks, how that ends, and how the next begins."""
    start = 0
    while start <= len(text) - 1:
        blank = text.find(" ", start)
        end = len(text) if blank < 0 else blank
        tail, following = text[max(start, end - 2) : end], text[end + 1 : end + 3]
        for place in range(start, end):
            yield min(place - start, 5), tail, following
        if end < len(text):
            yield min(end - start, 5), tail, following
        start = end + 1
