"""In no place of any format can a string hide, whatever stands there."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest

from sidecar.errors import BadRequest
from sidecar.types.content import Direction, Format
from tests.payload.bodies import PAYLOADS, replaced

MAIL = "ann@example.org"  # no word of a protocol, and no base64
STRANGERS: tuple[Any, ...] = (
    MAIL,
    [MAIL],
    [[MAIL], 7, {"x": MAIL}],
    {"x": MAIL},
    {MAIL: None},
    {"type": MAIL, "text": MAIL},
    {"url": MAIL, "data": MAIL, "id": MAIL, "file_id": [MAIL], "content": {"content": MAIL}},
    {"url": [MAIL], "data": {"x": MAIL}, "type": ["text", MAIL], "media_type": MAIL},
)

_SCHEMA = {"type": ["object", "null"], "properties": {"a": {"type": "string", "enum": ["x"]}}, "anyOf": [{"items": {}}]}
_CALL = {"id": "c", "type": "function", "function": {"name": "f", "arguments": '{"a": "b"}'}}
_ANSWER = {
    "role": "assistant",
    "content": "a",
    "tool_calls": [_CALL, {"type": "custom", "custom": {"name": "g", "input": "i"}}],
    "function_call": {"name": "f", "arguments": {"a": 1}},
    "audio": {"id": "a", "data": "AAAA"},
    "reasoning_details": [{"type": "reasoning.encrypted", "data": "AAAA"}],
}
_IMAGE = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "AAAA"}}
_BLOCKS = [
    {"type": "text", "text": "a", "cache_control": {"type": "ephemeral", "ttl": "5m"}},
    _IMAGE,
    {"type": "image", "source": {"type": "url", "url": "u"}},
    {
        "type": "document",
        "source": {"type": "text", "media_type": "text/plain", "data": "a"},
        "citations": {"enabled": 1},
    },
    {"type": "document", "source": {"type": "content", "content": [_IMAGE]}, "title": "t"},
    {"type": "image", "source": {"type": "file", "file_id": "f"}},
    {"type": "tool_use", "id": "t", "name": "n", "input": {"a": [1]}},
    {"type": "tool_result", "tool_use_id": "t", "content": [{"type": "text", "text": "a"}], "is_error": False},
    {"type": "redacted_thinking", "data": "AAAA"},
    {"type": "web_search_tool_result", "content": [{"type": "web_search_result", "encrypted_content": "AAAA"}]},
    {"type": "web_search_tool_result", "content": {"type": "web_search_tool_result_error", "error_code": "e"}},
    {"type": "web_fetch_tool_result", "content": {"type": "web_fetch_result", "content": _IMAGE}},
    {"type": "code_execution_tool_result", "content": {"stdout": "o", "content": [{"file_id": "f"}]}},
]

SAMPLES: dict[tuple[Format, Direction], dict[str, Any]] = {
    (Format.OPENAI_CHAT, Direction.REQUEST): {
        "model": "gpt-4o",
        "messages": [
            {"role": "user", "content": "a"},
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "a", "cache_control": {"type": "ephemeral"}},
                    {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA", "detail": "low"}},
                    {"type": "image_url", "image_url": "https://x.org/a"},
                    {"type": "input_audio", "input_audio": {"data": "AAAA", "format": "wav"}},
                    {"type": "file", "file": {"file_data": "data:application/pdf;base64,AAAA", "file_id": "f"}},
                    {"type": "hologram", "x": {"y": "data:image/png;base64,AAAA"}},
                ],
            },
            _ANSWER,
            {"role": "tool", "tool_call_id": "c", "content": '{"a": ["b", "{\\"c\\": \\"d\\"}"]}'},
        ],
        "tools": [
            {"type": "function", "function": {"name": "f", "description": "d", "parameters": _SCHEMA, "strict": True}},
            {"type": "code_interpreter", "container": {"type": "auto", "file_ids": ["f"]}},
            {"type": "file_search", "vector_store_ids": ["v"]},
        ],
        "functions": [{"name": "f", "parameters": _SCHEMA}],
        "tool_choice": {"type": "function", "function": {"name": "f"}},
        "response_format": {"type": "json_schema", "json_schema": {"name": "n", "schema": _SCHEMA}},
        "prediction": {"type": "content", "content": [{"type": "text", "text": "a"}]},
        "modalities": ["text"],
        "audio": {"voice": "alloy", "format": "wav"},
        "stream": True,
        "stream_options": {"include_usage": True},
        "reasoning_effort": "low",
        "web_search_options": {"user_location": {"type": "approximate"}},
        "metadata": {"a": "b"},
        "stop": ["a"],
        "previous_response_id": "r",
        "conversation": {"id": "c"},
        "unknown": [{"a": "b"}],
    },
    (Format.OPENAI_CHAT, Direction.RESPONSE): {
        "id": "i",
        "object": "chat.completion",
        "model": "gpt-4o",
        "choices": [
            {
                "index": 0,
                "message": _ANSWER,
                "finish_reason": "stop",
                "logprobs": {"content": [{"token": "a", "bytes": [1], "top_logprobs": [{"token": "a"}]}]},
            }
        ],
        "usage": {"prompt_tokens": 1},
        "error": {"message": "m"},
    },
    (Format.ANTHROPIC_MESSAGES, Direction.REQUEST): {
        "model": "claude-sonnet-4-5",
        "system": [{"type": "text", "text": "a"}],
        "messages": [{"role": "user", "content": _BLOCKS}, {"role": "assistant", "content": "a"}],
        "tools": [
            {"type": "custom", "name": "f", "description": "d", "input_schema": _SCHEMA},
            {"type": "web_search_20250305", "name": "w", "user_location": {"city": "c"}},
        ],
        "tool_choice": {"type": "tool", "name": "f"},
        "thinking": {"type": "enabled", "budget_tokens": 1},
        "metadata": {"user_id": "u"},
        "mcp_servers": [{"type": "url", "url": "u", "tool_configuration": {"allowed_tools": ["a"]}}],
        "container": {"id": "c", "skills": [{"type": "custom"}]},
        "output_config": {"effort": "low", "format": {"type": "json_schema", "schema": _SCHEMA}},
        "stop_sequences": ["a"],
        "stream": False,
    },
    (Format.ANTHROPIC_MESSAGES, Direction.RESPONSE): {
        "type": "message",
        "id": "i",
        "role": "assistant",
        "model": "claude-sonnet-4-5",
        "content": _BLOCKS,
        "stop_reason": "end_turn",
        "usage": {"input_tokens": 1},
        "error": {"type": "e", "message": "m"},
    },
}


def _paths(value: Any) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401 - any JSON
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, child in members:
        yield (name,)
        yield from ((name, *path) for path in _paths(child))


def _name(value: object) -> str:
    return "-".join(value) if isinstance(value, tuple) else ""


def _with(document: Any, path: tuple[Any, ...], value: Any) -> Any:  # noqa: ANN401 - any JSON
    changed = place = copy.deepcopy(document)
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    return changed


@pytest.mark.parametrize(("kind", "sample"), SAMPLES.items(), ids=_name)
def test_a_stranger_is_found_in_every_place(kind: tuple[Format, Direction], sample: dict[str, Any]) -> None:
    """Any value in any place is refused, or each of its strings and keys is a segment that can be redacted."""
    PAYLOADS.read(*kind, json.dumps(sample).encode())
    for path in _paths(sample):
        for stranger in STRANGERS:
            raw = json.dumps(_with(sample, path, stranger)).encode()
            try:
                body = PAYLOADS.read(*kind, raw)
            except BadRequest as refused:
                assert MAIL not in str(refused), path  # noqa: PT017 - of every place
            else:
                assert raw.replace(MAIL.encode(), b"<E>") == replaced(body, MAIL, "<E>"), path


@pytest.mark.parametrize(("kind", "sample"), SAMPLES.items(), ids=_name)
def test_a_stranger_is_found_beside_every_place(kind: tuple[Format, Direction], sample: dict[str, Any]) -> None:
    """Any object of a body may have a member that its format does not know: key and value are segments."""
    for path in _paths(sample):
        place = sample
        for name in path:
            place = place[name]
        if isinstance(place, dict):
            raw = json.dumps(_with(sample, (*path, MAIL), MAIL)).encode()
            assert raw.replace(MAIL.encode(), b"<E>") == replaced(PAYLOADS.read(*kind, raw), MAIL, "<E>"), path
