"""Documents that are inlined in bodies: texts are spliced where they stand, files are read and fixed."""

import base64
import json
import pickle
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.payload.interface import Body
from sidecar.payload.octets import octets
from sidecar.payload.walk import MAX_FILES
from sidecar.types.content import Edit, Format, Opened, Segment, Span, Uninspected
from tests.payload.bodies import PATIENT, body_of, chat, places, replaced, texts
from tests.payload.files import b64, docx, pdf

MAIL = "ann@example.org"


def _chat(part: Any) -> Body:  # noqa: ANN401 - any JSON
    return chat(json.dumps({"messages": [{"role": "user", "content": [part]}]}))


def _file(url: str) -> Body:
    return _chat({"type": "file", "file": {"file_data": url, "filename": "f"}})


def _claude(source: Any) -> Body:  # noqa: ANN401 - as above
    part = {"type": "document", "source": {"type": "base64", **source}}
    return body_of(Format.ANTHROPIC_MESSAGES, {"messages": [{"role": "user", "content": [part]}]})


def _gemini(blob: Any) -> Body:  # noqa: ANN401 - as above
    return body_of(Format.GEMINI_GENERATE_CONTENT, {"contents": [{"parts": [{"inlineData": blob}]}]})


def _responses(part: Any) -> Body:  # noqa: ANN401 - as above
    item = {"role": "user", "content": [{"type": "input_file", **part}]}
    return body_of(Format.OPENAI_RESPONSES, {"input": [item]})


def _ways(content: bytes | str, media_type: str) -> list[Body]:
    """Return bodies that inline a document, in each way that there is."""
    written = b64(content)
    return [
        _file(f"data:{media_type};base64,{written}"),
        _chat({"type": "image_url", "image_url": {"url": f"data:{media_type};base64,{written}"}}),
        _chat({"type": "document_url", "document_url": f"data:{media_type};base64,{written}"}),
        _chat({"type": "unheard-of", "x": [f"data:{media_type};base64,{written}"]}),
        _responses({"file_data": f"data:{media_type};base64,{written}"}),
        _claude({"media_type": media_type, "data": written}),
        _gemini({"mimeType": media_type, "data": written}),
        _gemini(
            {"mime_type": media_type, "data": base64.urlsafe_b64encode(octets(written) or b"").decode().rstrip("=")}
        ),
    ]


@pytest.mark.parametrize(
    ("media_type", "content"),
    [
        ("text/plain", f"write to {MAIL}, please"),
        ("text/csv", f"name,mail\r\nann,{MAIL}\r\n"),
        ("text/markdown", f"# ann\n<{MAIL}>"),
        ("text/html", f"<p>{MAIL}</p>"),
        ("application/xml", f"<a>{MAIL}</a>"),
        ("application/octet-stream", f"{MAIL} 김민수"),
    ],
)
def test_a_text_is_redacted_where_it_stands(media_type: str, content: str) -> None:
    """It is decoded, inspected and written again: nothing of it is fixed, and nothing is left uninspected."""
    for body in _ways(content, media_type):
        assert any(content == segment.text and not segment.fixed for segment in body.segments)
        assert all(part.kind == "unknown_part" for part in body.uninspected)
        after = json.loads(replaced(body, MAIL, "<E>"))
        assert [content.replace(MAIL, "<E>")] == list(_decoded(after))


def _decoded(value: Any, key: str = "") -> Iterator[str]:  # noqa: ANN401 - any JSON
    """Yield what is inlined in a document."""
    if isinstance(value, dict):
        for name, child in value.items():
            yield from _decoded(child, name)
    elif isinstance(value, list):
        for child in value:
            yield from _decoded(child, key)
    elif key in {"data", "file_data", "url", "document_url", "x"}:
        yield (octets(value.rpartition(",")[2]) or b"").decode()


def test_json_is_redacted_string_by_string() -> None:
    """Keys, values and long numbers of an inlined document are texts of their own, and it parses afterwards."""
    content = '{"to": "ann@example.org", "n": 1.50, "card": 4111111111111111, "ann@example.org": "{\\"a\\": \\"b\\"}"}'
    for body in _ways(content, "application/json"):
        seen = texts(body)
        start = seen.index("to")
        assert ["to", MAIL, "n", "card", "4111111111111111", MAIL, "a", "b"] == seen[start : start + 8]
        after = json.loads(replaced(body, MAIL, "<E>"))
        assert [content.replace(MAIL, "<E>")] == list(_decoded(after))


@PATIENT
@given(st.text(min_size=1), st.text(), st.data())
def test_an_inlined_text_is_spliced_by_code_points(text: str, put: str, draw: st.DataObject) -> None:
    """Around the edit all stays, in whatever letters; the rest of the body keeps its bytes."""
    text = "notes: " + "".join(letter for letter in text if letter.isprintable())
    start = draw.draw(st.integers(0, len(text)))
    end = draw.draw(st.integers(start, len(text)))
    body = _file(f"data:text/plain;base64,{b64(text)}")
    assert texts(body) == [text, "f"]
    after = (text[:start] + put + text[end:]).encode("utf-8", "replace").decode()
    assert body.raw.replace(b64(text).encode(), b64(after).encode()) == body.splice([Edit(0, start, end, put)])


def test_a_place_is_the_letters_that_hold_it() -> None:
    """The gateway can find it: in the string, by the base64 letters whose bytes are the value's."""
    content = f"Zoë <{MAIL}>"
    url = f"data:text/plain;base64,{b64(content)}"
    place = _file(url).place(0, Span(5, 5 + len(MAIL)))
    assert MAIL in (octets(url[place.start : place.end]) or b"").decode()
    assert len(url) > place.end - place.start > 0
    nested = _file(f"data:application/json;base64,{b64(json.dumps({'a': MAIL}))}")
    assert ["a", MAIL, "f"] == texts(nested)
    inside = nested.place(1, Span(0, len(MAIL)))
    data_url = json.loads(nested.raw)["messages"][0]["content"][0]["file"]["file_data"]
    assert MAIL in (octets(data_url[inside.start : inside.end]) or b"").decode()


def test_escapes_around_base64_do_not_matter() -> None:
    """A slash may be escaped, in the head of a data URL and in base64 itself."""
    written = f"data:text/plain;base64,{b64('???>>> ' + MAIL)}"
    part = {"type": "file", "file": {"file_data": written}}
    body = chat(json.dumps({"messages": [{"content": [part]}]}).replace("/", "\\/"))
    assert ["???>>> " + MAIL] == texts(body)
    after = json.loads(replaced(body, MAIL, "<E>"))["messages"][0]["content"][0]["file"]["file_data"]
    assert f"data:text/plain;base64,{b64('???>>> <E>')}" == after


@pytest.mark.parametrize(
    "head",
    ["data:;base64,", "data:text/plain;name=ann.smith;base64,", "data:ann/smith;base64,", "DATA:text/x-a;base64,"],
)
def test_a_head_that_says_more_than_a_type_is_text(head: str) -> None:
    """A file's name may stand there, so it is inspected, and can be replaced beside what follows it."""
    content = f"please write to {MAIL}, who has asked for it more than once"
    body = _file(head + b64(content))
    assert [head, content, "f"] == texts(body)
    after = json.loads(replaced(body, "ann", "<P>"))["messages"][0]["content"][0]["file"]["file_data"]
    assert head.replace("ann", "<P>") + b64(content.replace("ann", "<P>")) == after
    assert Span(5, 8) == body.place(0, Span(5, 8))


def test_a_usual_head_is_no_text() -> None:
    """A media type of the usual, with or without the letters it is written in."""
    for head in ("data:text/plain;base64,", "data:text/plain;charset=utf-8;base64,", "data:Text/CSV;base64,"):
        assert ["an ordinary text", "f"] == texts(_file(head + b64("an ordinary text")))


def test_a_picture_that_is_a_text_is_both() -> None:
    """Its text is inspected, and what it shows is told as not."""
    svg = f"<svg>{MAIL}</svg>"
    body = _chat({"type": "image_url", "image_url": {"url": f"data:image/svg+xml;base64,{b64(svg)}"}})
    assert ([svg], (Uninspected("image", "image/svg+xml", len(b64(svg))),)) == (texts(body), body.uninspected)


def test_few_letters_without_a_type_may_be_a_word() -> None:
    """What nobody calls a text, and is as short as a word, is told as not inspected, though it reads as one."""
    body = _file(b64("Ann Smith"))
    assert (["Ann Smith", "f"], (Uninspected("file", "", 12),)) == (texts(body), body.uninspected)


@pytest.mark.parametrize(
    ("media_type", "content", "says"),
    [
        ("application/pdf", pdf(f"to {MAIL}"), f"to {MAIL}"),
        ("application/octet-stream", pdf(f"to {MAIL}"), f"to {MAIL}"),
        (
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            docx([f"to {MAIL[:5]}", MAIL[5:]]),
            f"to {MAIL}",
        ),
    ],
)
def test_a_file_is_read_and_fixed(media_type: str, content: bytes, says: str) -> None:
    """Until it is opened it is told as not inspected; then its text is a segment that nobody can edit."""
    for body in _ways(content, media_type):
        (written,) = body.attachments
        before = [part for part in body.uninspected if part.kind != "unknown_part"]
        assert [len(written)] == [part.size for part in before]
        after = body.with_files({written: Opened(says)})
        assert [says] == [segment.text for segment in after.segments if segment.fixed]
        assert all(part.kind == "unknown_part" for part in after.uninspected)
        assert body.needs.context < after.needs.context
        assert body.needs.modalities == after.needs.modalities
        at = next(index for index, segment in enumerate(after.segments) if segment.fixed)
        assert written in _string_at(after, at)[after.place(at, Span(0, 1)).start :]
        with pytest.raises(ValueError, match="fixed"):
            after.splice([Edit(at, 0, 1, "x")])
        assert after.raw == after.splice([])
        again = pickle.loads(pickle.dumps(after))  # noqa: S301 - our own
        assert (after.segments, after.uninspected, after.files) == (again.segments, again.uninspected, again.files)


def _string_at(body: Body, segment: int) -> str:
    value = json.loads(body.raw)
    for token in body.segments[segment].pointer.split("/")[1:]:
        value = value[int(token)] if isinstance(value, list) else value[token]
    assert isinstance(value, str)
    return value


def test_texts_of_files_stand_where_the_files_do() -> None:
    """In document order, one beside another; what could not be opened stays told, and pictures within are told."""
    urls = [f"data:application/pdf;base64,{b64(pdf(name))}" for name in ("one", "two", "three")]
    parts = [{"type": "file", "file": {"file_data": url}} for url in urls]
    content = [{"type": "text", "text": "a"}, *parts, {"type": "text", "text": "b"}]
    body = chat(json.dumps({"messages": [{"content": content}]}))
    one, two, three = body.attachments
    files = {one: Opened("one"), two: None, three: Opened("three", (Uninspected("image", "", 7),))}
    after = body.with_files(files)
    assert (
        Segment("/messages/0/content/0/text", in_key=False, text="a"),
        Segment("/messages/0/content/1/file/file_data", in_key=False, text="one", fixed=True),
        Segment("/messages/0/content/3/file/file_data", in_key=False, text="three", fixed=True),
        Segment("/messages/0/content/4/text", in_key=False, text="b"),
    ) == after.segments
    assert (Uninspected("document", "application/pdf", len(two)), Uninspected("image", "", 7)) == after.uninspected


def test_so_many_files_are_opened() -> None:
    """The others stay told as not inspected."""
    parts = [
        {"type": "file", "file": {"file_data": f"data:application/pdf;base64,{b64(pdf(str(number)))}"}}
        for number in range(MAX_FILES + 2)
    ]
    body = chat(json.dumps({"messages": [{"content": parts}]}))
    assert (MAX_FILES, MAX_FILES + 2) == (len(body.attachments), len(body.uninspected))


def test_nothing_is_said_of_an_encrypted_thought() -> None:
    """Even where it reads as a text, it is what only the provider can read."""
    body = body_of(
        Format.ANTHROPIC_MESSAGES,
        {"messages": [{"role": "assistant", "content": [{"type": "redacted_thinking", "data": b64("a" * 99)}]}]},
    )
    assert ([], ["encrypted_reasoning"]) == (places(body), [part.kind for part in body.uninspected])
