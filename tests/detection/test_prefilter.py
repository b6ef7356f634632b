"""The one pass over all patterns spares work, and never a finding."""

import random
from collections.abc import Iterator

import pytest
import regex
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from sidecar.detection.classes import load_classes
from sidecar.detection.prefilter import Prefilter, _Set
from sidecar.detection.recognizers import phone
from sidecar.detection.recognizers.email import _domain, _suffixes
from sidecar.detection.recognizers.scanner import Hit, Scanner, compiled
from sidecar.detection.recognizers.work import Unbounded, Work
from sidecar.detection.registry import build_registry
from sidecar.detection.superset import exact, superset
from sidecar.detection.view import to_ascii
from tests.detection.test_identifiers import VALUES

FLAGS = int(regex.IGNORECASE | regex.MULTILINE | regex.DOTALL)
OURS = [one for one in build_registry(None, load_classes()).recognizers if isinstance(one, Scanner)]
PREFILTER = Prefilter(OURS)
WORDS = ["call", "iban", "여권", "passport", "born", " ", "\n", "-", "@", ":", "1", "22", "333", "4444", "00", "+49"]
BITS = st.sampled_from(
    [str(value) for _, value in VALUES] + WORDS + ["(212)", "한국", "é", "Dr. ", "Anna", "123456789"]
)


@hypothesis_settings(max_examples=400, deadline=None)
@given(st.lists(BITS, min_size=1, max_size=8).map("".join))
def test_who_is_not_asked_has_nothing_to_say(text: str) -> None:
    """A recognizer that the pass leaves out finds nothing in the text."""
    view = to_ascii(text)
    asked = {one.id for one in PREFILTER.choose(view, text)}
    assert [] == [(one.name, hit) for one in OURS if one.id not in asked for hit in one.scan(view, text, Unbounded())]


def test_ordinary_text_asks_hardly_anybody() -> None:
    """Where nothing looks like a value, of all recognizers only a few are asked, or none."""
    text = "Please review the quarterly report before the end of the week."
    assert ["NameListRecognizer"] == [one.name for one in PREFILTER.choose(to_ascii(text), text)]


class Told(Scanner):
    """Finds nothing, and needs a pattern and a word."""

    announced_by = ("staff",)

    def __init__(self) -> None:
        super().__init__(entities=["X"], name="Told", triggers=["[0-9]{4}"], reads_text=True)

    def scan(self, view: bytes, text: str, work: Work) -> Iterator[Hit]:
        """Find nothing."""
        yield from ()


@pytest.mark.parametrize(
    ("text", "asked"), [("Staff 1234", 1), ("staff 12", 0), ("1234", 0), ("STAFF 한국", 1), ("한국", 0)]
)
def test_patterns_and_words(text: str, asked: int) -> None:
    """A recognizer is asked where one of its patterns and one of its words stand; of other scripts only the words."""
    assert asked == len(Prefilter([Told()]).choose(to_ascii(text), text))


def test_a_set_without_an_answer_counts_as_found() -> None:
    """A set that runs out of memory looks as if nothing was found; then everybody is asked."""
    patterns = _Set([(b"a", 3), (b"b", 5)])
    assert ({3}, set(), set()) == (patterns.found(b"xa"), patterns.found(b"x"), patterns.found(b""))
    patterns._set = type("Mute", (), {"Match": lambda self, text: None})()
    assert {3, 5} == patterns.found(b"x")


PATTERNS = (
    r"\bEMP-\d{6}\b",
    r"(?<![\w.])[A-Z]{2}\s?\d{3,5}(?!\d)",
    r"(?P<a>x|y)\d+(?P=a)",
    r"^staff:\s*(\w+)$",
    r"[^a-c\s]{3}|\Ax+?y",
    r"a{2,}?b*|(?:ab|a)c",
    r"(?>ab|a)b",
    r"[\d.-]+\S\W",
)


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("flags", [0, FLAGS])
@hypothesis_settings(max_examples=80, deadline=None)
@given(text=st.text(alphabet="aAbBcxy019 -.\n:EMPstaf\x1c\v", max_size=24))
def test_translated_patterns(pattern: str, flags: int, text: str) -> None:
    """An exact translation matches the same; a superset is found wherever the pattern is."""
    matches = [match.span() for match in regex.finditer(pattern, text, flags)]
    same, more = exact(pattern, flags), superset(pattern, flags)
    if same is not None:
        assert matches == [match.span() for match in compiled(same).finditer(text.encode())]
    assert more is not None
    if matches:
        assert compiled(more).search(text.encode())


def test_what_cannot_be_translated() -> None:
    """Look-arounds, back-references and ends of lines have no exact translation; some flags have none at all."""
    assert [None] * 4 == [exact(pattern, 0) for pattern in (r"a(?=b)", r"(a)\1", r"a$", r"(a")]
    assert (None, None) == (superset("a", int(regex.VERBOSE)), superset("(?i:a)b", 0))
    assert r"\b\x{61}" == exact(r"\ba", 0)


def test_regions_never_leave_one_out() -> None:
    """Wherever libphonenumber takes a number, the region was among the likely ones."""
    drawn = random.Random(7)
    taken = 0
    for _ in range(6_000):
        prefix = drawn.choice(["", "0", "00", "1", "01", "03", "49", "82", "44", "0044", "011", "86", "080", "010"])
        digits = prefix + str(drawn.randrange(10**6, 10**10))
        if len(digits) > 15:
            continue
        likely = phone._LIKELY.that_may_take(digits)
        region = drawn.choice(phone.REGIONS)
        if phone._is_valid(digits, region):
            taken += 1
            assert region in likely, (digits, region)
    assert taken > 300


DOMAINS = (
    "acme.com",
    "a.co.uk",
    "x.za",
    "x.co.za",
    "mail.corp",
    "a.b.nonsense",
    "xn--p1ai",
    "a.xn--p1ai",
    "com",
    "1.2.3.4",
)


@pytest.mark.parametrize("domain", DOMAINS)
def test_suffixes_are_those_of_the_list(domain: str) -> None:
    """Telling by the last label is telling by the whole list."""
    labels = domain.split(".")
    private = labels[-1] == "corp"
    known = len(labels) > 1 and (private or bool(_suffixes.extract_str(domain).suffix))
    assert known == (_domain(domain) == domain)
