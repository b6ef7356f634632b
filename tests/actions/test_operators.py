import pytest

from sidecar.actions.operators import SHIPPED, STRENGTH, Operators, rank
from sidecar.errors import PolicyAnswerRefused, SettingsFault


def test_order_of_strength() -> None:
    """What can be linked is weakest, what leaves nothing is strongest."""
    assert STRENGTH == {"pseudonym": 1, "synthetic": 1, "hash": 1, "mask": 2, "generalize": 3, "remove": 4}
    assert sorted(STRENGTH, key=rank) == ["pseudonym", "synthetic", "hash", "mask", "generalize", "remove"]


def test_every_operator_is_presidios_and_named_as_decisions_name_it() -> None:
    """A team that knows Presidio's operators knows ours."""
    assert set(STRENGTH) == set(SHIPPED)
    assert {name: name for name in STRENGTH} == {name: op.operator_name() for name, op in SHIPPED.items()}


@pytest.mark.parametrize(
    ("operator", "text", "expected"),
    [
        ("pseudonym", "Ada", "<PERSON_1>"),
        ("synthetic", "Ada", "Eve"),
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
    params = {
        "pseudonym": "<PERSON_1>",
        "synthetic": "Eve",
        "digest": "0AF",
        "entity": "PERSON",
        "data_class": "person_name",
    }

    assert expected == Operators().operate(operator, text, params)


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
    assert expected == Operators().operate(
        "generalize", text, {"entity": "DATE_OF_BIRTH", "data_class": "date_of_birth"}
    )


def test_missing_parameter_is_refused() -> None:
    """An operator that lacks what it needs does not make something up."""
    with pytest.raises(PolicyAnswerRefused, match="operator remove was not given data_class"):
        Operators().operate("remove", "Ada", {})


def test_unknown_operator_is_refused() -> None:
    """No weaker operator stands in for one that does not exist."""
    with pytest.raises(PolicyAnswerRefused):
        rank("encrypt")


@pytest.mark.parametrize(
    ("entity", "text", "expected"),
    [
        ("AGE", "34", "30-39"),
        ("AGE", "aged 7 years", "0-9"),
        ("AGE", "97", "90 or older"),
        ("AGE", "between 20 and 30", "[general: x]"),
        ("AGE", "1984", "[general: x]"),
        ("STREET_ADDRESS", "Hauptstr. 5, 10115 Berlin", "Berlin"),
        ("STREET_ADDRESS", "221B Baker Street, London NW1 6XE", "London"),
        ("STREET_ADDRESS", "1600 Pennsylvania Ave NW, Washington, DC 20500", "Washington"),
        ("STREET_ADDRESS", "12 rue de la Paix\n75002 Paris", "Paris"),
        ("STREET_ADDRESS", "5 Calle Mayor, Palma de Mallorca", "[general: x]"),
        ("STREET_ADDRESS", "10115 Berlin, Hauptstr. 5", "[general: x]"),
        ("STREET_ADDRESS", "10115 Berlin, Hauptstrasse", "[general: x]"),
        ("STREET_ADDRESS", "Berlin, Hauptstrasse", "[general: x]"),
        ("STREET_ADDRESS", "Flat 2, 14 Rose Lane, York", "[general: x]"),
        ("STREET_ADDRESS", "12 Long Road", "[general: x]"),
        ("PHONE_NUMBER", "+49 170 1234567", "a number of +49"),
        ("PHONE_NUMBER", "+491701234567", "[general: x]"),
        ("IBAN_CODE", "DE89 3704 0044 0532 0130 00", "an account of DE"),
        ("PERSON", "Ada 1984", "[general: x]"),
    ],
)
def test_what_may_stay(entity: str, text: str, expected: str) -> None:
    """A band of ages, a city, a country; where it is in doubt which word that is, the class alone."""
    assert expected == Operators().operate("generalize", text, {"entity": entity, "data_class": "x"})


def test_an_operator_of_ones_own_takes_a_word_over() -> None:
    """It is given entity and class, and stands for one word alone."""
    ours = Operators({"mask": "tests.actions.own_operators:Initials"})

    assert "A.L (x)" == ours.operate("mask", "Ada Lovelace", {"entity": "PERSON", "data_class": "x"})
    assert "[removed: x]" == ours.operate("remove", "Ada Lovelace", {"entity": "PERSON", "data_class": "x"})


@pytest.mark.parametrize("name", ["Keep", "Nothing", "Number", "Broken", "Wants"])
def test_one_that_fails_or_leaves_the_value_stops_the_request(name: str) -> None:
    """Nothing goes out as redacted that is not, and the value is in no message."""
    ours = Operators({"remove": f"tests.actions.own_operators:{name}"})

    with pytest.raises(PolicyAnswerRefused, match="operator that stands for remove") as caught:
        ours.operate("remove", "Ada", {"entity": "PERSON", "data_class": "x"})
    assert "Ada" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@pytest.mark.parametrize(
    ("place", "fault"),
    [
        ("tests.actions.own_operators:Opens", "is no anonymizing Operator of presidio_anonymizer"),
        ("tests.actions.own_operators:Unmade", "cannot be made (RuntimeError)"),
        ("tests.actions.own_operators:Missing", "cannot be made (AttributeError)"),
        ("tests.actions.no_such_module:X", "cannot be made (ModuleNotFoundError)"),
        ("builtins:dict", "is no anonymizing Operator of presidio_anonymizer"),
        ("builtins", "cannot be made (AttributeError)"),
    ],
)
def test_one_that_cannot_be_used_stops_the_start(place: str, fault: str) -> None:
    """The shipped one does not stand in for it; all faults are told together."""
    with pytest.raises(SettingsFault) as caught:
        Operators({"mask": place, "hash": place})

    assert (f"actions.operators.mask: {fault}", f"actions.operators.hash: {fault}") == caught.value.faults
