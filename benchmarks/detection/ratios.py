"""Stock Presidio and our detection on the same texts, length by length."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from statistics import median

from benchmarks.detection.floor import Floor
from benchmarks.detection.sides import EXACT, FAST, detect, milliseconds
from benchmarks.pages import in_milliseconds, spread, table
from benchmarks.stock import Stock
from benchmarks.texts import SHARE_HEAVY, SHARE_PERSONAL, draw, with_new_words
from sidecar.detection.detector import WindowDetector

LIGHT, HEAVY, NEW_WORDS = "light", "heavy", "light, new words"
ROUNDS = {
    LIGHT: {50: 120, 300: 80, 1_000: 50, 4_000: 20, 16_000: 8, 60_000: 4, 999_000: 1},
    HEAVY: {50: 120, 300: 80, 1_000: 50, 4_000: 20, 16_000: 8, 60_000: 4},
    NEW_WORDS: {300: 60, 4_000: 12},
}
QUICK = {LIGHT: {50: 2, 300: 2}, HEAVY: {300: 2}, NEW_WORDS: {300: 2}}
_WARM_UP, _WARM_UP_LONG = 8, 1
_LONG, _TOO_LONG = 10_000, 100_000  # a warm-up at this length would take a minute


@dataclass(slots=True)
class Row:
    """What the sides took on texts of one kind and length, in milliseconds of CPU, text by text."""

    kind: str
    length: int
    took: dict[str, list[float]] = field(default_factory=dict)

    def ratios(self, side: str) -> list[float]:
        """Return how many times less a side took than stock."""
        return [stock / ours for stock, ours in zip(self.took["stock"], self.took[side], strict=True)]

    def target(self, side: str) -> float:
        """Return how many times less it should be."""
        if self.length < 300:
            return 8
        return 20 if side == FAST else 10 if self.kind == HEAVY else 12


def measure(
    stock: Stock, ours: dict[str, WindowDetector], rounds: dict[str, dict[int, int]], advance: Callable[[str], None]
) -> list[Row]:
    """Let all sides have each text, another one first each time."""
    floor = Floor(stock)
    rows = []
    for kind, lengths in rounds.items():
        for length, count in lengths.items():
            row = Row(kind, length)
            warm_up = _WARM_UP if length < _LONG else _WARM_UP_LONG if length < _TOO_LONG else 0
            for number, text in enumerate(islice(_texts(kind, length), count + warm_up)):
                sides: list[tuple[str, Callable[[], object]]] = [
                    ("stock", partial(stock.redact, text)),
                    *((name, partial(detect, one, text)) for name, one in ours.items()),
                    ("floor", partial(floor.multiply, floor.tokens(text))),
                ]
                first = number % len(sides)
                for name, work in (*sides[first:], *sides[:first]):
                    took = milliseconds(work)
                    if number >= warm_up:
                        row.took.setdefault(name, []).append(took)
                advance(f"{length:,} characters, {kind}")
            rows.append(row)
    return rows


def _texts(kind: str, length: int) -> Iterator[str]:
    texts = draw(length, share=SHARE_HEAVY if kind == HEAVY else SHARE_PERSONAL)
    return map(with_new_words, texts) if kind == NEW_WORDS else texts


def section(rows: Sequence[Row]) -> str:
    """Return the results as a section of a page."""
    sides = [side for side in (EXACT, FAST) if side in rows[0].took]
    cells = [
        [
            f"{row.length:,}",
            row.kind,
            str(len(row.took["stock"])),
            *(in_milliseconds(median(row.took[side])) for side in ("stock", *sides, "floor")),
            *(spread(row.ratios(side)) for side in sides),
            f"{median(row.took['floor']) / median(row.took[EXACT]):.0%}",
        ]
        for row in rows
    ]
    columns = ["characters", "personal data", "texts", "stock, ms", *(f"{side}, ms" for side in sides), "floor, ms"]
    columns += [*(f"stock ÷ {side}" for side in sides), f"floor ÷ {EXACT}"]
    return "\n\n".join(["## Against stock Presidio", _SAID, table(columns, cells), _missed(rows, sides)])


_SAID = f"""\
Milliseconds of CPU, medians; ratios are medians text by text, in brackets the quartiles. *{EXACT}* and *{FAST}* are the
two kinds of arithmetic that names can be read with; where the processor has both, the sidecar takes the second. The
*floor* is nothing but the matrix products that the model needs for the tokens of a text, done by numpy's OpenBLAS in
floats on one thread. *Light* is one sentence in twelve with personal data, *heavy* one in three. *New words*: every
tenth word is one that nobody has ever written, so that spaCy's tokenizer has to be asked for it."""


def _missed(rows: Sequence[Row], sides: Sequence[str]) -> str:
    missed = [
        f"- {row.length:,} characters, {row.kind}, {side}: {median(row.ratios(side)):.1f} of {row.target(side):.0f}, "
        f"missed by {1 - median(row.ratios(side)) / row.target(side):.0%}."
        for row in rows
        for side in sides
        if row.kind != NEW_WORDS and median(row.ratios(side)) < row.target(side)
    ]
    targets = f"Targets: 8 at 50 characters, from 300 on 12 (heavy: 10), with {FAST} 20."
    return "\n".join([targets, "", *missed]) if missed else f"{targets} All are met."
