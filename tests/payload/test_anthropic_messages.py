"""Anthropic messages: where text hides, and what cannot be read."""

from typing import Any

import pytest

from sidecar.types.content import Direction, Uninspected
from tests.payload.bodies import claude, places, replaced, texts

PNG = "iVBORw0KGgo="


def _blocks(*blocks: Any, **fields: Any) -> Any:  # noqa: ANN401 - any JSON
    return {
        "model": "claude-sonnet-4-5",
        "max_tokens": 9,
        "messages": [{"role": "user", "content": list(blocks)}],
        **fields,
    }


def test_a_conversation_is_its_texts() -> None:
    """System prompts, blocks, tool inputs and results, thinking, ids and stop words are texts."""
    body = claude(
        {
            "model": "claude-sonnet-4-5-20250929",
            "max_tokens": 1024,
            "system": [{"type": "text", "text": "be kind", "cache_control": {"type": "ephemeral"}}],
            "messages": [
                {"role": "user", "content": "hi"},
                {
                    "role": "assistant",
                    "content": [
                        {"type": "thinking", "thinking": "hmm", "signature": "c2ln"},
                        {
                            "type": "tool_use",
                            "id": "t1",
                            "name": "mail",
                            "input": {"to": "a@b.c", "card": 4111111111111111},
                        },
                    ],
                },
                {
                    "role": "user",
                    "content": [
                        {"type": "tool_result", "tool_use_id": "t1", "content": [{"type": "text", "text": "sent"}]},
                        {"type": "tool_result", "tool_use_id": "t1", "content": '{"ok": "yes"}'},
                    ],
                },
            ],
            "metadata": {"user_id": "u1"},
            "stop_sequences": ["END"],
            "tools": [
                {"name": "mail", "description": "sends", "input_schema": {"type": "object", "properties": {"to": {}}}}
            ],
            "tool_choice": {"type": "tool", "name": "mail"},
            "stream": True,
        }
    )
    assert [
        ("/system/0/text", False, "be kind"),
        ("/messages/0/content", False, "hi"),
        ("/messages/1/content/0/thinking", False, "hmm"),
        ("/messages/1/content/0/signature", False, "c2ln"),
        ("/messages/1/content/1/id", False, "t1"),
        ("/messages/1/content/1/name", False, "mail"),
        ("/messages/1/content/1/input/to", True, "to"),
        ("/messages/1/content/1/input/to", False, "a@b.c"),
        ("/messages/1/content/1/input/card", True, "card"),
        ("/messages/1/content/1/input/card", False, "4111111111111111"),
        ("/messages/2/content/0/tool_use_id", False, "t1"),
        ("/messages/2/content/0/content/0/text", False, "sent"),
        ("/messages/2/content/1/tool_use_id", False, "t1"),
        ("/messages/2/content/1/content", False, "ok"),
        ("/messages/2/content/1/content", False, "yes"),
        ("/metadata/user_id", False, "u1"),
        ("/stop_sequences/0", False, "END"),
        ("/tools/0/name", False, "mail"),
        ("/tools/0/description", False, "sends"),
        ("/tools/0/input_schema/properties/to", True, "to"),
        ("/tool_choice/name", False, "mail"),
    ] == places(body)
    assert (True, True, (), ()) == (body.streaming, body.needs.tools, body.hosted_tools, body.uninspected)


@pytest.mark.parametrize(
    ("block", "uninspected", "seen"),
    [
        (
            {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": PNG}},
            [Uninspected("image", "image/png", 12)],
            [],
        ),
        (
            {"type": "image", "source": {"type": "url", "url": "https://x.org/ann.png"}},
            [Uninspected("image", "", 0)],
            ["https://x.org/ann.png"],
        ),
        ({"type": "image", "source": {"type": "file", "file_id": "f1"}}, [Uninspected("file", "", 0)], ["f1"]),
        (
            {
                "type": "document",
                "title": "cv",
                "source": {"type": "base64", "media_type": "application/pdf", "data": PNG},
            },
            [Uninspected("document", "application/pdf", 12)],
            ["cv"],
        ),
        (
            {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "ann"}, "context": "c"},
            [],
            ["ann", "c"],
        ),
        (
            {"type": "document", "source": {"type": "content", "content": [{"type": "text", "text": "ann"}]}},
            [],
            ["ann"],
        ),
        (
            {"type": "image", "source": {"type": "base64", "media_type": "ann@x.org", "data": "ann is here"}},
            [Uninspected("image", "", 11)],
            ["ann@x.org", "ann is here"],
        ),
        ({"type": "redacted_thinking", "data": "RW5j"}, [Uninspected("encrypted_reasoning", "", 4)], []),
        (
            {"type": "tool_result", "content": [{"type": "image", "source": {"type": "base64", "data": PNG}}]},
            [Uninspected("image", "", 12)],
            [],
        ),
        (
            {
                "type": "web_search_tool_result",
                "content": [{"type": "web_search_result", "title": "t", "url": "u", "encrypted_content": "RW5j"}],
            },
            [Uninspected("encrypted_reasoning", "", 4)],
            ["t", "u"],
        ),
        ({"type": "container_upload", "file_id": "f1"}, [Uninspected("file", "", 0)], ["f1"]),
        (
            {"type": "code_execution_tool_result", "content": {"stdout": "out", "content": [{"file_id": "f1"}]}},
            [Uninspected("file", "", 0)],
            ["out", "f1"],
        ),
        ({"type": "aura", "of": "ann"}, [Uninspected("unknown_part", "", 0)], ["type", "aura", "of", "ann"]),
        ({"type": "image", "source": "ann"}, [Uninspected("unknown_part", "", 0)], ["ann"]),
    ],
)
def test_blocks_that_cannot_be_read_are_told(block: Any, uninspected: list[Uninspected], seen: list[str]) -> None:  # noqa: ANN401
    """Kind and size are told, every other string is inspected."""
    body = claude(_blocks(block))
    assert (uninspected, seen) == (list(body.uninspected), texts(body))
    assert any(part.kind == "file" for part in uninspected) is body.needs.state


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"tools": [{"type": "web_search_20250305", "name": "web_search"}]}, ("web_search",)),
        (
            {"tools": [{"type": "code_execution_20250825"}, {"type": "web_fetch_20250910"}]},
            ("code_execution", "web_fetch"),
        ),
        ({"tools": [{"type": "bash_20250124"}, {"type": "text_editor_20250728"}, {"type": "computer_20250124"}]}, ()),
        ({"tools": [{"type": "custom", "name": "f"}, {"name": "g"}]}, ()),
        ({"mcp_servers": [{"type": "url", "url": "https://x.org"}]}, ("mcp",)),
        ({"tools": [{"type": "mcp_toolset", "mcp_server_name": "x"}]}, ("mcp",)),
        ({"tools": [{"type": "bash for ann"}]}, ("unknown",)),
    ],
)
def test_tools_that_the_provider_runs_are_named(fields: Any, words: tuple[str, ...]) -> None:  # noqa: ANN401
    """Those that the client runs are none of them."""
    assert words == tuple(claude(_blocks(**fields)).hosted_tools)


def test_a_container_is_state() -> None:
    """What runs in a container of the provider's leans on what is kept there."""
    body = claude(_blocks(container="c1"))
    assert ((Uninspected("stored_context", "", 0),), True, ["c1"]) == (body.uninspected, body.needs.state, texts(body))


def test_tool_input_is_redacted_in_place() -> None:
    """Input is JSON, not a string that holds some: texts are replaced as they stand, a long number becomes a string."""
    body = claude(_blocks({"type": "tool_use", "input": {"to": "a@b.c", "card": [1, 4111111111111111], "n": 12}}))
    after = replaced(body, "4111111111111111", "<CARD>")
    assert body.raw.replace(b"4111111111111111", b'"<CARD>"') == after


def test_a_reply_is_walked_the_same_way() -> None:
    """Blocks of a reply, and error documents, are texts."""
    reply = {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "claude-sonnet-4-5",
        "content": [
            {"type": "text", "text": "hello"},
            {"type": "tool_use", "id": "t", "name": "f", "input": {"a": "b"}},
        ],
        "stop_reason": "tool_use",
        "stop_sequence": None,
    }
    assert ["msg_1", "hello", "t", "f", "a", "b"] == texts(claude(reply, Direction.RESPONSE))
    error = {"type": "error", "error": {"type": "overloaded_error", "message": "later"}}
    assert ["overloaded_error", "later"] == texts(claude(error, Direction.RESPONSE))
