"""Reads the layers of a spaCy entity recognizer, and refuses what the compiled pass does not compute."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from spacy.attrs import ORTH, intify_attr  # type: ignore[import-not-found]  # it is compiled
from spacy.pipeline.tok2vec import Tok2VecListener
from spacy.vectors import Mode, Vectors  # type: ignore[import-not-found]  # it is compiled
from thinc.api import Model

Floats = npt.NDArray[np.float32]
Affine = tuple[Floats, Floats]
"""Weights ``[outputs][pieces][inputs]`` and biases ``[outputs][pieces]``."""
Layer = tuple[Floats, Floats, Floats, Floats]
"""A maxout's weights and biases, gain and shift of the normalization after it."""

_Node = Model[Any, Any]

_EMBEDDING = ("extract_features", "list2ragged", "with_array")
_AFTER_EMBEDDING = ("with_array", "ragged2list", "with_array", "list2array", "linear")
_MODULES = {
    "extract_features": "spacy.ml.featureextractor",
    "static_vectors": "spacy.ml.staticvectors",
    "parser": "spacy.ml.tb_framework",
    "precomputable_affine": "spacy.ml._precomputable_affine",
}
_KINDS = {module: kind for kind, module in _MODULES.items()}


class Misfit(Exception):
    """The model computes something else; the text says what, in words for an operator."""


@dataclass(frozen=True, slots=True)
class Embedding:
    """What a token's vector is made from."""

    attributes: tuple[int, ...]
    """Of a token, one for each table, and its key where there are vectors."""
    tables: tuple[tuple[int, Floats], ...]
    """Seed of the hash, and rows."""
    vectors: tuple[npt.NDArray[np.uint64], npt.NDArray[np.int32], Floats] | None
    """Keys in order, their places, and the vectors, projected."""
    mix: Layer


@dataclass(frozen=True, slots=True)
class Encoder:
    """What a token's neighbors change."""

    window: int
    layers: tuple[Layer, ...]


@dataclass(frozen=True, slots=True)
class State:
    """What a state of the transition system is scored by."""

    project: Affine
    lower: tuple[Floats, Floats, Floats]
    """Weights ``[slots][hidden][pieces][inputs]``, biases, and what stands for a slot without a token."""
    upper: tuple[Floats, Floats]
    """Weights ``[moves][hidden]`` and biases."""


def read_layers(model: _Node, upstream: _Node | None, vectors: Vectors) -> tuple[Embedding, Encoder, State]:
    """Return everything the model has learned.

    Args:
        model: of the ``ner`` pipe.
        upstream: of the ``tok2vec`` pipe that it listens to, if there is one.
        vectors: of the vocabulary.

    Raises:
        Misfit: a layer is none of those that spaCy's own CNN architectures are made of.
    """
    _must_be((model,), ("parser",), "the model")
    if not model.attrs["has_upper"] or model.attrs["unseen_classes"]:
        message = "the model has no upper layer, or moves it never saw"
        raise Misfit(message)
    nodes = _flat(model.get_ref("tok2vec"))
    if isinstance(nodes[0], Tok2VecListener):
        if upstream is None:
            message = "the model listens to a tok2vec pipe that is not there"
            raise Misfit(message)
        nodes = _flat(upstream) + nodes[1:]
    after = nodes[-len(_AFTER_EMBEDDING) :]
    _must_be(after, _AFTER_EMBEDDING, "tok2vec")
    embedding = _embedding(nodes[: -len(_AFTER_EMBEDDING)], after[0], vectors)
    lower, upper = model.get_ref("lower"), model.get_ref("upper")
    _must_be((lower, upper), ("precomputable_affine", "linear"), "the parser model")
    weights, bias = _values(after[-1], "W", "b")
    state = State((weights[:, None, :], bias[:, None]), _values(lower, "W", "b", "pad"), _values(upper, "W", "b"))
    return embedding, _encoder(after[2]), state


def _embedding(nodes: Sequence[_Node], mix: _Node, vectors: Vectors) -> Embedding:
    branches = [_flat(branch) for branch in _split(nodes[0])] if len(nodes) == 1 else [list(nodes)]
    _must_be(branches[0], _EMBEDDING, "the embedding")
    columns, attributes, tables = branches[0][0].attrs["columns"], [], []
    for branch in _split(branches[0][2].layers[0]):
        pick, table = _must_be(_flat(branch), ("array_getitem", "hashembed"), "an embedding table")
        everything, column = pick.attrs["index"]
        if everything not in (slice(None), slice(0, None)):
            message = "an embedding table reads more than a column"
            raise Misfit(message)
        attributes.append(_attribute(columns[column]))
        tables.append((int(table.attrs["seed"]), _values(table, "E")[0]))
    static = None
    if len(branches) > 1:
        (node,) = _must_be([node for branch in branches[1:] for node in branch], ("static_vectors",), "the embedding")
        static = _static(node, vectors)
        attributes.append(ORTH)
    return Embedding(tuple(attributes), tuple(tables), static, _layer(mix.layers[0]))


def _attribute(column: int | str) -> int:
    attribute = intify_attr(column)
    if attribute is None:
        message = "the embedding reads an attribute of its own"
        raise Misfit(message)
    return int(attribute)


def _static(node: _Node, vectors: Vectors) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int32], Floats]:
    if type(vectors) is not Vectors or vectors.mode != Mode.default or getattr(vectors, "attr", ORTH) != ORTH:
        message = "the word vectors are not a plain table"
        raise Misfit(message)
    (weights,) = _values(node, "W")
    rows = np.asarray(vectors.data, dtype=np.float32)
    keys = np.fromiter(vectors.key2row.keys(), dtype=np.uint64)
    places = np.fromiter(vectors.key2row.values(), dtype=np.int32)
    order = np.argsort(keys)
    return keys[order], places[order], _floats(rows @ weights.T)


def _encoder(node: _Node) -> Encoder:
    windows, layers = set(), []
    for layer in _flat(node.layers[0]):
        _must_be((layer,), ("residual",), "the encoder")
        expand, *maxout = _flat(layer.layers[0])
        _must_be((expand,), ("expand_window",), "the encoder")
        windows.add(int(expand.attrs["window_size"]))
        layers.append(_layer(*maxout))
    if len(windows) != 1 or node.attrs["pad"] < max(windows) * len(layers):
        message = "the encoder's windows differ, or see over a document's edge"
        raise Misfit(message)
    return Encoder(windows.pop(), tuple(layers))


def _layer(*nodes: _Node) -> Layer:
    maxout, norm = _must_be([leaf for node in nodes for leaf in _flat(node)], ("maxout", "layernorm"), "a layer")
    return (*_values(maxout, "W", "b"), *_values(norm, "G", "b"))


def _values(node: _Node, *names: str) -> Any:  # noqa: ANN401 - as many arrays as names
    return tuple(_floats(node.get_param(name)) for name in names)


def _floats(values: object) -> Floats:
    if not isinstance(values, np.ndarray) or values.dtype != np.float32 or not np.isfinite(values).all():
        message = "the weights are not finite 32-bit floats in main memory"
        raise Misfit(message)
    return np.ascontiguousarray(values)


def _kind(node: _Node) -> str:
    """Tell a layer by the module that computes it: a name can be given to anything."""
    module = node._func.__module__  # noqa: SLF001 - thinc has no other way to tell
    return _KINDS.get(module) or module.removeprefix("thinc.layers.")


def _flat(node: _Node) -> list[_Node]:
    """Return what is computed one after the other; dropout does nothing outside of training."""
    kind = _kind(node)
    if kind == "chain":
        return [leaf for layer in node.layers for leaf in _flat(layer)]
    return [] if kind == "dropout" else [node]


def _split(node: _Node) -> Sequence[_Node]:
    """Return what is computed side by side."""
    return node.layers if _kind(node) == "concatenate" else [node]


def _must_be(nodes: Sequence[_Node], kinds: tuple[str, ...], what: str) -> Sequence[_Node]:
    if tuple(_kind(node) for node in nodes) != kinds:
        message = f"{what} is not made of {', '.join(kinds)}"
        raise Misfit(message)
    return nodes
