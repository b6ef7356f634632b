"""What broke in other tools when they redacted JSON, and must not here. Each test is named for a public report."""

import json
from typing import Any

import pytest

from sidecar.errors import AmbiguousBody
from sidecar.types.content import Direction, Edit, Format
from tests.payload.bodies import PAYLOADS, chat, claude, replaced, texts
from tests.payload.samples import SAMPLES

MAIL = "ann@example.org"


def _chat(*messages: Any, **fields: Any) -> bytes:  # noqa: ANN401 - any JSON
    return json.dumps({"model": "gpt-4o", "messages": list(messages), **fields}, ensure_ascii=False).encode()


def test_litellm_14612_tool_results_are_seen() -> None:
    """A result with role ``tool`` or ``function`` is text like any other, as string and as parts."""
    body = chat(
        _chat(
            {"role": "tool", "tool_call_id": "c", "content": f"mail of {MAIL}"},
            {"role": "function", "name": "f", "content": MAIL},
            {"role": "tool", "tool_call_id": "c", "content": [{"type": "text", "text": MAIL}]},
        )
    )
    assert ["c", f"mail of {MAIL}", "f", MAIL, "c", MAIL] == texts(body)
    assert body.raw.replace(MAIL.encode(), b"<E>") == replaced(body, MAIL, "<E>")


def test_litellm_31950_arguments_of_replies_are_texts() -> None:
    """Calls in a reply, whole or as a delta, are found where pseudonyms must be undone."""
    call = {"type": "function", "function": {"name": "f", "arguments": '{"to":"<EMAIL_7KQ2M4XA9D>"}'}}
    for member in ("message", "delta"):
        body = chat(json.dumps({"choices": [{member: {"tool_calls": [call]}}]}), Direction.RESPONSE)
        assert ["f", "to", "<EMAIL_7KQ2M4XA9D>"] == texts(body)
        after = json.loads(replaced(body, "<EMAIL_7KQ2M4XA9D>", 'a"b'))
        assert {"to": 'a"b'} == json.loads(after["choices"][0][member]["tool_calls"][0]["function"]["arguments"])


def test_hermes_42846_the_closing_quote_stays() -> None:
    """A finding at the very end of a string in arguments cannot eat its quote: they parse afterwards."""
    arguments = f'{{"command":"curl -H \\"Authorization: Bearer sk-123\\"","to":"{MAIL}"}}'
    body = chat(_chat({"role": "assistant", "tool_calls": [{"function": {"name": "f", "arguments": arguments}}]}))
    command = 'curl -H "Authorization: Bearer sk-123"'
    edits = [
        Edit(texts(body).index(command), command.index("sk-"), len(command), "[removed: credential]"),
        Edit(texts(body).index(MAIL), 0, len(MAIL), "<E>"),
    ]
    after = json.loads(body.splice(edits))["messages"][0]["tool_calls"][0]["function"]["arguments"]
    assert {"command": 'curl -H "Authorization: Bearer [removed: credential]', "to": "<E>"} == json.loads(after)


def test_bifrost_6977_arguments_that_are_no_json_are_texts() -> None:
    """A call that was cut off, or whose arguments are prose, is inspected as it is."""
    for arguments in (
        '{"to": "ann@example.org',
        "mail to ann@example.org",
        '["ann@example.org",]',
        '{"a":1,"a":"ann@example.org"}',
    ):
        body = chat(_chat({"role": "assistant", "tool_calls": [{"function": {"name": "f", "arguments": arguments}}]}))
        assert ["f", arguments] == texts(body)
        after = json.loads(replaced(body, MAIL, "<E>"))
        assert arguments.replace(MAIL, "<E>") == after["messages"][0]["tool_calls"][0]["function"]["arguments"]


def test_semantic_router_3566_types_are_kept() -> None:
    """In arguments and results numbers, booleans and nulls stay what they are and as they are written."""
    inner = f'{{"n": 1.50, "e": 1E5, "t": true, "z": null, "to": "{MAIL}", "of": [1, "{MAIL}", {{}}]}}'
    body = chat(_chat({"role": "tool", "tool_call_id": "c", "content": inner}))
    assert inner.replace(MAIL, "<E>") == json.loads(replaced(body, MAIL, "<E>"))["messages"][0]["content"]


def test_tale_1618_every_occurrence_is_reached() -> None:
    """Three values in one text are three edits, whatever their order."""
    body = chat(_chat({"role": "user", "content": "card 4111, mail a@b.c, code 123"}))
    edits = [Edit(0, 28, 31, "<C>"), Edit(0, 5, 9, "<A>"), Edit(0, 16, 21, "<B>")]
    assert _chat({"role": "user", "content": "card <A>, mail <B>, code <C>"}) == body.splice(edits)


def test_litellm_40721_history_is_all_there() -> None:
    """No turn is left out, however old: cost is saved by caching verdicts, never by scoping to the last turn."""
    turns = [{"role": ("user", "assistant")[turn % 2], "content": f"turn {turn}"} for turn in range(40)]
    assert [f"turn {turn}" for turn in range(40)] == texts(chat(_chat(*turns)))


def test_pi_data_masking_1_a_second_pass_changes_nothing() -> None:
    """A redacted body reads as its redacted texts, and the same edits find nothing more."""
    body = chat(_chat({"role": "user", "content": f"to {MAIL}"}, x={MAIL: f'{{"{MAIL}": "{MAIL}"}}'}))
    once = replaced(body, MAIL, "<E>")
    assert once == replaced(chat(once), MAIL, "<E>")


def test_litellm_30728_no_surface_is_skipped() -> None:
    """The same value is found in every field that can carry text, and none of it is left after the edits."""
    call = {"id": MAIL, "type": "function", "function": {"name": MAIL, "arguments": json.dumps({MAIL: [MAIL]})}}
    schema = {"type": "object", "properties": {MAIL: {"description": MAIL, "enum": [MAIL], "default": {"a": MAIL}}}}
    body = chat(
        _chat(
            {"role": "system", "content": MAIL, "name": MAIL},
            {
                "role": "user",
                "content": [{"type": "text", "text": MAIL, "cache_control": {"type": "ephemeral", "x": MAIL}}],
            },
            {"role": "user", "content": [{"type": "image_url", "image_url": {"url": f"https://x.org/{MAIL}"}}]},
            {"role": "user", "content": [{"type": MAIL, MAIL: {"deep": [[MAIL]]}}]},
            {"role": "assistant", "content": None, "refusal": MAIL, "tool_calls": [call], "reasoning_content": MAIL},
            {"role": "assistant", "function_call": {"name": MAIL, "arguments": MAIL}},
            {"role": "tool", "tool_call_id": MAIL, "content": json.dumps(json.dumps({"a": MAIL}))},
            {"role": MAIL, "content": json.dumps({"a": json.dumps({"b": MAIL})})},
            user=MAIL,
            metadata={MAIL: MAIL},
            stop=[MAIL],
            prediction={"type": "content", "content": MAIL},
            tools=[{"type": "function", "function": {"name": "f", "description": MAIL, "parameters": schema}}],
            functions=[{"name": "g", "description": MAIL, "parameters": schema}],
            response_format={"type": "json_schema", "json_schema": {"name": MAIL, "schema": schema}},
            safety_identifier=MAIL,
            prompt_cache_key=MAIL,
            unknown={"a": {MAIL: MAIL}},
        )
    )
    after = replaced(body, MAIL, "<E>")
    json.loads(after)
    assert after == body.raw.replace(b"ann@example.org", b"<E>")


def test_litellm_30728_no_surface_of_anthropic_is_skipped() -> None:
    """The same for messages: system blocks, inputs, results, documents, thinking, metadata, stop words."""
    raw = claude(
        {
            "model": "claude-3-haiku-20240307",
            "system": [{"type": "text", "text": MAIL, MAIL: MAIL}],
            "messages": [
                {"role": "user", "content": MAIL},
                {
                    "role": MAIL,
                    "content": [
                        {"type": "thinking", "thinking": MAIL, "signature": MAIL},
                        {"type": "tool_use", "id": MAIL, "name": MAIL, "input": {MAIL: [MAIL, {"a": MAIL}]}},
                        {"type": "tool_result", "tool_use_id": MAIL, "content": MAIL},
                        {
                            "type": "tool_result",
                            "content": [{"type": "document", "source": {"type": "text", "data": MAIL}}],
                        },
                        {"type": "document", "title": MAIL, "context": MAIL, "source": {"type": "url", "url": MAIL}},
                        {
                            "type": "search_result",
                            "source": MAIL,
                            "title": MAIL,
                            "content": [{"type": "text", "text": MAIL}],
                        },
                        {"type": "text", "text": "t", "citations": [{"type": "char_location", "cited_text": MAIL}]},
                        {"type": MAIL, "x": MAIL},
                        {"type": "image", "source": {"type": MAIL, "data": MAIL}},
                    ],
                },
            ],
            "tools": [{"name": MAIL, "description": MAIL, "input_schema": {"properties": {MAIL: {"title": MAIL}}}}],
            "mcp_servers": [{"url": MAIL, "authorization_token": MAIL}],
            "metadata": {"user_id": MAIL},
            "stop_sequences": [MAIL],
            "unknown": {MAIL: MAIL},
        }
    )
    assert raw.raw.replace(b"ann@example.org", b"<E>") == replaced(raw, MAIL, "<E>")


def test_dam_12_escapes_do_not_hide_a_value() -> None:
    """A value written in escapes, also twice over, is the same text."""
    written = "".join(f"\\u{ord(letter):04x}" for letter in MAIL)
    arguments = json.dumps(f'{{"a":"{written}"}}')
    raw = f'{{"messages":[{{"content":"{written}","function_call":{{"arguments":{arguments}}}}}]}}'
    body = chat(raw)
    assert [MAIL, "a", MAIL] == texts(body)
    wanted = raw.replace(written, "<E>").replace(written.replace("\\", "\\\\"), "<E>")
    assert wanted == replaced(body, MAIL, "<E>").decode()


def test_envoy_buffers_a_body_cut_short_is_refused_not_passed() -> None:
    """Cut at any byte, a body is refused: nothing reads the part that arrived as the whole."""
    raw = _chat({"role": "user", "content": f"é {MAIL}"})
    for cut in range(len(raw)):
        with pytest.raises(AmbiguousBody):
            PAYLOADS.read(Format.OPENAI_CHAT, Direction.REQUEST, raw[:cut])


def test_agentgateway_1607_what_is_to_go_is_gone() -> None:
    """In every format and each of its places a value that was found is replaced: no verdict is left unapplied."""
    for (form, direction), sample in SAMPLES.items():
        raw = json.dumps({**sample, "x": [f"to {MAIL}", {MAIL: json.dumps({"a": MAIL})}]}).encode()
        body = PAYLOADS.read(form, direction, raw)
        after = replaced(body, MAIL, "<E>")
        assert raw.replace(MAIL.encode(), b"<E>") == after, form
        assert not any(MAIL in text for text in texts(PAYLOADS.read(form, direction, after)))


def test_litellm_30728_the_input_of_responses_is_seen() -> None:
    """A text, a list of items, tool results, reasoning and instructions: none of the surface is skipped."""
    items = [
        {"role": "user", "content": MAIL},
        {"type": "message", "role": MAIL, "content": [{"type": "input_text", "text": MAIL}]},
        {"type": "function_call", "name": MAIL, "arguments": json.dumps({MAIL: [MAIL]}), "call_id": MAIL},
        {"type": "function_call_output", "call_id": MAIL, "output": json.dumps({"a": MAIL})},
        {"type": "function_call_output", "call_id": MAIL, "output": [{"type": "input_text", "text": MAIL}]},
        {"type": "reasoning", "summary": [{"type": "summary_text", "text": MAIL}]},
        {"type": "mcp_call", "name": MAIL, "arguments": "{}", "output": MAIL, "error": MAIL},
        {"type": MAIL, MAIL: [MAIL]},
    ]
    for given in (MAIL, items):
        raw = json.dumps({"model": "gpt-5", "input": given, "instructions": MAIL, "metadata": {MAIL: MAIL}}).encode()
        body = PAYLOADS.read(Format.OPENAI_RESPONSES, Direction.REQUEST, raw)
        assert raw.replace(MAIL.encode(), b"<E>") == replaced(body, MAIL, "<E>")


def test_litellm_31048_replies_of_every_api_are_texts() -> None:
    """What a model says is found in each API's reply, its thoughts and the calls it makes included."""
    arguments = json.dumps({"to": MAIL})
    said: dict[Format, Any] = {
        Format.OPENAI_CHAT: {
            "choices": [
                {
                    "message": {
                        "content": MAIL,
                        "reasoning_content": MAIL,
                        "tool_calls": [{"function": {"name": "f", "arguments": arguments}}],
                    }
                }
            ]
        },
        Format.OPENAI_RESPONSES: {
            "output": [
                {"type": "reasoning", "summary": [{"type": "summary_text", "text": MAIL}]},
                {"type": "message", "content": [{"type": "output_text", "text": MAIL}]},
                {"type": "function_call", "name": "f", "arguments": arguments},
            ]
        },
        Format.ANTHROPIC_MESSAGES: {
            "content": [
                {"type": "thinking", "thinking": MAIL},
                {"type": "text", "text": MAIL},
                {"type": "tool_use", "name": "f", "input": {"to": MAIL}},
            ]
        },
        Format.GEMINI_GENERATE_CONTENT: {
            "candidates": [
                {
                    "content": {
                        "parts": [
                            {"text": MAIL, "thought": True},
                            {"text": MAIL},
                            {"functionCall": {"name": "f", "args": {"to": MAIL}}},
                        ]
                    }
                }
            ]
        },
        Format.COHERE_CHAT: {
            "message": {
                "content": [{"type": "thinking", "thinking": MAIL}, {"type": "text", "text": MAIL}],
                "tool_calls": [{"function": {"name": "f", "arguments": arguments}}],
            }
        },
    }
    for form, reply in said.items():
        body = PAYLOADS.read(form, Direction.RESPONSE, json.dumps(reply).encode())
        assert 3 == texts(body).count(MAIL), form


def test_semantic_router_3560_results_of_tools_are_seen_in_every_api() -> None:
    """Routing on what a tool brought back needs it to be looked at: as text, as JSON in a string, as an object."""
    inner = json.dumps({"mail": MAIL, "card": 4111111111111111})
    results: dict[Format, Any] = {
        Format.OPENAI_CHAT: {"messages": [{"role": "tool", "tool_call_id": "c", "content": inner}]},
        Format.OPENAI_RESPONSES: {"input": [{"type": "function_call_output", "call_id": "c", "output": inner}]},
        Format.ANTHROPIC_MESSAGES: {
            "messages": [{"role": "user", "content": [{"type": "tool_result", "tool_use_id": "c", "content": inner}]}]
        },
        Format.GEMINI_GENERATE_CONTENT: {
            "contents": [{"parts": [{"functionResponse": {"name": "f", "response": json.loads(inner)}}]}]
        },
        Format.COHERE_CHAT: {"messages": [{"role": "tool", "tool_call_id": "c", "content": inner}]},
    }
    for form, document in results.items():
        body = PAYLOADS.read(form, Direction.REQUEST, json.dumps(document).encode())
        assert {MAIL, "4111111111111111"} <= set(texts(body)), form
        after = json.loads(replaced(body, "4111111111111111", "<CARD>"))
        assert "4111111111111111" not in json.dumps(after)
