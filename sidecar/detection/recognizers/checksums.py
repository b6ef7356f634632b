"""Check digits and embedded dates, by the names that the table of identifiers uses. All are pure functions of text."""

import calendar
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module

from stdnum import luhn

_CN_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_KR_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
_TW_WEIGHTS = (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1)
_TW_LETTERS = "ABCDEFGHJKLMNPQRSTUVXYWZIO"
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_VIN_LETTERS = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", (*range(1, 9), *range(1, 6), 7, 9, *range(2, 10)), strict=True))
_DAY_LENGTHS = frozenset({8, 12, 14})  # a day, to the minute, to the second
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
    """Whether a Korean resident registration number begins with a date that its seventh digit can go with.

    Of the last century from 1920 on: before that lies what companies are numbered with, such as ``110111-1``.
    """
    century = {"1": 1900, "2": 1900, "5": 1900, "6": 1900, "3": 2000, "4": 2000, "7": 2000, "8": 2000}.get(number[6])
    if century is None or (century == 1900 and number[:2] < "20"):  # noqa: PLR2004 - a year
        return False
    return is_date(century + int(number[:2]), int(number[2:4]), int(number[4:6]))


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


def au_medicare(number: str) -> bool:
    """Whether the check digit of an Australian Medicare card holds."""
    return _weighted(number[:8], (1, 3, 7, 9, 1, 3, 7, 9)) % 10 == int(number[8])


def de_health_insurance(number: str) -> bool:
    """Whether the check digit of a German health insurance number holds: the letter counts as two digits."""
    digits = f"{ord(number[0]) - 64:02d}{number[1:9]}"
    return sum(sum(divmod(int(digit) * (1 + place % 2), 10)) for place, digit in enumerate(digits)) % 10 == int(
        number[9]
    )


def de_social_security(number: str) -> bool:
    """Whether the check digit of a German pension insurance number holds: the letter counts as two digits."""
    digits = f"{number[:8]}{ord(number[8]) - 64:02d}{number[9:11]}"
    products = (int(digit) * weight for digit, weight in zip(digits, (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1), strict=True))
    return sum(sum(divmod(product, 10)) for product in products) % 10 == int(number[11])


def fr_siren(number: str) -> bool:
    """Whether a French company's number, or that of one of its places, passes Luhn's check."""
    return bool(luhn.is_valid(number[:9]))


def mx_clabe(number: str) -> bool:
    """Whether the check digit of a Mexican bank account holds."""
    total = sum(int(digit) * weight % 10 for digit, weight in zip(number[:17], (3, 7, 1) * 6, strict=False))
    return -total % 10 == int(number[17])


def pl_id_card(number: str) -> bool:
    """Whether the check digit of a Polish identity card holds: letters count from 10 on."""
    values = [int(sign, 36) for sign in number]
    weights = (7, 3, 1, 9, 7, 3, 1, 7, 3)
    return sum(value * weight for value, weight in zip(values, weights, strict=True)) % 10 == 0


def ru_snils(number: str) -> bool:
    """Whether the check digits of a Russian pension insurance number hold."""
    return _weighted(number[:9], range(9, 0, -1)) % 101 % 100 == int(number[9:])


def us_npi(number: str) -> bool:
    """Whether the check digit of a US health care provider's number holds."""
    return bool(luhn.is_valid(f"80840{number}"))


def us_dea(number: str) -> bool:
    """Whether the check digit of a US prescriber's number holds."""
    digits = [int(digit) for digit in number[2:]]
    return (sum(digits[0:6:2]) + 2 * sum(digits[1:6:2])) % 10 == digits[6]


def vin(number: str) -> bool:
    """Whether the check sign of a vehicle identification number holds; it is only kept in North America and China."""
    values = [int(sign) if sign.isdigit() else _VIN_LETTERS[sign] for sign in number]
    remainder = sum(value * weight for value, weight in zip(values, _VIN_WEIGHTS, strict=True)) % 11
    return "0123456789X"[remainder] == number[8]


def not_a_day(number: str) -> bool:
    """Whether a number does not begin like a day of our time, as `20261124` does."""
    return not (
        number[:8].isdigit()
        and len(number) in _DAY_LENGTHS
        and number[:2] in {"19", "20"}
        and is_date(int(number[:4]), int(number[4:6]), int(number[6:8]))
    )


def letters_and_digits(number: str) -> bool:
    """Whether there are letters and digits."""
    return not number.isdigit() and not number.isalpha()


def kr_birth_date_not_a_timestamp(number: str) -> bool:
    """Refuse what a clock in milliseconds says in our decades, unless it can be somebody born in 20xx."""
    return kr_birth_date(number) and not ("16" <= number[:2] <= "19" and number[6] not in "34")


def _weighted(number: str, weights: Iterable[int]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(number, weights, strict=True))


def card(number: str) -> bool:
    """Whether a payment card's check digit holds and not all digits are the same."""
    return len(set(number)) > 1 and bool(luhn.is_valid(number))


def always(_number: str) -> bool:
    """Hold for everything: a pattern that is enough by itself."""
    return True


CHECKS: Mapping[str, Callable[[str], bool]] = {
    "": always,
    "always": always,
    "au_medicare": au_medicare,
    "cn_old_resident_id": cn_old_resident_id,
    "cn_resident_id": cn_resident_id,
    "de_health_insurance": de_health_insurance,
    "de_social_security": de_social_security,
    "fr_siren": fr_siren,
    "hk_id": hk_id,
    "kr_birth_date": kr_birth_date,
    "kr_birth_date_not_a_timestamp": kr_birth_date_not_a_timestamp,
    "kr_rrn": kr_rrn,
    "letters_and_digits": letters_and_digits,
    "mx_clabe": mx_clabe,
    "not_a_day": not_a_day,
    "pl_id_card": pl_id_card,
    "ru_snils": ru_snils,
    "sg_nric": sg_nric,
    "tw_national_id": tw_national_id,
    "us_dea": us_dea,
    "us_npi": us_npi,
    "us_ssn": us_ssn,
    "vin": vin,
}


def named(name: str) -> Callable[[str], bool]:
    """Return the check of a name: one of ours, or that of a module of python-stdnum such as ``fr.nir``.

    Raises:
        ModuleNotFoundError: there is no such check.
    """
    ours = CHECKS.get(name)
    if ours is not None:
        return ours
    check: Callable[[str], bool] = import_module(f"stdnum.{name}").is_valid
    return check
