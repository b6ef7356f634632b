"""Names of persons: what announces them, what the model takes for one and is none, and whether one stands bare."""

import re
from collections.abc import Iterator
from functools import cache
from importlib import resources

from sidecar.detection.recognizers.scanner import Hit, Scanner, compiled

BEFORE, AFTER = 64, 40  # code points around a name that can tell whose it is

_TITLE = r"(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Doctor|Sir|Madam|Herr|Frau|Monsieur|Madame|Se.ora?|Signora?|Sra?|Dhr|Mevr)"
_NAME = r"[A-Z][a-z]+(?:['-][A-Z]?[a-z]+)*(?: (?:(?:van|von|de|da|di|del|der|den|bin|al|el|la|le) )*[A-Z][a-z]*(?:['-][A-Z]?[a-z]+)*\.?){0,3}"
_ANNOUNCED = compiled(
    rf"\b{_TITLE}\.? (?P<title>{_NAME})"
    rf"|(?i:\b(?:my name is|name is|my name's|i am called|full name:?|patient name:?|customer name:?|client name:?|employee name:?)) (?P<intro>{_NAME})"
    rf"|(?m:^[ \t]*(?i:(?:best|kind|warm|with)?[ ]?regards|best|sincerely|yours (?:sincerely|truly|faithfully)|cheers|thanks|many thanks|thank you)[,.!]?[ \t]*\n\s*(?P<signed>{_NAME})[ \t]*$)"
    rf"|\b(?i:patient|customer|client|employee|colleague|applicant|cardholder|policyholder|tenant|borrower|claimant) (?P<role>[A-Z][a-z]+ [A-Z][a-z]+(?:-[A-Z][a-z]+)?)\b"
)
_SCORE = 0.7

# Who stands in such a role is somebody's customer or case; a role of daily life counts only with whose it is: "Plato, the teacher of …" is nobody's.
_ROLE = (
    r"patients?|customers?|clients?|employees?|colleagues?|coworkers?|co-workers?|applicants?|account holders?|cardholders?|policyholders?|tenants?|borrowers?|"
    r"beneficiary|beneficiaries|claimants?|defendants?|plaintiffs?|witness(?:es)?|suspects?|subscribers?|passengers?|payee|payer|insured|data subject|new hire|users?|members?|recipients?|senders?|assignee"
)
_TIE = (
    r"wife|husband|spouse|partner|fianc.e?|son|daughter|child|kid|mother|father|mom|mum|dad|brother|sister|cousin|uncle|aunt|nephew|niece|grandmother|grandfather|ex-wife|ex-husband|"
    r"girlfriend|boyfriend|friend|neighbou?r|roommate|landlord|teacher|student|doctor|nurse|lawyer|attorney|accountant|manager|boss|supervisor|assistant|director|engineer|analyst|contact|candidate|guest|"
    r"cto|ceo|cfo|representative|therapist|dentist|tutor|coach|buyer|seller|supplier|contractor|intern"
)
_OWNED_BEFORE = re.compile(
    rf"(?:\b{_TITLE}\.?\s+$"
    rf"|\b(?i:(?:{_ROLE})|(?:my|our|his|her|their|your)\s+(?:[\w-]+\s+){{0,2}}(?:{_TIE})s?)"
    rf"(?i:\s+(?:is|was|are|named|called|name|id|mr|ms|mrs|dr)){{0,2}}\s*[,:;(—–-]?\s*[\"'“*]*$"
    r"|\b(?i:my name(?: is|['’]s)|i am|i['’]m|this is|on behalf of|(?:full|first|last|patient|customer|client|employee) name(?: is)?|surname|sincerely|regards|best wishes|cheers|thanks|thank you|dear|hi|hello|hey|"
    r"spoke (?:with|to)|meeting with|call with|assigned to|reported by|requested by|submitted by|approved by|reach out to|follow up with)\s*[,:;]?\s*[\"'“*|<]*$"
    r"|\b(?i:name|from|to|cc|bcc|attn|attention|signed|author|assignee|contact|best|yours|reporter|owner|manager)\s*[:,]\s*[\"'“*|<]*$"
    r"|\b(?i:invoice|salary|account|record|file|passport|contract|complaint|payment|refund|diagnosis|prescription|appointment|cv|résumé|resume) (?:of|for|from|to)\s+$)",
)
_OWNED_AFTER = re.compile(
    r"^(?:['’]s?\s+(?i:[\w-]+\s+)?(?i:account|address|salary|passport|phone|e-?mail|mobile|diagnosis|medical|blood|records?|loan|password|insurance|"
    r"card|claim|contract|performance review|appointment|prescription|credit|cv|resume|ssn|invoice|complaint|date of birth)\b"
    r"|\s*[,(]\s*(?i:\d{1,3}\b\s*[,)]|aged? \d|age:? \d|d\.?o\.?b|ssn\b|she/her|he/him|they/them|id\b|account\b|employee\b|(?:an? |our |my )?(?:patient|customer|client|colleague)\b|(?:our|my)\s)"
    r"|\s+(?i:called (?:me|us)|e-?mailed (?:me|us)|phoned (?:me|us)|contacted us|joined (?:us|our|the team)|works (?:with|for) us|is (?:a|our|my) (?:patient|customer|client|colleague|employee|tenant)|lives at \d|"
    r"was (?:admitted|diagnosed|prescribed|discharged|hired|fired|laid off)|has been (?:admitted|diagnosed|prescribed)|tested positive|can be reached|complained|owes us)\b"
    r"|\s*<[^<>\s]*@)",
)
_LETTER = re.compile(r"[^\W\d_]")
_NOT_A_NAME = re.compile(r"[_(){}\[\]=<>/\\@#$%^*+|~`:;\d]|\w\.\w{2,}|--")
# Verbs that open a request; the model takes them into the name that follows.
_OPENING = re.compile(
    r"(?:Add|Analy[sz]e|Ask|Build|Call|Compare|Contact|Convert|Create|Debug|Deploy|Describe|Discuss|Draft|Email|Explain|Find|Fix|Generate|Give|Imagine|Install|Invite|List|Make|Meet|Message|Notify|Paraphrase|Pay|Quote|Read|Remind|"
    r"Review|Rewrite|Run|Schedule|Send|Show|Start|Summari[sz]e|Tell|Text|Thank|Translate|Update|Use|Write)\b\s*"
)
_TRIM = " \t\r\n'\"“”‘’.,!?-–—*"


class PersonRecognizer(Scanner):
    """Finds names that a title, a role or an introduction announces, also where the model misses them."""

    def __init__(self) -> None:
        super().__init__(entities=["PERSON"], name="PersonRecognizer")

    def scan(self, view: bytes, text: str) -> Iterator[Hit]:
        """Go through all announced names."""
        del text
        for match in _ANNOUNCED.finditer(view):
            start, end = match.span(match.lastindex)
            if view[end - 1 : end] == b"." and view[end - 3 : end - 2] != b" ":
                end -= 1
            if any(word.lower() not in not_names() for word in view[start:end].decode().split()):
                yield Hit(start, end, _SCORE)


def trimmed_name(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the span of a name that the model saw, without what is not a part of it; None where it is no name."""
    lines = text[start:end].split("\n")
    end = start + len(lines[0]) if lines[0].strip() else end
    while start < end and text[start] in _TRIM:
        start += 1
    for possessive in ("'s", "’s"):
        if text[start:end].endswith(possessive):
            end -= 2
    while start < end and text[end - 1] in _TRIM:
        end -= 1
    opening = _OPENING.match(text, start, end)
    if opening is not None and text[max(0, start - 2) : start].strip(_TRIM) == "":
        start = opening.end()
    name = text[start:end]
    words = name.split()
    if not words or _NOT_A_NAME.search(name) or not any("A" <= letter <= "z" or "À" <= letter <= "ɏ" for letter in name):
        return None
    if len(name) < 2 or name == name.lower() or not _LETTER.search(name):  # noqa: PLR2004 - an initial
        return None
    if len(words) == 1 and name.isupper():
        return None
    if all(word.strip(_TRIM).lower() in not_names() for word in words):
        return None
    if start and text[start - 1] in "/\\@#$_.-=<{`" or end < len(text) and text[end] in "/\\@_(=>}`":
        return None
    return start, end


def is_bare(text: str, start: int, end: int) -> bool:
    """Whether no title, role or relation to the writer stands around a name."""
    before, after = text[max(0, start - BEFORE) : start], text[end : end + AFTER]
    alone_on_its_line = before.rstrip(" ").endswith("\n") and (not after.strip() or after.lstrip(" ").startswith("\n"))
    signed = alone_on_its_line and _SIGNATURE.search(text[max(0, start - BEFORE) : start]) is not None
    return not (signed or _OWNED_BEFORE.search(before) or _OWNED_AFTER.search(after))


_SIGNATURE = re.compile(r"(?i)\b(?:regards|sincerely|cheers|thanks|thank you|best|yours|greetings)[ ,.!]*\s*$")


@cache
def not_names() -> frozenset[str]:
    """Return words that the model takes for names, lower-case."""
    lines = resources.files("sidecar.detection").joinpath("data/not_names.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))
