"""Postal addresses of many shapes, whole; and numbers beside words that are none."""

import re

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from sidecar.detection.recognizers import address
from sidecar.detection.recognizers.address import AddressScanner, part_after
from sidecar.detection.recognizers.work import Unbounded
from sidecar.detection.view import to_ascii
from tests.detection.fakes import Reader

WHOLE = (
    "12 Baker Street",
    "742 Evergreen Terrace, Springfield, IL 62704",
    "221B Baker Street, London NW1 6XE",
    "1600 Pennsylvania Ave NW, Washington, DC 20500",
    "350 Fifth Avenue\nSuite 4100\nNew York, NY 10118",
    "PO Box 1234, Boise, ID 83702",
    "PSC 3294, Box 9168\nAPO AA 61487",
    "12 rue de Rivoli, 75001",
    "Calle de Alcalá 45",
    "Via Garibaldi 7",
    "Hauptstraße 5",
    "Keizersgracht 174",
    "Storgatan 12",
    "Mannerheimintie 12",
    "Rákóczi út 13.",
    "4510 Oak Ridge Apt. 3",
    "9881 Summit Way",
    "2021 Cedar Drive",
)
TOLD = {
    "She lives at 14 Primrose Hill in Bath.": "14 Primrose Hill",
    "Delivery address: 88 Larkspur": "88 Larkspur",
    "my address is 12 main street please": "12 main street",
    "ZIP code: 90210": "90210",
    "the postcode is SW1A 1AA": "SW1A 1AA",
}
NONE = (
    "In 2025 Main Street Bank grew.",
    "It is a 10 minutes drive from here.",
    "Use Python 3.12 on Windows 11.",
    "See Section 5 and Table 12.",
    "Give me 5 Best Way to go.",
    "The meeting is at 10:30, room 4.12, and lasts 45 minutes.",
    "We ship to 3 Regions.",
    "Top 10 Hill Climbs of 2024",
)


@pytest.mark.parametrize("address", WHOLE)
@pytest.mark.parametrize("around", ["Send it to {}.", "{}", '"where": "{}", "n": 1'])
def test_whole(reader: Reader, address: str, around: str) -> None:
    """An address is one finding from its number to its postcode, over line ends too."""
    text = around.format(address)
    assert [("STREET_ADDRESS", address.rstrip("."))] == [
        (entity, value.rstrip(".")) for entity, value in reader.found(text) if entity == "STREET_ADDRESS"
    ]


@pytest.mark.parametrize(("text", "value"), TOLD.items())
def test_told(reader: Reader, text: str, value: str) -> None:
    """What its shape alone would not tell is an address where a word says so."""
    assert [value] == [found for entity, found in reader.found(text) if entity == "STREET_ADDRESS"]


def test_merged_with_its_town(reader: Reader) -> None:
    """Towns and countries that the model sees on an address's border are part of it."""
    text = "Ship to:\n4 Harbour Road\nDublin\nIreland\nThanks!"
    assert [("STREET_ADDRESS", "4 Harbour Road\nDublin\nIreland")] == reader.found(text)


@pytest.mark.parametrize("text", NONE)
def test_none(reader: Reader, text: str) -> None:
    """Chapters, versions, years and durations are no addresses."""
    assert [] == [found for entity, found in reader.found(text) if entity == "STREET_ADDRESS"]


@hypothesis_settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from([*WHOLE, *NONE, " ", "\n", ", ", "Apt. 4", "12", "of", "St"]), max_size=6).map("".join))
def test_disjoint_and_within(text: str) -> None:
    """What is found lies within the text, in order, and never overlaps."""
    hits = list(AddressScanner().scan(to_ascii(text), text, Unbounded()))
    ends = [0, *(hit.end for hit in hits)]
    assert all(end <= hit.start < hit.end <= len(text) for end, hit in zip(ends, hits, strict=False))


@given(st.text(alphabet=" ,\t\r\n>|?*A1", max_size=24))
@hypothesis_settings(max_examples=500, deadline=None)
def test_lines_end_where_giving_blanks_back_would_end_them(text: str) -> None:
    """What is read between two lines is what the same pattern reads that tries every cut of its blanks."""
    given_back = address._NEWLINE.replace("*+", "*")
    for rest in ("", "[A-Z]", "[0-9]"):
        slow, fast = re.match(given_back + rest, text), re.match(address._NEWLINE + rest, text)
        assert (slow and slow.span()) == (fast and fast.span())


@pytest.mark.parametrize("between", [" ", "，我们再联系", ", "])
def test_long_blanks_behind_an_address_are_gone_through_once(between: str) -> None:
    """Thousands of blanks behind an address, or letters of another script, are no part of it, and cost no square."""
    view = to_ascii("12 Baker Street" + between * (60_000 // len(between)) + ".")
    assert len("12 Baker Street") == part_after(view, len("12 Baker Street"))
