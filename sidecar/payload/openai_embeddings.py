"""OpenAI embeddings, and the many APIs that speak them."""

from typing import Final

from sidecar.payload.common import model, reported_model
from sidecar.payload.rules import Rule, each, fields, free, words
from sidecar.payload.tape import ARRAY, OBJECT, SCALAR, STRING
from sidecar.payload.walk import LONGEST_WORD, Walk


def _inputs(walk: Walk, row: int, pointer: str) -> None:
    """Walk what is to be embedded: a text, texts, or texts as the numbers of their tokens, which nobody here can read.

    An object is a part that some vendors take, and cannot be vouched for.
    """
    walk.needs_embedding()
    if walk.tape.kinds[row] == ARRAY:
        for index, child in walk.tape.elements(row):
            _input(walk, child, walk.under(pointer, index))
    elif walk.tape.kinds[row] == STRING:
        walk.text(row, pointer)
    else:
        walk.refuse(pointer, "a string or a list")


def _input(walk: Walk, row: int, pointer: str) -> None:
    kind = walk.tape.kinds[row]
    if kind == SCALAR:
        if not walk.is_null(row):
            walk.tokens(row)
    elif kind == ARRAY:
        for index, child in walk.tape.elements(row):
            _input(walk, child, walk.under(pointer, index))
    elif kind == OBJECT:
        walk.part("unknown_part")
        walk.free(row, pointer)
    else:
        walk.text(row, pointer)


def _vector(walk: Walk, row: int, pointer: str) -> None:
    """Leave out a vector: numbers, as such or as base64, which is longer than a word. What is neither is text."""
    if walk.tape.kinds[row] != STRING or not walk.is_base64(row) or len(walk.tape.texts[row] or "") <= LONGEST_WORD:
        walk.free(row, pointer)


_FORMATS = words("float", "base64", "int8", "uint8", "binary", "ubinary")

REQUEST: Final[Rule] = fields(
    {
        "model": model,
        "input": _inputs,
        "encoding_format": _FORMATS,
        "input_type": words(
            "query", "document", "passage", "search_query", "search_document", "classification", "clustering"
        ),
        "truncate": words("NONE", "START", "END"),
        **dict.fromkeys(("dimensions", "user"), free),
    }
)
REQUIRED_OF_REQUEST: Final = ("input",)

RESPONSE: Final[Rule] = fields(
    {
        "object": words("list"),
        "model": reported_model,
        "data": each(fields({"object": words("embedding"), "index": free, "embedding": _vector})),
        "usage": free,
        "error": fields(dict.fromkeys(("message", "type", "param", "code"), free)),
    }
)
REQUIRED_OF_RESPONSE: Final = ("data", "error")
