"""What users of other tools ask for about stand-ins and the way back: each ask is a test, named after it."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from sidecar.actions.interface import Rewriting, Scope
from sidecar.actions.operators import Operators
from sidecar.actions.pseudonyms import Pseudonyms
from sidecar.actions.redact import SpanRedactor
from sidecar.actions.restore import ValueRestorer
from sidecar.actions.seal import MapSealer
from sidecar.payload.shipped import ShippedPayloads
from sidecar.types.content import Direction, Finding, Format, Segment
from sidecar.types.decisions import Redaction
from tests.actions.fakes import SetClock, arriving, cut, keyring, spliced
from tests.actions.test_formats import APIS, events_of, joined

SESSION = Scope("acme", "session", "s1")
REDACTOR = SpanRedactor(Pseudonyms(keyring()), Operators())
RESTORER = ValueRestorer()
PEOPLE = {"Ada Byron": "PERSON", "Grace Hopper": "PERSON", "ada@acme.test": "EMAIL_ADDRESS"}


def rewritten(texts: list[str], scope: Scope = SESSION, operator: str = "pseudonym") -> tuple[list[str], Rewriting]:
    """Return texts without the people in them."""
    segments = [Segment(f"/{index}", in_key=False, text=text) for index, text in enumerate(texts)]
    findings = [
        Finding(index, text.index(value), text.index(value) + len(value), entity, "c", 0.9, "test")
        for index, text in enumerate(texts)
        for value, entity in PEOPLE.items()
        if value in text
    ]
    rewriting = REDACTOR.rewrite(segments, findings, [Redaction("c", operator)], scope=scope, earlier={})
    after = [
        spliced(segment, [edit for edit in rewriting.edits if edit.segment == index])
        for index, segment in enumerate(segments)
    ]
    return after, rewriting


def name_of(value: str, scope: Scope = SESSION) -> str:
    """Return the pseudonym of a value."""
    return rewritten([value], scope)[0][0]


def test_litellm_31950_arguments_of_a_tool_call_are_restored() -> None:
    """The tool is called with the value, not with its stand-in, in a whole reply and in a stream."""
    values = rewritten(["Ada Byron"])[1].values
    arguments = json.dumps({"who": name_of("Ada Byron")})
    calls = [{"index": 0, "function": {"name": "f", "arguments": arguments}}]
    whole = json.dumps({"choices": [{"message": {"tool_calls": calls}}]})
    deltas = [{"choices": [{"index": 0, "delta": {"tool_calls": calls}}]}]
    stream = "".join(f"data: {json.dumps(delta)}\n\n" for delta in deltas)

    for body in (whole, stream):
        restored = RESTORER.whole(Format.OPENAI_CHAT, body.encode(), values)[0].decode()
        assert json.dumps(json.dumps({"who": "Ada Byron"})) in restored


@pytest.mark.parametrize("name", APIS)
async def test_litellm_31048_wso2_274_no_stream_is_skipped(name: str) -> None:
    """Events of every API, as bytes, with the stand-in over two of them and over any cut (also 21, 23 and 25)."""
    format_, write, frame = APIS[name]
    person = name_of("Ada Byron")
    body = frame([write("text", f"to {person[:9]}"), write("text", f"{person[9:]}!")])
    for places in ([], range(len(body)), [7, 90, 200]):
        chunks = cut(body, list(places))
        pieces = [
            piece async for piece in RESTORER.stream(format_, arriving(chunks), rewritten(["Ada Byron"])[1].values)
        ]
        assert {"text": "to Ada Byron!"} == joined(events_of(b"".join(pieces)), write)


def test_hermes_agent_42846_arguments_still_parse() -> None:
    """Redaction never eats a quote, however the value ends: arguments are JSON there and back."""
    arguments = json.dumps({"note": 'say "Ada Byron"', "who": "Ada Byron", "n": 1.50})
    body = json.dumps({"messages": [{"role": "assistant", "tool_calls": [{"function": {"arguments": arguments}}]}]})
    read = ShippedPayloads().read(Format.OPENAI_CHAT, Direction.REQUEST, body.encode())
    findings = [
        Finding(index, place, place + len("Ada Byron"), "PERSON", "c", 0.9, "test")
        for index, segment in enumerate(read.segments)
        if (place := segment.text.find("Ada Byron")) >= 0
    ]
    rewriting = REDACTOR.rewrite(read.segments, findings, [Redaction("c", "pseudonym")], scope=SESSION, earlier={})
    after = read.splice(rewriting.edits)
    told = json.loads(json.loads(after)["messages"][0]["tool_calls"][0]["function"]["arguments"])
    person = name_of("Ada Byron")

    assert {"note": f'say "{person}"', "who": person, "n": 1.5} == told
    assert body.encode() == RESTORER.whole(Format.OPENAI_CHAT, after, rewriting.values)[0]


def test_agentgateway_1607_what_is_to_be_masked_is_masked() -> None:
    """A decision to redact changes the text, by every operator."""
    for operator in ("pseudonym", "synthetic", "hash", "mask", "generalize", "remove"):
        (text,), _ = rewritten(["Dear Ada Byron"], operator=operator)
        assert "Ada" not in text
        assert text.startswith("Dear ")


def test_semantic_router_3566_stand_ins_are_deterministic() -> None:
    """The same value is the same word at every place, whatever is around it and in whatever order it comes."""
    assert rewritten(["Ada Byron", "Grace Hopper"])[0] == rewritten(["Grace Hopper", "Ada Byron"])[0][::-1]


def test_litellm_31959_no_numbers_that_start_anew() -> None:
    """Two people in two messages never share a word, the same person never has two, and each message is restored."""
    texts = ["Ada Byron called", "Grace Hopper called", "then Ada Byron left"]
    after, rewriting = rewritten(texts)
    ada, grace = name_of("Ada Byron"), name_of("Grace Hopper")

    assert [f"{ada} called", f"{grace} called", f"then {ada} left"] == after
    assert {ada: "Ada Byron", grace: "Grace Hopper"} == rewriting.values
    assert texts == [RESTORER.whole(Format.TEXT, text.encode(), rewriting.values)[0].decode() for text in after]


def test_litellm_41600_stand_ins_are_stable_across_requests() -> None:
    """A later request of the session, on another replica, writes the same word: what a file kept can be undone."""
    again = SpanRedactor(Pseudonyms(keyring()), Operators())
    segment = Segment("", in_key=False, text="Grace Hopper and Ada Byron")
    later = again.rewrite(
        [segment],
        [Finding(0, 17, 26, "PERSON", "c", 0.9, "test")],
        [Redaction("c", "pseudonym")],
        scope=SESSION,
        earlier={},
    )

    assert {name_of("Ada Byron"): "Ada Byron"} == later.values


def test_litellm_14516_24291_28197_no_setting_turns_restoring_on() -> None:
    """What can be undone always has a restoration, and restoring says how much it undid."""
    sealer = MapSealer(keys=keyring(), clock=SetClock(), hours=1)
    (text,), rewriting = rewritten(["Ada Byron wrote from ada@acme.test"])
    values = sealer.open("acme", "d1", sealer.seal("acme", "d1", rewriting.values))

    assert (b"Ada Byron wrote from ada@acme.test", 2) == RESTORER.whole(Format.TEXT, text.encode(), values)


def test_litellm_30447_a_reply_without_stand_ins_is_the_very_bytes() -> None:
    """Nothing but a stand-in is ever changed in a reply."""
    body = b'{"choices" : [{"message":{"content":"<PERSON_1> [EMAIL] \\u003cPERSON\\u003e"}}], "x":1.50e3}\n'

    assert (body, 0) == RESTORER.whole(Format.OPENAI_CHAT, body, rewritten(["Ada Byron"])[1].values)


def test_litellm_35951_a_value_is_in_nothing_that_is_shown() -> None:
    """What stands for a value, and what is sealed, can be kept and logged."""
    (text,), rewriting = rewritten(["Ada Byron wrote from ada@acme.test"])
    sealed = MapSealer(keys=keyring(), clock=SetClock(), hours=1).seal("acme", "d1", rewriting.values)

    assert [] == [value for value in PEOPLE if value in text or value.encode() in sealed]


def test_llm_guard_131_requests_do_not_share_a_vault() -> None:
    """Many threads, each with a request of its own: each gets its own values back."""

    def there_and_back(number: int) -> bool:
        person = f"Ada Byron {number % 7}"
        segment = Segment("", in_key=False, text=person)
        finding = Finding(0, 0, len(person), "PERSON", "c", 0.9, "test")
        scope = Scope("acme", "request", str(number))
        rewriting = REDACTOR.rewrite([segment], [finding], [Redaction("c", "pseudonym")], scope=scope, earlier={})
        after = spliced(segment, rewriting.edits).encode()
        return person.encode() == RESTORER.whole(Format.TEXT, after, rewriting.values)[0]

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(there_and_back, range(200)))


def test_llm_guard_82_a_second_prompt_adds_to_the_first() -> None:
    """The map of a later turn leaves the earlier one as it was."""
    first, second = rewritten(["Ada Byron"])[1].values, rewritten(["Grace Hopper"])[1].values
    merged = {**first, **second}
    text = f"{name_of('Ada Byron')} and {name_of('Grace Hopper')}"

    assert b"Ada Byron and Grace Hopper" == RESTORER.whole(Format.TEXT, text.encode(), merged)[0]


async def test_agentgateway_2956_3603_streams_flow() -> None:
    """Restoring fires on streams, and neither drops nor buffers them: as many events leave as come."""
    person = name_of("Ada Byron")
    events = [
        f"data: {json.dumps({'choices': [{'index': 0, 'delta': {'content': piece}}]})}\n\n".encode()
        for piece in ("Dear ", person, ", bye")
    ]
    values = rewritten(["Ada Byron"])[1].values
    left = [piece async for piece in RESTORER.stream(Format.OPENAI_CHAT, arriving(events), values)]

    assert [events[0], events[1].replace(person.encode(), b"Ada Byron"), events[2]] == left


def test_portkey_1620_there_and_back_is_built_in() -> None:
    """No plugin, no vault, no second service: redact, seal, open, restore (also LiteLLM 26546, 39621, 31991)."""
    sealer = MapSealer(keys=keyring(), clock=SetClock(), hours=1)
    texts = ["Ada Byron wrote", "to Grace Hopper", "from ada@acme.test"]
    for operator in ("pseudonym", "synthetic"):
        after, rewriting = rewritten(texts, operator=operator)
        values = sealer.open("acme", "d1", sealer.seal("acme", "d1", rewriting.values))
        assert texts == [RESTORER.whole(Format.TEXT, text.encode(), values)[0].decode() for text in after]


def test_pi_data_masking_1_a_stand_in_is_not_masked_again() -> None:
    """A text that was redacted before is left as it is, even where a detector takes the stand-in for a value."""
    person = name_of("Ada Byron")
    segment = Segment("", in_key=False, text=f"{person} again")
    finding = Finding(0, 0, len(person), "PERSON", "c", 0.9, "test")

    assert () == REDACTOR.rewrite([segment], [finding], [Redaction("c", "pseudonym")], scope=SESSION, earlier={}).edits
