"""OpenAI responses: where text hides, and what cannot be read."""

from typing import Any

import pytest

from sidecar.payload.interface import Body
from sidecar.types.content import Direction, Format, Needs, Uninspected
from tests.payload.bodies import body_of, places, texts

PNG = "iVBORw0KGgo="


def _responses(*items: Any, **fields: Any) -> Body:  # noqa: ANN401 - any JSON
    return body_of(Format.OPENAI_RESPONSES, {"model": "gpt-5", "input": list(items), **fields})


def test_a_text_is_a_request() -> None:
    """The short form: one text, and instructions."""
    body = body_of(
        Format.OPENAI_RESPONSES,
        {"model": "gpt-5", "input": "hi", "instructions": "be kind", "stream": True, "user": "u"},
    )
    assert [("/input", False, "hi"), ("/instructions", False, "be kind"), ("/user", False, "u")] == places(body)
    assert (Needs(3, tools=False, modalities=("text",), state=False), True, ()) == (
        body.needs,
        body.streaming,
        body.uninspected,
    )


def test_items_are_read_to_the_bottom() -> None:
    """Messages with and without a type, reasoning, calls of every kind and their results are texts."""
    body = _responses(
        {"role": "user", "content": "hi"},
        {"type": "message", "role": "developer", "content": [{"type": "input_text", "text": "be brief"}]},
        {"role": "assistant", "content": [{"type": "output_text", "text": "a", "annotations": [{"title": "t"}]}]},
        {
            "type": "reasoning",
            "id": "r1",
            "summary": [{"type": "summary_text", "text": "s"}],
            "content": [{"type": "reasoning_text", "text": "why"}],
        },
        {"type": "function_call", "call_id": "c1", "name": "f", "arguments": '{"card": 4111111111111111}'},
        {"type": "function_call_output", "call_id": "c1", "output": '{"mail": "a@b.c"}'},
        {"type": "function_call_output", "call_id": "c1", "output": [{"type": "input_text", "text": "parts"}]},
        {"type": "custom_tool_call", "call_id": "c2", "name": "g", "input": "free"},
        {"type": "local_shell_call", "call_id": "c3", "action": {"command": ["ls"], "env": {"K": "v"}}},
        {"type": "mcp_call", "name": "m", "server_label": "l", "arguments": '{"x": "y"}', "output": "done"},
        {"type": "web_search_call", "action": {"type": "search", "query": "q"}},
        {"type": "code_interpreter_call", "code": "print(1)", "outputs": [{"type": "logs", "logs": "1"}]},
    )
    assert [
        ("/input/0/content", False, "hi"),
        ("/input/1/content/0/text", False, "be brief"),
        ("/input/2/content/0/text", False, "a"),
        ("/input/2/content/0/annotations/0/title", True, "title"),
        ("/input/2/content/0/annotations/0/title", False, "t"),
        ("/input/3/id", False, "r1"),
        ("/input/3/summary/0/text", False, "s"),
        ("/input/3/content/0/text", False, "why"),
        ("/input/4/call_id", False, "c1"),
        ("/input/4/name", False, "f"),
        ("/input/4/arguments", False, "card"),
        ("/input/4/arguments", False, "4111111111111111"),
        ("/input/5/call_id", False, "c1"),
        ("/input/5/output", False, "mail"),
        ("/input/5/output", False, "a@b.c"),
        ("/input/6/call_id", False, "c1"),
        ("/input/6/output/0/text", False, "parts"),
        ("/input/7/call_id", False, "c2"),
        ("/input/7/name", False, "g"),
        ("/input/7/input", False, "free"),
        ("/input/8/call_id", False, "c3"),
        ("/input/8/action/command", True, "command"),
        ("/input/8/action/command/0", False, "ls"),
        ("/input/8/action/env", True, "env"),
        ("/input/8/action/env/K", True, "K"),
        ("/input/8/action/env/K", False, "v"),
        ("/input/9/name", False, "m"),
        ("/input/9/server_label", False, "l"),
        ("/input/9/arguments", False, "x"),
        ("/input/9/arguments", False, "y"),
        ("/input/9/output", False, "done"),
        ("/input/10/action/type", True, "type"),
        ("/input/10/action/type", False, "search"),
        ("/input/10/action/query", True, "query"),
        ("/input/10/action/query", False, "q"),
        ("/input/11/code", False, "print(1)"),
        ("/input/11/outputs/0/logs", False, "1"),
    ] == places(body)
    assert (True, False, (), ()) == (body.needs.tools, body.needs.state, body.hosted_tools, body.uninspected)


@pytest.mark.parametrize(
    ("item", "uninspected", "seen"),
    [
        (
            {"role": "user", "content": [{"type": "input_image", "image_url": f"data:image/png;base64,{PNG}"}]},
            Uninspected("image", "image/png", 12),
            [],
        ),
        (
            {"role": "user", "content": [{"type": "input_file", "filename": "cv", "file_data": PNG}]},
            Uninspected("file", "", 12),
            ["cv"],
        ),
        (
            {"type": "computer_call_output", "output": {"type": "computer_screenshot", "image_url": "https://x.org/a"}},
            Uninspected("image", "", 0),
            ["https://x.org/a"],
        ),
        ({"type": "image_generation_call", "id": "i", "result": PNG}, Uninspected("image", "", 12), ["i"]),
        ({"type": "reasoning", "encrypted_content": "RW5j"}, Uninspected("encrypted_reasoning", "", 4), []),
        ({"type": "compaction", "encrypted_content": "RW5j"}, Uninspected("encrypted_reasoning", "", 4), []),
        ({"type": "aura", "of": "ann"}, Uninspected("unknown_part", "", 0), ["type", "aura", "of", "ann"]),
    ],
)
def test_items_that_cannot_be_read_are_told(item: Any, uninspected: Uninspected, seen: list[str]) -> None:  # noqa: ANN401
    """Kind and size are told, every other string is inspected."""
    body = _responses(item)
    assert ((uninspected,), seen, False) == (body.uninspected, texts(body), body.needs.state)


@pytest.mark.parametrize(
    ("document", "kind", "seen"),
    [
        ({"previous_response_id": "resp_1"}, "stored_context", ["resp_1"]),
        ({"conversation": {"id": "conv_1"}}, "stored_context", ["id", "conv_1"]),
        ({"prompt": {"id": "p", "variables": {"name": "ann"}}}, "stored_context", ["p", "name", "ann"]),
        ({"input": [{"type": "item_reference", "id": "i"}]}, "stored_context", ["i"]),
        ({"input": [{"id": "i"}]}, "stored_context", ["i"]),
        ({"input": [{"type": "reasoning", "id": "r", "summary": []}]}, "stored_context", ["r"]),
        ({"input": [{"type": "image_generation_call", "id": "i"}]}, "stored_context", ["i"]),
        ({"input": [{"type": "code_interpreter_call", "container_id": "c"}]}, "stored_context", ["c"]),
        ({"input": [{"role": "user", "content": [{"type": "input_file", "file_id": "f"}]}]}, "file", ["f"]),
        ({"input": "", "tools": [{"type": "file_search", "vector_store_ids": ["vs"]}]}, "file", ["vs"]),
    ],
)
def test_what_is_kept_at_the_provider_is_state(document: dict[str, Any], kind: str, seen: list[str]) -> None:
    """Ids of responses, conversations, prompts, items, containers and files rule out another target."""
    body = body_of(Format.OPENAI_RESPONSES, document)
    assert ((Uninspected(kind, "", 0),), True, seen) == (body.uninspected, body.needs.state, texts(body))


@pytest.mark.parametrize(
    ("tool", "words", "seen"),
    [
        ({"type": "web_search", "user_location": {"type": "approximate", "city": "c"}}, ("web_search",), ["c"]),
        ({"type": "mcp", "server_label": "l", "server_url": "u", "authorization": "k"}, ("mcp",), ["l", "u", "k"]),
        ({"type": "shell", "environment": {"type": "container_auto"}}, ("code_execution",), []),
        ({"type": "web_search_preview_2025_03_11"}, ("web_search",), []),
        ({"type": "mcp ann@x.org"}, ("mcp",), ["mcp ann@x.org"]),
        ({"type": "function", "name": "f", "parameters": {"properties": {"a": {}}}}, (), ["f", "a"]),
        ({"type": "namespace", "name": "n", "tools": [{"type": "function", "name": "f"}]}, (), ["n", "f"]),
        ({"type": "computer"}, (), []),
    ],
)
def test_tools_that_the_provider_runs_are_named(tool: Any, words: tuple[str, ...], seen: list[str]) -> None:  # noqa: ANN401
    """Their settings are texts; their kind is one of our words, and a stranger's beside it is text."""
    body = _responses(tools=[tool])
    assert (words, seen, True) == (body.hosted_tools, texts(body), body.needs.tools)


def test_a_reply_is_walked_the_same_way() -> None:
    """Output items and reasoning summaries are texts; what a reply only reports is no state."""
    reply = {
        "id": "resp_1",
        "object": "response",
        "status": "completed",
        "model": "gpt-5-2025-08-07",
        "output": [
            {"type": "reasoning", "id": "rs", "summary": [{"type": "summary_text", "text": "thinking of ann"}]},
            {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "hello ann"}]},
            {"type": "code_interpreter_call", "container_id": "c", "code": "x"},
        ],
        "previous_response_id": "resp_0",
        "error": None,
        "usage": {"input_tokens": 3},
    }
    body = body_of(Format.OPENAI_RESPONSES, reply, Direction.RESPONSE)
    assert ["resp_1", "rs", "thinking of ann", "hello ann", "c", "x", "resp_0", "input_tokens"] == texts(body)
    assert ((), False) == (body.uninspected, body.needs.state)
