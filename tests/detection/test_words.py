"""Words of a deny list: whole ones, in every script, however many."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.detection.recognizers.words import WordScanner
from sidecar.detection.recognizers.work import Spent, Unbounded, Work
from sidecar.detection.view import fold, to_ascii
from sidecar.types.terms import Denied


def scanner(*words: str, case_sensitive: bool = False) -> WordScanner:
    """Return a scanner for words."""
    return WordScanner(Denied("list", "LISTED", "", words, case_sensitive), "unclassified")


def found(scanner: WordScanner, text: str) -> list[str]:
    """Return what it finds, as written."""
    return [text[hit.start : hit.end] for hit in scanner.scan(to_ascii(text), text, Unbounded())]


@pytest.mark.parametrize(
    ("word", "text", "expected"),
    [
        ("Bluebird", "ask bluebird, BLUEBIRD and Bluebird's", ["bluebird", "BLUEBIRD", "Bluebird"]),
        ("Bluebird", "bluebirds, a Subbluebird, bluebird2", []),
        ("Bluebird", "blue_bluebird_api, (bluebird)", ["bluebird", "bluebird"]),
        ("Bluebird", "我们的bluebird项目", ["bluebird"]),
        ("Bluebird", "ｂｌｕｅｂｉｒｄ", ["ｂｌｕｅｂｉｒｄ"]),
        ("café noir", "CAFE NOIR; Café\n   Noir; cafénoir", ["CAFE NOIR", "Café\n   Noir"]),
        ("무궁화", "무궁화를 보았다. 그무궁화", ["무궁화", "무궁화"]),
        ("東京計画", "これは東京計画です", ["東京計画"]),
        ("кот", "Кот и который; кот", ["Кот", "кот"]),
        ("C++", "our C++ code", ["C++"]),
        ("+49 30", "call +49 30 or 4+49 30", ["+49 30", "+49 30"]),
        ("Bluebird", r'{"a": "x\nbluebird"}', ["bluebird"]),
        ("ΟΔΟΣ", "οδός οδος", ["οδος"]),
    ],
)
def test_words(word: str, text: str, expected: list[str]) -> None:
    """A word is found whole where blanks part words, and anywhere else in scripts without them."""
    assert expected == found(scanner(word), text)


def test_the_longest_whole_word_wins() -> None:
    """Where a longer phrase is not whole, a shorter one that is counts."""
    words = scanner("blue", "blue bird", "blue bird house")
    assert ["blue bird house", "blue bird", "blue", "blue"] == found(
        words, "blue bird house, blue bird houses, blue birds, blue"
    )


def test_capitals_count_where_asked_for() -> None:
    """A case-sensitive list lets small letters be."""
    assert ["ACE", "ACE"] == found(scanner("ACE", case_sensitive=True), "ACE ace Ace 中ACE")


def test_thousands_of_words() -> None:
    """Every one of many words is found."""
    words = [f"project {number}" for number in range(5_000)]
    assert words == found(scanner(*words), " ".join(words))


def test_work_is_paid_for_and_ends() -> None:
    """Every place that looks like a word costs, so that a text made of them is read to the same place each time."""
    words, text, places = scanner("aa"), "a" * 5_000, []
    for _ in range(2):
        work = Work(1_000)
        with pytest.raises(Spent):
            list(words.scan(to_ascii(text), text, work))
        places.append(work.place)
    assert [400, 400] == places


LETTERS = st.text(st.sampled_from("ab B-_1 é가ー中я\n😀"), max_size=30)


@given(st.lists(LETTERS.filter(lambda word: any(map(str.isalnum, word))), min_size=1, max_size=5), LETTERS)
def test_equal_to_the_slow_twin(words: list[str], text: str) -> None:
    """At each place the longest word that is whole is found, as a search of every word at every place would find it."""
    assert slowly(words, text) == found(scanner(*words), text)


def slowly(words: list[str], text: str) -> list[str]:
    """Try every word at every place."""
    folded = fold(text)
    wanted = {" ".join(fold(word).split()) for word in words}
    results = []
    place = 0
    while place < len(text):
        ends = [
            end
            for end in range(len(text), place, -1)
            if not folded[place].isspace()
            and not folded[end - 1].isspace()
            and " " * 9 not in folded[place:end].replace("\n", " ")
            and " ".join(folded[place:end].split()) in wanted
            and not one_word(folded, place)
            and not one_word(folded, end)
        ]
        if ends:
            results.append(text[place : ends[0]])
        place = ends[0] if ends else place + 1
    return results


def one_word(text: str, border: int) -> bool:
    """Whether a border goes through a word."""
    pair = text[max(0, border - 1) : border + 1]
    return 0 < border < len(text) and all(map(str.isalnum, pair)) and max(pair) < "\u0900"


@given(st.text())
def test_folding_keeps_every_offset(text: str) -> None:
    """One code point is one code point, whatever its case, width or accent."""
    assert [len(text)] * 2 == [len(fold(text)), len(fold(text, case=True))]
