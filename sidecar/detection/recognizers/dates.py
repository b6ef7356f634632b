"""Calendar dates, and ages of people. "Last night", "30 days" and "weekly" say nothing of anybody."""

import re
from collections.abc import Iterator

from sidecar.detection.recognizers.scanner import Hit, Scanner, compiled, stands_alone
from sidecar.detection.recognizers.work import CANDIDATE, Work

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_YEAR = r"(?:1[89]|20)[0-9]{2}"
_DAY = r"(?:[12][0-9]|3[01]|0?[1-9])"
_NUMERIC_MONTH = r"(?:1[0-2]|0?[1-9])"
_TIME = r"(?:[T ,]{1,2}[0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9])?(?: ?[AaPp][Mm]\b)?)?"
_DATE = (
    rf"{_YEAR}([-/.])(?:{_NUMERIC_MONTH})[-/.]{_DAY}{_TIME}"
    rf"|{_DAY}[-/.]{_DAY}[-/.](?:{_YEAR}|[0-9]{{2}}){_TIME}"
    rf"|(?i:{_DAY}(?:st|nd|rd|th)?(?: of)?[ -]{_MONTH}[ -,]{{1,2}}{_YEAR}){_TIME}"
    rf"|(?i:{_MONTH} {_DAY}(?:st|nd|rd|th)?,? {_YEAR}){_TIME}"
    rf"|(?i:\b{_MONTH} {_YEAR})"
)
_NUMBER = r"(?P<{}>1[01][0-9]|[1-9][0-9]?)"
_AGES = (
    r"(?i:\b(?:aged?|age of|age(?: is)?[:=\"' ]{1,4}|turned|turning|turns|turn) )" + _NUMBER.format("told") + r"\b",
    _NUMBER.format("old") + r"(?i:[- ]years?[- ](?:old|of age)\b| ?y/?o\b| ?y\.o\.| yrs? old\b)",
    r"(?i:\bage[\"']?[:=|]{1,2}[ \"']{0,3})" + _NUMBER.format("labeled") + r"\b",
)
_SEPARATORS = re.compile(rb"[-/.]")
_SCORE = 0.6


class DateScanner(Scanner):
    """Finds whole dates, and months of a year."""

    def __init__(self) -> None:
        super().__init__(entities=["DATE_TIME"], name="DateRecognizer", triggers=[_DATE])
        self._pattern = compiled(_DATE)

    def scan(self, view: bytes, text: str, work: Work) -> Iterator[Hit]:
        """Go through all dates."""
        del text
        for match in self._pattern.finditer(view):
            start, end = match.span()
            work.spend(CANDIDATE, start)
            separators = {*_SEPARATORS.findall(view[start : start + 10])}
            if stands_alone(view, start, end) and len(separators) < 2:  # noqa: PLR2004 - one kind between three parts
                yield Hit(start, end, _SCORE)


class AgeScanner(Scanner):
    """Finds how old somebody, or something, is: who it is about is judged by what stands around."""

    def __init__(self) -> None:
        super().__init__(entities=["AGE"], name="AgeRecognizer", triggers=_AGES)
        self._pattern = compiled("|".join(_AGES))
        self._groups = sorted(self._pattern.groupindex.values())

    def scan(self, view: bytes, text: str, work: Work) -> Iterator[Hit]:
        """Go through all ages."""
        del text
        for match in self._pattern.finditer(view):
            start, end = next(match.span(group) for group in self._groups if match.start(group) >= 0)
            work.spend(CANDIDATE, start)
            if view[end : end + 1] not in {b"%", b"."} or not view[end + 1 : end + 2].isdigit():
                yield Hit(start, end, _SCORE)
