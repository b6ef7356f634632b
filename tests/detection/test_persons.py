"""Names: which stand bare, which do not, and what is no name."""

import pytest

from tests.detection.fakes import Reader

OWNED = {
    "My name is John Smith and I need help.": "John Smith",
    "Dear Ms. Schneider, your loan has been approved.": "Schneider",
    "The patient, Robert Chen, 54, was admitted.": "Robert Chen",
    "Draft a reply to our customer Anna Kowalska.": "Anna Kowalska",
    "My wife Laura likes tea.": "Laura",
    "My colleague Peter Müller from Munich called.": "Peter Müller",
    "John Smith's salary is 85,000.": "John Smith",
    "Employee: Sarah Connor, third floor.": "Sarah Connor",
    "See you soon.\n\nBest regards,\nMaria Lopez": "Maria Lopez",
    "Thomas Weber called me yesterday.": "Thomas Weber",
    "Please review the account of Maria Rossi.": "Maria Rossi",
}
BARE = {
    "Write a poem like Emily Dickinson.": "Emily Dickinson",
    "Who was Albert Einstein?": "Albert Einstein",
    "Compare Steve Jobs with his successor.": "Steve Jobs",
    "What did Angela Merkel say in 2015?": "Angela Merkel",
    "The novels of Jane Austen are widely read.": "Jane Austen",
}
NOT_NAMES = (
    "Deploy Redis with Docker on Kubernetes.",
    "Ask Claude or Gemini.",
    "result = Model.objects.get(Name=Value)",
    "Translate this.",
)


@pytest.mark.parametrize(("text", "name"), OWNED.items())
def test_owned(reader: Reader, text: str, name: str) -> None:
    """A title, a role, a tie to the writer, a greeting or a signature makes a name somebody's."""
    assert [(name, False)] == [
        (text[one.start : one.end], one.bare) for one in reader.sightings(text) if one.entity == "PERSON"
    ]


@pytest.mark.parametrize(("text", "name"), BARE.items())
def test_bare(reader: Reader, text: str, name: str) -> None:
    """A name that is only mentioned stands bare."""
    assert [(name, True)] == [
        (text[one.start : one.end], one.bare) for one in reader.sightings(text) if one.entity == "PERSON"
    ]


@pytest.mark.parametrize("text", NOT_NAMES)
def test_not_a_name(reader: Reader, text: str) -> None:
    """Products, code and verbs are no names."""
    assert [] == reader.found(text)


def test_places_and_dates_are_not_reported(reader: Reader) -> None:
    """A city, a weekday, a nationality or a company is nobody's data by itself."""
    assert [] == reader.found(
        "German exports from Munich to Paris rose on Monday, Siemens says at https://siemens.com/news."
    )
