"""OpenAI chat completions: where text hides, and what cannot be read."""

import json
from typing import Any

import pytest
from hypothesis import given

from sidecar.payload.interface import Body
from sidecar.types.content import Direction, Needs, Uninspected
from tests.payload.bodies import THOROUGH, VALUES, chat, expected_texts, places, texts


def _chat(*messages: Any, **fields: Any) -> Body:  # noqa: ANN401 - any JSON
    return chat(json.dumps({"model": "gpt-4o", "messages": list(messages), **fields}))


def _part(part: Any) -> Body:  # noqa: ANN401 - any JSON
    return _chat({"role": "user", "content": [part]})


def test_a_plain_chat_is_its_texts() -> None:
    """Of an ordinary chat, the contents are the segments, and words of the protocol are none."""
    body = _chat(
        {"role": "system", "content": "be kind"},
        {"role": "developer", "content": [{"type": "text", "text": "be brief"}]},
        {"role": "user", "content": "hi", "name": "ann"},
        {"role": "assistant", "content": None, "refusal": "no"},
        stream=True,
        temperature=0.5,
        seed=123456789,
        stop=["END"],
    )
    assert [
        ("/messages/0/content", False, "be kind"),
        ("/messages/1/content/0/text", False, "be brief"),
        ("/messages/2/content", False, "hi"),
        ("/messages/2/name", False, "ann"),
        ("/messages/3/refusal", False, "no"),
        ("/stop/0", False, "END"),
    ] == places(body)
    assert (Needs(7, tools=False, modalities=("text",), state=False), True, (), ()) == (
        body.needs,
        body.streaming,
        body.uninspected,
        body.hosted_tools,
    )


def test_no_messages_are_a_body() -> None:
    """What the API would refuse is judged all the same."""
    assert [] == places(chat('{"messages":[]}'))


def test_tools_are_read_to_the_bottom() -> None:
    """Names, descriptions, schemas, calls and results are texts; the words of JSON Schema are none."""
    body = _chat(
        {
            "role": "assistant",
            "tool_calls": [
                {
                    "id": "c1",
                    "type": "function",
                    "function": {"name": "f", "arguments": '{"to":["ann","{\\"x\\":\\"y\\"}"]}'},
                },
                {"id": "c2", "type": "custom", "custom": {"name": "g", "input": "free text"}},
            ],
        },
        {"role": "tool", "tool_call_id": "c1", "content": '{"mail":"a@b.c"}'},
        tools=[
            {
                "type": "function",
                "function": {
                    "name": "f",
                    "description": "finds",
                    "parameters": {
                        "type": "object",
                        "properties": {"type": {"type": ["string", "null"], "enum": ["e1"], "description": "d"}},
                        "required": ["type"],
                        "additionalProperties": False,
                    },
                },
            }
        ],
        tool_choice={"type": "function", "function": {"name": "f"}},
    )
    assert [
        ("/messages/0/tool_calls/0/id", False, "c1"),
        ("/messages/0/tool_calls/0/function/name", False, "f"),
        ("/messages/0/tool_calls/0/function/arguments", False, "to"),
        ("/messages/0/tool_calls/0/function/arguments", False, "ann"),
        ("/messages/0/tool_calls/0/function/arguments", False, "x"),
        ("/messages/0/tool_calls/0/function/arguments", False, "y"),
        ("/messages/0/tool_calls/1/id", False, "c2"),
        ("/messages/0/tool_calls/1/custom/name", False, "g"),
        ("/messages/0/tool_calls/1/custom/input", False, "free text"),
        ("/messages/1/tool_call_id", False, "c1"),
        ("/messages/1/content", False, "mail"),
        ("/messages/1/content", False, "a@b.c"),
        ("/tools/0/function/name", False, "f"),
        ("/tools/0/function/description", False, "finds"),
        ("/tools/0/function/parameters/properties/type", True, "type"),
        ("/tools/0/function/parameters/properties/type/enum/0", False, "e1"),
        ("/tools/0/function/parameters/properties/type/description", False, "d"),
        ("/tools/0/function/parameters/required/0", False, "type"),
        ("/tool_choice/function/name", False, "f"),
    ] == places(body)
    assert body.needs.tools
    assert () == body.hosted_tools


@pytest.mark.parametrize(
    ("fields", "needed"),
    [
        ({"tools": []}, False),
        ({"tools": None}, False),
        ({"functions": [{"name": "f"}]}, True),
        ({"messages": [{"role": "tool", "tool_call_id": "c", "content": "r"}]}, True),
        ({"messages": [{"role": "assistant", "function_call": {"name": "f", "arguments": "{}"}}]}, True),
    ],
)
def test_tools_are_a_need_where_any_are(fields: dict[str, Any], needed: bool) -> None:  # noqa: FBT001 - a table
    """A conversation that used tools needs a target that knows them, too."""
    assert needed is chat(json.dumps({"messages": [], **fields})).needs.tools


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"web_search_options": {}}, ("web_search",)),
        ({"web_search_options": None}, ()),
        ({"enable_search": True}, ("web_search",)),
        ({"enable_search": False}, ()),
        ({"search_parameters": {"mode": "auto"}}, ("web_search",)),
        ({"tools": [{"type": "web_search_preview_2025_03_11"}, {"type": "mcp"}]}, ("mcp", "web_search")),
        ({"tools": [{"type": "code_interpreter"}, {"type": "file_search"}]}, ("code_interpreter", "file_search")),
        ({"tools": [{"type": "builtin_function", "function": {"name": "$web_search"}}]}, ("web_search",)),
        ({"tools": [{"type": "ann's secret tool"}]}, ("unknown",)),
        ({"tools": [{"function": {"name": "web_search"}}]}, ()),
        ({"tools": [{"type": "custom"}]}, ()),
    ],
)
def test_tools_that_the_provider_runs_are_named(fields: dict[str, Any], words: tuple[str, ...]) -> None:
    """They are told by our words, never by the caller's."""
    assert words == tuple(_chat(**fields).hosted_tools)


PNG = "iVBORw0KGgo="


@pytest.mark.parametrize(
    ("part", "uninspected", "seen", "modalities"),
    [
        (
            {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PNG}", "detail": "high"}},
            Uninspected("image", "image/png", 12),
            [],
            ("text", "image"),
        ),
        (
            {"type": "image_url", "image_url": "https://x.org/ann.png"},
            Uninspected("image", "", 0),
            ["https://x.org/ann.png"],
            ("text", "image"),
        ),
        (
            {"type": "image_url", "image_url": {"url": "data:image/png;base64,not base64: ann"}, "alt": "ann"},
            Uninspected("image", "", 0),
            ["data:image/png;base64,not base64: ann", "alt", "ann"],
            ("text", "image"),
        ),
        (
            {"type": "image_url", "image_url": {"url": f"data:image/ann;base64,{PNG}"}},
            Uninspected("image", "", 12),
            ["data:image/ann;base64,"],
            ("text", "image"),
        ),
        (
            {"type": "input_audio", "input_audio": {"data": PNG, "format": "wav"}},
            Uninspected("audio", "audio/wav", 12),
            [],
            ("text", "audio"),
        ),
        (
            {"type": "input_audio", "input_audio": {"data": "call ann", "format": "ann"}},
            Uninspected("audio", "", 8),
            ["call ann", "ann"],
            ("text", "audio"),
        ),
        (
            {"type": "file", "file": {"file_data": f"data:application/pdf;base64,{PNG}", "filename": "ann.pdf"}},
            Uninspected("document", "application/pdf", 12),
            ["ann.pdf"],
            ("text", "pdf"),
        ),
        ({"type": "video_url", "video_url": {"url": "v"}}, Uninspected("video", "", 0), ["v"], ("text", "video")),
        (
            {"type": "hologram", "of": {"ann": "b"}},
            Uninspected("unknown_part", "", 0),
            ["type", "hologram", "of", "ann", "b"],
            ("text",),
        ),
        ({"text": "typeless"}, Uninspected("unknown_part", "", 0), ["text", "typeless"], ("text",)),
        ({"type": ["text"], "text": "t"}, Uninspected("unknown_part", "", 0), ["type", "text", "text", "t"], ("text",)),
    ],
)
def test_parts_that_cannot_be_read_are_told(
    part: dict[str, Any], uninspected: Uninspected, seen: list[str], modalities: tuple[str, ...]
) -> None:
    """Kind and size of the part are told, its other strings are inspected, its bytes are no text."""
    body = _part(part)
    assert ((uninspected,), seen, modalities) == (body.uninspected, texts(body), body.needs.modalities)
    assert not body.needs.state


@pytest.mark.parametrize(
    ("raw", "kind", "seen"),
    [
        ({"previous_response_id": "resp_1"}, "stored_context", ["resp_1"]),
        ({"conversation": {"id": "conv_1"}}, "stored_context", ["id", "conv_1"]),
        ({"messages": [{"content": [{"type": "file", "file": {"file_id": "f"}}]}]}, "file", ["f"]),
        ({"messages": [{"role": "assistant", "audio": {"id": "a"}}]}, "stored_context", ["a"]),
        ({"tools": [{"type": "file_search", "vector_store_ids": ["vs"]}]}, "file", ["vs"]),
        ({"tools": [{"type": "code_interpreter", "container": "cntr"}]}, "stored_context", ["cntr"]),
        ({"tools": [{"type": "code_interpreter", "container": {"file_ids": ["f"]}}]}, "file", ["f"]),
    ],
)
def test_what_is_kept_at_the_provider_is_state(raw: dict[str, Any], kind: str, seen: list[str]) -> None:
    """Ids of stored context and files rule out another target, and are looked at as texts."""
    body = chat(json.dumps({"messages": [], **raw}))
    assert (Uninspected(kind, "", 0),) == body.uninspected
    assert body.needs.state
    assert seen == texts(body)


def test_null_ids_are_no_state() -> None:
    """A field that is there and says nothing is nothing."""
    body = _chat(previous_response_id=None, conversation=None, container="")
    assert ((), False, []) == (body.uninspected, body.needs.state, texts(body))


@pytest.mark.parametrize(
    "word",
    [
        {"messages": [{"role": "ann@x.org"}]},
        {"messages": [], "service_tier": "ann@x.org"},
        {"messages": [], "reasoning_effort": "ann@x.org"},
        {"messages": [], "stream": "ann@x.org"},
        {"messages": [], "tool_choice": "ann@x.org"},
        {"messages": [], "tools": [{"type": "ann@x.org"}]},
        {"messages": [], "tools": "ann@x.org"},
        {"messages": [], "tools": [{"type": ["ann@x.org"]}]},
        {"messages": [], "response_format": {"type": "ann@x.org"}},
        {"messages": [], "modalities": ["ann@x.org"]},
        {"messages": [{"tool_calls": [{"type": "ann@x.org"}]}]},
        {"messages": [{"content": [{"type": "text", "cache_control": {"type": "ann@x.org"}}]}]},
        {"messages": [{"content": [{"type": "image_url", "image_url": {"detail": "ann@x.org"}}]}]},
        {"messages": [], "tools": [{"function": {"parameters": {"type": "ann@x.org"}}}]},
        {"messages": [], "model": "ann@x.org"},
    ],
)
def test_a_stranger_in_the_place_of_a_word_is_text(word: dict[str, Any]) -> None:
    """Only words of a closed set are left out; whatever else stands there is inspected."""
    assert ["ann@x.org"] == texts(chat(json.dumps(word)))


@pytest.mark.parametrize(
    ("name", "is_text"),
    [
        ("gpt-4o-mini-2024-07-18", False),
        ("claude-sonnet-4@20250514", False),
        ("claude-sonnet-4-5-20250929", False),
        ("anthropic.claude-3-5-sonnet-20241022-v2:0", False),
        ("deepseek-ai/DeepSeek-R1-Distill-Qwen-32B", False),
        ("accounts/fireworks/models/deepseek-v3p1", False),
        ("@cf/meta/llama-3.1-8b-instruct", False),
        ("cloudflare/@cf/openai/gpt-oss-20b", False),
        ("~openai/gpt-latest", False),
        ("vertex_ai/claude-opus-5@default", False),
        ("cognitivecomputations/Dolphin-Mistral-24B-Venice-Edition", False),
        ("ft:gpt-4o:acme::AbC123", False),
        ("ann@x.org", True),
        ("Ann Smith", True),
        ("4111111111111111", True),
        ("tel-170-123-4567", True),
        ("DE89370400440532013000", True),
        ("11010120010101123X", True),
        ("sk-proj-abcdefghijklmnopqrstuvwxyz012345", True),
        ("김민수", True),
    ],
)
def test_the_model_is_text_unless_it_looks_like_a_model(name: str, is_text: bool) -> None:  # noqa: FBT001 - a table
    """A name made of short words and dates is a model's; addresses, numbers and keys are not."""
    assert ([name] if is_text else []) == texts(chat(json.dumps({"model": name, "messages": []})))


def test_tokens_are_estimated_by_script() -> None:
    """Four Latin letters are a token, and each Chinese or Korean letter is one."""
    contents = ("hello world", "你好世界你好世界한국어말", "你好 hello 你")
    assert [3, 12, 5] == [_chat({"content": content}).needs.context for content in contents]


@THOROUGH
@given(VALUES)
def test_no_string_of_an_unknown_field_is_left_out(value: str) -> None:
    """Under a field that the format does not name, each key and string is inspected, in order, at every level."""
    assert ["z", *expected_texts(value)] == texts(chat(f'{{"messages":[],"z":{value}}}'))


@THOROUGH
@given(VALUES)
def test_unknown_fields_are_alike_wherever_they_stand(value: str) -> None:
    """The same value gives the same texts at the top, in a message, in a part, in a tool, in metadata."""
    once = texts(chat(f'{{"messages":[],"z":{value}}}'))[1:]
    for raw in (
        f'{{"messages":[{{"z":{value}}}]}}',
        f'{{"messages":[{{"content":[{{"type":"text","z":{value}}}]}}]}}',
        f'{{"messages":[],"tools":[{{"type":"function","z":{value}}}]}}',
        f'{{"messages":[],"metadata":{{"z":{value}}}}}',
    ):
        assert ["z", *once] == texts(chat(raw))


def test_a_reply_is_walked_the_same_way() -> None:
    """Contents, reasoning, calls and token lists of a reply are texts."""
    reply = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "model": "gpt-4o",
        "choices": [
            {
                "index": 0,
                "finish_reason": "tool_calls",
                "message": {
                    "role": "assistant",
                    "content": "hello",
                    "reasoning_content": "hmm",
                    "tool_calls": [{"type": "function", "function": {"name": "f", "arguments": '{"a":"b"}'}}],
                    "audio": {"id": "au", "data": PNG, "transcript": "said"},
                },
                "logprobs": {"content": [{"token": "he", "logprob": -0.1, "bytes": [104, 101], "top_logprobs": []}]},
            }
        ],
        "usage": {"prompt_tokens": 1},
    }
    body = chat(json.dumps(reply), Direction.RESPONSE)
    assert ["chatcmpl-1", "hello", "hmm", "f", "a", "b", "au", "said", "he", "prompt_tokens"] == texts(body)
    assert (Uninspected("audio", "", 12),) == body.uninspected
    assert ["no such model"] == texts(chat('{"error":{"message":"no such model","code":null}}', Direction.RESPONSE))
