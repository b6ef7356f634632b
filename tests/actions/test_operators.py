import pytest

from sidecar.actions.operators import OPERATORS, STRENGTH, operate, rank
from sidecar.errors import PolicyAnswerRefused


def test_order_of_strength() -> None:
    """What can be linked is weakest, what leaves nothing is strongest."""
    assert STRENGTH == {"pseudonym": 1, "synthetic": 1, "hash": 1, "mask": 2, "generalize": 3, "remove": 4}
    assert sorted(STRENGTH, key=rank) == ["pseudonym", "synthetic", "hash", "mask", "generalize", "remove"]


def test_every_operator_is_presidios_and_named_as_decisions_name_it() -> None:
    """A team that knows Presidio's operators knows ours."""
    assert set(STRENGTH) == set(OPERATORS)
    assert {name: name for name in STRENGTH} == {name: op.operator_name() for name, op in OPERATORS.items()}


@pytest.mark.parametrize(
    ("operator", "text", "expected"),
    [
        ("pseudonym", "Ada", "<PERSON_1>"),
        ("synthetic", "Ada", "<PERSON_1>"),
        ("hash", "Ada", "[hash: 0AF]"),
        ("mask", "Ada L.", "******"),
        ("mask", "x" * 1000, "*" * 64),
        ("generalize", "Ada", "[general: person_name]"),
        ("generalize", "12 May 1984", "[general: person_name]"),
        ("remove", "Ada", "[removed: person_name]"),
        ("remove", "", "[removed: person_name]"),
    ],
)
def test_what_is_left(operator: str, text: str, expected: str) -> None:
    """Each operator leaves a text of its own, never an empty one and never a character of the value."""
    params = {"pseudonym": "<PERSON_1>", "digest": "0AF", "entity": "PERSON", "data_class": "person_name"}

    assert expected == operate(operator, text, params)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12 May 1984", "1984"),
        ("1984-05-12", "1984"),
        ("1984 to 1991", "[general: date_of_birth]"),
        ("12.05.84", "[general: date_of_birth]"),
        ("19840512", "[general: date_of_birth]"),
    ],
)
def test_a_date_becomes_its_year(text: str, expected: str) -> None:
    """Where one year stands in a date it stays; else the class does."""
    assert expected == operate("generalize", text, {"entity": "DATE_OF_BIRTH", "data_class": "date_of_birth"})


def test_missing_parameter_is_refused() -> None:
    """An operator that lacks what it needs does not make something up."""
    with pytest.raises(PolicyAnswerRefused, match="operator remove was not given data_class"):
        operate("remove", "Ada", {})


def test_unknown_operator_is_refused() -> None:
    """No weaker operator stands in for one that does not exist."""
    with pytest.raises(PolicyAnswerRefused):
        rank("encrypt")
