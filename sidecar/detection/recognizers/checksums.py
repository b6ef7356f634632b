"""Check digits and embedded dates, by the names that the table of identifiers uses. All are pure functions of text."""

import calendar
from collections.abc import Callable, Mapping

from stdnum import luhn
from stdnum.au import tfn
from stdnum.br import cpf
from stdnum.ca import sin
from stdnum.ch import ssn as ahv
from stdnum.de import idnr
from stdnum.es import dni, nie
from stdnum.fr import nir
from stdnum.gb import nhs
from stdnum.in_ import aadhaar
from stdnum.it import codicefiscale
from stdnum.jp import in_ as my_number
from stdnum.nl import bsn
from stdnum.pl import pesel
from stdnum.us import rtn

_CN_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_KR_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
_TW_WEIGHTS = (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1)
_TW_LETTERS = "ABCDEFGHJKLMNPQRSTUVXYWZIO"
_SG_WEIGHTS = (2, 7, 6, 5, 4, 3, 2)
_SG_CHECKS = {
    "S": ("JZIHGFEDCBA", 0),
    "T": ("JZIHGFEDCBA", 4),
    "F": ("XWUTRQPNMLK", 0),
    "G": ("XWUTRQPNMLK", 4),
    "M": ("XWUTRQPNJLK", 3),
}


def compact(text: str) -> str:
    """Return letters and digits alone, in upper case."""
    return "".join(letter for letter in text if letter.isalnum()).upper()


def is_date(year: int, month: int, day: int) -> bool:
    """Whether there is such a day."""
    return 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]  # noqa: PLR2004 - months


def kr_birth_date(number: str) -> bool:
    """Whether a Korean resident registration number begins with a date that its seventh digit can go with."""
    century = {"1": 1900, "2": 1900, "5": 1900, "6": 1900, "3": 2000, "4": 2000, "7": 2000, "8": 2000}.get(number[6])
    return century is not None and is_date(century + int(number[:2]), int(number[2:4]), int(number[4:6]))


def kr_rrn(number: str) -> bool:
    """Whether the check digit of a Korean registration number holds. Those given since October 2020 have none."""
    total = sum(int(digit) * weight for digit, weight in zip(number, _KR_WEIGHTS, strict=False))
    base = 13 if number[6] in "5678" else 11
    return str((base - total % 11) % 10) == number[12]


def cn_resident_id(number: str) -> bool:
    """Whether date and check digit of a Chinese resident identity number hold (GB 11643)."""
    total = sum(int(digit) * weight for digit, weight in zip(number, _CN_WEIGHTS, strict=False))
    return _cn_date(number[6:14]) and "10X98765432"[total % 11] == number[17]


def cn_old_resident_id(number: str) -> bool:
    """Whether the date within a Chinese resident identity number of 15 digits is one."""
    return _cn_date("19" + number[6:12])


def _cn_date(date: str) -> bool:
    year = int(date[:4])
    return 1880 <= year <= 2099 and is_date(year, int(date[4:6]), int(date[6:8]))  # noqa: PLR2004 - years of birth


def us_ssn(number: str) -> bool:
    """Whether a US social security number may have been given out: there are no check digits."""
    return number[:3] not in {"000", "666"} and number[0] != "9" and number[3:5] != "00" and number[5:] != "0000"


def hk_id(number: str) -> bool:
    """Whether the check digit of a Hong Kong identity card holds."""
    padded = number.rjust(9)
    values = [36 if letter == " " else int(letter, 36) for letter in padded]
    return sum(value * weight for value, weight in zip(values, range(9, 0, -1), strict=True)) % 11 == 0


def tw_national_id(number: str) -> bool:
    """Whether the check digit of a Taiwanese national ID or resident certificate holds."""
    if number[0] not in _TW_LETTERS:
        return False
    digits = f"{_TW_LETTERS.index(number[0]) + 10}{number[1:]}"
    return sum(int(digit) * weight for digit, weight in zip(digits, _TW_WEIGHTS, strict=True)) % 10 == 0


def sg_nric(number: str) -> bool:
    """Whether the check letter of a Singaporean NRIC or FIN holds."""
    letters, offset = _SG_CHECKS[number[0]]
    total = offset + sum(int(digit) * weight for digit, weight in zip(number[1:8], _SG_WEIGHTS, strict=True))
    return letters[total % 11] == number[8]


def card(number: str) -> bool:
    """Whether a payment card's check digit holds and not all digits are the same."""
    return len(set(number)) > 1 and bool(luhn.is_valid(number))


def always(_number: str) -> bool:
    """Hold for everything: a pattern that is enough by itself."""
    return True


CHECKS: Mapping[str, Callable[[str], bool]] = {
    "always": always,
    "au_tfn": tfn.is_valid,
    "br_cpf": cpf.is_valid,
    "ca_sin": sin.is_valid,
    "ch_ahv": ahv.is_valid,
    "cn_old_resident_id": cn_old_resident_id,
    "cn_resident_id": cn_resident_id,
    "de_idnr": idnr.is_valid,
    "es_dni": dni.is_valid,
    "es_nie": nie.is_valid,
    "fr_nir": nir.is_valid,
    "gb_nhs": nhs.is_valid,
    "hk_id": hk_id,
    "in_aadhaar": aadhaar.is_valid,
    "it_codicefiscale": codicefiscale.is_valid,
    "jp_my_number": my_number.is_valid,
    "kr_rrn": kr_rrn,
    "nl_bsn": bsn.is_valid,
    "pl_pesel": pesel.is_valid,
    "sg_nric": sg_nric,
    "tw_national_id": tw_national_id,
    "us_rtn": rtn.is_valid,
    "us_ssn": us_ssn,
}
