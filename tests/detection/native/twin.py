"""spaCy's own pass beside the compiled one: where they differ, how near spaCy was to the other answer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from sidecar.detection.native.ner import NativeNer, TokenSpan

NEAR = 1e-4
"""Scores this close are even: the order of a sum decides between them, and either answer is right."""


@dataclass(slots=True)
class Comparison:
    """What came of reading documents twice."""

    documents: int = 0
    entities: int = 0
    ties: list[float] = field(default_factory=list)
    """How near spaCy's scores were where an answer first differed, for all that were near."""
    differing: list[str] = field(default_factory=list)
    """Texts whose answers differ though the scores do not lie near."""


def loaded(pipeline: Language, level: str | None = None) -> NativeNer:
    """Return the compiled pass of a pipeline that it must fit."""
    native = NativeNer.from_pipeline(pipeline, level=level)
    assert isinstance(native, NativeNer), native
    return native


def compare(pipeline: Language, native: NativeNer, documents: Iterable[Doc], *, batch: int = 64) -> Comparison:
    """Read documents with both, many at a time."""
    comparison = Comparison()
    everything = list(documents)
    for start in range(0, len(everything), batch):
        some = everything[start : start + batch]
        for document, expected, found in zip(some, _expected(pipeline, some), native.spans_of(some), strict=True):
            _note(comparison, pipeline, document, expected, found)
    return comparison


def _expected(pipeline: Language, documents: Sequence[Doc]) -> list[list[TokenSpan]]:
    twins: Iterable[Doc] = [document.copy() for document in documents]
    for _, pipe in pipeline.pipeline:
        twins = pipe.pipe(twins, batch_size=len(documents))  # type: ignore[attr-defined]  # those of spaCy have it
    return [[(entity.start, entity.end, entity.label_) for entity in twin.ents] for twin in twins]


def _note(
    comparison: Comparison, pipeline: Language, document: Doc, expected: list[TokenSpan], found: list[TokenSpan]
) -> None:
    recognizer: Any = pipeline.get_pipe("ner")
    comparison.documents += 1
    comparison.entities += len(expected)
    if expected != found:
        gap = _gap(recognizer, document, _tags(len(document), expected), _tags(len(document), found))
        if gap < NEAR:
            comparison.ties.append(gap)
        else:
            comparison.differing.append(document.text)


def _tags(length: int, spans: Sequence[TokenSpan]) -> list[str]:
    tags = ["O"] * length
    for start, end, label in spans:
        for token in range(start, end):
            tags[token] = f"I-{label}"
        tags[start], tags[end - 1] = f"B-{label}", f"L-{label}"
        if end - start == 1:
            tags[start] = f"U-{label}"
    return tags


def _gap(recognizer: Any, document: Doc, expected: list[str], found: list[str]) -> float:  # noqa: ANN401
    """Walk spaCy's decoder to where the answers first part, and return how far apart it scores the two moves there."""
    moves = [recognizer.moves.get_class_name(move) for move in range(recognizer.moves.n_moves)]
    scorer = recognizer.model.predict([document])
    states = recognizer.moves.init_batch([document])
    parting = next(token for token, (one, other) in enumerate(zip(expected, found, strict=True)) if one != other)
    for _ in range(parting):
        states = recognizer.transition_states(states, scorer.predict(states))
    scores = scorer.predict(states)[0]
    return abs(float(scores[moves.index(expected[parting])] - scores[moves.index(found[parting])]))
