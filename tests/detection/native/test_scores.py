"""Scores beside spaCy's own, and 8-bit scores beside exact ones."""

from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from spacy.language import Language
from spacy.tokens import Doc

from sidecar.detection.native.moves import read_moves
from sidecar.detection.native.ner import NativeNer, levels
from tests.detection.native.texts import draw
from tests.detection.native.twin import NEAR, loaded


def _scores(native: NativeNer, document: Doc, *, exact: bool) -> npt.NDArray[np.float32]:
    scores = np.frombuffer(native._network.scores(document.to_array(native._attributes), exact), np.float32)
    return scores.reshape(len(document), -1)


@pytest.mark.parametrize("level", levels())
def test_exact_scores_are_those_of_spacy(level: str, english: Language) -> None:
    """What a document's first token is scored by differs from spaCy's scores by less than what counts as even."""
    native, recognizer = loaded(english, level), english.get_pipe("ner")
    columns = read_moves([recognizer.moves.get_class_name(move) for move in range(recognizer.moves.n_moves)])  # type: ignore[attr-defined]
    with english.memory_zone():
        for document in map(english.make_doc, islice(draw(11), 60)):
            scorer: Any = recognizer.model.predict([document])  # type: ignore[attr-defined]
            expected = scorer.predict(recognizer.moves.init_batch([document]))[0][list(columns.closed_rows)]  # type: ignore[attr-defined]
            assert np.abs(expected - _scores(native, document, exact=True)[0]).max() < NEAR / 2


def test_8_bit_errors_are_within_the_margin(english: Language, native: NativeNer) -> None:
    """On texts of many kinds no score is off by half the margin, so none that lies beyond it can be overtaken."""
    largest = 0.0
    with english.memory_zone():
        for document in map(english.make_doc, islice(draw(12), 600)):
            off = _scores(native, document, exact=True) - _scores(native, document, exact=False)
            largest = max(largest, float(np.abs(off).max()))
    assert 2 * largest <= native._network.margin


@pytest.mark.parametrize("margin", [0.0, 3.0, 1e9])
def test_the_margin_does_not_decide(margin: float, english: Language, native: NativeNer) -> None:
    """Whether no state, some or every state is computed exactly after all, the entities are the same."""
    other = loaded(english)
    other._network.margin = margin
    with english.memory_zone():
        documents = [english.make_doc(text) for text in islice(draw(13), 300)]
        assert native.spans_of(documents) == other.spans_of(documents)
        assert [native.spans(document) for document in documents] == [other.spans(document) for document in documents]


@pytest.mark.parametrize("margin", [-1.0, float("nan")])
def test_margins_are_not_negative(margin: float, english: Language) -> None:
    """A margin that would let errors through is refused."""
    with pytest.raises(ValueError, match="margin"):
        loaded(english)._network.margin = margin
