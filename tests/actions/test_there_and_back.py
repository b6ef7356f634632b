"""Bodies of every format, redacted and restored: what comes back is what went."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sidecar.actions.interface import Scope
from sidecar.actions.operators import Operators
from sidecar.actions.pseudonyms import Pseudonyms
from sidecar.actions.redact import SpanRedactor
from sidecar.actions.restore import ValueRestorer
from sidecar.payload.shipped import ShippedPayloads
from sidecar.types.content import Direction, Finding, Format
from sidecar.types.decisions import Redaction
from tests.actions.fakes import arriving, cut, keyring

SESSION = Scope("acme", "session", "s1")
REDACTOR = SpanRedactor(Pseudonyms(keyring()), Operators())
RESTORER = ValueRestorer()
PAYLOADS = ShippedPayloads()
VALUES = {
    "Ada Byron": "PERSON",
    'Ann "Q" \\ Doe': "PERSON",
    "5 Elm St\nLeeds": "STREET_ADDRESS",
    "a@b.test": "EMAIL_ADDRESS",
}

WORDS = st.lists(
    st.sampled_from([*VALUES, "x", " ", "\n", "<", "\\", '"', "é", "\u4eba", "<PERSON_0000000000>", "PERSON_1"]),
    max_size=6,
).map("".join)


def bodies(text: str, inner: str) -> dict[Format, Any]:
    """Return a body of each format that holds a text, and another one within JSON within a string."""
    arguments = json.dumps({"a": inner, "n": [1.0, None]})
    call = {"id": "c", "type": "function", "function": {"name": "f", "arguments": arguments}}
    return {
        Format.TEXT: f"x{text}",
        Format.OPENAI_CHAT: {
            "messages": [{"role": "user", "content": text}, {"role": "assistant", "tool_calls": [call]}],
            "x": 1,
        },
        Format.OPENAI_RESPONSES: {
            "model": "m",
            "input": [
                {"role": "user", "content": [{"type": "input_text", "text": text}]},
                {"type": "function_call", "call_id": "c", "name": "f", "arguments": arguments},
            ],
        },
        Format.OPENAI_EMBEDDINGS: {"model": "m", "input": [text, inner]},
        Format.ANTHROPIC_MESSAGES: {
            "max_tokens": 9,
            "messages": [
                {"role": "user", "content": text},
                {"role": "assistant", "content": [{"type": "tool_use", "id": "t", "name": "f", "input": {"a": inner}}]},
            ],
        },
        Format.GEMINI_GENERATE_CONTENT: {
            "contents": [
                {"role": "user", "parts": [{"text": text}, {"functionCall": {"name": "f", "args": {"a": inner}}}]}
            ]
        },
        Format.COHERE_CHAT: {
            "model": "m",
            "messages": [{"role": "user", "content": text}, {"role": "assistant", "tool_calls": [call]}],
        },
    }


@pytest.mark.parametrize("format_", Format)
@pytest.mark.parametrize("operator", ["pseudonym", "synthetic"])
@settings(max_examples=15)
@given(text=WORDS, inner=WORDS, spaced=st.booleans(), ascii_only=st.booleans(), places=st.lists(st.integers(0, 900)))
async def test_restore_undoes_redact(
    format_: Format,
    operator: str,
    text: str,
    inner: str,
    spaced: bool,  # noqa: FBT001 - drawn
    ascii_only: bool,  # noqa: FBT001
    places: list[int],
) -> None:
    """``restore(redact(b)) == b`` as documents, whole and in pieces, and no value is in what leaves."""
    body = bodies(text, inner)[format_]
    raw = body if format_ is Format.TEXT else json.dumps(body, indent=1 if spaced else None, ensure_ascii=ascii_only)
    read = PAYLOADS.read(format_, Direction.REQUEST, raw.encode())
    findings = [
        Finding(index, place, place + len(value), entity, "c", 0.9, "test")
        for index, segment in enumerate(read.segments)
        for value, entity in VALUES.items()
        for place in range(len(segment.text))
        if segment.text.startswith(value, place)
    ]
    rewriting = REDACTOR.rewrite(read.segments, findings, [Redaction("c", operator)], scope=SESSION, earlier={})
    after = read.splice(rewriting.edits)
    left = [segment.text for segment in PAYLOADS.read(format_, Direction.REQUEST, after).segments]
    whole, _ = RESTORER.whole(format_, after, rewriting.values)
    pieces = [piece async for piece in RESTORER.stream(format_, arriving(cut(after, places)), rewriting.values)]

    assert [] == [value for value in VALUES for text in left if value in text]
    assert whole == b"".join(pieces)
    if format_ is Format.TEXT:
        assert raw.encode() == whole
    else:
        assert body == json.loads(whole)
