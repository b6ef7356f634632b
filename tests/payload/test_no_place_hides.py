"""In no place of any format can a string hide, whatever stands there."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest

from sidecar.errors import BadRequest
from sidecar.types.content import Direction, Format
from tests.payload.bodies import PAYLOADS, replaced
from tests.payload.samples import SAMPLES

MAIL = "ann@example.org"  # no word of a protocol, and no base64
STRANGERS: tuple[Any, ...] = (
    MAIL,
    [MAIL],
    [[MAIL], 7, {"x": MAIL}],
    {"x": MAIL},
    {MAIL: None},
    {"type": MAIL, "text": MAIL},
    {"url": MAIL, "data": MAIL, "id": MAIL, "file_id": [MAIL], "content": {"content": MAIL}},
    {"url": [MAIL], "data": {"x": MAIL}, "type": ["text", MAIL], "media_type": MAIL},
)


def _paths(value: Any) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401 - any JSON
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, child in members:
        yield (name,)
        yield from ((name, *path) for path in _paths(child))


def _name(value: object) -> str:
    return "-".join(value) if isinstance(value, tuple) else ""


def _with(document: Any, path: tuple[Any, ...], value: Any) -> Any:  # noqa: ANN401 - any JSON
    changed = place = copy.deepcopy(document)
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    return changed


@pytest.mark.parametrize(("kind", "sample"), SAMPLES.items(), ids=_name)
def test_a_stranger_is_found_in_every_place(kind: tuple[Format, Direction], sample: dict[str, Any]) -> None:
    """Any value in any place is refused, or each of its strings and keys is a segment that can be redacted."""
    PAYLOADS.read(*kind, json.dumps(sample).encode())
    for path in _paths(sample):
        for stranger in STRANGERS:
            raw = json.dumps(_with(sample, path, stranger)).encode()
            try:
                body = PAYLOADS.read(*kind, raw)
            except BadRequest as refused:
                assert MAIL not in str(refused), path  # noqa: PT017 - of every place
            else:
                assert raw.replace(MAIL.encode(), b"<E>") == replaced(body, MAIL, "<E>"), path


@pytest.mark.parametrize(("kind", "sample"), SAMPLES.items(), ids=_name)
def test_a_stranger_is_found_beside_every_place(kind: tuple[Format, Direction], sample: dict[str, Any]) -> None:
    """Any object of a body may have a member that its format does not know: key and value are segments."""
    for path in _paths(sample):
        place = sample
        for name in path:
            place = place[name]
        if isinstance(place, dict):
            raw = json.dumps(_with(sample, (*path, MAIL), MAIL)).encode()
            assert raw.replace(MAIL.encode(), b"<E>") == replaced(PAYLOADS.read(*kind, raw), MAIL, "<E>"), path
