"""Addresses of machines: IP and MAC."""

import ipaddress
import re
from collections.abc import Iterator

from sidecar.detection.recognizers.scanner import Hit, Scanner, compiled, stands_alone
from sidecar.detection.recognizers.work import CANDIDATE, Work

_V4 = compiled(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}")
_V6 = compiled(r"[0-9A-Fa-f:]*:[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*")
_MAC = compiled(r"(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}|(?:[0-9A-Fa-f]{2}-){5}[0-9A-Fa-f]{2}")
# A lone equals sign or arrow is no comparison of versions: logs write `ip=203.0.113.9` and `10.0.0.2 -> 203.0.113.9`.
_LOOKS_LIKE_VERSION = re.compile(
    rb"(?i)(?:(?:version|versions|ver|release|build|v|firmware|upgrade[ds]? to)[\"']?[ :=]*[\"']?"
    rb"|\w==|[<>~^!]=[ ]?|~>[ ]?|[~^]|\w[<>]|[/\w]-)$"
)
# In a line about versions, four parts that begin with a single digit are one of them, unless a word says otherwise.
_AMONG_VERSIONS = re.compile(
    rb"(?i)\b(?:versions?|releases?|builds?|firmware)\b(?![^\n]*\b(?:ip|ipv4|address|host|client|from)\b)[^\n]*$"
)
_AMONG = 64
_PAIR_AFTER, _PAIR_BEFORE = re.compile(rb"[:-][0-9A-Fa-f]{2}\b"), re.compile(rb"\b[0-9A-Fa-f]{2}[:-]$")
_LABEL = re.compile(rb"(?i)(?<![A-Za-z0-9])IP$")  # Chinese and Korean put no blank behind it
_SHORTEST_V6, _GROUPS_V6 = 8, 4
_SCORE = 0.6


class IpScanner(Scanner):
    """Finds IP addresses that are some machine's: not loopback, masks, or versions in four parts."""

    def __init__(self) -> None:
        super().__init__(
            entities=["IP_ADDRESS"],
            name="IpRecognizer",
            triggers=[_V4.pattern.decode(), ":[0-9A-Fa-f:]*:"],
            context=["ip", "ipv4", "ipv6", "address", "host", "地址", "주소"],
        )

    def scan(self, view: bytes, text: str, work: Work) -> Iterator[Hit]:
        """Go through all addresses."""
        del text
        for match in _V4.finditer(view):
            start, end = match.span()
            work.spend(CANDIDATE, start)
            if (
                stands_alone(view, _with_label(view, start), end)
                and not (view[end : end + 1] == b"." and view[end + 1 : end + 2].isdigit())
                and view[start - 1 : start] != b"."
                and not _is_version(view, start)
                and _is_some_machine(view[start:end])
            ):
                yield Hit(start, end, _SCORE)
        if view.count(b":") > 1:
            for match in _V6.finditer(view):
                start, end = match.span()
                work.spend(CANDIDATE, start)
                if view[start : start + 1] == b":" and view[start : start + 2] != b"::":
                    start += 1  # of a label before the address
                while end > start and (
                    view[end - 1] == ord(".") or (view[end - 1] == ord(":") and view[end - 2] != ord(":"))
                ):
                    end -= 1
                if stands_alone(view, start, end) and _is_v6(view[start:end]) and _is_some_machine(view[start:end]):
                    yield Hit(start, end, _SCORE)


def _with_label(view: bytes, start: int) -> int:
    """Return where an address begins, or the word that it is glued to."""
    label = _LABEL.search(view, max(0, start - len("IP")), start)
    return label.start() if label else start


class MacScanner(Scanner):
    """Finds hardware addresses."""

    def __init__(self) -> None:
        super().__init__(
            entities=["MAC_ADDRESS"],
            name="MacRecognizer",
            triggers=[_MAC.pattern.decode()],
            context=["mac", "bssid", "hardware"],
        )

    def scan(self, view: bytes, text: str, work: Work) -> Iterator[Hit]:
        """Go through all addresses."""
        del text
        for match in _MAC.finditer(view):
            start, end = match.span()
            work.spend(CANDIDATE, start)
            longer = _PAIR_AFTER.match(view, end) or _PAIR_BEFORE.search(view, max(0, start - 4), start)
            if stands_alone(view, start, end) and not longer and len({*view[start:end].upper()} - {*b":-"}) > 1:
                yield Hit(start, end, _SCORE)


def _is_version(view: bytes, start: int) -> bool:
    """Whether the four parts that start here are a version by what stands before them."""
    if _LOOKS_LIKE_VERSION.search(view, max(0, start - 24), start):
        return True
    return view[start + 1 : start + 2] == b"." and bool(_AMONG_VERSIONS.search(view, max(0, start - _AMONG), start))


def _is_v6(address: bytes) -> bool:
    """Whether it can be told from a time or from names joined by two colons."""
    groups = [group for group in address.split(b":") if group]
    return (len(address) >= _SHORTEST_V6 and len(groups) >= _GROUPS_V6) or (
        len(address) >= _SHORTEST_V6
        and b"::" in address
        and any(len(group) >= 3 and re.search(rb"\d", group) for group in groups)  # noqa: PLR2004
    )


def _is_some_machine(text: bytes) -> bool:
    try:
        address = ipaddress.ip_address(text.decode())
    except ValueError:
        return False
    if address.is_loopback or address.is_unspecified or address.is_multicast:
        return False
    return not (address.version == 4 and (text.startswith((b"0.", b"255.")) or text.endswith(b".0.0.0")))  # noqa: PLR2004 - IPv4
