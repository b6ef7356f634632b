"""The judge of the corpus is itself strict."""

import pytest

from tests.corpus.comparing import differences, stands_for


@pytest.mark.parametrize(
    ("original", "redacted"),
    [
        ("Write to ada@example.org.", "Write to <EMAIL_ADDRESS_7KQ2M4XA9D>."),
        ("key sk-1 and **bold**", "key [removed: credential] and **bold**"),
        ("call 555-0101 now", "call ******** now"),
        ("[hi] Ada", "[hi] [hash: 0123456789ABCDEF]"),
    ],
)
def test_stand_ins_are_taken(original: str, redacted: str) -> None:
    """Each of them stands for at least one character, a mask for as many as it has."""
    assert stands_for(original, redacted)


@pytest.mark.parametrize(
    ("original", "redacted"),
    [
        ("Write to ada@example.org", "Write to <EMAIL_ADDRESS_7KQ2M4XA9D>."),
        ("Write to ada@example.org.", "write to <EMAIL_ADDRESS_7KQ2M4XA9D>."),
        ("call 555-0101 now", "call ******* now"),
        ("nothing", "nothing at all"),
        ("gone", ""),
    ],
)
def test_anything_else_is_a_difference(original: str, redacted: str) -> None:
    """A full stop more, another case, a mask too short."""
    assert not stands_for(original, redacted)


def test_differences_are_told_by_place() -> None:
    """Types, keys, lengths and arguments inside strings are looked at."""
    original = {"a": [1, "x ada y"], "b": '{"to": "ada"}', "c": 1}
    assert [] == list(differences(original, {"a": [1, "x *** y"], "b": '{"to": "***"}', "c": 1}))
    assert ["/a: value"] == list(differences(original, {"a": [1], "b": '{"to": "ada"}', "c": 1}))
    assert ["/b: no JSON any more"] == list(differences(original, {**original, "b": '{"to": "*****'}))
    assert ["/c: value"] == list(differences(original, {"a": [1, "x ada y"], "b": '{"to": "ada"}', "c": 1.0}))
    assert ["/b: key"] == list(differences({"b": 1}, {"d": 1}))
