"""OpenAI embeddings: texts one or many, and texts as the numbers of their tokens."""

import pytest

from sidecar.payload.interface import Body
from sidecar.types.content import Direction, Format, Uninspected
from tests.payload.bodies import body_of, replaced, texts


def _embeddings(given: object, **fields: object) -> Body:
    return body_of(Format.OPENAI_EMBEDDINGS, {"model": "text-embedding-3-small", "input": given, **fields})


@pytest.mark.parametrize("given", ["ann", ["ann", "bob"], ["", "ann"]])
def test_inputs_are_texts(given: object) -> None:
    """One text or a list of them; a vector is what is asked for."""
    body = _embeddings(given, encoding_format="float", dimensions=256, user="u")
    assert [*filter(None, [given] if isinstance(given, str) else given), "u"] == texts(body)  # type: ignore[call-overload]
    assert (("text", "embedding"), False, ()) == (body.needs.modalities, body.needs.tools, body.uninspected)


def test_a_list_of_inputs_is_redacted_in_place() -> None:
    """Each input is spliced where it stands."""
    body = _embeddings(["ann", "hi", "to ann"])
    assert body.raw.replace(b"ann", b"<P>") == replaced(body, "ann", "<P>")


@pytest.mark.parametrize(
    ("given", "uninspected", "tokens"),
    [
        ([9906, 1917], [Uninspected("tokens", "", 10)], 2),
        ([[9906, 1917], [1]], [Uninspected("tokens", "", 10), Uninspected("tokens", "", 1)], 3),
        (["hi", [9906]], [Uninspected("tokens", "", 4)], 2),
        ([{"image": "ann"}], [Uninspected("unknown_part", "", 0)], 2),
    ],
)
def test_what_is_no_text_is_told(given: object, uninspected: list[Uninspected], tokens: int) -> None:
    """Tokens say what only a model can read, so nobody may call them clean."""
    body = _embeddings(given)
    assert (uninspected, tokens) == (list(body.uninspected), body.needs.context)


def test_a_reply_holds_vectors() -> None:
    """Vectors are no text, whether numbers or base64; what else stands there is."""
    reply = {
        "object": "list",
        "model": "text-embedding-3-small",
        "data": [
            {"object": "embedding", "index": 0, "embedding": [0.1, -0.2]},
            {"object": "embedding", "index": 1, "embedding": "AACAPw" * 20},
            {"object": "embedding", "index": 2, "embedding": "ann is here"},
            {"object": "embedding", "index": 3, "embedding": "AnnSmith"},
        ],
    }
    body = body_of(Format.OPENAI_EMBEDDINGS, reply, Direction.RESPONSE)
    assert (["ann is here", "AnnSmith"], ()) == (texts(body), body.uninspected)
