"""E-mail addresses."""

import re
from collections.abc import Iterator

import tldextract

from sidecar.detection.recognizers.scanner import Hit, Scanner, compiled
from sidecar.detection.recognizers.work import CANDIDATE, Work

_ADDRESS = compiled(r"[A-Za-z0-9._%+'\-]+@[A-Za-z0-9.\-]+\.[A-Za-z]{2,24}")
_TRIGGER = r"@[A-Za-z0-9.\-]+\.[A-Za-z]{2}"
_LONGEST_LOCAL, _LONGEST_DOMAIN = 64, 253
_PRIVATE = frozenset(
    {"corp", "example", "home", "internal", "intranet", "invalid", "lan", "local", "localdomain", "test"}
)
_AUTHORITY = re.compile(rb"://[^\s/?#]*\Z")  # of a URL, to its end: after its path begins, an address is one
_NOT_PERSONS = frozenset({b"git", b"hg", b"svn"})  # the user in an address of a repository
_SCORE = 0.95

# The list that the package carries; no list is ever fetched and nothing is kept on disk.
_suffixes = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
_TOPS = frozenset(suffix.rpartition(".")[2] for suffix in _suffixes.tlds)
# Under these every name is in a public suffix; a few, such as za, only give out names under others, such as co.za.
_OPEN = frozenset(top for top in _TOPS if _suffixes.extract_str(f"name.{top}").suffix)


class EmailScanner(Scanner):
    """Finds e-mail addresses under public suffixes and the usual private ones."""

    def __init__(self) -> None:
        super().__init__(entities=["EMAIL_ADDRESS"], name="EmailRecognizer", triggers=[_TRIGGER])

    def scan(self, view: bytes, text: str, work: Work) -> Iterator[Hit]:
        """Go through all addresses."""
        del text
        for match in _ADDRESS.finditer(view):
            start, end = match.span()
            work.spend(CANDIDATE, start)
            at = view.index(b"@", start)
            while start < at and view[start] in b".'-+%":
                start += 1
            labels = _domain(view[at + 1 : end].decode())
            end = at + 1 + len(labels)
            if (
                not labels
                or start == at
                or at - start > _LONGEST_LOCAL
                or view[start:at] in _NOT_PERSONS
                or _is_userinfo(view, start)
            ):
                continue
            yield Hit(start, end, _SCORE)


def _domain(text: str) -> str:
    """Return the longest domain that ``text`` begins with; empty where none does."""
    labels = text[:_LONGEST_DOMAIN].split(".")
    while len(labels) > 1 and all(labels):
        domain = ".".join(labels)
        if _is_public(domain, labels[-1].lower()):
            return domain
        labels.pop()
    return ""


def _is_public(domain: str, top: str) -> bool:
    """Whether a domain ends in a known suffix; the list is only asked where the last label does not tell."""
    if top in _PRIVATE or top in _OPEN:
        return True
    return (top in _TOPS or top.startswith("xn--")) and bool(_suffixes.extract_str(domain).suffix)


def _is_userinfo(view: bytes, start: int) -> bool:
    """Whether a name and a password of a URL end here, as in ``scheme://name:password@host``."""
    return _AUTHORITY.search(view[max(0, start - 128) : start]) is not None
