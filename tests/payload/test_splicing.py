"""Edits change the strings they are about, and nothing else."""

import json
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.payload.escapes import decode
from sidecar.payload.interface import Body
from sidecar.payload.leaves import MAX_NESTING, Role
from sidecar.types.content import Direction, Edit, Format, Segment, Span
from tests.payload.bodies import PATIENT, PAYLOADS, TEXTS, THOROUGH, bodies, chat, replaced, strings, texts

MARK = "\ue000"


def _read(written: tuple[Format, str]) -> Body:
    return PAYLOADS.read(written[0], Direction.REQUEST, written[1].encode())


def _get(document: Any, pointer: str) -> Any:  # noqa: ANN401 - any JSON
    for token in pointer.split("/")[1:]:
        name = token.replace("~1", "/").replace("~0", "~")
        document = document[int(name)] if isinstance(document, list) else document[name]
    return document


@THOROUGH
@given(bodies())
def test_no_edits_change_nothing(written: tuple[Format, str]) -> None:
    """Without edits the body is the same bytes, also after a journey between processes."""
    raw, body = written[1], _read(written)
    assert raw.encode() == body.splice([])
    assert list(body.segments) == list(pickle.loads(pickle.dumps(body)).segments)  # noqa: S301 - our own


@THOROUGH
@given(bodies())
def test_an_edit_that_puts_the_same_text_changes_no_document(written: tuple[Format, str]) -> None:
    """Every text written anew is read as it was, at every level of nesting."""
    raw, body = written[1], _read(written)
    again = body.splice(
        [
            Edit(index, 0, len(segment.text), segment.text)
            for index, segment in enumerate(body.segments)
            if _is_text(body, index)
        ]
    )
    assert json.loads(raw) == _sorted_nested(json.loads(again), json.loads(raw))
    assert texts(body) == texts(_read((written[0], again.decode())))


def _is_text(body: Any, index: int) -> bool:  # noqa: ANN401 - looks inside
    return body._reading.leaves[index].role is not Role.NUMBER


def _sorted_nested(value: Any, like: Any) -> Any:  # noqa: ANN401 - any JSON
    """Put strings that hold equal documents in the words of ``like``: their escapes may be written otherwise."""
    if isinstance(value, str) and isinstance(like, str) and value != like:
        assert json.loads(value) == json.loads(like) or strings_of(value) == strings_of(like)
        return like
    if isinstance(value, list):
        return [_sorted_nested(child, other) for child, other in zip(value, like, strict=True)]
    if isinstance(value, dict):
        return {key: _sorted_nested(child, like[key]) for key, child in value.items()}
    return value


def strings_of(written: str) -> list[str]:
    """Return the innermost strings of a document in a string."""
    found: list[str] = []
    for text in strings(json.loads(written)):
        try:
            found += strings_of(text)
        except (ValueError, RecursionError):
            found.append(text)
    return found


@st.composite
def _edited(draw: st.DrawFn) -> tuple[tuple[Format, str], list[Edit], dict[int, str]]:
    """A body, edits of some of its segments, and what each of those then reads."""
    written = draw(bodies())
    body = _read(written)
    segments = body.segments
    texts_only = [index for index in range(len(segments)) if _is_text(body, index)]  # a number becomes a string
    edits: list[Edit] = []
    expected: dict[int, str] = {}
    for index in draw(st.lists(st.sampled_from(texts_only), unique=True, max_size=4)) if texts_only else ():
        text = segments[index].text
        cuts = sorted(draw(st.lists(st.integers(0, len(text)), min_size=2, max_size=4, unique=True)))
        done, pieces = 0, []
        for start, end in zip(cuts[::2], cuts[1::2], strict=False):
            put = f"{MARK}{draw(TEXTS)}{index}"  # no two keys become equal
            edits.append(Edit(index, start, end, put))
            pieces += [text[done:start], put]
            done = end
        expected[index] = "".join((*pieces, text[done:]))
    return written, draw(st.permutations(edits)), expected


@THOROUGH
@given(_edited())
def test_edits_change_only_their_segments(case: tuple[tuple[Format, str], list[Edit], dict[int, str]]) -> None:
    """The edited body parses, its edited segments read as wanted, all others as before, and the bytes around stay."""
    (form, raw), edits, expected = case
    body = _read((form, raw))
    after = body.splice(edits)
    json.loads(after)
    again = _read((form, after.decode()))
    wanted = [expected.get(index, segment.text) for index, segment in enumerate(body.segments)]
    assert [text for text in wanted if text] == texts(again)
    assert [segment.in_key for segment in body.segments] == [segment.in_key for segment in again.segments]
    assert _skeleton(raw) == _skeleton(after.decode())


def _skeleton(written: str) -> str:
    """Return a document without the content of its strings: numbers, order, spacing, brackets."""
    kept, inside, escaped = [], False, False
    for character in written:
        if inside:
            inside = escaped or character != '"'
            escaped = character == "\\" and not escaped
            if not inside:
                kept.append('"')
        else:
            kept.append(character)
            inside = character == '"'
    return "".join(kept)


@THOROUGH
@given(bodies())
def test_places_are_spans_of_the_string_at_the_pointer(written: tuple[Format, str]) -> None:
    """A span's place, decoded as often as it is nested, is the span's text."""
    body, document = _read(written), json.loads(written[1])
    for index, segment in enumerate(body.segments):
        if segment.in_key:
            assert Span(0, len(segment.text)) == body.place(index, Span(0, len(segment.text)))
            continue
        string = _get(document, segment.pointer)
        if not isinstance(string, str):  # a long number of a tool's input
            assert Span(0, len(segment.text)) == body.place(index, Span(0, len(segment.text)))
            continue
        for start in range(len(segment.text)):
            place = body.place(index, Span(start, start + 1))
            piece = string[place.start : place.end]
            for _ in range(MAX_NESTING):
                piece = piece if piece == segment.text[start] else decode(piece)
            assert segment.text[start] == piece


def test_places_count_code_points() -> None:
    """A surrogate pair is one code point, an escape too, a combining mark is its own."""
    body = chat(r'{"messages":[{"role":"user","content":"\ud83d\ude00 e\u0301 \n한 john"}]}')
    text = body.segments[0].text
    at = text.index("john")
    assert ("😀 e\u0301 \n한 john", 8) == (text, at)
    assert Span(8, 12) == body.place(0, Span(8, 12))
    assert json.loads(body.raw)["messages"][0]["content"][8:12] == "john"


def test_places_in_arguments_are_those_of_the_outer_string() -> None:
    """The gateway looks a finding up in the string it can see: the arguments after one decoding."""
    arguments = '{"to":"Zo\\u00eb <z@x.org>"}'
    body = chat(json.dumps({"messages": [{"tool_calls": [{"function": {"arguments": arguments}}]}]}))
    index = texts(body).index("Zoë <z@x.org>")
    place = body.place(index, Span(5, 12))
    assert "z@x.org" == arguments[place.start : place.end]
    assert r"Zo\u00eb" == arguments[slice(*_ends(body.place(index, Span(0, 3))))]


def _ends(span: Span) -> tuple[int, int]:
    return span.start, span.end


def test_every_other_byte_stays() -> None:
    """Numbers as written, order, spacing, escapes and unknown fields are none of our business."""
    raw = (
        b'{ "temperature":1.0,\t"seed":12345678901234567890, "messages" :[ {"content":"caf\\u00e9 \\/ bob@x.org!",'
        b'"role":"user"}],"zeta":-0.0e-0,"alpha":[1 ,2],"x":"\xc3\xa9\\u00E9\\ud800" }\r\n'
    )
    assert raw.replace(b"bob@x.org", b"<EMAIL>") == replaced(chat(raw), "bob@x.org", "<EMAIL>")


def test_an_edit_is_escaped_as_deep_as_it_is_nested() -> None:
    """What is put into a document in a document in a string breaks none of them."""
    inner = json.dumps({"q": "call bob"})
    arguments = json.dumps({"query": inner, "n": 1.50})
    body = chat(json.dumps({"messages": [{"function_call": {"arguments": arguments}}]}))
    put = 'a"b\\c\nd\u2028é'
    after = json.loads(replaced(body, "bob", put))["messages"][0]["function_call"]["arguments"]
    assert f"call {put}" == json.loads(json.loads(after)["query"])["q"]
    assert arguments.replace("bob", "") == after.replace(encoded_twice(put), "")


def encoded_twice(text: str) -> str:
    """Escape a text as it stands in a document in a string."""
    once = json.dumps(text, ensure_ascii=False)[1:-1]
    return json.dumps(once, ensure_ascii=False)[1:-1]


def test_beyond_the_deepest_nesting_json_is_text() -> None:
    """A document nested deeper is looked at as the text it is, not left out."""
    text = "bob"
    for _ in range(MAX_NESTING + 2):
        text = json.dumps({"k": text})
    body = chat(json.dumps({"messages": [], "x": text}))
    assert "bob" in texts(body)[-1]
    assert texts(body)[-1] != "bob"
    after = json.loads(replaced(body, "bob", "<P>"))["x"]
    assert text.replace("bob", "<P>") == after


def test_keys_are_edited_like_values() -> None:
    """A key that holds an address loses it, in the body and in arguments alike."""
    body = chat('{"messages":[{"function_call":{"arguments":"{\\"bob@x.org\\":1}"}}],"x":{"bob@x.org":2}}')
    assert b'{"messages":[{"function_call":{"arguments":"{\\"<E>\\":1}"}}],"x":{"<E>":2}}' == replaced(
        body, "bob@x.org", "<E>"
    )


def test_keys_that_would_be_equal_are_numbered() -> None:
    """Names stay unique within an object, whatever is already there; other objects do not matter."""
    body = chat('{"messages":[],"x":{"bob":1,"<P>_2":2,"eve":3,"<P>":4,"ann":{"bob":5}}}')
    edits = [
        Edit(index, 0, 3, "<P>")
        for index, segment in enumerate(body.segments)
        if segment.in_key and segment.text in {"bob", "eve", "ann"}
    ]
    assert b'{"messages":[],"x":{"<P>_3":1,"<P>_2":2,"<P>_4":3,"<P>":4,"<P>_5":{"<P>":5}}}' == body.splice(edits)


def test_keys_edited_in_parts_are_numbered() -> None:
    """The number stands at the end, also where the edit does not."""
    body = chat('{"messages":[],"x":{"a-bob-z":1,"a-eve-z":2}}')
    edits = [Edit(index, 2, 5, "P") for index, segment in enumerate(body.segments) if segment.text.startswith("a-")]
    assert b'{"messages":[],"x":{"a-P-z":1,"a-P-z_2":2}}' == body.splice(edits)


@PATIENT
@given(st.lists(st.sampled_from(["a", "b", "a_2", "c", "a_3", "b_2"]), unique=True, min_size=1), st.data())
def test_renamed_keys_stay_unique(keys: list[str], draw: st.DataObject) -> None:
    """Whatever keys become, their number and their values stay."""
    body = chat(json.dumps({"messages": [], "x": {key: value for value, key in enumerate(keys)}}))
    edits = [
        Edit(index, 0, len(segment.text), "a")
        for index, segment in enumerate(body.segments)
        if segment.pointer != "/x" and draw.draw(st.booleans())
    ]
    after = json.loads(body.splice(edits))["x"]
    assert list(range(len(keys))) == list(after.values())


def test_a_long_number_in_arguments_becomes_a_string() -> None:
    """A number that is somebody's can be taken out, and the document still parses."""
    arguments = '{"card": 4111111111111111, "n": 12, "all": [1, 2, 90010112345678, 3]}'
    body = chat(json.dumps({"messages": [{"function_call": {"arguments": arguments}}]}))
    assert ["card", "4111111111111111", "n", "all", "90010112345678"] == texts(body)
    after = json.loads(replaced(body, "4111111111111111", "<CARD>"))["messages"][0]["function_call"]["arguments"]
    assert arguments.replace("4111111111111111", '"<CARD>"') == after


@pytest.mark.parametrize(
    "edits",
    [
        [Edit(0, 0, 2, "x"), Edit(0, 1, 3, "y")],
        [Edit(0, 0, 3, "x"), Edit(0, 0, 3, "x")],
        [Edit(0, 1, 1, "x"), Edit(0, 1, 1, "y")],
        [Edit(0, 0, 4, "x")],
        [Edit(0, -1, 1, "x")],
        [Edit(0, 2, 1, "x")],
        [Edit(1, 0, 0, "x")],
    ],
)
def test_impossible_edits_are_a_programming_error(edits: list[Edit]) -> None:
    """Edits that overlap or lie outside are never half made."""
    body = chat('{"messages":[{"content":"abc"}]}')
    with pytest.raises(ValueError, match="edit"):
        body.splice(edits)


def test_edits_side_by_side_are_both_made() -> None:
    """Touching is not overlapping."""
    body = chat('{"messages":[{"content":"abc"}]}')
    assert b'{"messages":[{"content":"XYc"}]}' == body.splice([Edit(0, 1, 2, "Y"), Edit(0, 0, 1, "X")])


def test_the_model_is_named_anew() -> None:
    """Only the name changes, escaped as need be; a body without one stays as it is."""
    body = chat('{"x":{"model":"a"}, "model" : "gpt\\u002d4o","messages":[]}')
    assert b'{"x":{"model":"a"}, "model" : "qwen/\\"3\\"","messages":[]}' == body.with_model('qwen/"3"')
    assert b'{"messages":[] }' == chat('{"messages":[] }').with_model("b")


def test_a_body_comes_back_from_a_worker() -> None:
    """What is pickled is the bytes and where things stand, not the texts again."""
    raw = json.dumps({"model": "m", "messages": [{"content": "x" * 100_000}], "stream": True})
    body = chat(raw)
    assert body.segments == (Segment("/messages/0/content", in_key=False, text="x" * 100_000),)
    pickled = pickle.dumps(body)
    assert len(pickled) < len(raw) + 2000
    again = pickle.loads(pickled)  # noqa: S301 - our own
    assert (body.raw, body.format, body.segments, body.needs, body.uninspected, body.hosted_tools, body.streaming) == (
        again.raw, again.format, again.segments, again.needs, again.uninspected, again.hosted_tools, again.streaming
    )  # fmt: skip
