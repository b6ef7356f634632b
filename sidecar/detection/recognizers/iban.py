"""International bank account numbers."""

import re
from collections.abc import Iterator

from stdnum import iban

from sidecar.detection.recognizers.scanner import Hit, Scanner, compiled, stands_alone
from sidecar.detection.recognizers.work import CANDIDATE, Work

_HEAD = compiled(r"[A-Za-z]{2}[0-9]{2}[ \-]?[A-Za-z0-9]")
_TRIGGER = r"[A-Za-z]{2}[0-9]{2}(?:[ \-]?[A-Za-z0-9]){11}"
_SPREAD = 52  # 34 letters and digits with a separator after each second one
_SCORE = 1.0
_UNCHECKED = 0.1  # the word beside it decides

# Letters and digits of an IBAN by country (SWIFT registry).
_TABLE = """
    AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29
    ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28
    LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25
    QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30
"""
_FORMS = {row[:2]: re.compile(rb"[A-Za-z0-9](?:[ \-]?[A-Za-z0-9]){%d}" % (int(row[2:]) - 1)) for row in _TABLE.split()}


class IbanScanner(Scanner):
    """Finds IBANs of the length of their country whose check digits hold, or that are told to be one."""

    def __init__(self) -> None:
        super().__init__(entities=["IBAN_CODE"], name="IbanRecognizer", triggers=[_TRIGGER], context=["iban"])

    def scan(self, view: bytes, text: str, work: Work) -> Iterator[Hit]:
        """Go through all IBANs."""
        del text
        done = 0
        for match in _HEAD.finditer(view):
            start = match.start()
            form = _FORMS.get(view[start : start + 2].decode().upper())
            if form is None or start < done:
                continue
            work.spend(CANDIDATE, start)
            whole = form.match(view, start, start + _SPREAD)
            end = whole.end() if whole else 0
            if end and stands_alone(view, start, end):
                done = end
                yield Hit(start, end, _SCORE if _holds(view[start:end].decode()) else _UNCHECKED)


def _holds(text: str) -> bool:
    number = text.replace(" ", "").replace("-", "")
    values = "".join(str(int(sign, 36)) for sign in number[4:] + number[:4])
    return int(values) % 97 == 1 and bool(iban.is_valid(number, check_country=False))
