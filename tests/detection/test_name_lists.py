"""Names by lists: pairs in any case, surnames first, rows; and pairs of words that are none."""

import pytest

from sidecar.detection.recognizers.name_lists import NamePairScanner
from sidecar.detection.recognizers.work import Unbounded
from sidecar.detection.view import to_ascii
from tests.detection.fakes import Reader

FOUND = {
    "my name is lena andersson.": ["lena andersson"],
    "call maria garcia today": ["maria garcia"],
    "CUSTOMER: JAMES MILLER": ["JAMES MILLER"],
    "SMITH, JOHN": ["SMITH, JOHN"],
    "id;name\n7;anna kowalczyk": ["anna kowalczyk"],
    "Petra J. Nowak and José García": ["Petra J. Nowak", "José García"],
    "They had 3: Sheila, Donna and Sherry.": ["Sheila", "Donna", "Sherry"],
}
LEFT = (
    "we mark young people",
    "the paris london train",
    "grant access to will",
    "Brown, Green and White are colors.",
    "def anna_kowalska(): pass",
    "import maria",
)


@pytest.mark.parametrize(("text", "names"), FOUND.items())
def test_found(text: str, names: list[str]) -> None:
    """Both words must be names; in lower case neither may be a word."""
    hits = NamePairScanner().scan(to_ascii(text), text, Unbounded())
    assert names == [text[hit.start : hit.end] for hit in hits]


@pytest.mark.parametrize("text", LEFT)
def test_left(text: str) -> None:
    """Words, places and code are left alone."""
    assert [] == list(NamePairScanner().scan(to_ascii(text), text, Unbounded()))


def test_whose_they_are(reader: Reader) -> None:
    """A name from the lists is bare unless something around it says whose it is, as the model's are."""
    bare = [
        (text, [one.bare for one in reader.sightings(text)])
        for text in ("write about maria garcia", "my name is maria garcia")
    ]
    assert [("write about maria garcia", [True]), ("my name is maria garcia", [False])] == bare
