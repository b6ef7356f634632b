"""Street addresses: a shape that only addresses have, and whatever of one stands around it, over several lines too."""

import re
from collections.abc import Iterator, Mapping
from importlib import resources

import yaml

from sidecar.detection.recognizers.scanner import Hit, Scanner, compiled
from sidecar.detection.recognizers.work import CANDIDATE, CONTEXT, Work

_WORDS: Mapping[str, list[str]] = yaml.safe_load(
    resources.files("sidecar.detection").joinpath("data/addresses.yaml").read_text(encoding="utf-8")
)
REACH = 96  # letters in front of a shape that are read
_MOST_PARTS = 10
_SHAPED, _TOLD = 0.6, 0.5


def _any(*keys: str) -> str:
    return "(?:" + "|".join(words for key in keys for words in _WORDS[key]) + ")"


_NUMBER = r"[0-9]{1,5}[A-Za-z]?(?:[-/][0-9]{1,5}[A-Za-z]?)?"
_SMALL = _any("small")
_WORD = r"(?:[A-Z][A-Za-z'.\-]*|[0-9]{1,3}(?:st|nd|rd|th))"
_NAME = rf"{_WORD}(?: (?:{_SMALL} ){{0,2}}{_WORD}){{0,3}}"
_ANY_NAME = r"[A-Za-z][A-Za-z'.\-]*(?: [A-Za-z'.\-]+){0,4}"
_UNIT = rf"(?i:{_any('units')}\b\.? ?#?[0-9]{{1,5}}[A-Za-z]?|#[0-9]{{1,5}}[A-Za-z]?)\b"
_APARTMENT = r"\b(?:(?:Apt|Apartment|APT|Suite|SUITE|Ste)\b\.?|apt\.) ?#?[0-9]{1,5}[A-Za-z]?\b"
_ZIP = r"[0-9]{5}(?:-[0-9]{4})?"
_BRITISH = r"[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][ABD-HJLNP-UW-Z]{2}"
_CANADIAN = r"[ABCEGHJ-NPRSTVXY][0-9][A-Z] ?[0-9][A-Z][0-9]"
_LEADS = r"[a-z ]{0,12}(?: at| is| on| to| the same|:)[:,]?[ \t\r\n>]{1,6}"
_CUE = rf"(?i:\b{_any('cues')}\b{_LEADS})"
_ANY_CUE = rf"(?i:\b{_any('cues', 'directions')}\b{_LEADS})"

# Words of a street's name where nothing is in capitals: "10 minutes drive" is none.
_ORDINARY = r"(?:[a-z]{3,}|[0-9]{1,3}(?:st|nd|rd|th)) "
_LOW_TYPES = r"(?:street|st|avenue|ave|road|rd|boulevard|blvd|lane|drive|court|terrace|highway|parkway)"
_NO_STREET_NAME = re.compile(rf"(?i)[0-9]+ (?:[a-z]+ )*{_any('not_low')}\b".encode())

# Each is enough by itself, in this order.
_SHAPES = {
    "street": rf"\b{_NUMBER},? (?:[NSEW]{{1,2}}\.? )?{_NAME} {_any('types')}\b\.?(?: [NSEW]{{1,2}}\b)?",
    "weak_street": rf"\b{_NUMBER},? {_NAME} {_any('weak_types')}\b",
    "kind": rf"\b(?i:(?:{_any('kinds')}\b\.?|C/) ?{_ANY_NAME}),? {_NUMBER}\b",
    "number_kind": rf"\b{_NUMBER},? (?i:{_any('kinds')}\b\.?) {_NAME}",
    "ending": rf"\b(?:[A-Z][A-Za-z.\-]* ){{0,2}}(?i:[A-Z][A-Za-z\-]{{2,}}{_any('endings')}\.?) {_NUMBER}\b",
    "behind": rf"\b[A-Z][A-Za-z\-]+ (?:[A-Za-z\-]+ ){{0,2}}{_any('behind')}\.? {_NUMBER}\b\.?",
    "with_apartment": rf"\b(?:{_NUMBER} )?{_NAME}\.? {_NUMBER}\.?(?:,? {{1,3}}| *\n[ \t>|?*]{{0,12}}){_APARTMENT}",
    "apartment": _APARTMENT,
    "box": r"(?i:\b(?:P\.? ?O\.? ?Box|PSC|Postfach|Apartado|Boite Postale)\.? ?[0-9]{1,6}(?:,? ?Box [0-9]{1,6})?\b)",
    "forces": r"(?i:\b(?:[AFD]PO),? A[AEP] [0-9]{5}(?:-[0-9]{4})?\b|\b(?:USNS|USNV|USS|USCGC) [A-Z][a-z]+\b)",
    "town": rf"\b{_NAME},? {_any('states')},? {_ZIP}\b",
    "postcode": r"(?i:\b(?:zip|postal|post)[ -]?(?:code|number)?\b(?: is| was)?[ :=#\"']{1,4})"
    rf"(?P<code>[0-9]{{4,6}}(?:-[0-9]{{3,4}})?|{_BRITISH}|{_CANADIAN})\b",
    "british": rf"\b{_BRITISH}\b",
    "low": rf"{_CUE}(?P<low_place>(?i:{_NUMBER} [a-z'.\- ]{{2,30}} {_any('types')}\b))",
    "low_line": rf"\b(?i:[0-9]{{2,5}} {_ORDINARY}{{1,3}}{_LOW_TYPES}\b(?:,| {_UNIT}|[ ]*(?m:$)))",
    "directed": rf"{_ANY_CUE}(?P<goal>(?:{_NUMBER} )?{_NAME} {_NUMBER})\b",
    "told": rf"{_CUE}(?P<place>(?:{_NUMBER} ){{1,2}}{_NAME}(?: {_WORD}){{0,2}})\b",
}
_NEEDS_A_PART = frozenset({"weak_street", "british"})  # or a word that tells: by itself it may be something else
_TELLS = re.compile(rf"{_CUE}[\"']?$".encode())
_LONG_NUMBER = re.compile(rb"[0-9]{3,5} ")  # "5 Best Way" is no street, "9881 Summit Way" is
_YEAR_BEFORE = re.compile(rb"(?i)\b(?:in|of|since|until|during) $")
_YEAR = re.compile(rb"(?:19|20)[0-9]{2} ")
_SMALL_WORD = re.compile(rb"(?i)(?:is|are|on|at|in|the|to|of|and|from|an?|my|our) ")
_NOT_A_STREET = re.compile(rf"(?:{_NUMBER} )?(?:{'|'.join(_WORDS['not_streets'])})\b".encode())
_SHAPE = compiled("|".join(f"(?P<{name}>{shape})" for name, shape in _SHAPES.items()))
_GROUPS = {number: name.decode() for name, number in _SHAPE.groupindex.items() if name.decode() in _SHAPES}
_VALUES = {
    name: _SHAPE.groupindex[value]
    for name, value in (("postcode", b"code"), ("told", b"place"), ("directed", b"goal"), ("low", b"low_place"))
}

# Blanks are never given back: every cut of a run would be tried, and letters of other scripts are blanks of the view.
_NEWLINE = r"[ ]*+,?[ \t]*+(?:\r?\n[ \t>|?*]{0,12}){1,2},?[ ]*"
_STATE_CODE = rf"[A-Z]{{2,3}}\b(?:,? {_ZIP}\b)?"
_NOT_A_TOWN = rf"(?!{_any('not_towns')}\b)"
_TOWN = r"[A-Z][A-Za-z'.\-]*(?: (?:[a-z]{1,3} )?[A-Z][A-Za-z'.\-]*){0,3}"
_PARTS_AFTER = tuple(
    re.compile(pattern.encode())
    for pattern in (
        rf"(?:[ ]?,?[ ]{{1,8}}|{_NEWLINE}){_UNIT}",
        rf"(?:[ ]?,?[ ]{{1,8}}|{_NEWLINE})(?:{_TOWN},?[ ])?(?:{_BRITISH}|{_CANADIAN})\b",
        rf"(?:[ ]?,[ ]?|[ ]{{1,8}}|{_NEWLINE}){_NOT_A_TOWN}(?:{_TOWN}(?:,?[ ]|{_NEWLINE}))?"  # noqa: ISC004
        rf"(?:{_STATE_CODE}|{_TOWN}[ ]{_ZIP}\b|{_NEWLINE}{_ZIP}\b)(?=\W|$)",
        rf"(?:[ ]{{1,4}}|,[ ]|{_NEWLINE})(?:{_ZIP}|[0-9]{{4,6}}|[0-9]{{3}} [0-9]{{2}})\b(?![.,/:\-]?[0-9])",
        rf"(?:[ ]?,[ ]?|{_NEWLINE}){_NOT_A_TOWN}{_TOWN}(?=[ ]*(?:\r?\n|$|,|\.(?:\s|$)))",
        r"[ ][0-9]{1,4}[A-Za-z]?\b(?=[ ]*(?:\r?\n|$|,|\.|[ ](?:Apt|Suite|Unit)))",
    )
)
_BEFORE = re.compile(rf"(?:(?:\b[0-9]{{1,6}}(?:-[0-9]+)?[A-Za-z]?|{_UNIT})(?:,?[ ]{{1,4}}|{_NEWLINE}))+$".encode())


class AddressScanner(Scanner):
    """Finds postal addresses of many countries' shapes."""

    def __init__(self) -> None:
        super().__init__(
            entities=["STREET_ADDRESS"],
            name="AddressRecognizer",
            triggers=list(_SHAPES.values()),
        )

    def scan(self, view: bytes, text: str, work: Work) -> Iterator[Hit]:
        """Go through all addresses."""
        del text
        done = 0
        for match in _SHAPE.finditer(view):
            name = next(_GROUPS[number] for number in sorted(_GROUPS) if match.start(number) >= 0)
            start, end = match.span(_VALUES.get(name, 0))
            work.spend(CANDIDATE + CONTEXT, start)
            while (small := _SMALL_WORD.match(view, start, end)) is not None:
                start = small.end()
            if start < done or _is_something_else(view, start, name):
                continue
            whole_start, whole_end = max(done, part_before(view, start)), part_after(view, end)
            alone = (whole_start, whole_end) == (start, end) and not _LONG_NUMBER.match(view, start)
            if alone and name in _NEEDS_A_PART and not _is_told(view, start):
                continue
            done = whole_end
            yield Hit(whole_start, whole_end, _TOLD if name in {"told", "directed"} else _SHAPED)


def _is_something_else(view: bytes, start: int, name: str) -> bool:
    """Whether a year stands where a number should, or a chapter where a street should."""
    if _YEAR.match(view, start) and _YEAR_BEFORE.search(view, max(0, start - 8), start):
        return True
    return _NOT_A_STREET.match(view, start) is not None or (
        name == "low_line" and _NO_STREET_NAME.match(view, start) is not None
    )


def _is_told(view: bytes, start: int) -> bool:
    return _TELLS.search(view, max(0, start - REACH), start) is not None


def part_before(view: bytes, start: int) -> int:
    """Return where the numbers and units begin that stand right before a shape."""
    least = max(0, start - REACH)
    match = _BEFORE.search(view[least:start])
    return least + match.start() if match else start


def part_after(view: bytes, end: int) -> int:
    """Return where the units, towns and postcodes end that follow a shape."""
    for _ in range(_MOST_PARTS):
        longest = max((match.end() for part in _PARTS_AFTER if (match := part.match(view, end))), default=end)
        if longest == end:
            break
        end = longest
    return end
