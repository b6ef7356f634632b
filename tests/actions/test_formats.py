"""The streams of every API, given back whole however they are cut."""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sidecar.actions.restore import ValueRestorer
from sidecar.types.content import Format
from tests.actions.fakes import arriving, cut

ADA, QUOTED = "<PERSON_7KQ2M4XA9D>", "<TEXT_ABCDEFGHJK>"
VALUES = {ADA: "Ada Löve\u4eba", QUOTED: 'a "b"\n\\c'}
RESTORER = ValueRestorer()

Writer = Callable[[str, str], Mapping[str, Any]]
"""Makes the document that carries a piece of a text: ``text``, ``thought`` or ``call``."""


def openai_chat(field: str, piece: str) -> Mapping[str, Any]:
    """Return a chunk of OpenAI chat."""
    deltas: dict[str, Any] = {
        "text": {"content": piece},
        "thought": {"reasoning_content": piece},
        "call": {"tool_calls": [{"index": 0, "function": {"arguments": piece}}]},
    }
    return {"object": "chat.completion.chunk", "choices": [{"index": 0, "delta": deltas[field], "finish_reason": None}]}


def openai_responses(field: str, piece: str) -> Mapping[str, Any]:
    """Return an event of OpenAI responses."""
    kind, place = {
        "text": ("output_text", 1),
        "thought": ("reasoning_summary_text", 0),
        "call": ("function_call_arguments", 2),
    }[field]
    return {"type": f"response.{kind}.delta", "item_id": "i", "output_index": place, "content_index": 0, "delta": piece}


def anthropic(field: str, piece: str) -> Mapping[str, Any]:
    """Return an event of Anthropic messages."""
    kind, member, place = {
        "text": ("text_delta", "text", 1),
        "thought": ("thinking_delta", "thinking", 0),
        "call": ("input_json_delta", "partial_json", 2),
    }[field]
    return {"type": "content_block_delta", "index": place, "delta": {"type": kind, member: piece}}


def gemini(field: str, piece: str) -> Mapping[str, Any]:
    """Return a chunk of Gemini; its calls come whole."""
    parts: dict[str, Any] = {
        "text": {"text": piece},
        "thought": {"thought": True, "text": piece},
        "call": {"functionCall": {"name": "f", "args": {"a": piece}}},
    }
    return {"candidates": [{"content": {"parts": [parts[field]], "role": "model"}, "index": 0}], "modelVersion": "g"}


def cohere(field: str, piece: str) -> Mapping[str, Any]:
    """Return an event of Cohere chat."""
    kind, message = {
        "text": ("content-delta", {"content": {"text": piece}}),
        "thought": ("tool-plan-delta", {"tool_plan": piece}),
        "call": ("tool-call-delta", {"tool_calls": {"function": {"arguments": piece}}}),
    }[field]
    return {"type": kind, "index": 0, "delta": {"message": message}}


def sse(documents: Sequence[Mapping[str, Any]]) -> bytes:
    """Write documents as server-sent events."""
    return "".join(f"data: {json.dumps(one, ensure_ascii=False)}\n\n" for one in documents).encode("utf-8", "replace")


def crlf(documents: Sequence[Mapping[str, Any]]) -> bytes:
    """The same with other line ends, names of events, comments, and documents over several lines."""
    written = [json.dumps(one, indent=1).replace("\n", "\r\ndata:") for one in documents]
    return "".join(f": ping\r\n\r\nevent: x\r\ndata: {one}\r\nid: 1\r\n\r\n" for one in written).encode()


def array(documents: Sequence[Mapping[str, Any]]) -> bytes:
    """Write documents as elements of one array."""
    return b"[" + ",\n".join(json.dumps(one, indent=1) for one in documents).encode() + b"\n]\n"


def events_of(body: bytes) -> list[Any]:
    """Read either."""
    if body.startswith(b"["):
        return list(json.loads(body))
    lines = [line for line in body.decode().replace("\r\n", "\n").split("\n\n") if "data:" in line]
    return [json.loads("\n".join(x[5:] for x in line.split("\n") if x.startswith("data:"))) for line in lines]


def joined(documents: Sequence[Any], write: Writer) -> dict[str, str]:
    """Join the pieces as a client does: where a document's piece is, is seen from what the writer makes of it."""
    texts: dict[str, str] = defaultdict(str)
    for document in documents:
        for field in ("text", "thought", "call"):
            piece = _match(write(field, "?"), document)
            if piece is not None:
                texts[field] += piece
                break
    return dict(texts)


def _match(pattern: Any, document: Any) -> str | None:  # noqa: ANN401 - any JSON
    """Return what stands where the pattern has a question mark; None where another thing of the pattern is missing."""
    if pattern == "?":
        return document if isinstance(document, str) else None
    if isinstance(pattern, list):
        return _match(pattern[0], document[0]) if isinstance(document, list) and document else None
    if isinstance(pattern, dict):
        if not isinstance(document, dict) or ("text" in pattern and ("thought" in document) != ("thought" in pattern)):
            return None
        for key in ("type", "output_index"):
            if key in pattern and document.get(key) != pattern[key]:
                return None
        found = [_match(value, document.get(key)) for key, value in pattern.items() if "?" in repr(value)]
        return found[0] if found else None
    return None


APIS: dict[str, tuple[Format, Writer, Callable[[Sequence[Mapping[str, Any]]], bytes]]] = {
    "openai chat": (Format.OPENAI_CHAT, openai_chat, sse),
    "openai chat, lines": (Format.OPENAI_CHAT, openai_chat, crlf),
    "openai responses": (Format.OPENAI_RESPONSES, openai_responses, sse),
    "anthropic": (Format.ANTHROPIC_MESSAGES, anthropic, sse),
    "anthropic, lines": (Format.ANTHROPIC_MESSAGES, anthropic, crlf),
    "gemini": (Format.GEMINI_GENERATE_CONTENT, gemini, sse),
    "gemini array": (Format.GEMINI_GENERATE_CONTENT, gemini, array),
    "cohere": (Format.COHERE_CHAT, cohere, sse),
}


def expected_of(field: str, text: str) -> str:
    """Return a text with its values: those within arguments are escaped as JSON."""
    for pseudonym, value in VALUES.items():
        text = text.replace(pseudonym, json.dumps(value, ensure_ascii=False)[1:-1] if field == "call" else value)
    return text


@pytest.mark.parametrize("name", APIS)
@settings(max_examples=40)
@given(drawn=st.data())
async def test_pseudonyms_in_pieces(name: str, drawn: st.DataObject) -> None:
    """Text, reasoning and arguments, by turns and in pieces of any size: each comes back whole, whatever the cuts."""
    format_, write, frame = APIS[name]
    words = st.lists(st.sampled_from([ADA, QUOTED, "<PER", "P", "hi ", "é", "《", "人"]), min_size=1, max_size=4)
    texts = {
        "text": "x" + "".join(drawn.draw(words)),
        "thought": "".join(drawn.draw(words)),
        "call": f'{{"to": "{"".join(drawn.draw(words))}"}}',
    }
    queues = {field: [text[i : i + 7] for i in range(0, len(text), 7)] for field, text in texts.items()}
    if write is gemini:
        queues["call"], texts["call"] = [texts["call"]], texts["call"]
    plan = drawn.draw(st.permutations([field for field, pieces in queues.items() for _ in pieces]))
    body = frame([write(field, queues[field].pop(0)) for field in plan])
    chunks = cut(body, drawn.draw(st.lists(st.integers(0, len(body)), max_size=12)))
    whole, _ = RESTORER.whole(format_, body, VALUES)
    pieces = [piece async for piece in RESTORER.stream(format_, arriving(chunks), VALUES)]

    assert {field: expected_of(field, text) for field, text in texts.items()} == joined(events_of(whole), write)
    assert whole == b"".join(pieces)


@pytest.mark.parametrize("name", APIS)
def test_what_holds_no_pseudonym_passes_byte_for_byte(name: str) -> None:
    """Neither spacing nor line ends nor the order of members is anybody's business."""
    format_, write, frame = APIS[name]
    body = frame([write(field, piece) for field in ("text", "thought", "call") for piece in ("a <b", "\\u00e9 ", "_c")])

    assert (body, 0) == RESTORER.whole(format_, body, VALUES)


@pytest.mark.parametrize(
    "call",
    [
        {"partialArgs": {"stringValue": ADA}},
        {"partialArgs": {"x": {"stringValue": ADA}}},
        {"partialArgs": [{"stringValue": ADA}]},
        {"partialArgs": [{"stringValue": [ADA]}], "args": [ADA]},
    ],
)
def test_calls_of_another_shape_are_restored_too(call: Mapping[str, Any]) -> None:
    """What is no piece of an argument is whole by itself."""
    body = sse([{"candidates": [{"content": {"parts": [{"functionCall": call}]}}]}])
    restored, _ = RESTORER.whole(Format.GEMINI_GENERATE_CONTENT, body, VALUES)

    assert (
        json.loads(json.dumps(call).replace(ADA, VALUES[ADA]))
        == (events_of(restored)[0]["candidates"][0]["content"]["parts"][0]["functionCall"])
    )


@pytest.mark.parametrize(
    ("name", "ending"),
    [
        ("openai responses", {"type": "response.output_text.done", "output_index": 1, "content_index": 0}),
        ("openai responses", {"type": "response.completed", "response": {"id": "r"}}),
        ("anthropic", {"type": "content_block_stop", "index": 1}),
        ("cohere", {"type": "content-end", "index": 0}),
        ("cohere", {"type": "message-end", "delta": {"finish_reason": "MAX_TOKENS"}}),
        ("gemini", {"candidates": [{"finishReason": "STOP", "index": 0}]}),
        ("gemini array", {"candidates": [{"finishReason": "STOP", "index": 0}]}),
    ],
)
def test_half_a_pseudonym_comes_before_the_end(name: str, ending: Mapping[str, Any]) -> None:
    """What is held when a text ends goes on in an event of its own, before the one that says so."""
    format_, write, frame = APIS[name]
    whole, _ = RESTORER.whole(format_, frame([write("text", "see <PERSON_7"), ending]), VALUES)
    got = events_of(whole)

    assert 3 == len(got)
    assert ending == got[2]
    assert {"text": "see <PERSON_7"} == joined(got, write)
    assert ["see ", "<PERSON_7"] == [joined([one], write)["text"] for one in got[:2]]


def test_the_end_of_another_text_lets_nothing_go() -> None:
    """Only the text that ends lets go."""
    other = {"type": "response.output_text.done", "output_index": 7, "content_index": 0}
    body = sse([openai_responses("text", ADA[:5]), other, openai_responses("text", ADA[5:])])

    assert ["", VALUES[ADA]] == [
        one["delta"] for one in events_of(RESTORER.whole(Format.OPENAI_RESPONSES, body, VALUES)[0]) if "delta" in one
    ]


@pytest.mark.parametrize("end", [b"\n]", b""])
def test_a_gemini_array_that_ends_within_a_pseudonym_stays_an_array(end: bytes) -> None:
    """What is held becomes one more element; where the stream broke off nothing is lost."""
    body = array([gemini("text", ADA), gemini("text", "to <PER")]).removesuffix(b"\n]\n") + end
    whole, _ = RESTORER.whole(Format.GEMINI_GENERATE_CONTENT, body, VALUES)

    assert {"text": f"{VALUES[ADA]}to <PER"} == joined(json.loads(whole.removesuffix(b"]") + b"]"), gemini)
    assert whole.endswith(b"]") == bool(end)


def test_what_repeats_a_text_is_whole() -> None:
    """The events at the end of a responses stream hold the texts again: each is restored by itself, and escaped."""
    done = {"type": "response.function_call_arguments.done", "output_index": 2, "arguments": json.dumps({"to": QUOTED})}
    completed = {"type": "response.completed", "response": {"output": [{"content": [{"text": f"{ADA} <PER"}]}]}}
    got = events_of(RESTORER.whole(Format.OPENAI_RESPONSES, sse([done, completed]), VALUES)[0])

    assert {"to": VALUES[QUOTED]} == json.loads(got[0]["arguments"])
    assert f"{VALUES[ADA]} <PER" == got[1]["response"]["output"][0]["content"][0]["text"]


def test_citations_are_whole() -> None:
    """A citation within a delta is no piece of the text around it."""
    cited = {
        "type": "citation-start",
        "index": 0,
        "delta": {"message": {"citations": {"text": "the <PER", "start": 1}}},
    }
    body = sse([cited, cohere("text", "SON_7KQ2M4XA9D>")])

    assert (body, 0) == RESTORER.whole(Format.COHERE_CHAT, body, VALUES)


def test_lines_of_json() -> None:
    """Cohere's first API streams lines: a pseudonym over two of them comes back in the second."""
    texts = ["Hi <PERS", "ON_7KQ2M4XA9D>, bye"]
    lines = [json.dumps({"is_finished": False, "event_type": "text-generation", "text": text}) for text in texts]
    end = json.dumps({"is_finished": True, "event_type": "stream-end", "response": {"text": f"Hi {ADA}, bye"}})
    got = RESTORER.whole(Format.COHERE_CHAT, "\n".join([*lines, end, "", "no json"]).encode(), VALUES)[0].decode()
    restored = [json.loads(line) for line in got.split("\n")[:3]]

    assert ["Hi ", f"{VALUES[ADA]}, bye"] == [one["text"] for one in restored[:2]]
    assert {"text": f"Hi {VALUES[ADA]}, bye"} == restored[2]["response"]
    assert got.endswith("\n\nno json")


async def test_the_first_bytes_are_not_delayed() -> None:
    """The first event of each stream, and the first bytes of each document, go on as soon as they are there."""
    for name, (format_, write, frame) in APIS.items():
        first, second = (
            frame([write("text", "Dear")]).removesuffix(b"\n]\n"),
            b",\n{" if "array" in name else b"data: {",
        )
        stream = RESTORER.stream(format_, arriving([first, second]), VALUES)
        assert first == await anext(stream), name
    for format_ in Format:
        assert b'{"a": "b' == await anext(RESTORER.stream(format_, arriving([b'{"a": "b', b'"}']), VALUES))


KEYS = st.sampled_from(
    ["delta", "choices", "candidates", "content", "parts", "text", "index", "type", "error", "finish_reason", "thought"]
)
LEAVES = st.one_of(
    st.sampled_from([ADA, "<PERSON_", "7KQ2M4XA9D>", "P", "content_block_stop", "x.done", "message_stop", "a-start"]),
    st.integers(0, 2),
    st.none(),
    st.booleans(),
)
TREES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner, max_size=4))


def twice(pairs: Sequence[tuple[str, Any]]) -> str:
    """Write an object in which a key may stand twice."""
    return "{" + ",".join(f"{json.dumps(key)}:{json.dumps(value)}" for key, value in pairs) + "}"


@given(
    st.lists(st.lists(st.tuples(KEYS, TREES), max_size=3).map(twice), max_size=4),
    st.lists(st.integers(0, 600), max_size=8),
    st.sampled_from(["data: {}\n\n", "[{}", ",{}", '{{"is_finished":{}\n', "{}\n"]),
)
async def test_whatever_a_server_writes_goes_on(documents: list[str], places: list[int], frame: str) -> None:
    """No document stops a stream, however odd; and cuts make no difference to it."""
    body = "".join(frame.format(document) for document in documents).encode()
    for format_ in (Format.OPENAI_CHAT, Format.GEMINI_GENERATE_CONTENT, Format.COHERE_CHAT):
        pieces = [piece async for piece in RESTORER.stream(format_, arriving(cut(body, places)), VALUES)]
        assert RESTORER.whole(format_, body, VALUES)[0] == b"".join(pieces)


def test_arguments_that_gemini_streams() -> None:
    """Arguments of a call come in pieces too, each under its path."""

    def chunk(*pieces: tuple[str, str]) -> Mapping[str, Any]:
        arguments = [{"jsonPath": path, "stringValue": text, "willContinue": True} for path, text in pieces]
        part = {"functionCall": {"partialArgs": arguments, "willContinue": True}}
        return {"candidates": [{"content": {"parts": [part]}, "index": 0}]}

    end = {"candidates": [{"content": {"parts": [{"functionCall": {}}]}, "finishReason": "STOP", "index": 0}]}
    body = sse([chunk(("$.a", f"x{ADA[:4]}"), ("$.b", "<PER")), chunk(("$.a", ADA[4:])), end])
    got = events_of(RESTORER.whole(Format.GEMINI_GENERATE_CONTENT, body, VALUES)[0])
    said: dict[str, str] = defaultdict(str)
    for document in got:
        for piece in document["candidates"][0]["content"]["parts"][0]["functionCall"].get("partialArgs", ()):
            said[piece["jsonPath"]] += piece["stringValue"]

    assert {"$.a": f"x{VALUES[ADA]}", "$.b": "<PER"} == said
    assert end == got[-1]
