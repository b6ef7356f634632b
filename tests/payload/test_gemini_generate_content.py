"""Gemini generateContent: where text hides, and what cannot be read."""

from typing import Any

import pytest

from sidecar.payload.interface import Body
from sidecar.types.content import Direction, Format, Uninspected
from tests.payload.bodies import body_of, places, texts

PNG = "iVBORw0KGgo="


def _gemini(*parts: Any, **fields: Any) -> Body:  # noqa: ANN401 - any JSON
    contents = [{"role": "user", "parts": list(parts)}]
    return body_of(Format.GEMINI_GENERATE_CONTENT, {"contents": contents, **fields})


def test_a_conversation_is_its_texts() -> None:
    """Parts, calls, responses, instructions, declarations, stop words and labels are texts."""
    body = _gemini(
        {"text": "hi"},
        {"functionCall": {"id": "c", "name": "f", "args": {"to": "a@b.c", "card": 4111111111111111}}},
        {"functionResponse": {"name": "f", "response": {"ok": "yes"}, "parts": [{"text": "more"}]}},
        {"executableCode": {"language": "PYTHON", "code": "print()"}},
        {"codeExecutionResult": {"outcome": "OUTCOME_OK", "output": "1"}},
        systemInstruction={"parts": [{"text": "be kind"}]},
        tools=[{"functionDeclarations": [{"name": "f", "description": "d", "parameters": {"type": "OBJECT"}}]}],
        toolConfig={"functionCallingConfig": {"mode": "ANY", "allowedFunctionNames": ["f"]}},
        safetySettings=[{"category": "HARM_CATEGORY_HARASSMENT", "threshold": "BLOCK_NONE"}],
        generationConfig={"stopSequences": ["END"], "responseMimeType": "application/json", "temperature": 0.5},
        labels={"team": "x"},
    )
    assert [
        ("/contents/0/parts/0/text", False, "hi"),
        ("/contents/0/parts/1/functionCall/id", False, "c"),
        ("/contents/0/parts/1/functionCall/name", False, "f"),
        ("/contents/0/parts/1/functionCall/args/to", True, "to"),
        ("/contents/0/parts/1/functionCall/args/to", False, "a@b.c"),
        ("/contents/0/parts/1/functionCall/args/card", True, "card"),
        ("/contents/0/parts/1/functionCall/args/card", False, "4111111111111111"),
        ("/contents/0/parts/2/functionResponse/name", False, "f"),
        ("/contents/0/parts/2/functionResponse/response/ok", True, "ok"),
        ("/contents/0/parts/2/functionResponse/response/ok", False, "yes"),
        ("/contents/0/parts/2/functionResponse/parts/0/text", False, "more"),
        ("/contents/0/parts/3/executableCode/code", False, "print()"),
        ("/contents/0/parts/4/codeExecutionResult/output", False, "1"),
        ("/systemInstruction/parts/0/text", False, "be kind"),
        ("/tools/0/functionDeclarations/0/name", False, "f"),
        ("/tools/0/functionDeclarations/0/description", False, "d"),
        ("/toolConfig/functionCallingConfig/allowedFunctionNames/0", False, "f"),
        ("/generationConfig/stopSequences/0", False, "END"),
        ("/labels/team", True, "team"),
        ("/labels/team", False, "x"),
    ] == places(body)
    assert (True, (), (), False) == (body.needs.tools, body.hosted_tools, body.uninspected, body.streaming)


def test_names_may_be_in_snake_case_and_lists_of_one_may_be_objects() -> None:
    """What both APIs take besides the form that their documents give."""
    body = body_of(
        Format.GEMINI_GENERATE_CONTENT,
        {
            "contents": {"parts": {"function_response": {"response": {"a": "b"}}}},
            "system_instruction": {"parts": {"text": "be kind"}},
            "generation_config": {"stop_sequences": ["END"]},
            "safety_settings": {"category": "HARM_CATEGORY_HARASSMENT", "threshold": "OFF"},
        },
    )
    assert ["a", "b", "be kind", "END"] == texts(body)
    assert body.needs.tools


def test_the_model_stands_in_the_address() -> None:
    """A body names none, so another target leaves it as it is; where it does name one, that is rewritten."""
    body = _gemini({"text": "hi"})
    assert body.raw == body.with_model("gemini-3-pro")
    named = _gemini({"text": "hi"}, model="models/gemini-2.5-pro")
    assert named.raw.replace(b"models/gemini-2.5-pro", b"m") == named.with_model("m")
    assert ["hi"] == texts(named)


@pytest.mark.parametrize(
    ("part", "uninspected", "seen"),
    [
        ({"inlineData": {"mimeType": "image/png", "data": PNG}}, Uninspected("image", "image/png", 12), []),
        ({"inline_data": {"mime_type": "audio/wav", "data": PNG}}, Uninspected("audio", "audio/wav", 12), []),
        (
            {"inlineData": {"mimeType": "ann@x.org", "data": "not base64"}},
            Uninspected("file", "", 10),
            ["ann@x.org", "not base64"],
        ),
        ({"fileData": {"mimeType": "video/mp4", "fileUri": "gs://a/b"}}, Uninspected("file", "", 0), ["gs://a/b"]),
        ({"text": "t", "thoughtSignature": PNG}, Uninspected("encrypted_reasoning", "", 12), ["t"]),
        ({"aura": "ann"}, Uninspected("unknown_part", "", 0), ["aura", "ann"]),
    ],
)
def test_parts_that_cannot_be_read_are_told(part: Any, uninspected: Uninspected, seen: list[str]) -> None:  # noqa: ANN401
    """Kind and size are told, every other string is inspected."""
    body = _gemini(part)
    assert ((uninspected,), seen) == (body.uninspected, texts(body))
    assert ("fileData" in part) is body.needs.state


@pytest.mark.parametrize(
    ("tool", "words", "stored"),
    [
        ({"googleSearch": {}}, ("web_search",), ()),
        ({"google_search_retrieval": {}}, ("web_search",), ()),
        ({"codeExecution": {}}, ("code_execution",), ()),
        ({"urlContext": {}}, ("web_fetch",), ()),
        ({"googleMaps": {}}, ("google_maps",), ()),
        ({"fileSearch": {"fileSearchStoreNames": ["s"]}}, ("file_search",), (Uninspected("file", "", 0),)),
        ({"retrieval": {"vertexAiSearch": {"datastore": "d"}}}, ("file_search",), (Uninspected("file", "", 0),)),
        ({"functionDeclarations": [{"name": "f"}]}, (), ()),
    ],
)
def test_tools_that_the_provider_runs_are_named(
    tool: dict[str, Any], words: tuple[str, ...], stored: tuple[Uninspected, ...]
) -> None:
    """And what they search in is kept there."""
    body = _gemini(tools=[tool])
    assert (words, stored, bool(stored)) == (body.hosted_tools, body.uninspected, body.needs.state)


def test_a_cache_is_state() -> None:
    """What was cached is part of the prompt, and nobody here has seen it."""
    body = _gemini(cachedContent="cachedContents/a")
    assert ((Uninspected("stored_context", "", 0),), True) == (body.uninspected, body.needs.state)


def test_a_reply_is_walked_the_same_way() -> None:
    """Candidates, thoughts, citations and grounding are texts."""
    reply = {
        "candidates": [
            {
                "content": {"role": "model", "parts": [{"text": "of ann", "thought": True}, {"text": "hello ann"}]},
                "finishReason": "STOP",
                "index": 0,
                "citationMetadata": {"citationSources": [{"uri": "u"}]},
                "safetyRatings": [{"category": "HARM_CATEGORY_HARASSMENT", "probability": "LOW"}],
            }
        ],
        "usageMetadata": {"promptTokenCount": 1, "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 1}]},
        "modelVersion": "gemini-2.5-pro",
        "responseId": "r",
    }
    body = body_of(Format.GEMINI_GENERATE_CONTENT, reply, Direction.RESPONSE)
    assert ["of ann", "hello ann", "citationSources", "uri", "u", "r"] == texts(body)
    streamed = body_of(Format.GEMINI_GENERATE_CONTENT, [reply, reply], Direction.RESPONSE)
    assert [*texts(body), *texts(body)] == texts(streamed)
