"""What was said in turn is told to detection; keys, arguments and fields of documents are not."""

import json

from sidecar.payload.shipped import ShippedPayloads
from sidecar.reading import _threads
from sidecar.types.content import Direction, Format


def texts_of_threads(form: Format, document: object, left_out: tuple[str, ...] = ()) -> list[list[str]]:
    """Return the threads of a body by their texts, without those of some texts."""
    segments = ShippedPayloads().read(form, Direction.REQUEST, json.dumps(document).encode()).segments
    which = [index for index, segment in enumerate(segments) if segment.text not in left_out]
    return [[segments[which[place]].text for place in thread] for thread in _threads(segments, which)]


CHAT = {
    "messages": [
        {"role": "user", "content": "one"},
        {
            "role": "assistant",
            "content": "two",
            "tool_calls": [{"id": "c", "type": "function", "function": {"name": "f", "arguments": '{"k":"v"}'}}],
        },
        {"role": "tool", "tool_call_id": "c", "content": '{"a": "b", "c": "d"}'},
        {"role": "user", "content": [{"type": "text", "text": "three"}, {"type": "text", "text": "four"}]},
    ]
}


def test_a_chat() -> None:
    """All turns, then every second one, whichever way content is written."""
    assert [["one", "two", "three", "four"], ["one", "three"], ["two", "four"]] == texts_of_threads(
        Format.OPENAI_CHAT, CHAT
    )


def test_a_second_look() -> None:
    """Where only some texts are looked at again, those are joined that were neighbors in the body."""
    assert [["three", "four"], ["one", "three"]] == texts_of_threads(Format.OPENAI_CHAT, CHAT, ("two",))
    assert [] == texts_of_threads(Format.OPENAI_CHAT, CHAT, ("two", "three"))


def test_what_was_not_said_in_turn() -> None:
    """A plain text has no neighbors, nor has a single message."""
    single = {"model": "m", "max_tokens": 1, "messages": [{"role": "user", "content": "one"}]}
    assert [] == texts_of_threads(Format.ANTHROPIC_MESSAGES, single)
    segments = ShippedPayloads().read(Format.TEXT, Direction.REQUEST, b"just a text").segments
    assert [] == _threads(segments, [0])
