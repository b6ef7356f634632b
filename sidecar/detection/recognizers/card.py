"""Payment card numbers: 12 to 19 digits, in one piece or in the groups that cards are written in."""

import re
from collections.abc import Iterator

from sidecar.detection.recognizers.checksums import card
from sidecar.detection.recognizers.scanner import Hit, Scanner, compiled, is_whole_number
from sidecar.detection.recognizers.work import CANDIDATE, Work

_RUN = compiled(r"[0-9]+(?:[ .\-_/][0-9]+)*")
_TRIGGER = r"(?:[0-9][ .\-_/]?){12}"
_GROUP = re.compile(rb"[0-9]+")
_GROUPINGS = ((4, 4, 4, 4, 3), (4, 4, 4, 4), (4, 6, 5), (4, 6, 4), (6, 13))
_GROUPINGS_BY_FIRST = {4: _GROUPINGS[:4], 6: _GROUPINGS[4:]}
_SHORTEST, _LONGEST = 12, 19

# Issuers by their first digits, and the lengths they give out. Wide ranges stand below and need a word around them.
_ISSUERS = re.compile(
    r"4(?:\d{15}|\d{18})"  # Visa
    r"|(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}"  # Mastercard
    r"|3[47]\d{13}|3(?:0[0-5]|[689]\d)\d{11}"  # American Express, Diners Club
    r"|(?:6011|64[4-9]\d|65\d\d)\d{12}(?:\d{3})?|35(?:2[89]|[3-8]\d)\d{12}"  # Discover, JCB
    r"|62\d{14,17}|220[0-4]\d{12,15}|9792\d{12}|(?:60|81|82)\d{14}"  # UnionPay, Mir, Troy, RuPay
)
_UNCHECKED_LENGTHS = frozenset({15, 16, 19})
_KNOWN, _UNKNOWN, _UNCHECKED = 0.9, 0.2, 0.1


class CardScanner(Scanner):
    """Finds payment cards. What no known issuer gives out needs a word around it: a tenth of all numbers pass."""

    def __init__(self) -> None:
        super().__init__(
            entities=["CREDIT_CARD"],
            name="CardRecognizer",
            triggers=[_TRIGGER],
            context=[
                "card", "cards", "cc", "credit", "debit", "visa", "mastercard", "amex", "maestro", "unionpay", "pan",
                "kreditkarte", "carte",
                "tarjeta", "carta", "卡号", "银行卡", "信用卡", "卡號", "카드", "カード",
            ],
        )  # fmt: skip

    def scan(self, view: bytes, text: str, work: Work) -> Iterator[Hit]:
        """Go through all cards."""
        del text
        for run in _RUN.finditer(view):
            if run.end() - run.start() >= _SHORTEST:
                yield from self._cards(view, run.start(), run.end(), work)

    def _cards(self, view: bytes, start: int, end: int, work: Work) -> Iterator[Hit]:
        groups = [group.span() for group in _GROUP.finditer(view, start, end)]
        index = 0
        while index < len(groups):
            work.spend(CANDIDATE, groups[index][0])
            used = _groups_of_card(view, groups, index)
            if used:
                work.spend(2 * CANDIDATE, groups[index][0])
            first, last = groups[index][0], groups[index + max(used, 1) - 1][1]
            score = (
                _score(b"".join(_GROUP.findall(view, first, last)).decode())
                if used and is_whole_number(view, first, last)
                else 0.0
            )
            if score:
                yield Hit(first, last, score)
            index += used if score else 1


def _groups_of_card(view: bytes, groups: list[tuple[int, int]], index: int) -> int:
    """Return how many groups from here on are written like a card; 0 where none are."""
    first, last = groups[index]
    if _SHORTEST <= last - first <= _LONGEST:
        return 1
    for grouping in _GROUPINGS_BY_FIRST.get(last - first, ()):
        candidate = groups[index : index + len(grouping)]
        separators = {view[end] for _, end in candidate[:-1]}
        if tuple(end - start for start, end in candidate) == grouping and len(separators) == 1:
            return len(grouping)
    return 0


def _score(digits: str) -> float:
    """A number whose check digit does not hold may still be told to be a card: then the word around it decides."""
    if card(digits):
        return _KNOWN if _ISSUERS.fullmatch(digits) else _UNKNOWN
    return _UNCHECKED if len(digits) in _UNCHECKED_LENGTHS and len(set(digits)) > 1 else 0.0
