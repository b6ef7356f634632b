"""The compiled pass finds what spaCy finds."""

import sys
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc

from sidecar.detection.native.ner import NativeNer, levels
from tests.detection.native import models
from tests.detection.native.texts import draw
from tests.detection.native.twin import Comparison, compare, loaded

TEXTS = 5_000
WORDS = st.sampled_from(
    ("Maria", "Keller", "Hamburg", "of", "the", "Acme", "Corp.", "3", "May", "2024", "can't", "$", "%", "\n", " ", "😀")
) | st.text(min_size=1, max_size=8)
ADVERSARIAL = {
    "empty": [],
    "one token": ["Maria"],
    "one blank": [" "],
    "blanks only": ["\n", "  ", "\t", "\n\n"] * 50,
    "name before a blank at the end": ["Maria", "Keller", " "],
    "name across a blank": ["Maria", "\n", "Keller", "\n\n", "Hamburg"],
    "a word of 100 KB": ["a" * 100_000, "Maria", "A" * 100_000],
    "emoji": ["😀", "👩", "\u200d", "👧", "🇩🇪"] * 400,
    "mixed scripts": ["Мария", "北京市", "محمد", "Maria", "서울", "ไทย", "é", "e\u0301"] * 30,
    "names only": ["Maria", "Keller"] * 400,
    "numbers only": ["3", "2024", "12", "%"] * 300,
    "one name, again and again": ["Maria"] * 1_000,
    "never the same word twice, more than the cache holds": [f"Maria{number}" for number in range(12_000)],
    "control characters": ["\x00", "\x01", "\ufffe", "\ud7ff", "\u200b"] * 20,
}
SHAPES = {
    "wide windows": models.pipeline(models.tok2vec(width=20, depth=1, window=3)),
    "odd widths": models.pipeline(models.tok2vec(width=37, depth=3), hidden=13, pieces=3),
    "one attribute, one piece": models.pipeline(models.tok2vec(attrs=("LOWER",), pieces=1), pieces=1),
    "attributes of the token": models.pipeline(models.tok2vec(attrs=("ORTH", "SPACY", "LENGTH", "IS_TITLE"), pieces=2)),
    "word vectors": models.pipeline(models.tok2vec(vectors=True)),
    "shared tok2vec": models.listening(),
}


def test_varied_texts(english: Language, native: NativeNer, capsys: pytest.CaptureFixture[str]) -> None:
    """On thousands of texts of many kinds the entities are spaCy's, but where its own scores are even."""
    with english.memory_zone():
        comparison = compare(english, native, map(english.make_doc, islice(draw(20261124), TEXTS)))
        documents, entities, ties = comparison.documents, comparison.entities, comparison.ties
    with capsys.disabled():
        sys.stderr.write(f"\nnative ner: {documents} texts, {entities} entities, {len(ties)} near ties {ties}\n")
    assert [] == comparison.differing
    assert TEXTS == documents
    assert entities > 2 * TEXTS
    assert len(ties) <= TEXTS // 1_000


@pytest.mark.parametrize("name", ADVERSARIAL)
def test_adversarial(name: str, english: Language, native: NativeNer) -> None:
    """Documents that are empty, endless, or of odd words are read as spaCy reads them."""
    with english.memory_zone():
        document = Doc(english.vocab, words=ADVERSARIAL[name])
        assert [] == compare(english, native, [document]).differing


@pytest.mark.parametrize("level", levels())
def test_every_level(level: str, english: Language) -> None:
    """Each set of instructions that this processor has gives the same entities."""
    native = loaded(english, level)
    with english.memory_zone():
        comparison = compare(english, native, map(english.make_doc, islice(draw(1), 150)))
        assert ([], level) == (comparison.differing, native.level)


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("level", levels())
def test_other_models(name: str, level: str) -> None:
    """Models of other shapes are read as well: widths, windows, depths, attributes, vectors, a shared tok2vec."""
    pipeline = SHAPES[name]
    comparison = compare(pipeline, loaded(pipeline, level), map(pipeline.make_doc, islice(draw(2), 150)))
    assert [] == comparison.differing
    assert comparison.entities > 150


@settings(max_examples=150, deadline=None)
@given(batch=st.lists(st.lists(st.tuples(WORDS, st.booleans()), max_size=40), max_size=6))
def test_any_words(english: Language, native: NativeNer, batch: list[list[tuple[str, bool]]]) -> None:
    """Any words in any batch, with any sentence starts, give spaCy's entities."""
    with english.memory_zone():
        documents = [
            Doc(english.vocab, words=[word for word, _ in words], sent_starts=[start for _, start in words])
            for words in batch
        ]
        comparison = compare(english, native, documents)
        assert (len(batch), []) == (comparison.documents, comparison.differing)


@settings(max_examples=100, deadline=None)
@given(text=st.text(max_size=300))
def test_any_text(english: Language, native: NativeNer, text: str) -> None:
    """Any text gives spaCy's entities."""
    with english.memory_zone():
        assert [] == compare(english, native, [english.make_doc(text)]).differing


def test_long_document(english: Language, native: NativeNer) -> None:
    """A document of many blocks is read as one: nothing changes where a block ends."""
    with english.memory_zone():
        text = "\n".join(islice(draw(3), 400))
        comparison = compare(english, native, [english.make_doc(text)])
        assert [] == comparison.differing
        assert comparison.entities > 1_000


def test_batches_do_not_matter(english: Language, native: NativeNer) -> None:
    """A document's entities do not depend on what is read with it, or on what was read before."""
    with english.memory_zone():
        documents = [english.make_doc(text) for text in islice(draw(4), 300)]
        alone = [native.spans(document) for document in documents]
        assert alone == native.spans_of(documents)
        assert list(reversed(alone)) == loaded(english).spans_of(list(reversed(documents)))


def test_ties_are_noticed(english: Language) -> None:
    """The comparison itself tells an answer that differs: one with a label less is not spaCy's."""

    class Forgetful(NativeNer):
        def spans_of(self, documents: object) -> list[list[tuple[int, int, str]]]:
            return [[]]

    document = english.make_doc("Maria Keller lives in Hamburg.")
    forgetful = Forgetful.__new__(Forgetful)
    assert Comparison(1, 2, [], ["Maria Keller lives in Hamburg."]) == compare(english, forgetful, [document])
