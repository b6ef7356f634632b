"""Names of persons: what announces them, what the model takes for one and is none, and whether one stands bare."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources

import yaml

from sidecar.detection.recognizers.scanner import Hit, Scanner, compiled
from sidecar.detection.recognizers.work import CANDIDATE, Work

BEFORE, AFTER = 64, 40  # code points around a name that can tell whose it is

_TABLES = resources.files("sidecar.detection").joinpath("data")
_ENGLISH: Mapping[str, list[str]] = yaml.safe_load(_TABLES.joinpath("persons.yaml").read_text(encoding="utf-8"))
_LATIN: Mapping[str, list[str]] = yaml.safe_load(_TABLES.joinpath("latin.yaml").read_text(encoding="utf-8"))


def _any(*keys: str) -> str:
    return "(?:" + "|".join(words for key in keys for table in (_ENGLISH, _LATIN) for words in table.get(key, ())) + ")"


_WORD = r"[A-Z][a-z]+(?:['-][A-Z]?[a-z]+)*"
_PARTICLE = "(?:van|von|de|da|di|del|der|den|bin|al|el|la|le)"
_NAME = rf"{_WORD}(?: (?:{_PARTICLE} )*[A-Z][a-z]*(?:['-][A-Z]?[a-z]+)*\.?){{0,3}}"
_ANNOUNCED = compiled(
    rf"\b{_any('titles')}\.? ({_NAME})"
    rf"|(?i:\b{_any('introductions')}:?) ({_NAME})"
    rf"|(?m:^[ \t]*(?i:{_any('closings')})[,.!]?[ \t]*\n\s*({_NAME})[ \t]*$)"
    rf"|\b(?i:{_any('announcing_roles')}) ({_WORD} {_WORD})\b"
    rf"|(?i:\b{_any('name_labels')})[\"']?[ \t]*[:=][ \t]*[\"']?({_NAME})"
)
_SCORE = 0.7

_POINTING = r"\s*[,:;(—–-]?\s*[\"'“*|<]*$"
_LINKING = r"(?:\s+(?:is|was|are|named|called|name|id|mr|ms|mrs|dr)){0,2}"
_CALLED = r"(?:\s+(?:ist|hei.t|est|s['’]appelle|es|se llama|si chiama|chama-se|se chama|is|heet))?"
_OWNED_BEFORE = re.compile(
    rf"(?:\b{_any('titles')}\.?\s+$"
    rf"|\b(?i:(?:{_any('roles')}|(?:my|our|his|her|their|your)\s+(?:[\w-]+\s+){{0,2}}{_any('ties')}s?){_LINKING}){_POINTING}"
    rf"|\b(?i:{_any('near')}{_CALLED}){_POINTING}"
    rf"|\b(?i:{_any('before')}){_POINTING}"
    rf"|\b(?i:{_any('labels', 'name_labels')})[\"']?\s*[:=]\s*[\"'“*|<]*$"
    rf"|\b(?i:{_any('papers')} (?:of|for|from|to))\s+$)"
)
_OWNED_AFTER = re.compile(
    rf"(?i:['’]s?\s+(?:[\w-]+\s+)?{_any('belongings')}\b|\s*[,(]\s*{_any('asides')}|\s+{_any('after')}\b|\s*<[^<>\s]*@)"
)
_SIGNATURE = re.compile(rf"(?i)\b{_any('closings')}[ ,.!]*\s*$")
_OPENING = re.compile(rf"{_any('openings')}\b\s*")
_NOT_A_NAME = re.compile(r"[_(){}\[\]=<>/\\@#$%^*+|~`:;\d]|\w\.\w{2,}|--")
_CODE_BEFORE, _CODE_AFTER = frozenset("/\\@#$_.-=<{`"), frozenset("/\\@_(=>}`")
_TRIM = " \t\r\n'\"“”‘’.,!?-–—*"


class PersonScanner(Scanner):
    """Finds names that a title, a role, an introduction or a closing announces, also where the model misses them."""

    def __init__(self) -> None:
        super().__init__(entities=["PERSON"], name="PersonRecognizer", triggers=[_ANNOUNCED.pattern.decode()])

    def scan(self, view: bytes, text: str, work: Work) -> Iterator[Hit]:
        """Go through all announced names."""
        del text
        for match in _ANNOUNCED.finditer(view):
            start, end = match.span(match.lastindex)
            work.spend(CANDIDATE, start)
            if view[end - 1 : end] == b"." and view[end - 3 : end - 2] != b" ":
                end -= 1  # of the sentence, not of an initial
            if not _all_products(view[start:end].decode()):
                yield Hit(start, end, _SCORE)


def trimmed_name(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the span of a name that the model saw, without what is not a part of it; None where it is no name."""
    start, end = _trim(text, start, end)
    opening = _OPENING.match(text, start, end)
    if opening is not None and not text[max(0, start - 2) : start].strip(_TRIM):
        start = opening.end()
    name = text[start:end]
    return (start, end) if _is_name(name) and not is_in_code(text, start, end) and not _all_products(name) else None


def is_bare(text: str, start: int, end: int) -> bool:
    """Whether no title, role or relation to the writer stands around a name."""
    before, after = text[max(0, start - BEFORE) : start], text[end : end + AFTER]
    ends_its_line = not after.strip() or after.lstrip(" ").startswith("\n")
    signed = ends_its_line and before.rstrip(" ").endswith("\n") and _SIGNATURE.search(before)
    return not (signed or _OWNED_BEFORE.search(before) or _OWNED_AFTER.match(after))


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span of its first line without blanks, quotes, full stops and a possessive."""
    first_line = text[start:end].split("\n", 1)[0]
    end = start + len(first_line) if first_line.strip() else end
    while start < end and text[start] in _TRIM:
        start += 1
    if text[start:end].endswith(("'s", "’s")):
        end -= 2
    while start < end and text[end - 1] in _TRIM:
        end -= 1
    return start, end


def _is_name(name: str) -> bool:
    """Whether it has two letters, a Latin one among them, a capital, and nothing that names never hold."""
    if len(name) < 2 or name == name.lower() or _NOT_A_NAME.search(name):  # noqa: PLR2004 - an initial alone
        return False
    return not (name.isupper() and " " not in name) and any(letter.isalpha() and letter < "ɐ" for letter in name)


def is_in_code(text: str, start: int, end: int) -> bool:
    """Whether a name touches what only code, paths and addresses have beside a word."""
    return (start > 0 and text[start - 1] in _CODE_BEFORE) or (end < len(text) and text[end] in _CODE_AFTER)


def _all_products(name: str) -> bool:
    return all(word.strip(_TRIM).lower() in _not_names() for word in name.split())


@cache
def _not_names() -> frozenset[str]:
    lines = _TABLES.joinpath("not_names.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))
