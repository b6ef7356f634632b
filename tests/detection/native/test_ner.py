"""When the compiled pass runs, when it does not, and what it leaves behind."""

import multiprocessing
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any

import numpy as np
import pytest
import spacy
from spacy.language import Language
from spacy.pipeline import EntityRecognizer
from spacy.tokens import Doc, Span
from thinc.api import Model

from sidecar.detection.detector import DEFAULT_MODEL
from sidecar.detection.models import spacy_name
from sidecar.detection.names import UNUSED_PIPES
from sidecar.detection.native import ner
from sidecar.detection.native.ner import NativeNer, Unfit
from tests.detection.native import models
from tests.detection.native.texts import draw

_SMALL = models.tok2vec(depth=1)
_WITHOUT_EXTENSION = """
import sys
sys.modules["sidecar.detection.native._network"] = None
import spacy
from sidecar.detection.native.ner import NativeNer, levels
print(NativeNer.from_pipeline(spacy.blank("en")), levels())
"""


def test_the_extension_is_there() -> None:
    """Where there is a C compiler the extension was built: falling back to spaCy's pass is no state for CI."""
    compiler = (sysconfig.get_config_var("CC") or "cc").split()[0]
    assert (shutil.which(compiler) is not None) <= (ner.levels()[:1] == ("base",))


def test_without_the_extension() -> None:
    """Where it was not built, the pipeline's own pass is to run, and the reason says so."""
    said = subprocess.run([sys.executable, "-c", _WITHOUT_EXTENSION], capture_output=True, text=True, check=True)
    assert "Unfit(reason='the compiled extension is not there') ()\n" == said.stdout


def _no_recognizer() -> Language:
    return spacy.blank("en")


def _beam() -> Language:
    nlp = models.blank()
    nlp.add_pipe("beam_ner", name="ner")
    return models.drawn(nlp)


def _other_pipe() -> Language:
    nlp = models.pipeline(_SMALL)
    nlp.add_pipe("sentencizer", first=True)
    return nlp


def _deserted() -> Language:
    nlp = models.listening()
    nlp.disable_pipe("tok2vec")
    return nlp


def _changed(change: Callable[[EntityRecognizer], None]) -> Callable[[], Language]:
    def make() -> Language:
        nlp = models.pipeline(_SMALL)
        change(nlp.get_pipe("ner"))
        return nlp

    return make


def _infinite(recognizer: Any) -> None:  # noqa: ANN401 - spaCy says nothing of its types
    recognizer.model.get_ref("upper").get_param("b")[0] = np.inf


def _unseen(recognizer: Any) -> None:  # noqa: ANN401
    recognizer.model.attrs["unseen_classes"].add(1)


def _look_alike(recognizer: Any) -> None:  # noqa: ANN401
    for node in recognizer.model.walk():
        for index, layer in enumerate(node.layers):
            if layer.name == "maxout":
                params: dict[str, Any] = {name: layer.get_param(name) for name in layer.param_names}
                node.layers[index] = Model("maxout", lambda *_: (None, None), params=params)


def _short_pad(recognizer: Any) -> None:  # noqa: ANN401
    for node in recognizer.model.walk():
        if node.attrs.get("pad"):
            node.attrs["pad"] -= 1


def _subwords() -> Language:
    embed = {
        "@architectures": "spacy.CharacterEmbed.v2",
        "width": 32,
        "rows": 50,
        "nM": 8,
        "nC": 4,
        "include_static_vectors": False,
    }
    return models.pipeline({**_SMALL, "embed": embed})


def _mish() -> Language:
    encode = {"@architectures": "spacy.MishWindowEncoder.v2", "width": 32, "depth": 1, "window_size": 1}
    return models.pipeline({**_SMALL, "encode": encode})


def _floret() -> Language:
    nlp = models.pipeline(models.tok2vec(vectors=True))
    nlp.vocab.vectors = spacy.vectors.Vectors(
        data=np.zeros((50, 20), dtype=np.float32), strings=nlp.vocab.strings, mode="floret", hash_count=1
    )
    return nlp


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (_no_recognizer, "there is no ner pipe that decodes greedily"),
        (_beam, "there is no ner pipe that decodes greedily"),
        (_other_pipe, "the pipe sentencizer could have a say in the entities"),
        (_deserted, "the model listens to a tok2vec pipe that is not there"),
        (_changed(_infinite), "the weights are not finite 32-bit floats in main memory"),
        (_changed(_unseen), "the model has no upper layer, or moves it never saw"),
        (_changed(_look_alike), "a layer is not made of maxout, layernorm"),
        (_changed(_short_pad), "the encoder's windows differ, or see over a document's edge"),
        (_floret, "the word vectors are not a plain table"),
        (_mish, "a layer is not made of maxout, layernorm"),
        (_subwords, "the embedding is not made of extract_features, list2ragged, with_array"),
        (
            lambda: models.pipeline(models.tok2vec(pieces=4)),
            "its layers have shapes that the compiled pass does not take",
        ),
        (
            lambda: models.pipeline(_SMALL, use_upper=False),
            "the model has no upper layer, or moves it never saw",
        ),
        (
            lambda: models.pipeline(_SMALL, extra_state_tokens=True),
            "the parser looks at other tokens than the three of ner",
        ),
    ],
)
def test_refusals(make: Callable[[], Language], reason: str) -> None:
    """A pipeline that computes anything else is refused with a reason, never read wrongly."""
    assert Unfit(reason) == NativeNer.from_pipeline(make())


def test_unknown_instructions(english: Language) -> None:
    """Instructions that the processor does not have are not used."""
    assert isinstance(NativeNer.from_pipeline(english, level="avx1024"), Unfit)


def test_entities_of_others_are_refused(english: Language, native: NativeNer) -> None:
    """A document that has entities already would be read otherwise by spaCy, so it is not read."""
    document = english.make_doc("Maria Keller lives in Hamburg.")
    document.ents = (Span(document, 0, 1, "ORG"),)
    with pytest.raises(ValueError, match="a document has entities already"):
        native.spans(document)
    assert [(0, 2, "PERSON"), (4, 5, "GPE")] == native.spans(english.make_doc("Maria Keller lives in Hamburg."))


def test_other_arrays_are_refused(native: NativeNer) -> None:
    """What is no list of arrays of attributes is refused before anything is read."""
    network = native._network
    for wrong in ([np.zeros((2, 3), np.uint64)], [np.zeros((2, 7), np.float64)], [np.zeros(7, np.uint64)]):
        with pytest.raises(ValueError, match=r"attributes|type"):
            network.spans(wrong)
    with pytest.raises(TypeError):
        network.spans(())  # type: ignore[arg-type]
    assert [] == network.spans([])


def test_threads(english: Language, native: NativeNer) -> None:
    """Threads that ask at once get the answers they would get alone."""
    with english.memory_zone():
        batches = [[english.make_doc(text) for text in islice(draw(seed), 100)] for seed in range(8)]
        expected = [native.spans_of(batch) for batch in batches]
        with ThreadPoolExecutor(4) as pool:
            assert expected == list(pool.map(native.spans_of, batches))


def test_fork(english: Language, native: NativeNer) -> None:
    """A child process that was forked after loading answers as its parent does."""
    document = english.make_doc("Maria Keller of Acme Corp. lives in Hamburg.")
    context = multiprocessing.get_context("fork")
    answers = context.SimpleQueue()
    child = context.Process(target=lambda: answers.put(native.spans(document)))
    child.start()
    assert native.spans(document) == answers.get()
    child.join()


def test_the_vocabulary_does_not_grow(english: Language, native: NativeNer) -> None:
    """What a memory zone held is gone after it, and a later zone with other words gets its own answers."""
    before = len(english.vocab.strings)
    for name in ("Zorvathius", "Quillandra"):
        with english.memory_zone():
            assert [(0, 2, "PERSON")] == native.spans(english.make_doc(f"{name} Keller lives here."))
    assert before == len(english.vocab.strings)


def test_the_pipeline_may_go() -> None:
    """The compiled pass keeps what it needs of a pipeline that is no more."""
    pipeline = spacy.load(spacy_name(DEFAULT_MODEL), exclude=list(UNUSED_PIPES))
    native = NativeNer.from_pipeline(pipeline)
    assert isinstance(native, NativeNer)
    words = ["Maria", "Keller", "lives", "in", "Hamburg", "."]
    document: Doc = Doc(pipeline.vocab, words=words)
    del pipeline
    assert [(0, 2, "PERSON"), (4, 5, "GPE")] == native.spans(document)
