"""The key of facts: the same where a bundle cannot tell them apart, and else another."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.policy.projection import Projection
from sidecar.types.json import Json, Settled

READS = Projection([("tenant", "id"), ("content", "classes"), ("counters",), ("candidates",)])
FACTS: dict[str, Any] = {
    "tenant": {"id": "acme", "country": "DE"},
    "content": {"classes": ["contact"], "found": {"contact": {"count": 1}}},
    "counters": {},
    "candidates": [{"id": "a@b", "price": 1.0}],
    "bytes": 10,
}
# names come from few letters, so that paths and documents meet
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.floats(-2, 2) | st.sampled_from(["", "a", "1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=12,
)
FACTS_OF_ALL_KINDS = st.dictionaries(st.sampled_from("abc"), DOCUMENTS, max_size=3)
PATHS = st.sets(st.lists(st.sampled_from("abc"), min_size=1, max_size=3).map(tuple), min_size=1, max_size=4)


def settled(facts: dict[str, Any]) -> dict[str, Any]:
    """Return facts whose documents are settled, as the sidecar builds them."""
    return {name: _settled(value) for name, value in facts.items()}


def _settled(value: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, list) and all(isinstance(one, dict) for one in value):
        return [Settled(one) for one in value]
    return Settled(value) if isinstance(value, dict) else value


def test_only_what_is_read() -> None:
    """The projection holds what stands on the paths, and no more."""
    expected = {
        "tenant": {"id": "acme"},
        "content": {"classes": ["contact"]},
        "counters": {},
        "candidates": [{"id": "a@b", "price": 1.0}],
    }
    assert expected == READS.of(FACTS)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("tenant", "id"), "acme2"),
        (("tenant", "id"), None),
        (("tenant",), {"country": "DE"}),
        (("tenant",), "acme"),
        (("tenant",), ["acme"]),
        (("counters",), []),
        (("counters",), {"a": 1}),
        (("content", "classes"), ["contact", "contact"]),
        (("candidates", 0, "price"), 1),
        (("candidates", 0, "price"), True),
        (("candidates",), []),
        (("candidates",), {"id": "a@b", "price": 1.0}),
    ],
)
@pytest.mark.parametrize("form", [dict, settled])
def test_what_is_read_changes_the_key(form: Any, place: tuple[Any, ...], value: object) -> None:  # noqa: ANN401 - a function
    """Values, their types and what is there at all."""
    changed = copy.deepcopy(FACTS)
    inner = changed
    for name in place[:-1]:
        inner = inner[name]
    inner[place[-1]] = value
    assert READS.key(form(FACTS)) != READS.key(form(changed))


@pytest.mark.parametrize("form", [dict, settled])
def test_what_is_not_read_does_not(form: Any) -> None:  # noqa: ANN401 - a function
    """Nor does the order in which maps were filled."""
    changed = copy.deepcopy(FACTS)
    changed["bytes"] = 11
    changed["tenant"] = {"country": "FR", "id": "acme"}
    changed["content"]["found"] = {}
    assert READS.key(form(FACTS)) == READS.key(form(dict(reversed(changed.items()))))


@given(PATHS, FACTS_OF_ALL_KINDS, FACTS_OF_ALL_KINDS)
def test_key_is_the_projection(paths: set[tuple[str, ...]], one: dict[str, Json], other: dict[str, Json]) -> None:
    """Keys agree exactly where the projections do, as JSON; settled documents or not."""
    projection = Projection(paths)
    same = _text(projection.of(one)) == _text(projection.of(other))
    assert same == (projection.key(one) == projection.key(other))
    assert same == (projection.key(settled(one)) == projection.key(settled(other)))


@given(PATHS, FACTS_OF_ALL_KINDS)
def test_every_path_looks_the_same_in_the_projection(paths: set[tuple[str, ...]], facts: dict[str, Json]) -> None:
    """What a reference finds in the facts, it finds in the projection."""
    shown = Projection(paths).of(facts)
    for path in paths:
        assert _at(facts, path) == _at(shown, path)


@given(FACTS_OF_ALL_KINDS, FACTS_OF_ALL_KINDS)
def test_bundle_that_reads_everything(one: dict[str, Json], other: dict[str, Json]) -> None:
    """Then any difference is another key."""
    for projection in (Projection([()]), Projection([(), ("a",)]), Projection([])):
        assert (_text(one) == _text(other)) == (projection.key(one) == projection.key(other))


def test_settled_documents_refuse_changes() -> None:
    """Whose digest is kept cannot be changed; a copy can."""
    document = Settled({"a": 1})
    changes: list[Any] = [
        lambda: document.__setitem__("a", 2),
        lambda: document.__delitem__("a"),
        lambda: document.update(a=2),
        lambda: document.__ior__({"a": 2}),
        lambda: document.setdefault("b", 2),
        lambda: document.pop("a"),
        document.popitem,
        document.clear,
    ]
    for change in changes:
        with pytest.raises(TypeError):
            change()
    assert [{"a": 1}] * 3 == [document, copy.deepcopy(document), dict(document)]
    assert [dict, dict] == [type(copy.deepcopy(document)), type(copy.copy(document))]


def _text(value: object) -> str:
    return json.dumps(value, sort_keys=True)


def _at(facts: Any, path: tuple[str, ...]) -> str:  # noqa: ANN401 - any JSON
    for name in path:
        if not isinstance(facts, dict) or name not in facts:
            return "undefined"
        facts = facts[name]
    return _text(facts)
