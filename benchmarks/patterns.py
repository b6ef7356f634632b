"""``python -m benchmarks.patterns``: patterns alone, without names, against stock Presidio's pattern recognizers.

CPU time in one process; both sides take turns on the same text, and every text is new.
"""

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from statistics import median, quantiles

from presidio_analyzer.nlp_engine import NlpArtifacts
from presidio_analyzer.predefined_recognizers import SpacyRecognizer

from benchmarks.stock import Stock
from benchmarks.texts import draw
from sidecar.detection.classes import load_classes
from sidecar.detection.detector import DEFAULT_MODEL
from sidecar.detection.engine import Engine, EngineSettings
from sidecar.detection.windows import cut, packed

ROUNDS = {50: 60, 300: 60, 1_000: 40, 4_000: 20, 12_000: 10}
QUICK = {50: 2, 300: 2}
DENSE = {
    "brackets": "(",
    "`a.`": "a.",
    "`www.`": "www.",
    "emoji": "😀",
    "`1234 `": "1234 ",
    "e-mails": "jane.doe@example.com\n",
    "phones": "030 901820\n",
}
DENSE_SIZE = 4_000  # stock takes the square of some of them


class Stocks:
    """Stock's pattern recognizers alone."""

    def __init__(self) -> None:
        every = Stock().analyzer.registry.recognizers
        self._recognizers = [one for one in every if not isinstance(one, SpacyRecognizer)]
        self.count = len(self._recognizers)

    def find(self, text: str) -> int:
        """Return how much they find."""
        nothing = NlpArtifacts([], [], [], [], None, "en")  # type: ignore[arg-type]
        return sum(len(one.analyze(text, one.supported_entities, nothing)) for one in self._recognizers)


class Ours:
    """An engine that reads no names."""

    def __init__(self) -> None:
        settings = EngineSettings(model=DEFAULT_MODEL, recognizers=None, classes=load_classes(), languages=())
        self.engine = Engine(settings)

    def find(self, text: str) -> int:
        """Return how much it finds."""
        return sum(len(one.sightings) for job in packed(cut([text], {})) for one in self.engine.read(job))


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print the section."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.patterns", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="two short lengths: only to see that it runs")
    asked = parser.parse_args(arguments)
    print(section(QUICK if asked.quick else ROUNDS))


def section(rounds: dict[int, int]) -> str:
    """Measure, and return the results as a section of a page."""
    stock, ours = Stocks(), Ours()
    lines = [
        "## Patterns alone",
        "",
        "Microseconds of CPU; ratios are medians text by text, in brackets the quartiles.",
        f"Ours: {len(ours.engine.card.recognizers)} recognizers, every language; stock: {stock.count}, English.",
        "",
        "| text | stock, µs | ours, µs | stock ÷ ours |",
        "| ---: | ---: | ---: | ---: |",
    ]
    for length, count in rounds.items():
        lines.append(_row(f"{length:,} characters", islice(draw(length), count + 2), stock.find, ours.find))
    for name, piece in DENSE.items() if rounds is ROUNDS else ():
        text = piece * (DENSE_SIZE // len(piece))
        lines.append(_row(f"{DENSE_SIZE:,} of {name}", iter([text] * 4), stock.find, ours.find))
    return "\n".join(lines)


def _row(name: str, texts: Iterator[str], stock: Callable[[str], int], ours: Callable[[str], int]) -> str:
    took = [(_microseconds(stock, text), _microseconds(ours, text)) for text in texts][2:]  # two to warm up
    theirs, own = (median(one) for one in zip(*took, strict=True))
    first, middle, third = quantiles([one / other for one, other in took], n=4, method="inclusive")
    return f"| {name} | {theirs:,.0f} | {own:,.0f} | {middle:.1f} ({first:.1f} to {third:.1f}) |"


def _microseconds(find: Callable[[str], int], text: str) -> float:
    start = time.process_time()
    find(text)
    return (time.process_time() - start) * 1e6


if __name__ == "__main__":
    main()
