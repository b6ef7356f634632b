"""Maps between a JSON string as it is written and the text it stands for."""

import re
from array import array
from bisect import bisect_right
from itertools import accumulate
from json.decoder import scanstring  # type: ignore[attr-defined] # what json.loads comes to, without what is around it
from json.encoder import encode_basestring  # what json.dumps comes to

_SURROGATE = re.compile("[\ud800-\udfff]")
_ESCAPE = re.compile(r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)")


def decode(written: str) -> str:
    """Return what a string's content stands for; a lone surrogate reads as U+FFFD, so that lengths stay equal."""
    if "\\" not in written:
        return written
    text: str = scanstring(f'{written}"', 0)[0]
    return whole(text) if "\\ud" in written or "\\uD" in written else text


def encode(text: str) -> str:
    """Return text as the content of a JSON string: only what must be is escaped."""
    return encode_basestring(whole(text))[1:-1]


def whole(text: str) -> str:
    """Return text that UTF-8 can carry: each lone surrogate becomes U+FFFD."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


class Ruler:
    """Maps code points of a decoded string to code points of the string as it is written."""

    __slots__ = ("_decoded", "_written")

    def __init__(self, written: str) -> None:
        self._decoded = array("l", [0])
        self._written = array("l", [0])
        if "\\" not in written:
            return
        escapes = [escape.span() for escape in _ESCAPE.finditer(written)]
        ahead = accumulate(end - start - 1 for start, end in escapes)  # how much longer the written form is by then
        self._written.extend([end for _, end in escapes])
        self._decoded.extend([end - more for (_, end), more in zip(escapes, ahead, strict=True)])

    def written(self, decoded: int) -> int:
        """Return where the code point at ``decoded`` begins as it is written; the end for the end."""
        nearest = bisect_right(self._decoded, decoded) - 1
        return self._written[nearest] + decoded - self._decoded[nearest]
