"""Measures the compiled pass against spaCy's ``ner`` pipe and the full stock pipeline: ``python -m benchmarks.native_ner``.

All take turns on the same new text within one process; times are of the processor, and tokenizing counts for the full
pipeline alone. With folders as arguments it reads every file in them with both, and counts what differs.
"""

import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from benchmarks import texts
from sidecar.detection.detector import DEFAULT_MODEL
from sidecar.detection.names import UNUSED_PIPES
from sidecar.detection.native.ner import NativeNer, Unfit

LENGTHS = {50: 150, 300: 80, 1_000: 40, 4_000: 15, 16_000: 7, 60_000: 5}
"""Characters of a text, and how many texts."""


def main() -> None:
    """Print ratios, or what differs in folders."""
    pipeline = spacy.load(DEFAULT_MODEL, exclude=list(UNUSED_PIPES))
    native = NativeNer.from_pipeline(pipeline)
    if isinstance(native, Unfit):
        sys.exit(f"the compiled pass does not run: {native.reason}")
    if len(sys.argv) > 1:
        _compare(pipeline, native, [Path(folder) for folder in sys.argv[1:]])
    else:
        _measure(pipeline, native, spacy.load(DEFAULT_MODEL))


def _measure(pipeline: Language, native: NativeNer, stock: Language) -> None:
    print(f"{native.level}; medians of processor time, and quartiles of the ratios")
    print("characters tokens | native ms | ner pipe ms   ratio | stock ms   ratio | native, 32 at once, ms each")
    for length, count in LENGTHS.items():
        drawn = texts.draw(length)
        _round(pipeline, native, stock, next(drawn))
        rounds = [_round(pipeline, native, stock, next(drawn)) for _ in range(count)]
        ours, pipes, stocks = zip(*rounds, strict=True)
        documents = [pipeline.make_doc(next(drawn)) for _ in range(32 if length < 5_000 else 4)]
        many = _timed(lambda some=documents: native.spans_of(some)) / len(documents)  # type: ignore[misc]
        print(
            f"{length:10} {statistics.mean(map(len, documents)):6.0f} | {statistics.median(ours):9.3f} "
            f"| {statistics.median(pipes):8.2f} {_ratios(pipes, ours)} | {statistics.median(stocks):8.2f} "
            f"{_ratios(stocks, ours)} | {many:9.3f}"
        )


def _round(pipeline: Language, native: NativeNer, stock: Language, text: str) -> tuple[float, float, float]:
    with pipeline.memory_zone(), stock.memory_zone():
        document, twin = pipeline.make_doc(text), pipeline.make_doc(text)
        recognizer: Callable[[Doc], Doc] = pipeline.get_pipe("ner")
        ours = _timed(lambda: native.spans(document))
        return ours, _timed(lambda: recognizer(twin)), _timed(lambda: stock(text))


def _timed(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return 1000 * (time.process_time() - start)


def _ratios(theirs: tuple[float, ...], ours: tuple[float, ...]) -> str:
    low, middle, high = statistics.quantiles([their / our for their, our in zip(theirs, ours, strict=True)])
    return f"{middle:5.1f}x ({low:.1f}-{high:.1f})"


def _compare(pipeline: Language, native: NativeNer, folders: list[Path]) -> None:
    documents = differing = 0
    for text in _files(folders):
        with pipeline.memory_zone():
            documents += 1
            expected = [(entity.start, entity.end, entity.label_) for entity in pipeline(text).ents]
            differing += expected != native.spans(pipeline.make_doc(text))
    print(f"{documents} files, {differing} of them with entities unlike spaCy's")


def _files(folders: list[Path]) -> Iterator[str]:
    for folder in folders:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            yield path.read_text("utf-8", errors="replace")[:1_000_000]


if __name__ == "__main__":
    main()
