"""Cohere chat, both versions: where text hides, and what cannot be read."""

from typing import Any

import pytest

from sidecar.types.content import Direction, Format, Uninspected
from tests.payload.bodies import body_of, places, texts


def test_messages_are_their_texts() -> None:
    """The second version: contents, plans, calls, results, documents and citations."""
    body = body_of(
        Format.COHERE_CHAT,
        {
            "model": "command-a-03-2025",
            "messages": [
                {"role": "user", "content": [{"type": "text", "text": "hi"}]},
                {
                    "role": "assistant",
                    "tool_plan": "I will",
                    "tool_calls": [
                        {"id": "c", "type": "function", "function": {"name": "f", "arguments": '{"a": "b"}'}}
                    ],
                    "citations": [{"text": "cited"}],
                },
                {
                    "role": "tool",
                    "tool_call_id": "c",
                    "content": [{"type": "document", "document": {"id": "d", "data": '{"mail": "a@b.c"}'}}],
                },
            ],
            "documents": ["plain", {"id": "e", "data": {"title": "t"}}],
            "tools": [{"type": "function", "function": {"name": "f", "description": "d", "parameters": {}}}],
            "response_format": {"type": "json_object", "schema": {"type": "object"}},
            "safety_mode": "STRICT",
            "stop_sequences": ["END"],
            "stream": True,
        },
    )
    assert [
        ("/messages/0/content/0/text", False, "hi"),
        ("/messages/1/tool_plan", False, "I will"),
        ("/messages/1/tool_calls/0/id", False, "c"),
        ("/messages/1/tool_calls/0/function/name", False, "f"),
        ("/messages/1/tool_calls/0/function/arguments", False, "a"),
        ("/messages/1/tool_calls/0/function/arguments", False, "b"),
        ("/messages/1/citations/0/text", True, "text"),
        ("/messages/1/citations/0/text", False, "cited"),
        ("/messages/2/tool_call_id", False, "c"),
        ("/messages/2/content/0/document/id", False, "d"),
        ("/messages/2/content/0/document/data", False, "mail"),
        ("/messages/2/content/0/document/data", False, "a@b.c"),
        ("/documents/0", False, "plain"),
        ("/documents/1/id", True, "id"),
        ("/documents/1/id", False, "e"),
        ("/documents/1/data", True, "data"),
        ("/documents/1/data/title", True, "title"),
        ("/documents/1/data/title", False, "t"),
        ("/tools/0/function/name", False, "f"),
        ("/tools/0/function/description", False, "d"),
        ("/stop_sequences/0", False, "END"),
    ] == places(body)
    assert (True, True, (), ()) == (body.streaming, body.needs.tools, body.hosted_tools, body.uninspected)


def test_a_message_and_its_history_are_their_texts() -> None:
    """The first version."""
    body = body_of(
        Format.COHERE_CHAT,
        {
            "message": "hi",
            "preamble": "be kind",
            "chat_history": [{"role": "CHATBOT", "message": "yes?"}],
            "tool_results": [{"call": {"name": "f", "parameters": {"a": "b"}}, "outputs": [{"n": 4111111111111111}]}],
            "tools": [{"name": "f", "description": "d", "parameter_definitions": {"p": {"type": "str"}}}],
        },
    )
    assert ["hi", "be kind", "yes?", "f", "a", "b", "n", "4111111111111111", "f", "d", "p", "str"] == texts(body)
    assert body.needs.tools


@pytest.mark.parametrize(
    ("fields", "uninspected", "tools", "state"),
    [
        ({"conversation_id": "c"}, (Uninspected("stored_context", "", 0),), (), True),
        ({"connectors": [{"id": "web-search"}]}, (), ("connectors",), False),
        (
            {"chat_history": [{"content": [{"type": "image_url", "image_url": {"url": "https://x.org/a"}}]}]},
            (Uninspected("image", "", 0),),
            (),
            False,
        ),
        (
            {"chat_history": [{"content": [{"type": "aura", "of": "ann"}]}]},
            (Uninspected("unknown_part", "", 0),),
            (),
            False,
        ),
    ],
)
def test_what_is_not_in_the_body_is_told(
    fields: dict[str, Any],
    uninspected: tuple[Uninspected, ...],
    tools: tuple[str, ...],
    state: bool,  # noqa: FBT001 - a table
) -> None:
    """Conversations kept at Cohere, connectors that it asks, pictures and unknown parts."""
    body = body_of(Format.COHERE_CHAT, {"message": "hi", **fields})
    assert (uninspected, tools, state) == (body.uninspected, body.hosted_tools, body.needs.state)


@pytest.mark.parametrize(
    ("reply", "seen"),
    [
        (
            {
                "id": "i",
                "finish_reason": "COMPLETE",
                "message": {
                    "role": "assistant",
                    "content": [{"type": "thinking", "thinking": "of ann"}],
                    "tool_plan": "p",
                },
            },
            ["i", "of ann", "p"],
        ),
        ({"text": "hello ann", "generation_id": "g", "chat_history": [{"message": "m"}]}, ["hello ann", "g", "m"]),
        ({"message": "invalid request"}, ["invalid request"]),
    ],
)
def test_replies_are_walked_the_same_way(reply: Any, seen: list[str]) -> None:  # noqa: ANN401 - any JSON
    """Of both versions, and errors."""
    assert seen == texts(body_of(Format.COHERE_CHAT, reply, Direction.RESPONSE))
