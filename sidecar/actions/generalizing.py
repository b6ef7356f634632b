"""Finds what of a value may stay when it is made general: a year, a band of ages, a city, a country."""

import re

OLDEST = 90  # ages above it are one band: so few people are that old that each is known (HIPAA's safe harbor)
BAND = 10

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_NUMBER = re.compile(r"\d+")
_POSTCODE = re.compile(r"\d{4,6}(?:-\d{3,4})?|[A-Z]{1,2}\d[A-Z\d]?|\d[A-Z]{2}")
_STATE = re.compile(r"[A-Z]{2,3}")
_STATE_AND_CODE = re.compile(r"[A-Z]{2} \d{5}(?:-\d{4})?")
_NAME = re.compile(r"[^\W\d_]+(?:['\u2019.-][^\W\d_]+)*\.?")
_LONGEST_CITY = 3  # words
_CALLING_CODE = re.compile(r"(\+\d{1,3})[ (/.-]")
_COUNTRY = re.compile(r"([A-Z]{2})\d\d")


def generalized(entity: str, value: str) -> str | None:
    """Return what may stay of a value; None where nothing can be told from it."""
    if "DATE" in entity:
        years = _YEAR.findall(value)
        return str(years[0]) if len(years) == 1 else None
    match entity:
        case "AGE":
            return _band(value)
        case "STREET_ADDRESS" | "ADDRESS":
            return _city(value)
        case "PHONE_NUMBER":
            code = _CALLING_CODE.match(value)
            return f"a number of {code[1]}" if code else None
        case "IBAN_CODE":
            country = _COUNTRY.match(value)
            return f"an account of {country[1]}" if country else None
    return None


def _band(value: str) -> str | None:
    numbers = _NUMBER.findall(value)
    if len(numbers) != 1 or len(numbers[0]) > 3:  # noqa: PLR2004 - the digits of an age
        return None
    first = int(numbers[0]) // BAND * BAND
    return f"{OLDEST} or older" if first >= OLDEST else f"{first}-{first + BAND - 1}"


def _city(value: str) -> str | None:
    """Return the city of ``street and number, city``, a post code on either side of it; None if in doubt."""
    street, *parts = (part.split() for part in re.split(r"[,\n]", value))
    if not parts or not any(map(str.isdigit, "".join(street))):
        return None
    if _POSTCODE.fullmatch("".join(street[:1])) and not (parts[1:] and _STATE_AND_CODE.fullmatch(" ".join(parts[1]))):
        return None  # it may be the city's, with the street behind it
    words = [word for word in parts[0] if not _POSTCODE.fullmatch(word) and not _STATE.fullmatch(word)]
    if not 0 < len(words) <= _LONGEST_CITY or not all(_NAME.fullmatch(word) and word[0].isupper() for word in words):
        return None
    return " ".join(words)
