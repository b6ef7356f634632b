"""Bodies for the tests: how to read one, and strategies that write JSON in every way it can be written."""

import json
from collections.abc import Iterator
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from sidecar.payload.grammars import GRAMMARS
from sidecar.payload.interface import Body
from sidecar.payload.leaves import MAX_NESTING
from sidecar.payload.shipped import ShippedPayloads
from sidecar.types.content import Direction, Edit, Format
from tests.payload.samples import SAMPLES

PAYLOADS = ShippedPayloads()
PATIENT = settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow]
)  # what is true is true on a slow machine
THOROUGH = settings(PATIENT, max_examples=60)  # each example is a whole body

REQUESTS = tuple((form, sample) for (form, direction), sample in SAMPLES.items() if direction is Direction.REQUEST)

# Letters of one to four bytes, combining marks, quotes, escapes, and what tools trip over.
CHARACTERS = st.sampled_from(
    'ab1@.-"\\/\n\t\r\b\f\0\x1f\x7f \u00e9\u0301\u200d\u2028한中\U0001f600\U0001f468\ufffd{}[]:,'
)
TEXTS = st.text(CHARACTERS, max_size=12)
KEYS = st.text(CHARACTERS, min_size=1, max_size=4)
NUMBERS = st.sampled_from(
    ["0", "-0", "1", "1.0", "1e3", "-2.50E-7", "12345678901234567890", "0.1e+9", "true", "false", "null"]
)
BLANKS = st.sampled_from(["", "", "", " ", "\n", "\t", "\r\n  "])


def chat(raw: str | bytes, direction: Direction = Direction.REQUEST) -> Body:
    """Read an OpenAI chat body."""
    return PAYLOADS.read(Format.OPENAI_CHAT, direction, raw.encode() if isinstance(raw, str) else raw)


def claude(document: object, direction: Direction = Direction.REQUEST) -> Body:
    """Read an Anthropic messages body."""
    return PAYLOADS.read(Format.ANTHROPIC_MESSAGES, direction, json.dumps(document).encode())


def body_of(form: Format, document: object, direction: Direction = Direction.REQUEST) -> Body:
    """Read a body of any format."""
    return PAYLOADS.read(form, direction, json.dumps(document).encode())


def texts(body: Body) -> list[str]:
    """Return the texts of all segments."""
    return [segment.text for segment in body.segments]


def places(body: Body) -> list[tuple[str, bool, str]]:
    """Return pointer, whether a key, and text of all segments."""
    return [(segment.pointer, segment.in_key, segment.text) for segment in body.segments]


def replaced(body: Body, old: str, new: str) -> bytes:
    """Splice ``new`` for every ``old`` in every segment."""
    edits = []
    for index, segment in enumerate(body.segments):
        at = segment.text.find(old)
        while at >= 0:
            edits.append(Edit(index, at, at + len(old), new))
            at = segment.text.find(old, at + len(old))
    return body.splice(edits)


@st.composite
def written_strings(draw: st.DrawFn, content: st.SearchStrategy[str] = TEXTS) -> str:
    """Write a string in one of the many ways JSON has for it."""
    return "".join(('"', *(draw(_written(character)) for character in draw(content)), '"'))


def _written(character: str) -> st.SearchStrategy[str]:
    escaped = json.dumps(character)[1:-1]
    ways = {escaped, json.dumps(character, ensure_ascii=False)[1:-1], escaped.replace("\\ud", "\\uD")}
    if ord(character) < 0x10000:
        ways.add(f"\\u{ord(character):04x}")
        ways.add(f"\\u{ord(character):04X}")
    if character == "/":
        ways.add("\\/")
    return st.sampled_from(sorted(ways))


@st.composite
def _arrays(draw: st.DrawFn, children: st.SearchStrategy[str]) -> str:
    inside = ",".join(f"{draw(BLANKS)}{child}{draw(BLANKS)}" for child in draw(st.lists(children, max_size=4)))
    return f"[{inside or draw(BLANKS)}]"


@st.composite
def _objects(draw: st.DrawFn, children: st.SearchStrategy[str]) -> str:
    keys = draw(st.lists(KEYS, max_size=4, unique=True))
    members = (
        f"{draw(BLANKS)}{draw(written_strings(st.just(key)))}{draw(BLANKS)}:{draw(BLANKS)}{draw(children)}{draw(BLANKS)}"
        for key in keys
    )
    return f"{{{','.join(members) or draw(BLANKS)}}}"


@st.composite
def _nested(draw: st.DrawFn, documents: st.SearchStrategy[str]) -> str:
    """A string that holds a document."""
    return draw(written_strings(st.just(draw(documents))))


VALUES = st.recursive(
    NUMBERS | written_strings(), lambda inner: _arrays(inner) | _objects(inner) | _nested(inner), max_leaves=12
)


@st.composite
def _rewritten(draw: st.DrawFn, document: Any) -> str:  # noqa: ANN401 - any JSON
    """Write a document in one of the many ways JSON has for it; a text of one letter stands for any text."""
    if isinstance(document, str):
        return draw(written_strings() if len(document) == 1 else written_strings(st.just(document)))
    if isinstance(document, list):
        return f"[{','.join(draw(BLANKS) + draw(_rewritten(child)) + draw(BLANKS) for child in document)}]"
    if not isinstance(document, dict):
        return json.dumps(document)
    members = [
        f"{draw(BLANKS)}{draw(written_strings(st.just(key)))}{draw(BLANKS)}:{draw(BLANKS)}{draw(_rewritten(child))}"
        for key, child in document.items()
    ]
    if draw(st.integers(0, 3)) == 0:
        members.insert(draw(st.integers(0, len(members))), f'"\ue001":{draw(VALUES)}')
    return f"{{{','.join(members)}{draw(BLANKS)}}}"


@st.composite
def bodies(draw: st.DrawFn) -> tuple[Format, str]:
    """Write a request of any format, in whose texts and unknown members anything may stand."""
    form, whole = draw(st.sampled_from(REQUESTS))
    required = [name for name in whole if name in ("model", *GRAMMARS[form, Direction.REQUEST].required)]
    others = [name for name in whole if name not in required]
    kept = {*required, *draw(st.lists(st.sampled_from(others), max_size=3, unique=True))}
    return form, draw(_rewritten({name: child for name, child in whole.items() if name in kept}))


def strings(value: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON
    """Yield all keys and strings of a parsed document."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for child in value:
            yield from strings(child)
    elif isinstance(value, dict):
        for key, child in value.items():
            yield key
            yield from strings(child)


class _Number(str):
    """A number as it is written."""

    __slots__ = ()


class _Pairs(list[Any]):
    """An object's members."""


def _pairs(members: list[tuple[str, Any]]) -> _Pairs:
    if len(dict(members)) < len(members):
        raise ValueError
    return _Pairs(members)


def _no(_: str) -> None:
    raise ValueError


def expected_texts(written: str, level: int = 0) -> list[str]:
    """Read a document with the standard library and return what must be inspected of it, in order: the slow twin."""
    document = json.loads(written, object_pairs_hook=_pairs, parse_int=_Number, parse_float=_Number, parse_constant=_no)
    return list(_texts_of(document, level))


def _texts_of(value: Any, level: int) -> Iterator[str]:  # noqa: ANN401 - any JSON
    if isinstance(value, _Number):
        if len(value.partition(".")[0].partition("e")[0].lstrip("-")) >= 8:
            yield str(value)
    elif isinstance(value, str):
        yield from _opened(value, level) or filter(None, [value])
    elif isinstance(value, _Pairs):
        for key, child in value:
            yield from filter(None, [key])
            yield from _texts_of(child, level)
    elif isinstance(value, list):
        for child in value:
            yield from _texts_of(child, level)


def _opened(text: str, level: int) -> list[str]:
    """Return the texts of a document in a string; none where it holds none, or no strings."""
    if level == MAX_NESTING or text.strip(" \t\n\r")[:1] not in set("[{"):
        return []
    try:
        found = expected_texts(text, level + 1)
    except ValueError:
        return []
    return found if any(strings(json.loads(text))) else []
