"""Measures the compiled pass against spaCy's ``ner`` pipe and its full stock pipeline.

Run it as ``python -m benchmarks.native_ner``. All take turns on the same new text within one process; times are of the
processor. Where ``SIDECAR_BENCH_TEXTS`` names a folder, every file in it is read with both, and what differs counted.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import spacy
from spacy.language import Language

from benchmarks import texts
from sidecar.detection.detector import DEFAULT_MODEL
from sidecar.detection.models import spacy_name
from sidecar.detection.names import UNUSED_PIPES
from sidecar.detection.native.ner import NativeNer, Unfit, levels
from tests.detection.native.twin import Comparison, compare

LENGTHS = {50: 150, 300: 80, 1_000: 40, 4_000: 15, 16_000: 7, 60_000: 5}
"""Characters of a text, and how many texts."""


def main() -> None:
    """Print ratios, and what differs in a folder."""
    pipeline = spacy.load(spacy_name(DEFAULT_MODEL), exclude=list(UNUSED_PIPES))
    natives = [_native(pipeline, level) for level in levels()[1:] or levels()]
    if not natives:
        sys.exit("the compiled extension is not there")
    _measure(pipeline, natives, spacy.load(spacy_name(DEFAULT_MODEL)))
    if folder := os.environ.get("SIDECAR_BENCH_TEXTS"):
        _compare(pipeline, natives[-1], Path(folder))


def _native(pipeline: Language, level: str) -> NativeNer:
    native = NativeNer.from_pipeline(pipeline, level=level)
    if isinstance(native, Unfit):
        sys.exit(f"the compiled pass does not run: {native.reason}")
    return native


def _measure(pipeline: Language, natives: Sequence[NativeNer], stock: Language) -> None:
    print("ms of processor time, medians; how many times less than it: medians and quartiles of the texts")
    for length, count in LENGTHS.items():
        drawn = texts.draw(length)
        _round(pipeline, natives, stock, next(drawn), 0)
        rounds = [_round(pipeline, natives, stock, next(drawn), turn) for turn in range(count)]
        whole, pipe, tokenizer, *ours = zip(*rounds, strict=True)
        print(
            f"{length} characters: spaCy's full pipeline {statistics.median(whole):.2f}, its ner pipe "
            f"{statistics.median(pipe):.2f}, its tokenizer {statistics.median(tokenizer):.3f}"
        )
        for native, times in zip(natives, ours, strict=True):
            both = [sum(pair) for pair in zip(times, tokenizer, strict=True)]
            print(
                f"  {native.level:6} {statistics.median(times):7.3f}  ner pipe {_ratios(pipe, times)}"
                f"  with the tokenizer, full pipeline {_ratios(whole, both)}"
            )


def _round(pipeline: Language, natives: Sequence[NativeNer], stock: Language, text: str, turn: int) -> list[float]:
    """Let all have the text, another one first each time."""
    with pipeline.memory_zone(), stock.memory_zone():
        document, twin, recognizer = pipeline.make_doc(text), pipeline.make_doc(text), pipeline.get_pipe("ner")
        work: list[Callable[[], object]] = [lambda: stock(text), lambda: recognizer(twin)]
        work += [lambda: pipeline.make_doc(text), *(lambda native=native: native.spans(document) for native in natives)]
        first = turn % len(work)
        times = [_timed(one) for one in work[first:] + work[:first]]
        return times[len(work) - first :] + times[: len(work) - first]


def _timed(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return 1000 * (time.process_time() - start)


def _ratios(theirs: Sequence[float], ours: Sequence[float]) -> str:
    low, middle, high = statistics.quantiles([their / our for their, our in zip(theirs, ours, strict=True)])
    return f"{middle:5.1f}x ({low:.1f}-{high:.1f})"


def _compare(pipeline: Language, native: NativeNer, folder: Path) -> None:
    """Read all files as the sidecar does, and see that the names are those of spaCy, or that its scores were even."""
    reader = native.reader(pipeline)
    files = names = 0
    whole = Comparison()
    for text in _files(folder):
        files += 1
        with pipeline.memory_zone():
            expected = [(entity.start_char, entity.end_char, entity.label_) for entity in pipeline(text).ents]
            names += len(expected)
            if expected != reader.names([text])[0]:
                one = compare(pipeline, native, [pipeline.make_doc(text)])
                whole.ties += one.ties
                whole.differing += one.differing or ([] if one.ties else [text])
    print(f"{files} files, {names} names, {len(whole.ties)} near ties, {len(whole.differing)} files unlike spaCy's")
    if whole.differing:
        sys.exit("the compiled pass finds other names than spaCy")


def _files(folder: Path) -> Iterator[str]:
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        yield path.read_text("utf-8", errors="replace")[:1_000_000]


if __name__ == "__main__":
    main()
