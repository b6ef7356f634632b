"""Several bodies in one: a list of them, and the documents in which APIs take batches."""

import json
from typing import Any

import pytest

from sidecar.errors import AmbiguousBody
from sidecar.payload.interface import Body
from sidecar.types.content import Direction, Format
from tests.payload.bodies import PAYLOADS, body_of, places, replaced

MAIL = "ann@example.org"
ONE: dict[Format, dict[str, Any]] = {
    Format.OPENAI_CHAT: {"model": "gpt-4o", "messages": [{"role": "user", "content": MAIL}]},
    Format.OPENAI_RESPONSES: {"model": "gpt-4o", "input": MAIL},
    Format.OPENAI_EMBEDDINGS: {"model": "gpt-4o", "input": [MAIL]},
    Format.ANTHROPIC_MESSAGES: {"model": "gpt-4o", "messages": [{"role": "user", "content": MAIL}]},
    Format.GEMINI_GENERATE_CONTENT: {"model": "gpt-4o", "contents": [{"parts": [{"text": MAIL}]}]},
    Format.COHERE_CHAT: {"model": "gpt-4o", "message": MAIL},
}


def _prefixed(prefix: str, body: Body) -> list[tuple[str, bool, str]]:
    return [(prefix + pointer, in_key, text) for pointer, in_key, text in places(body)]


@pytest.mark.parametrize(("form", "one"), ONE.items())
def test_a_list_of_bodies_is_each_of_them(form: Format, one: dict[str, Any]) -> None:
    """Texts of all, with the place in the list; needs of all; every model is named anew."""
    alone, batch = body_of(form, one), body_of(form, [one, one])
    assert [*_prefixed("/0", alone), *_prefixed("/1", alone)] == places(batch)
    assert (2 * alone.needs.context, alone.needs.modalities) == (batch.needs.context, batch.needs.modalities)
    assert batch.raw.replace(MAIL.encode(), b"<E>") == replaced(batch, MAIL, "<E>")
    assert batch.raw.replace(b"gpt-4o", b"qwen") == batch.with_model("qwen")


@pytest.mark.parametrize(("form", "one"), ONE.items())
@pytest.mark.parametrize("held", ["body", "params", "request"])
def test_bodies_may_be_in_envelopes(form: Format, one: dict[str, Any], held: str) -> None:
    """As batches are sent: what stands on the envelope is text, too."""
    envelope = {"custom_id": MAIL, "method": "POST", "url": "/v1/x", held: one, "x": {MAIL: MAIL}}
    for document, prefix in (({"requests": [envelope], "y": MAIL}, "/requests/0"), ([envelope], "/0")):
        body = body_of(form, document)
        assert set(_prefixed(f"{prefix}/{held}", body_of(form, one))) <= set(places(body))
        assert body.raw.replace(MAIL.encode(), b"<E>") == replaced(body, MAIL, "<E>")


def test_replies_come_in_lists_too() -> None:
    """As Gemini streams them where no events are asked for."""
    reply = {"choices": [{"message": {"role": "assistant", "content": MAIL}}]}
    body = body_of(Format.OPENAI_CHAT, [reply, reply], Direction.RESPONSE)
    assert [(f"/{index}/choices/0/message/content", False, MAIL) for index in range(2)] == places(body)


def test_one_that_streams_makes_a_stream() -> None:
    """What is asked for by any is asked for."""
    one = ONE[Format.OPENAI_CHAT]
    assert body_of(Format.OPENAI_CHAT, [{**one, "stream": True}, one]).streaming


def test_lines_of_bodies_are_two_documents() -> None:
    """What has no brackets around it is ambiguous, as everywhere."""
    line = json.dumps(ONE[Format.OPENAI_CHAT]).encode()
    with pytest.raises(AmbiguousBody):
        PAYLOADS.read(Format.OPENAI_CHAT, Direction.REQUEST, line + b"\n" + line)
