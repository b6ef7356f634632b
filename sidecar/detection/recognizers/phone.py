"""Telephone numbers: shapes first, libphonenumber only for what a shape leaves open."""

import re
from collections.abc import Iterator
from itertools import accumulate

import phonenumbers

from sidecar.detection.recognizers.context import ContextWords
from sidecar.detection.recognizers.regions import Regions
from sidecar.detection.recognizers.scanner import Hit, Scanner, compiled, is_whole_number
from sidecar.detection.recognizers.work import CANDIDATE, CONTEXT, PARSE, Work

REGIONS = ("US", "GB", "DE", "FR", "KR", "JP", "CN", "TW", "HK", "IT", "ES", "NL", "SG", "IN", "BR", "AU")

_CANDIDATE = compiled(r"(?:\+ ?)?(?:[0-9]{1,4}[ .\-]?)?(?:\(?[0-9]{1,5}\)[ .\-]?)?[0-9]+(?:(?: ?[.\-/] ?| )[0-9]+)*")
_TRIGGER = r"(?:[0-9][ .\-/()]{0,3}){7}"
_EXTENSION = re.compile(rb"(?i) ?(?:x|ext\.? ?|extension )[0-9]{1,6}\b")
_WORD = re.compile(rb"[^ ]+")
_MOST_WORDS = 6
_LABEL = 24  # code points
_FEWEST, _MOST = 7, 15
_MARKS = b"+()./- "
_NATIONAL_MOST = 12
_NANP = re.compile(r"(?:1[-. ])?(?:\([2-9]\d\d\) ?|[2-9]\d\d[-. ])\d{3}[-. ]\d{4}")
_MOBILE = re.compile(
    r"1[3-9]\d{9}|1[3-9]\d[- ]\d{4}[- ]\d{4}|1[3-9]\d[- ]\d{3}[- ]\d{5}"
    r"|01[016789]\d{7,8}|01[016789][-. ]\d{3,4}[-. ]\d{4}|0[789]0\d{8}|09\d{8}"
)  # China, Korea, Japan, Taiwan
_TRUNK = re.compile(r"\(?0\d{1,5}(?:\)|\)?[ .\-/]{1,2})\d[\d .\-/]*\d")
_AREA = re.compile(r"\(\d{2,5}\) ?\d[\d \-]*\d")
_DATE = re.compile(
    r"(?:(?:19|20)\d\d([-./ ])\d{1,2}\1\d{1,2}|\d{1,2}([-./ ])\d{1,2}\2(?:19|20)?\d\d)(?: \d{1,2})?"
    r"|(?:19|20)\d\d ?- ?(?:19|20)\d\d"  # from one year to another
)
_SAME_DIGIT = re.compile(r"(\d)\1*")
_INTERNATIONAL, _SHAPED, _WEAK = 0.75, 0.5, 0.1
_NONE: tuple[float, tuple[str | None, ...]] = (0.0, ())

_LIKELY = Regions(REGIONS)

_CONTEXT = (
    *("phone", "phones", "telephone", "tel", "mobile", "cell", "cellphone", "call", "fax", "whatsapp", "sms"),
    *("text me", "reach me", "telefon", "handy", "telefonnummer", "rückruf", "téléphone", "portable", "teléfono"),
    *(
        "móvil",
        "movil",
        "telefono",
        "cellulare",
        "telefoon",
        "celular",
        "ruf",
        "rufen",
        "anrufen",
        "erreichbar",
        "mobil",
    ),
    *("appeler", "appelez", "joignable", "tél", "llame", "llamar", "llámame", "tfno", "ligue", "ligar", "bellen"),
    *("电话", "手机", "联系方式", "電話", "手機", "携帯", "전화", "휴대폰", "핸드폰", "연락처", "번호로"),
)


class PhoneScanner(Scanner):
    """Finds telephone numbers of the regions above, and international ones of any region."""

    def __init__(self) -> None:
        super().__init__(entities=["PHONE_NUMBER"], name="PhoneRecognizer", triggers=[_TRIGGER], context=_CONTEXT)
        self._words = ContextWords(_CONTEXT)

    def scan(self, view: bytes, text: str, work: Work) -> Iterator[Hit]:
        """Go through all numbers."""
        for match in _CANDIDATE.finditer(view):
            start, end = match.span()
            if end - start < _FEWEST:
                continue
            extension = _EXTENSION.match(view, end)
            score = self._score(view, text, start, end, work)
            if score:
                yield Hit(start, extension.end() if extension else end, score)
            elif view.find(b" ", start, end) >= 0:
                yield from self._several(view, text, start, end, work)

    def _several(self, view: bytes, text: str, start: int, end: int, work: Work) -> Iterator[Hit]:
        """Go through numbers that only blanks part from each other, or from other digits."""
        words = [match.span() for match in _WORD.finditer(view, start, end)]
        digits = [0, *accumulate(len(view[first:last].translate(None, _MARKS)) for first, last in words)]
        first = 0
        while first < len(words):
            used = 1
            for last in range(min(len(words), first + _MOST_WORDS), first, -1):
                if not _FEWEST <= digits[last] - digits[first] <= _MOST:
                    continue
                score = self._score(view, text, words[first][0], words[last - 1][1], work)
                if score:
                    yield Hit(words[first][0], words[last - 1][1], score)
                    used = last - first
                    break
            first += used

    def _score(self, view: bytes, text: str, start: int, end: int, work: Work) -> float:
        """Return what a candidate earns; 0 where it is no number."""
        digits = view[start:end].translate(None, _MARKS).decode()
        if not _FEWEST <= len(digits) <= _MOST:
            return 0.0
        work.spend(CANDIDATE + CONTEXT, start)
        written = view[start:end].decode()
        if _DATE.fullmatch(written) or _SAME_DIGIT.fullmatch(digits):
            return 0.0
        glued = view[max(0, start - 1) : start].isalnum()
        if glued or not (is_whole_number(view, start, end) or _EXTENSION.match(view, end)):
            return 0.0
        score, regions = _shape(written, digits) or self._told(text, start, end)
        if regions == REGIONS and not written.isdigit() and self._is_labeled(text, start):
            return _WEAK
        return score if score and (not regions or _any_takes(written, digits, regions, work, start)) else 0.0

    def _told(self, text: str, start: int, end: int) -> tuple[float, tuple[str | None, ...]]:
        """Return what a number without a shape of its own earns by the words around it."""
        return (_WEAK, REGIONS) if self._words.near(text, start, end) else _NONE

    def _is_labeled(self, text: str, start: int) -> bool:
        """Whether a word for a telephone stands right before, so that groups of digits need no region to take them."""
        label = text[max(0, start - _LABEL) : start]
        return self._words.near(label, len(label), len(label))


def _shape(written: str, digits: str) -> tuple[float, tuple[str | None, ...]] | None:
    """Return the score that a shape earns and the regions of which one must take it; none where the shape is enough."""
    if written.startswith("+"):
        return _INTERNATIONAL, (None,)
    if digits.startswith("00") and len(digits) > _FEWEST + 2:
        return _SHAPED, ("DE", "CN")
    if _NANP.fullmatch(written) or _MOBILE.fullmatch(written):
        return _SHAPED, ()
    if len(digits) > _NATIONAL_MOST:
        return _NONE
    return (_SHAPED, REGIONS) if _TRUNK.fullmatch(written) or _AREA.fullmatch(written) else None


def _any_takes(written: str, digits: str, regions: tuple[str | None, ...], work: Work, place: int) -> bool:
    """Whether the number is one in some region; a region of None is for numbers with a country code."""
    for region in _LIKELY.that_may_take(digits) if regions == REGIONS else regions:
        work.spend(PARSE, place)
        if _is_valid(written, region):
            return True
    return False


def _is_valid(written: str, region: str | None) -> bool:
    try:
        number = phonenumbers.parse(
            written if region != "CN" or not written.startswith("00") else "+" + written[2:], region
        )
    except phonenumbers.NumberParseException:
        return False
    # What is valid is possible too, and that is told by its length alone.
    return bool(phonenumbers.is_possible_number(number) if region is None else phonenumbers.is_valid_number(number))
