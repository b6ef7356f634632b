"""Texts read word by word have the tokens and the names of spaCy's documents."""

from itertools import islice
from typing import Any

import numpy as np
import pytest
import spacy
from hypothesis import example, given, settings
from hypothesis import strategies as st
from spacy.attrs import IS_SPACE, SPACY  # type: ignore[import-not-found]  # it is compiled
from spacy.language import Language
from spacy.tokens import Doc

from sidecar.detection.native._network import Reader
from sidecar.detection.native.layers import Misfit
from sidecar.detection.native.ner import NativeNer, TextReader, TextSpan, TokenSpan
from sidecar.detection.native.words import Words
from tests.detection.native import models
from tests.detection.native.texts import draw
from tests.detection.native.twin import loaded

TEXTS = 5_000
EMOTICONS = st.text(alphabet=":;()-'.<>_°ಠe.gDn ’\n\u00a0", max_size=60)
BLANKS = [chr(point) for point in range(0x110000) if chr(point).isspace()]


@pytest.fixture(scope="session")
def reader(english: Language, native: NativeNer) -> TextReader:
    """A reader with the shipped model."""
    return native.reader(english)


def _assert_same_tokens(reader: TextReader, document: Doc) -> None:
    attributes = reader._words.attributes
    rows: Any = document.to_array([*attributes, IS_SPACE])
    found = reader.tokens(document.text)
    assert len(document) == len(found)
    assert np.array_equal(rows, found[:, : len(attributes) + 1])
    assert not found[:, len(attributes) + 1 :].any()


def _assert_same(native: NativeNer, reader: TextReader, document: Doc) -> None:
    _assert_same_tokens(reader, document)
    assert _names(document, native.spans(document)) == reader.names([document.text])[0]


def _names(document: Doc, spans: list[TokenSpan]) -> list[TextSpan]:
    return [(document[start].idx, document[end - 1].idx + len(document[end - 1]), label) for start, end, label in spans]


def test_varied_texts(english: Language, native: NativeNer, reader: TextReader) -> None:
    """On thousands of texts of many kinds tokens and names are those of a document, and also of many at a time."""
    texts = list(islice(draw(20261124), TEXTS))
    with english.memory_zone():
        documents = list(map(english.make_doc, texts))
        for document in documents:
            _assert_same_tokens(reader, document)
        expected = list(map(_names, documents, native.spans_of(documents)))
        found = [reader.names(texts[start : start + 64]) for start in range(0, TEXTS, 64)]
    assert expected == [names for batch in found for names in batch]


@settings(max_examples=400, deadline=None)
@given(text=st.text(max_size=200) | EMOTICONS)
@example(text=": ) :))")
@example(text="e.g . ( :) ) :’( ’S")
@example(text=" ")
@example(text="  \n a \n\n ")
@example(text="Maria\u2003Keller\u00a0 in\x1c\x1dHamburg ")
def test_any_text(english: Language, native: NativeNer, reader: TextReader, text: str) -> None:
    """Any text, whatever of it is known already, has the tokens and names of a document."""
    with english.memory_zone():
        _assert_same(native, reader, english.make_doc(text))


def test_blanks_are_those_of_python(english: Language, native: NativeNer, reader: TextReader) -> None:
    """Every code point that Python calls a blank parts words, and no other does."""
    strangers = [chr(ord(blank) + step) for blank in BLANKS for step in (-1, 1)]
    with english.memory_zone():
        for letters in (BLANKS, strangers):
            _assert_same(native, reader, english.make_doc("".join(f"a{letter}b" for letter in letters)))


def test_more_words_than_are_kept(english: Language, native: NativeNer) -> None:
    """More words than are kept, and one that is longer than any that is: nothing changes, and no string stays."""
    reader = native.reader(english)
    long = "x(" * 2_000
    words = [f"{'x(' * 30}{number}" for number in range(2_500)]  # of sixty tokens each
    before = len(english.vocab.strings)
    with english.memory_zone():
        for text in (" ".join([words[0], long, *words, "Maria Keller", long]), f"{words[0]} Maria Keller", words[-1]):
            _assert_same(native, reader, english.make_doc(text))
    assert before == len(english.vocab.strings)


def test_other_tokenizers(english: Language) -> None:
    """A tokenizer whose words cannot be taken one by one is refused, and so are attributes of a token's place."""
    spaced = models.pipeline(models.tok2vec(attrs=("ORTH", "SPACY")))
    rule = models.pipeline(models.tok2vec())
    tokenizer: Any = rule.tokenizer
    tokenizer.add_special_case("New York", [{"ORTH": "New York"}])
    other = spacy.blank("zh")
    for pipeline in (other, rule):
        with pytest.raises(Misfit, match="tokenizer"):
            Words(pipeline, ())
    with pytest.raises(Misfit, match="attributes"):
        Words(english, (SPACY,))
    with pytest.raises(Misfit):
        loaded(spaced).reader(spaced)


def test_what_is_told_is_checked(native: NativeNer) -> None:
    """Tokens that are not the whole chunk, or no tokens, are refused: nothing is read at the wrong place."""
    network = native._network

    class Telling:
        def __init__(self, answer: object) -> None:
            self._answer = answer

        def __call__(self, chunk: str) -> Any:  # noqa: ANN401 - also what is wrong
            return self._answer

    joins = np.zeros(0, dtype=np.uint64)
    short = np.zeros((1, 4 + 3), dtype=np.uint64)
    for wrong in (short, np.zeros((0, 7), np.uint64), np.zeros((1, 5), np.uint64), np.zeros(7, np.uint64)):
        with pytest.raises(ValueError, match=r"token|array"):
            Reader(network=network, tokenize=Telling(wrong), joins=joins, key=(1, 2)).names(["Maria"])
    with pytest.raises(TypeError):
        Reader(network=network, tokenize=Telling(None), joins=joins, key=(1, 2)).names(["Maria"])
    for texts in ("Maria", [b"Maria"]):
        with pytest.raises(TypeError):
            Reader(network=network, tokenize=Telling(short), joins=joins, key=(1, 2)).names(texts)  # type: ignore[arg-type]
