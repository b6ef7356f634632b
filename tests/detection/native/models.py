"""Untrained recognizers of many shapes, their weights drawn from a seed: the answers are noise, and many."""

import warnings
from typing import Any

import numpy as np
import spacy
from spacy.language import Language
from spacy.training import Example

LABELS = ("PERSON", "ORG", "A-B", "ZIP")
_ARCHITECTURE = {
    "@architectures": "spacy.TransitionBasedParser.v2",
    "state_type": "ner",
    "extra_state_tokens": False,
    "use_upper": True,
    "nO": None,
}


def tok2vec(
    *,
    width: int = 32,
    depth: int = 2,
    window: int = 1,
    pieces: int = 3,
    attrs: tuple[str, ...] = ("NORM", "PREFIX", "SUFFIX", "SHAPE"),
    vectors: bool = False,
) -> dict[str, Any]:
    """Return the configuration of a tok2vec model."""
    return {
        "@architectures": "spacy.Tok2Vec.v2",
        "embed": {
            "@architectures": "spacy.MultiHashEmbed.v2",
            "width": width,
            "attrs": list(attrs),
            "rows": [100 + 10 * index for index in range(len(attrs))],
            "include_static_vectors": vectors,
        },
        "encode": {
            "@architectures": "spacy.MaxoutWindowEncoder.v2",
            "width": width,
            "depth": depth,
            "window_size": window,
            "maxout_pieces": pieces,
        },
    }


def pipeline(tokens: dict[str, Any], *, hidden: int = 16, pieces: int = 2, **parser: object) -> Language:
    """Return a pipeline with a recognizer that has a tok2vec of its own."""
    nlp = blank()
    model = {**_ARCHITECTURE, "tok2vec": tokens, "hidden_width": hidden, "maxout_pieces": pieces, **parser}
    nlp.add_pipe("ner", config={"model": model})
    return drawn(nlp)


def listening(*, width: int = 24) -> Language:
    """Return a pipeline with a recognizer that listens to a tok2vec pipe."""
    nlp = blank()
    nlp.add_pipe("tok2vec", config={"model": tok2vec(width=width)})
    listener = {"@architectures": "spacy.Tok2VecListener.v1", "width": width, "upstream": "*"}
    model = {**_ARCHITECTURE, "tok2vec": listener, "hidden_width": 16, "maxout_pieces": 2}
    nlp.add_pipe("ner", config={"model": model})
    return drawn(nlp)


def blank() -> Language:
    """Return a pipeline without pipes, that knows vectors of some words."""
    nlp = spacy.blank("en")
    random = np.random.default_rng(1)
    words = ("Maria", "the", "of", "Acme", "in", "Hamburg", ",", ".")
    nlp.vocab.vectors = spacy.vectors.Vectors(shape=(len(words), 20), strings=nlp.vocab.strings)
    for word in words:
        nlp.vocab.set_vector(word, random.normal(size=20).astype(np.float32))  # type: ignore[arg-type]  # thinc's arrays are numpy's
    return nlp


def drawn(nlp: Language, seed: int = 7) -> Language:
    """Give every layer weights that matter."""
    entities = [(0, 5, label) for label in LABELS]
    examples = [Example.from_dict(nlp.make_doc("Maria met Acme ."), {"entities": [entity]}) for entity in entities]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of examples that are too few to learn from
        nlp.initialize(lambda: examples)
    random = np.random.default_rng(seed)
    for _, pipe in nlp.pipeline:
        for node in pipe.model.walk():  # type: ignore[attr-defined]  # all of them have one
            for name in node.param_names:
                values = node.get_param(name)
                spread = 2.0 if name == "E" else 3.0 / np.sqrt(values.shape[-1])
                node.set_param(name, random.normal(scale=spread, size=values.shape).astype(np.float32))
    return nlp
