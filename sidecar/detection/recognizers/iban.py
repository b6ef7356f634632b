"""International bank account numbers."""

import re
from collections.abc import Iterator

from stdnum import iban

from sidecar.detection.recognizers.scanner import Hit, Scanner, compiled, stands_alone

_HEAD = compiled(r"[A-Za-z]{2}[0-9]{2}[ \-]?[A-Za-z0-9]")
_SIGN = re.compile(rb"[A-Za-z0-9]")
_SPREAD = 52  # 34 letters and digits with a separator after each second one
_SCORE = 1.0
_UNCHECKED = 0.1  # the word beside it decides

# Letters and digits of an IBAN by country (SWIFT registry).
_LENGTHS = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BI": 27, "BR": 29, "BY": 28, "CH": 21, "CR": 22,
    "CY": 28, "CZ": 24, "DE": 22, "DJ": 27, "DK": 18, "DO": 28, "EE": 20, "EG": 29, "ES": 24, "FI": 18, "FK": 18, "FO": 18, "FR": 27, "GB": 22,
    "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30,
    "KZ": 20, "LB": 28, "LC": 32, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "LY": 25, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MN": 20, "MR": 27,
    "MT": 31, "MU": 30, "NI": 28, "NL": 18, "NO": 15, "OM": 23, "PK": 24, "PL": 28, "PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22, "RU": 33,
    "SA": 24, "SC": 31, "SD": 18, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "SO": 23, "ST": 25, "SV": 28, "TL": 23, "TN": 24, "TR": 26, "UA": 29,
    "VA": 22, "VG": 24, "XK": 20, "YE": 30,
}  # fmt: skip


class IbanRecognizer(Scanner):
    """Finds IBANs of the length of their country whose check digits hold, or that are told to be one."""

    def __init__(self) -> None:
        super().__init__(entities=["IBAN_CODE"], name="IbanRecognizer", context=["iban"])

    def scan(self, view: bytes, text: str) -> Iterator[Hit]:
        """Go through all IBANs."""
        del text
        done = 0
        for match in _HEAD.finditer(view):
            start = match.start()
            length = _LENGTHS.get(view[start : start + 2].decode().upper())
            if length is None or start < done:
                continue
            end = _end(view, start, length)
            if end and stands_alone(view, start, end):
                done = end
                yield Hit(start, end, _SCORE if _holds(view[start:end].decode()) else _UNCHECKED)


def _end(view: bytes, start: int, length: int) -> int:
    """Return where ``length`` letters and digits end that single blanks or hyphens may part; 0 where they do not."""
    signs = 0
    for place in range(start, min(start + _SPREAD, len(view))):
        if _SIGN.match(view, place):
            signs += 1
            if signs == length:
                return place + 1
        elif view[place] not in b" -" or not _SIGN.match(view, place - 1):
            return 0
    return 0


def _holds(text: str) -> bool:
    number = text.replace(" ", "").replace("-", "")
    return bool(iban.is_valid(number, check_country=False))
