"""Places, ages and nationalities: somebody's, or nobody's."""

import pytest

from tests.detection.fakes import Reader

TIED = {
    "She moved here from Portugal last year.": ("LOCATION", "Portugal", "contact"),
    "I live in Chicago and need a dentist.": ("LOCATION", "Chicago", "contact"),
    "Our customer Anna Kowalska from Warsaw is unhappy.": ("LOCATION", "Warsaw", "contact"),
    "My brother just turned 47.": ("AGE", "47", "dob"),
    "This 33 year old female complains of pain.": ("AGE", "33", "dob"),
    "I am Norwegian and want to open an account.": ("NRP", "Norwegian", "special_category"),
}
LOOSE = (
    "Plan three days in Chicago for a group of students.",
    "France exports more wine than Portugal.",
    "Explain gravity to a 5-year-old.",
    "The 12 years old whisky won.",
    "German grammar is hard.",
    "The treaty was signed on 12 March 1947.",
)


@pytest.mark.parametrize(("text", "expected"), TIED.items())
def test_tied(reader: Reader, text: str, expected: tuple[str, str, str]) -> None:
    """A sentence that says whose it is, or a person beside it, makes it personal data of a class."""
    found = [(one.entity, text[one.start : one.end], one.data_class) for one in reader.sightings(text)]
    assert expected in found


@pytest.mark.parametrize("text", LOOSE)
def test_loose(reader: Reader, text: str) -> None:
    """By itself none of them is reported."""
    assert [] == reader.found(text)
