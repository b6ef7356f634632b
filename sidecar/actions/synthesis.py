"""Makes synthetic values: plausible ones of the same kind, which can be nobody's.

Every kind is drawn from a range that its registry keeps for documentation, fiction or tests, or that no registry can
assign; names and streets are drawn from lists. A kind without such a range has no synthetic value.
"""

import re
from collections.abc import Callable, Mapping, Sequence

_FIRST = tuple(
    str.split(
        "Maria Jonas Elena David Clara Peter Laura Simon Nadia Oscar Helen Victor Irene Felix Paula Martin Rosa "
        "Adrian Alice Bruno Carla Daniel Emma Frank Greta Hugo Ines Jacob Karin Leon Marta Nina Otto Petra Ralf "
        "Sonia Theo Ursula Walter Yvonne"
    )
)
_LAST = tuple(
    str.split(
        "Keller Novak Jensen Moreau Santos Whitfield Lindqvist Marchetti Okafor Tanner Brandt Castillo Dalton "
        "Ekberg Fontaine Granger Hartley Ivers Kowalski Langford Mercer Nyberg Osborne Prescott Quimby Rosario "
        "Sheridan Thorne Underhill Vance Wexford Yates Zeller Ashworth Bellamy Conrad Draper Ellison Fairbanks "
        "Gibson"
    )
)
_STREETS = ("Specimen Street", "Sample Road", "Example Lane", "Placeholder Avenue", "Model Square")  # in Exampleville
_DOMAINS = ("example.com", "example.org", "example.net")  # RFC 2606
_NETWORKS = ("192.0.2", "198.51.100", "203.0.113")  # RFC 5737
_AREAS = (
    "202",
    "212",
    "303",
    "312",
    "404",
    "415",
    "503",
    "512",
    "602",
    "617",
    "702",
    "713",
    "808",
    "816",
    "907",
    "919",
)
# By the calling code that a number begins with: what is before the digits that are drawn, and how many those are.
_FICTION = {
    "+44": ("+44 20 7946 0", 3),  # Ofcom, numbers for drama
    "+61": ("+61 2 5550 ", 4),  # ACMA, fictitious numbers
    "+33": ("+33 1 99 00 ", 4),  # ARCEP, numbers for audiovisual works
    "+49": ("+49 30 23125 ", 3),  # Bundesnetzagentur, drama numbers
    "+353": ("+353 20 91", 5),  # ComReg, numbers for drama
}
_NO_COUNTRY = "XX"  # ISO 3166 leaves it to its users, so that no bank can have it
_NO_ISSUER = "999999"  # ISO/IEC 7812: 9 is a national body's, of country 999, which there is not
_CARD_DIGITS = 16
_ACCOUNT_DIGITS = 18
_SIGNS = re.compile(r"[ -]")


class Draw:
    """Numbers that follow from octets, drawn one after another."""

    def __init__(self, octets: bytes) -> None:
        self._left = int.from_bytes(octets, "big")

    def below(self, limit: int) -> int:
        """Return a number from 0 to below ``limit``."""
        self._left, drawn = divmod(self._left, limit)
        return drawn

    def of(self, words: Sequence[str]) -> str:
        """Return one of the words."""
        return words[self.below(len(words))]

    def digits(self, count: int) -> str:
        """Return digits."""
        return f"{self.below(10**count):0{count}}"


def synthetic(entity: str, value: str, octets: bytes) -> str | None:
    """Return what stands for a value of an entity, by 32 octets that follow from it; None where there is no range."""
    kind = _KINDS.get(entity)
    return None if kind is None else kind(Draw(octets), value)


def _person(draw: Draw, value: str) -> str:
    first, last = draw.of(_FIRST), draw.of(_LAST)
    return f"{first} {chr(65 + draw.below(26))}. {last}" if len(value.split()) > 2 else f"{first} {last}"  # noqa: PLR2004


def _mail(draw: Draw, value: str) -> str:  # noqa: ARG001 - as all
    return f"{draw.of(_FIRST)}.{draw.of(_LAST)}{draw.digits(2)}@{draw.of(_DOMAINS)}".lower()


def _phone(draw: Draw, value: str) -> str:
    for code, (before, count) in _FICTION.items():
        if value.startswith(code):
            return before + draw.digits(count)
    return f"+1 {draw.of(_AREAS)}-555-01{draw.digits(2)}"  # NANPA, for fiction


def _address(draw: Draw, value: str) -> str:
    if ":" in value:
        return f"2001:db8:{':'.join(f'{1 + draw.below(0xFFFE):x}' for _ in range(6))}"  # RFC 3849
    return f"{draw.of(_NETWORKS)}.{1 + draw.below(254)}"


def _device(draw: Draw, value: str) -> str:
    sign = ":" if ":" in value else "-"
    return sign.join(("00", "00", "5E", "00", "53", f"{draw.below(256):02X}"))  # RFC 7042


def _card(draw: Draw, value: str) -> str:
    number = _NO_ISSUER + draw.digits(_CARD_DIGITS - len(_NO_ISSUER) - 1)
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(number)]
    check = -sum(digit // 10 + digit % 10 for digit in doubled) % 10
    return _in_fours(f"{number}{check}", value)


def _account(draw: Draw, value: str) -> str:
    number = draw.digits(_ACCOUNT_DIGITS)
    letters = "".join(str(ord(letter) - 55) for letter in _NO_COUNTRY)
    check = 98 - int(f"{number}{letters}00") % 97
    return _in_fours(f"{_NO_COUNTRY}{check:02}{number}", value)


def _social_security(draw: Draw, value: str) -> str:  # noqa: ARG001 - as all
    return f"000-{1 + draw.below(99):02}-{1 + draw.below(9999):04}"  # no area is 000


def _street(draw: Draw, value: str) -> str:  # noqa: ARG001 - as all
    return f"{1 + draw.below(999)} {draw.of(_STREETS)}, Exampleville"


def _in_fours(text: str, value: str) -> str:
    """Group a number as the value is grouped."""
    sign = _SIGNS.search(value)
    return sign[0].join(text[place : place + 4] for place in range(0, len(text), 4)) if sign else text


_KINDS: Mapping[str, Callable[[Draw, str], str]] = {
    "PERSON": _person,
    "EMAIL_ADDRESS": _mail,
    "PHONE_NUMBER": _phone,
    "IP_ADDRESS": _address,
    "MAC_ADDRESS": _device,
    "CREDIT_CARD": _card,
    "IBAN_CODE": _account,
    "US_SSN": _social_security,
    "STREET_ADDRESS": _street,
}
