"""What is read, and what is refused."""

import json
import re
from pathlib import Path
from typing import Any, NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.errors import AmbiguousBody, BadRequest, BodyTooLarge
from sidecar.payload.reader import MAX_DEPTH, NotJson, read
from sidecar.payload.tape import ARRAY, OBJECT, SCALAR, STRING, Tape
from sidecar.types.content import Direction, Format
from tests.payload.bodies import PATIENT, PAYLOADS, VALUES, chat

FILES = Path(__file__).parents[1] / "data" / "payload"
SAYABLE = (
    r"the body is (empty|not UTF-8|ambiguous: (not JSON|a byte-order mark|the document ends too early"
    r"|nested deeper than 128|a key occurs twice in one object|something follows the document))(, at byte [0-9]+)?"
)
BAD = sorted((FILES / "bad").iterdir())


def _value(tape: Tape, row: int) -> Any:  # noqa: ANN401 - any JSON
    """Build the tree that the tape stands for."""
    kind = tape.kinds[row]
    if kind == OBJECT:
        return {tape.keys[child]: _value(tape, child) for child in tape.children(row)}
    if kind == ARRAY:
        elements: list[Any] = []
        for child in tape.children(row):
            if tape.kinds[child] == SCALAR:
                elements += json.loads(f"[{tape.source(child)}]")
            else:
                elements.append(_value(tape, child))
        return elements
    return tape.texts[row] if kind == STRING else json.loads(tape.source(row))


def _whole(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Read lone surrogates, which the break may have made, as U+FFFD."""
    return json.loads(re.sub(r"[\ud800-\udfff]", "\ufffd", json.dumps(value, ensure_ascii=False)))


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) < len(pairs):
        raise ValueError
    return dict(pairs)


def _no(_: str) -> NoReturn:
    raise ValueError


@PATIENT
@given(VALUES)
def test_reads_what_the_standard_library_reads(text: str) -> None:
    """On a valid document the tape stands for the tree that the standard library builds."""
    assert json.loads(text) == _value(read(text), 0)


@PATIENT
@given(VALUES, st.integers(0, 200), st.sampled_from(list('{}[]",:\\0e.-tx \n\ufeff')))
def test_refuses_what_the_standard_library_refuses(text: str, at: int, character: str) -> None:
    """A document with one character put in is read by both, to the same tree, or by neither."""
    broken = text[:at] + character + text[at:]
    try:
        expected = json.loads(broken, object_pairs_hook=_unique, parse_constant=_no)
    except ValueError:
        with pytest.raises(NotJson):
            read(broken)
    else:
        assert _whole(expected) == _value(read(broken), 0)


@pytest.mark.parametrize("format_", sorted(set(Format) - {Format.TEXT}))
@pytest.mark.parametrize("file", BAD, ids=lambda file: file.stem)
def test_ambiguous_bodies_are_refused(file: Path, format_: Format) -> None:
    """A body with the fault its file is named for is ambiguous: the answer names the field, and no word of the body."""
    with pytest.raises(AmbiguousBody) as refused:
        PAYLOADS.read(format_, Direction.REQUEST, file.read_bytes())
    assert "body" == refused.value.field
    assert re.fullmatch(SAYABLE, str(refused.value))


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("nan", "the body is ambiguous: not JSON, at byte 66"),
        ("duplicate-key-escaped", "the body is ambiguous: a key occurs twice in one object, at byte 44"),
        ("byte-order-mark", "the body is ambiguous: a byte-order mark, at byte 0"),
        ("invalid-utf8", "the body is not UTF-8, at byte 67"),
        ("empty", "the body is empty"),
        ("unclosed-object", "the body is ambiguous: the document ends too early, at byte 61"),
        ("two-documents", "the body is ambiguous: something follows the document, at byte 63"),
        ("depth-129-arrays", "the body is ambiguous: nested deeper than 128, at byte 193"),
    ],
)
def test_a_refusal_says_where(name: str, says: str) -> None:
    """The message counts bytes of the body."""
    with pytest.raises(AmbiguousBody) as refused:
        chat((FILES / "bad" / f"{name}.json").read_bytes())
    assert says == str(refused.value)


def test_the_place_of_a_fault_is_in_bytes() -> None:
    """Letters of several bytes before the fault count as such."""
    with pytest.raises(AmbiguousBody, match=r"at byte 14$"):
        chat('{"中":"\U0001f600",}')


WRONG_SHAPES = {
    "openai_chat-array": "body: /0/messages is missing, so it is not openai.chat",
    "openai_chat-empty-array": "body: the document must be an object, or a list of objects",
    "openai_chat-array-of-strings": "body: /1 must be an object",
    "openai_chat-requests-without-bodies": "body: /requests/0/messages is missing, so it is not openai.chat",
    "openai_chat-no-requests": "body: /requests must be an object, or a list of objects",
    "openai_responses-chat": (
        "body: /input or /prompt or /previous_response_id or /conversation is missing, so it is not openai.responses"
    ),
    "openai_responses-input-number": "body: /input must be a string or a list of objects",
    "openai_responses-item-string": "body: /input/1 must be an object",
    "openai_responses-output-number": "body: /input/0/content must be a string or a list of objects",
    "openai_embeddings-no-input": "body: /input is missing, so it is not openai.embeddings",
    "openai_embeddings-input-number": "body: /input must be a string or a list",
    "gemini_generate_content-no-contents": "body: /contents is missing, so it is not gemini.generate_content",
    "gemini_generate_content-contents-string": "body: /contents must be a list of objects",
    "gemini_generate_content-part-string": "body: /contents/0/parts/0 must be an object",
    "cohere_chat-no-message": "body: /messages or /message is missing, so it is not cohere.chat",
    "cohere_chat-history-string": "body: /chat_history must be a list of objects",
    "cohere_chat-content-number": "body: /messages/0/content must be a string or a list of objects",
    "openai_chat-string": "body: the document must be an object",
    "openai_chat-no-messages": "body: /messages is missing, so it is not openai.chat",
    "openai_chat-messages-null": "body: /messages must be a list of objects",
    "openai_chat-messages-object": "body: /messages must be a list of objects",
    "openai_chat-message-string": "body: /messages/1 must be an object",
    "openai_chat-message-number": "body: /messages/1 must be an object",
    "openai_chat-content-number": "body: /messages/3/content must be a string or a list of objects",
    "openai_chat-content-object": "body: /messages/0/content must be a string or a list of objects",
    "openai_chat-content-of-strings": "body: /messages/0/content/0 must be an object",
    "openai_chat-model-number": "body: /model must be a string",
    "anthropic_messages-no-messages": "body: /messages is missing, so it is not anthropic.messages",
    "anthropic_messages-system-number": "body: /system must be a string or a list of objects",
    "anthropic_messages-system-object": "body: /system must be a string or a list of objects",
    "anthropic_messages-result-number": "body: /messages/0/content/0/content must be a string or a list of objects",
    "anthropic_messages-block-string": "body: /messages/0/content/1 must be an object",
}


def test_every_wrong_shape_has_its_words() -> None:
    """No file of a wrong shape is left out of the table."""
    assert sorted(WRONG_SHAPES) == sorted(file.stem for file in (FILES / "wrong_shape").iterdir())


@pytest.mark.parametrize(("name", "says"), WRONG_SHAPES.items())
def test_bodies_of_another_shape_are_refused(name: str, says: str) -> None:
    """A document that is not of its format is refused, with the place."""
    format_ = Format(name.partition("-")[0].replace("_", ".", 1))
    with pytest.raises(BadRequest) as refused:
        PAYLOADS.read(format_, Direction.REQUEST, (FILES / "wrong_shape" / f"{name}.json").read_bytes())
    assert ("body", says, BadRequest) == (refused.value.field, str(refused.value), type(refused.value))


def test_depth_128_is_read() -> None:
    """The deepest document that is taken is read, with its one text at the bottom, in every place that recurses."""
    deep = "[" * 127 + '"x"' + "]" * 127
    assert "x" == chat(f'{{"messages":[],"y":{deep}}}').segments[-1].text
    schema = '{"properties":' * 60 + '{"x":{"description":"d"}}' + "}" * 60
    assert "d" == chat(f'{{"messages":[],"tools":[{{"function":{{"parameters":{schema}}}}}]}}').segments[-1].text
    blocks = '[{"type":"tool_result","content":' * 60 + '"x"' + "}]" * 60
    raw = f'{{"messages":[{{"content":{blocks}}}]}}'.encode()
    assert "x" == PAYLOADS.read(Format.ANTHROPIC_MESSAGES, Direction.REQUEST, raw).segments[-1].text


@pytest.mark.parametrize("opened", ["[", '{"a":', '["', '{"a":{"b":['])
def test_a_million_brackets_are_refused(opened: str) -> None:
    """Neither recursion nor memory is at the mercy of the caller."""
    with pytest.raises(AmbiguousBody):
        chat(opened * 1_000_000)


def test_ten_thousand_messages_are_read() -> None:
    """A long conversation is a body like any other."""
    messages = [{"role": "user", "content": f"turn {turn}"} for turn in range(10_000)]
    assert [f"turn {turn}" for turn in range(10_000)] == [
        segment.text for segment in chat(json.dumps({"messages": messages})).segments
    ]


def test_too_many_values_are_refused() -> None:
    """A body made of brackets costs a bounded amount of work."""
    with pytest.raises(BodyTooLarge) as refused:
        chat('{"messages":[],"x":[' + "[]," * (1 << 20) + "1]}")
    assert "body" == refused.value.field


def test_too_many_texts_are_refused() -> None:
    """Also where they are within strings, which the limit of values does not count."""
    with pytest.raises(BodyTooLarge) as refused:
        chat(json.dumps({"messages": [], "x": [json.dumps(["a"] * 100)] * 2700}))
    assert "body" == refused.value.field


def test_keys_that_would_make_pointers_quadratic_are_refused() -> None:
    """A huge key above many strings does not multiply."""
    with pytest.raises(BodyTooLarge) as refused:
        chat(json.dumps({"messages": [], "k" * 1_000_000: ["a"] * 1000}))
    assert "body" == refused.value.field


def test_a_lone_surrogate_is_read_and_kept() -> None:
    """It reads as U+FFFD, and stays as it is written."""
    raw = rb'{"messages":[{"role":"user","content":"a\ud83dz \ude00 \ud83d\ud83d\ude00 \uDBFF"}]}'
    body = chat(raw)
    assert "a\ufffdz \ufffd \ufffd\U0001f600 \ufffd" == body.segments[0].text
    assert raw == body.splice([])


def test_a_number_run_is_one_row() -> None:
    """Numbers in an array cost nothing each: there is no text in them."""
    tape = read("[1, 2,3 ,null,[4], true]")
    assert [(0, SCALAR), (4, ARRAY), (5, SCALAR)] == [(index, tape.kinds[row]) for index, row in tape.elements(0)]
    assert len(tape) == 5


def test_depth_is_counted_in_containers() -> None:
    """The limit is the one the design names."""
    assert MAX_DEPTH == 128
    assert 128 == len(read("[" * 128 + "]" * 128))
