import json
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.actions.restore import ValueRestorer
from sidecar.types.content import Format
from tests.actions.fakes import arriving, cut

ADA, QUOTED = "<PERSON_7KQ2M4XA9D>", "<TEXT_ABCDEFGHJK>"
VALUES = {ADA: "Ada Löve\u4eba", QUOTED: 'a "b"\n\\c'}
RESTORER = ValueRestorer()


def chunk(choice: int, delta: dict[str, Any], finish: str | None = None) -> bytes:
    """Return an event of OpenAI chat."""
    choices = [{"index": choice, "delta": delta, "finish_reason": finish}]
    document = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": choices}
    return f"data: {json.dumps(document)}\n\n".encode()


def call(index: int, arguments: str) -> dict[str, Any]:
    """Return a delta of a tool call."""
    return {"tool_calls": [{"index": index, "function": {"arguments": arguments}}]}


def restored(body: bytes, values: dict[str, str] | None = None) -> bytes:
    """Return a restored body."""
    return RESTORER.whole(Format.OPENAI_CHAT, body, VALUES if values is None else values)[0]


def documents(body: bytes) -> list[Any]:
    """Return the JSON of each event."""
    lines = [line.removeprefix("data:").strip() for line in body.decode().splitlines() if line.startswith("data:")]
    return [json.loads(line) for line in lines if line != "[DONE]"]


def texts(body: bytes) -> dict[tuple[Any, ...], str]:
    """Join the pieces of each text of an OpenAI stream, as a client does."""
    joined: dict[tuple[Any, ...], str] = defaultdict(str)
    for document in documents(body):
        for choice in document["choices"]:
            for field in ("content", "reasoning_content"):
                if choice["delta"].get(field) is not None:
                    joined[choice["index"], field] += choice["delta"][field]
            for one in choice["delta"].get("tool_calls", ()):
                joined[choice["index"], "call", one["index"]] += one["function"]["arguments"]
    return dict(joined)


def test_a_pseudonym_over_many_events_comes_back_in_one() -> None:
    """Deltas that cut a pseudonym are joined; each event keeps its place and all else in it."""
    pieces = ["Dear ", "<PER", "SON_7KQ2", "M4XA9D", ">, hi"]
    body = b"".join(chunk(0, {"content": piece}) for piece in pieces) + chunk(0, {}, "stop") + b"data: [DONE]\n\n"

    expected = [{"content": text} for text in ("Dear ", "", "", "", f"{VALUES[ADA]}, hi")] + [{}]

    assert expected == [document["choices"][0]["delta"] for document in documents(restored(body))]
    assert restored(body).endswith(b"data: [DONE]\n\n")


def test_events_without_pseudonyms_pass_byte_for_byte() -> None:
    """Comments, unknown events, odd spacing and line ends are nobody's business."""
    body = (
        b': keep-alive\r\n\r\nevent: ping\r\ndata:{"a" : 1.50e3,"b":"\\u00e9 \\\\ <x"}\r\n\r\n'
        b'data: not json <\n\ndata: {"a":\ndata: 1}\n\nretry: 5\n\ndata: [1, 2]\n\nid: 7\ndata\n\n\ndata: {"cut'
    )

    assert body == restored(body)


def test_several_choices_and_calls_do_not_mix() -> None:
    """Each text is a stream of its own, however the events are interleaved."""
    arguments = json.dumps({"to": QUOTED, "who": ADA})
    plan = [
        (0, "content", ADA[:7]),
        (1, "content", ADA[:4]),
        (0, "call", arguments[:11]),
        (0, "reasoning_content", f"so {ADA[:3]}"),
        (1, "content", ADA[4:]),
        (0, "call", arguments[11:20]),
        (0, "content", ADA[7:]),
        (0, "reasoning_content", ADA[3:]),
        (0, "call", arguments[20:]),
    ]
    body = b"".join(chunk(i, call(3, text) if field == "call" else {field: text}) for i, field, text in plan)
    got = texts(restored(body + chunk(0, {}, "stop") + chunk(1, {}, "stop")))

    assert {
        (0, "content"): VALUES[ADA],
        (1, "content"): VALUES[ADA],
        (0, "reasoning_content"): f"so {VALUES[ADA]}",
        (0, "call", 3): got[0, "call", 3],
    } == got
    assert {"to": VALUES[QUOTED], "who": VALUES[ADA]} == json.loads(got[0, "call", 3])


@pytest.mark.parametrize("ending", [chunk(0, {}, "length"), b"data: [DONE]\n\n", b""], ids=["finish", "done", "end"])
def test_what_is_held_when_a_text_ends_gets_an_event(ending: bytes) -> None:
    """A half pseudonym at the end is not swallowed: it comes before the end, without repeating role or name."""
    first = chunk(0, {"role": "assistant", "content": "see <PERSON_7"})

    assert restored(first + ending) == (
        chunk(0, {"role": "assistant", "content": "see "})
        + chunk(0, {"content": "<PERSON_7"}).replace(b", ", b",").replace(b": ", b":").replace(b"data:", b"data: ")
        + ending
    )


def test_a_finish_with_text_lets_go_in_the_same_event() -> None:
    """Where the last piece comes with the finish, no event is added."""
    body = chunk(0, {"content": "<PER"}) + chunk(0, {"content": "SON"}, "stop")

    assert [
        (document["choices"][0]["delta"]["content"], document["choices"][0]["finish_reason"])
        for document in documents(restored(body))
    ] == [("", None), ("<PERSON", "stop")]


def test_a_finish_of_another_choice_lets_nothing_go() -> None:
    """Only the choice that ends lets go."""
    body = chunk(0, {"content": ADA[:5]}) + chunk(1, {}, "stop") + chunk(0, {"content": ADA[5:]})

    assert {(0, "content"): VALUES[ADA]} == texts(restored(body))


def test_the_last_event_may_lack_its_blank_line() -> None:
    """A stream that ends within an event is restored and ends as it did."""
    body = (chunk(0, {"content": ADA[:5]}) + chunk(0, {"content": ADA[5:]})).rstrip(b"\n")
    got = restored(body)

    assert {(0, "content"): VALUES[ADA]} == texts(got)
    assert not got.endswith(b"\n")


def test_strings_that_come_whole_are_restored_where_they_are() -> None:
    """Names, keys and fields outside of deltas are restored by themselves, escaped as JSON."""
    document = {"choices": [], "note": f"{QUOTED} \u003c", ADA: [{"delta": {"name": f"{ADA[:5]}"}}], "x": "<PERSON_7"}
    body = f"data: {json.dumps(document)}\n\n".encode()

    assert [
        {
            "choices": [],
            "note": f"{VALUES[QUOTED]} <",
            VALUES[ADA]: [{"delta": {"name": f"{ADA[:5]}"}}],
            "x": "<PERSON_7",
        }
    ] == documents(restored(body))


def test_escaped_brackets_in_arguments_are_brackets() -> None:
    """Arguments whose encoder escapes brackets are restored over any cut, and still parse."""
    arguments = json.dumps({"to": f"\\{QUOTED}"}).replace("<", "\\u003c").replace(">", "\\u003e")
    body = b"".join(chunk(0, call(0, character)) for character in arguments) + chunk(0, {}, "tool_calls")

    assert {"to": f"\\{VALUES[QUOTED]}"} == json.loads(texts(restored(body))[0, "call", 0])


def test_data_in_two_lines_is_restored_as_json() -> None:
    """Servers may write one document over two lines of data."""
    body = f'data: {{"note":\ndata: "{QUOTED}"}}\n\n'.encode()
    lines = [line.removeprefix("data:") for line in restored(body).decode().splitlines()]

    assert {"note": VALUES[QUOTED]} == json.loads("".join(lines))


def test_surrogates_cut_apart_stay() -> None:
    """Half of an emoji in each of two events is kept as it was written."""
    body = chunk(0, {"content": "\ud83d<"}) + chunk(0, {"content": "\ude00"})

    assert texts(restored(body)) == {(0, "content"): "\ud83d<\ude00"}


@pytest.mark.parametrize(
    "line",
    [
        '{"delta": {"a": "<"}, "delta": "<"}',
        '{"delta": "<", "delta": {"a": "<PERSON_7KQ2M4XA9D>"}}',
        '{"delta": ["<PERSON_"], "delta": "<PERSON_7KQ2M4XA9D>"}',
        '{"choices": [{"index": {}, "delta": {"content": "<"}}], "index": [1], "type": {}}',
        '{"choices": [1, {"finish_reason": 1}], "error": 1}',
        "[" * 5000,
        '{"a": ' + "1" * 5000 + ', "delta": "<"}',
    ],
    ids=["twice", "twice the other way", "a letter of a text", "index", "choices", "deep", "digits"],
)
def test_odd_documents_pass(line: str) -> None:
    """Whatever a server writes, its stream goes on and nothing is lost."""
    body = f"data: {line}\n\n".encode()

    assert chunk(0, {"content": "Ada"}) in restored(body + chunk(0, {"content": ADA}), {ADA: "Ada"})
    assert restored(body).startswith(b"data: ")


def anthropic(kind: str, **fields: object) -> bytes:
    """Return an event of Anthropic messages."""
    return f"event: {kind}\ndata: {json.dumps({'type': kind, **fields})}\n\n".encode()


def test_anthropic_blocks_are_streams_of_their_own() -> None:
    """Text and tool input of an Anthropic reply are restored, and what is held goes on before its block stops."""
    body = b"".join(
        [
            anthropic("content_block_delta", index=0, delta={"type": "text_delta", "text": f"to {ADA[:6]}"}),
            anthropic("content_block_delta", index=1, delta={"type": "input_json_delta", "partial_json": '{"a": "<T'}),
            anthropic("content_block_delta", index=0, delta={"type": "text_delta", "text": f"{ADA[6:]} <PER"}),
            anthropic(
                "content_block_delta", index=1, delta={"type": "input_json_delta", "partial_json": f'{QUOTED[2:]}"}}'}
            ),
            anthropic("content_block_stop", index=1),
            anthropic("content_block_stop", index=0),
            anthropic("message_stop"),
        ]
    )
    got = [(document["type"], document.get("index"), document.get("delta")) for document in documents(restored(body))]
    quoted = json.dumps(VALUES[QUOTED])

    assert [
        ("content_block_delta", 0, {"type": "text_delta", "text": "to "}),
        ("content_block_delta", 1, {"type": "input_json_delta", "partial_json": '{"a": "'}),
        ("content_block_delta", 0, {"type": "text_delta", "text": f"{VALUES[ADA]} "}),
        ("content_block_delta", 1, {"type": "input_json_delta", "partial_json": f"{quoted[1:]}}}"}),
        ("content_block_stop", 1, None),
        ("content_block_delta", 0, {"type": "text_delta", "text": "<PER"}),
        ("content_block_stop", 0, None),
        ("message_stop", None, None),
    ] == got
    assert restored(body).count(b"event: content_block_delta\n") == 5


STREAMS = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.sampled_from(["content", "reasoning_content", "call"]),
        st.lists(
            st.sampled_from([ADA, QUOTED, "<", "\\", "\\u003", "é", '{"', "\ud83d", "PER", "\n", " "]), max_size=4
        ),
    ),
    max_size=8,
)


@given(STREAMS, st.data())
async def test_any_chunking_gives_the_same_bytes(
    stream: list[tuple[int, str, list[str]]], drawn: st.DataObject
) -> None:
    """However texts are cut into events, and events into bytes, the stream is that of the whole and loses nothing."""
    events: list[bytes] = []
    expected: dict[tuple[Any, ...], str] = defaultdict(str)
    for choice, field, parts in stream:
        text = "".join(parts)
        places = sorted(place % (len(text) + 1) for place in drawn.draw(st.lists(st.integers(0, 99), max_size=3)))
        for start, end in zip([0, *places], [*places, len(text)], strict=True):
            events.append(chunk(choice, call(0, text[start:end]) if field == "call" else {field: text[start:end]}))
        expected[(choice, field, 0) if field == "call" else (choice, field)] += text
    body = b"".join(events) + drawn.draw(st.sampled_from([b"", b"data: [DONE]\n\n", chunk(0, {}, "stop"), b"data: {"]))
    values = drawn.draw(st.sampled_from([VALUES, {ADA: "Ada"}]))
    got = restored(body, values)
    chunks = cut(body, drawn.draw(st.lists(st.integers(0, len(body)), max_size=30)))
    pieces = [piece async for piece in RESTORER.stream(Format.OPENAI_CHAT, arriving(chunks), values)]

    assert got == b"".join(pieces)
    assert all(pieces)
    if ADA not in "".join(expected.values()) and QUOTED not in "".join(expected.values()):
        assert dict(expected) == texts(got.removesuffix(b"data: {"))


async def first_of(chunks: Sequence[bytes]) -> list[bytes]:
    """Return what comes for each chunk."""
    return [piece async for piece in RESTORER.stream(Format.OPENAI_CHAT, arriving(chunks), VALUES)]


async def test_the_first_event_is_not_delayed() -> None:
    """An event in which no pseudonym begins goes on as soon as it is whole; one choice does not wait for another."""
    events = [chunk(0, {"content": "Dear"}), chunk(0, {"content": " <PE"}), chunk(1, {"content": "Dear"})]

    assert [events[0], chunk(0, {"content": " "}), events[2]] == (await first_of(events))[:3]


async def test_a_json_reply_streams_too() -> None:
    """A reply that was not streamed after all is restored as a document, as it comes."""
    assert [b' {"error": "no ', f'{VALUES[ADA]}"}}'.encode()] == await first_of(
        [b" ", b'{"error": "no <PERSON', b'_7KQ2M4XA9D>"}']
    )
