"""Made-up values for the corpus: nobody's, and right by their check digits.

Names come from lists written here; addresses, numbers and keys from ranges that are reserved for documentation and
drama, or are drawn at random and checked by arithmetic.
"""

import random
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass

_PEOPLE: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "person": (
        ("Jane", "Michael", "Sarah", "Robert", "Emily", "Daniel", "Laura", "Thomas", "Rebecca", "Kevin", "Hannah"),
        ("Miller", "Thompson", "Bennett", "Carter", "Hughes", "Walker", "Robinson", "Foster", "Palmer", "Morgan"),
    ),
    "person_de": (
        ("Anna", "Stefan", "Katrin", "Jürgen", "Sabine", "Matthias", "Ursula", "Florian"),
        ("Schneider", "Hoffmann", "Krüger", "Neumann", "Zimmermann", "Vogel", "Lehmann", "Brandt"),
    ),
    "person_fr": (
        ("Camille", "Antoine", "Élodie", "Laurent", "Mathilde", "Julien"),
        ("Moreau", "Lefebvre", "Girard", "Fontaine", "Rousseau", "Chevalier"),
    ),
    "person_es": (
        ("Carmen", "Javier", "Lucía", "Alejandro", "Pilar", "Rafael"),
        ("García", "Fernández", "Navarro", "Ortega", "Delgado", "Castillo"),
    ),
    "person_ja": (
        ("Haruka", "Kenji", "Yuki", "Takeshi", "Naoko", "Hiroshi"),
        ("Tanaka", "Yamamoto", "Kobayashi", "Watanabe", "Nakamura", "Ishikawa"),
    ),
    "name_ko": (("서연", "민준", "지우", "하은", "도윤", "예린"), ("김", "이", "박", "최", "정", "강")),
    "name_zh": (("伟", "芳", "秀英", "建国", "晓明", "丽华"), ("王", "李", "张", "刘", "陈", "杨")),
}
_FAMILY_FIRST = frozenset({"name_ko", "name_zh"})
_STREETS = ("Maple Street", "Birch Avenue", "Harbor Road", "Willow Lane", "Cedar Drive", "Orchard Court", "Summit Way")
_STREETS_DE = ("Lindenstraße", "Gartenweg", "Bahnhofstraße", "Am Mühlbach", "Schillerplatz")
_STREETS_FR = ("rue des Tilleuls", "avenue de la Gare", "boulevard Voltaire", "rue du Moulin")
_STREETS_ES = ("Calle del Olmo", "Avenida de la Paz", "Calle Mayor")
_PLACES_KO = ("서울특별시 마포구 월드컵로 {0}", "부산광역시 해운대구 센텀로 {0}", "대전광역시 유성구 대학로 {0}")
_PLACES_ZH = ("北京市朝阳区建国路{0}号", "上海市徐汇区漕溪路{0}号", "深圳市南山区科技园{0}号")
_CARD_PREFIXES = ("400000", "411111", "424242", "510510", "555555", "222300")
_SSNS = ("078-05-1120", "219-09-9999", "457-55-5462", "123-45-6789", "321-54-9876")  # in advertisements and manuals
_BASE62 = string.ascii_letters + string.digits
_HEX = "0123456789abcdef"
_LATIN = str.maketrans("ÉéüöäßíúáÁÜÖ", "EeuoasiuaAUO")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who does not exist."""

    first: str
    last: str
    full: str


def digits(rng: random.Random, count: int) -> str:
    """Return digits, the first of them no zero."""
    return str(rng.randint(1, 9)) + "".join(str(rng.randint(0, 9)) for _ in range(count - 1))


def luhn_check(number: str) -> str:
    """Return the digit that makes a payment card number whole."""
    doubled = (int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(number)))
    return str(-sum(one - 9 if one > 9 else one for one in doubled) % 10)


def iban(country: str, account: str) -> str:
    """Return an IBAN with its check digits (ISO 7064, 97-10)."""
    written = "".join(str(int(letter, 36)) for letter in f"{account}{country}00")
    return f"{country}{98 - int(written) % 97:02d}{account}"


def kr_rrn(birth: str, rest: str) -> str:
    """Return a Korean resident registration number of six digits of birth and six more."""
    number = birth + rest
    weights = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
    total = sum(int(digit) * weight for digit, weight in zip(number, weights, strict=True))
    return f"{birth}-{rest}{(11 - total % 11) % 10}"


def cn_resident_id(number: str) -> str:
    """Return a Chinese resident identity number of 17 digits and its check (GB 11643)."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(number, weights, strict=True))
    return number + "10X98765432"[total % 11]


def _day(rng: random.Random, first: int = 1950, last: int = 2003) -> tuple[int, int, int]:
    return rng.randint(first, last), rng.randint(1, 12), rng.randint(1, 28)


def _card(rng: random.Random) -> str:
    number = rng.choice(_CARD_PREFIXES) + digits(rng, 9)
    number += luhn_check(number)
    return rng.choice((number, " ".join(number[at : at + 4] for at in range(0, 16, 4))))


def _iban(rng: random.Random) -> str:
    number = rng.choice(
        (
            iban("DE", "37040044" + digits(rng, 10)),
            iban("NL", "ABNA" + digits(rng, 10)),
            iban("FR", "30006" + digits(rng, 18)),
            iban("ES", "2100" + digits(rng, 16)),
        )
    )
    return rng.choice((number, " ".join(number[at : at + 4] for at in range(0, len(number), 4))))


def _rrn(rng: random.Random) -> str:
    year, month, day = _day(rng, 1960, 1999)
    return kr_rrn(f"{year % 100:02d}{month:02d}{day:02d}", rng.choice("12") + digits(rng, 5))


def _cn_id(rng: random.Random) -> str:
    year, month, day = _day(rng)
    region = rng.choice(("110105", "310104", "120101"))
    return cn_resident_id(f"{region}{year}{month:02d}{day:02d}{rng.randint(100, 999)}")


def _birth_iso(rng: random.Random) -> str:
    year, month, day = _day(rng)
    return f"{year}-{month:02d}-{day:02d}"


def _birth_us(rng: random.Random) -> str:
    year, month, day = _day(rng)
    return f"{month:02d}/{day:02d}/{year}"


def _random(rng: random.Random, alphabet: str, count: int) -> str:
    return "".join(rng.choice(alphabet) for _ in range(count))


def _password(rng: random.Random) -> str:
    words = ("Granite", "Sparrow", "Lantern", "Cobalt")
    return rng.choice(words) + rng.choice("!#%+") + digits(rng, 3) + _random(rng, string.ascii_lowercase, 3)


def _passport(rng: random.Random) -> str:
    return "C" + _random(rng, "CFGHJKLMNPRTVWXYZ0123456789", 7) + str(rng.randint(0, 9))


def _ip6(rng: random.Random) -> str:
    return f"2001:db8:{_random(rng, _HEX[1:], 4)}::{_random(rng, _HEX[1:], 4)}:{digits(rng, 3)}"


def _uuid(rng: random.Random) -> str:
    parts = [_random(rng, _HEX, size) for size in (8, 4, 3, 3, 12)]
    return f"{parts[0]}-{parts[1]}-4{parts[2]}-a{parts[3]}-{parts[4]}"


def _stamp(rng: random.Random) -> str:
    day = f"2026-{rng.randint(1, 11):02d}-{rng.randint(1, 28):02d}"
    return f"{day}T{rng.randint(0, 23):02d}:{rng.randint(0, 59):02d}:{rng.randint(0, 59):02d}Z"


# Data class of a value, and how it is drawn.
PERSONAL: Mapping[str, tuple[str, Callable[[random.Random], str]]] = {
    "phone_us": ("contact", lambda rng: f"({rng.randint(201, 989)}) 555-01{rng.randint(0, 99):02d}"),
    "phone_us_dashed": ("contact", lambda rng: f"{rng.randint(201, 989)}-555-01{rng.randint(0, 99):02d}"),
    "phone_uk": ("contact", lambda rng: f"+44 7700 900{rng.randint(0, 999):03d}"),
    "phone_de": ("contact", lambda rng: f"+49 30 23125 {rng.randint(0, 999):03d}"),
    "phone_fr": ("contact", lambda rng: f"+33 1 99 00 {rng.randint(10, 99)} {rng.randint(10, 99)}"),
    "phone_es": ("contact", lambda rng: f"+34 600 {digits(rng, 3)} {digits(rng, 3)}"),
    "phone_ja": ("contact", lambda rng: f"+81 90 {digits(rng, 4)} {digits(rng, 4)}"),
    "phone_ko": ("contact", lambda rng: f"010-0000-{digits(rng, 4)}"),
    "phone_zh": ("contact", lambda rng: f"1990000{digits(rng, 4)}"),
    "address": ("contact", lambda rng: f"{rng.randint(11, 9899)} {rng.choice(_STREETS)}"),
    "iban": ("financial_account", _iban),
    "account": ("financial_account", lambda rng: digits(rng, 10)),
    "card": ("card_pan", _card),
    "rrn": ("kr_rrn", _rrn),
    "cn_id": ("national_id", _cn_id),
    "ssn": ("national_id", lambda rng: rng.choice(_SSNS)),
    "nino": ("national_id", lambda rng: f"AB{digits(rng, 6)}{rng.choice('ABCD')}"),
    "passport": ("national_id", _passport),
    "birth": ("dob", _birth_iso),
    "birth_us": ("dob", _birth_us),
    "mrn": ("health", lambda rng: f"MRN {digits(rng, 8)}"),
    "ip": ("online_id", lambda rng: f"{rng.choice(('192.0.2', '198.51.100', '203.0.113'))}.{rng.randint(2, 250)}"),
    "ip6": ("online_id", _ip6),
    "mac": ("online_id", lambda rng: ":".join(["02", *(_random(rng, _HEX, 2) for _ in range(4)), "7f"])),
    "key_openai": ("credential", lambda rng: "sk-proj-" + _random(rng, _BASE62, 40)),
    "key_aws": ("credential", lambda rng: "AKIA" + _random(rng, string.ascii_uppercase + "234567", 16)),
    "key_github": ("credential", lambda rng: "ghp_" + _random(rng, _BASE62, 36)),
    "key_slack": ("credential", lambda rng: "xoxb-" + digits(rng, 11) + "-" + _random(rng, _BASE62, 24)),
    "address_ko": ("contact", lambda rng: rng.choice(_PLACES_KO).format(rng.randint(2, 190))),
    "address_zh": ("contact", lambda rng: rng.choice(_PLACES_ZH).format(rng.randint(2, 190))),
    "password": ("credential", _password),
}  # fmt: skip

# What detection does not know yet, or only sometimes: never asserted to be gone, with the reason.
NOT_ASSERTED: Mapping[str, str] = {
    "address_de": "addresses are read in their English form alone",
    "address_fr": "addresses are read in their English form alone",
    "address_es": "addresses are read in their English form alone",
    "birth_column": "a date is a birth date by a word beside it; heads of columns and keys of JSON are not read for it",
    "employee": "numbers that a company gives out have no form of their own",
}

# Drawn for those.
UNREAD: Mapping[str, Callable[[random.Random], str]] = {
    "address_de": lambda rng: f"{rng.choice(_STREETS_DE)} {rng.randint(2, 190)}",
    "address_fr": lambda rng: f"{rng.randint(2, 190)} {rng.choice(_STREETS_FR)}",
    "address_es": lambda rng: f"{rng.choice(_STREETS_ES)} {rng.randint(2, 190)}",
    "birth_column": _birth_iso,
    "employee": lambda rng: f"E-{digits(rng, 5)}",
}

# Long and random, and nobody's.
HARMLESS: Mapping[str, Callable[[random.Random], str]] = {
    "order": lambda rng: f"#{digits(rng, 8)}",
    "ticket": lambda rng: f"TCK-{digits(rng, 6)}",
    "sku": lambda rng: f"SKU-{_random(rng, string.ascii_uppercase, 3)}-{digits(rng, 5)}",
    "tracking": lambda rng: f"1Z{_random(rng, string.ascii_uppercase + string.digits, 16)}",
    "uuid": _uuid,
    "sha": lambda rng: _random(rng, _HEX, 40),
    "sha256": lambda rng: _random(rng, _HEX, 64),
    "stamp": _stamp,
    "epoch": lambda rng: f"17{digits(rng, 8)}",
    "date": lambda rng: f"2026-{rng.randint(1, 11):02d}-{rng.randint(1, 28):02d}",
    "amount": lambda rng: f"{rng.randint(12, 980)}.{rng.randint(0, 99):02d}",
    "count": lambda rng: str(rng.randint(3, 97)),
    "version": lambda rng: f"{rng.randint(1, 9)}.{rng.randint(0, 20)}.{rng.randint(0, 30)}",
}  # fmt: skip

PEOPLE = frozenset(_PEOPLE)


def person(rng: random.Random, kind: str) -> Person:
    """Draw a person."""
    firsts, lasts = _PEOPLE[kind]
    first, last = rng.choice(firsts), rng.choice(lasts)
    return Person(first, last, f"{last}{first}" if kind in _FAMILY_FIRST else f"{first} {last}")


def email(rng: random.Random, someone: Person | None) -> str:
    """Return an address at a domain that nobody can have."""
    domain = rng.choice(("example.org", "example.com", "example.net", "mail.example"))
    if someone is None:
        return f"{_random(rng, string.ascii_lowercase, 7)}{rng.randint(1, 99)}@{domain}"
    first, last = (part.translate(_LATIN).lower() for part in (someone.first, someone.last))
    if not (first + last).isascii():
        return f"user{digits(rng, 5)}@{domain}"
    return f"{rng.choice((f'{first}.{last}', f'{first[0]}{last}', f'{first}_{last}'))}@{domain}"
