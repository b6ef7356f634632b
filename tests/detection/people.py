"""People who do not exist, and all that is theirs."""

import base64
import json
import random
import string
import uuid
from collections.abc import Callable, Mapping
from datetime import date, timedelta

from tests.corpus.values import iban, luhn_check
from tests.detection.numbers import Form, forms

_PEOPLE: Mapping[str, tuple[str, str]] = {
    "en": (
        "Olivia Marcus Priya Ethan Grace Samuel Naomi Victor Hannah Dominic Claire Julian",
        "Whitaker Okafor Lindqvist Hargreaves Delaney Prescott Mercer Abernathy Castellano Winslow Thornton Ramirez",
    ),
    "de": (
        "Sabine Matthias Annika Jürgen Katrin Florian Lieselotte Torsten",
        "Hofmann Krüger Baumgartner Lindemann Schreiber Vogt Engelhardt Rothenberg",
    ),
    "fr": (
        "Camille Antoine Élodie Laurent Mathilde Julien Océane Baptiste",
        "Moreau Lefebvre Girard Chevalier Rousseau Delacroix Marchand Fournier",
    ),
    "es": (
        "Carmen Javier Lucía Alejandro Pilar Rafael Ximena Gonzalo",
        "García Fernández Navarro Ortega Delgado Castillo Quiroga Villanueva",
    ),
    "zh": ("伟 芳 秀英 建国 晓明 丽华 志强 雨欣 浩然 思琪", "王 李 张 刘 陈 杨 赵 周 欧阳 徐"),
    "ko": ("서연 민준 지우 하은 도윤 예린 현우 수빈 태영 은지", "김 이 박 최 정 강 조 윤 장 한"),
    "ja": ("太郎 花子 健一 美咲 翔太 陽子 直樹 恵子", "佐藤 鈴木 高橋 田中 渡辺 伊藤 山本 中村"),
}
_FAMILY_FIRST = frozenset({"zh", "ko", "ja"})
_ADDRESSES: Mapping[str, tuple[str, ...]] = {
    "en": (
        "{0} Maple Street, Springfield, IL 62704",
        "{0} Harbor Road, Portland, OR 97205",
        "{0} Willow Lane, Bristol BS1 4ND",
    ),
    "de": ("Lindenstraße {0}, 10969 Berlin", "Bahnhofstraße {0}, 80335 München"),
    "fr": ("{0} rue des Tilleuls, 75011 Paris", "{0} avenue de la Gare, 69003 Lyon"),
    "es": ("Calle del Olmo {0}, 28012 Madrid", "Avenida de la Paz {0}, 41013 Sevilla"),
    "zh": ("北京市朝阳区建国路{0}号", "上海市徐汇区漕溪路{0}号", "深圳市南山区科技南路{0}号"),
    "ko": ("서울특별시 마포구 월드컵로 {0}", "부산광역시 해운대구 센텀로 {0}", "대전광역시 유성구 대학로 {0}"),
    "ja": ("東京都新宿区西新宿2丁目{0}番地",),
}
_PHONES: Mapping[str, tuple[str, ...]] = {
    "en": ("(212) 555-01##", "+1 415 555 01##", "+44 20 7946 0###"),
    "de": ("+49 30 9018 2###", "030 9018 2###", "0171 39200##"),
    "fr": ("+33 1 99 00 ## ##", "06 39 98 ## ##", "01 99 00 ## ##"),
    "es": ("+34 612 34 5# ##", "612 34 5# ##", "91 123 4# ##"),
    "zh": ("138001####5", "+86 139 1234 ####", "159-8765-####"),
    "ko": ("010-1234-####", "010 9876 ####", "+82-10-2345-####", "02-345-####"),
    "ja": ("090-1234-####", "03-1234-####", "+81 80 1234 ####"),
    "hk": ("+852 9123 ####", "9123 ####"),
    "tw": ("0912-345-###", "+886 912 345 ###"),
    "in": ("+91 98765 4####",),
}
_PLATES: Mapping[str, tuple[str, ...]] = {"zh": ("粤B#####", "京A·D####"), "ko": ("12가 ####", "123나 ####")}
_IBANS: Mapping[str, tuple[str, str]] = {
    "de": ("DE", "37040044##########"),
    "fr": ("FR", "20041010050500013M026##"),
    "es": ("ES", "2100041845020005####"),
}
_DATES = {"de": "%d.%m.%Y", "fr": "%d/%m/%Y", "es": "%d/%m/%Y"}
_LATIN = str.maketrans("ÉéüöäßíúáÁÜÖñç", "EeuoasiuaAUOnc")
_BASE62 = string.ascii_letters + string.digits
_LOGINS = ("linwei", "chulsoo.kim", "tanaka_y", "sunny.park", "zhao-ming", "haruka88")
_FORMS = forms()


class Cast:
    """The values of one prompt: the same kind and number give the same value."""

    def __init__(self, language: str, rng: random.Random) -> None:
        self._language = language
        self._rng = rng
        self._kept: dict[tuple[str, int], str] = {}

    def value(self, kind: str, number: int = 1) -> tuple[str, str]:
        """Return entity and value of a slot."""
        if kind.startswith("id:"):
            entity = kind.removeprefix("id:")
            return _ID_ENTITIES.get(entity, entity), self._keep(kind, number, lambda: self._id(entity, number))
        entity, make = _VALUES[kind]
        return entity, self._keep(kind, number, lambda: make(self, number))

    def _keep(self, kind: str, number: int, make: Callable[[], str]) -> str:
        if (kind, number) not in self._kept:
            self._kept[kind, number] = make()
        return self._kept[kind, number]

    def _id(self, entity: str, number: int) -> str:
        if entity in _OWN_FORMS:
            return _OWN_FORMS[entity].draw(self._rng)
        found = [form for form in _FORMS if form.entity == entity]
        wanted = found[number - 1] if entity in {"DEVICE_ID", "DRIVER_LICENSE"} and number <= len(found) else found[0]
        return wanted.draw(self._rng)

    def first(self, number: int) -> str:
        """Return a first name."""
        return self._keep("first", number, lambda: self._rng.choice(_PEOPLE[self._language][0].split()))

    def last(self, number: int) -> str:
        """Return a family name."""
        return self._keep("last", number, lambda: self._rng.choice(_PEOPLE[self._language][1].split()))

    def name(self, number: int) -> str:
        """Return a whole name."""
        first, last = self.first(number), self.last(number)
        return f"{last}{first}" if self._language in _FAMILY_FIRST else f"{first} {last}"

    def email(self, number: int) -> str:
        """Return the address of a person."""
        host = self._rng.choice(("example.com", "mail.example.org", "gmail.com", "naver.com", "qq.com", "web.de"))
        if self._language in _FAMILY_FIRST:
            return f"{self._rng.choice(_LOGINS)}{self.digits('##')}@{host}"
        return f"{self.first(number)}.{self.last(number)}@{host}".lower().translate(_LATIN)

    def digits(self, form: str) -> str:
        """Return a form with a digit for each ``#``."""
        return "".join(str(self._rng.randrange(10)) if sign == "#" else sign for sign in form)

    def one_of(self, table: Mapping[str, tuple[str, ...]], language: str = "") -> str:
        """Return one of a language's forms, filled."""
        return self.digits(self._rng.choice(table[language or self._language]))

    def letters(self, count: int, alphabet: str = _BASE62) -> str:
        """Return letters drawn at random."""
        return "".join(self._rng.choices(alphabet, k=count))

    def address(self, _number: int) -> str:
        """Return a street with number and town."""
        return self._rng.choice(_ADDRESSES[self._language]).format(self._rng.randint(2, 180))

    def birth(self, _number: int, form: str = "%Y-%m-%d") -> str:
        """Return a day of birth."""
        return (date(1950, 1, 1) + timedelta(days=self._rng.randrange(18_000))).strftime(form)

    def birth_here(self, number: int) -> str:
        """Return a day of birth as it is written in the language."""
        return self.birth(number, _DATES[self._language])

    def card(self, _number: int) -> str:
        """Return a payment card."""
        number = self.digits(self._rng.choice(("411111#########", "555555#########", "400000#########")))
        return number + luhn_check(number)

    def iban(self, _number: int) -> str:
        """Return an account."""
        country, account = _IBANS.get(self._language, _IBANS["de"])
        whole = iban(country, self.digits(account))
        return whole if self._rng.random() < 0.5 else " ".join(whole[at : at + 4] for at in range(0, len(whole), 4))

    def jwt(self, _number: int) -> str:
        """Return a signed token."""
        parts = ({"alg": "HS256", "typ": "JWT"}, {"sub": self.digits("########"), "exp": 1795000000})
        coded = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
        return ".".join([*coded, self.letters(43)])

    def uuid(self, _number: int) -> str:
        """Return a device's id."""
        return str(uuid.UUID(int=self._rng.getrandbits(128), version=4))

    def mac(self, _number: int) -> str:
        """Return a network card's address."""
        return ":".join(self.letters(2, "0123456789ABCDEF") for _ in range(6))


_OWN_FORMS = {"CA_HEALTH": Form(entity="HEALTH_INSURANCE_ID", form="####-###-###-^^", told="")}
_ID_ENTITIES = {"CA_HEALTH": "HEALTH_INSURANCE_ID"}


def _digits(form: str) -> Callable[[Cast, int], str]:
    return lambda cast, _: cast.digits(form)


def _letters(prefix: str, count: int, alphabet: str = _BASE62) -> Callable[[Cast, int], str]:
    return lambda cast, _: prefix + cast.letters(count, alphabet)


_VALUES: Mapping[str, tuple[str, Callable[[Cast, int], str]]] = {
    "name": ("PERSON", Cast.name),
    "first": ("PERSON", Cast.first),
    "last": ("PERSON", Cast.last),
    "email": ("EMAIL_ADDRESS", Cast.email),
    "phone": ("PHONE_NUMBER", lambda cast, _: cast.one_of(_PHONES)),
    "phone_hk": ("PHONE_NUMBER", lambda cast, _: cast.one_of(_PHONES, "hk")),
    "phone_tw": ("PHONE_NUMBER", lambda cast, _: cast.one_of(_PHONES, "tw")),
    "phone_in": ("PHONE_NUMBER", lambda cast, _: cast.one_of(_PHONES, "in")),
    "addr": ("STREET_ADDRESS", Cast.address),
    "dob": ("DATE_OF_BIRTH", Cast.birth),
    "dob_de": ("DATE_OF_BIRTH", Cast.birth_here),
    "dob_fr": ("DATE_OF_BIRTH", Cast.birth_here),
    "dob_es": ("DATE_OF_BIRTH", Cast.birth_here),
    "card": ("CREDIT_CARD", Cast.card),
    "cvv": ("CARD_VERIFICATION", _digits("###")),
    "iban": ("IBAN_CODE", Cast.iban),
    "account": ("BANK_ACCOUNT", _digits("4########1")),
    "account_kr": ("BANK_ACCOUNT", _digits("110-###-######")),
    "account_cn": ("BANK_ACCOUNT", _digits("4100########0123456")),
    "account_jp": ("BANK_ACCOUNT", _digits("#######")),
    "ip": ("IP_ADDRESS", _digits("203.0.113.1##")),
    "mac": ("MAC_ADDRESS", Cast.mac),
    "uuid": ("DEVICE_ID", Cast.uuid),
    "plate": ("VEHICLE_PLATE", lambda cast, _: cast.one_of(_PLATES)),
    "plate_us": ("VEHICLE_PLATE", _digits("7ABC###")),
    "mrn": ("MEDICAL_RECORD_NUMBER", _digits("10######")),
    "mrn_zh": ("MEDICAL_RECORD_NUMBER", _digits("ZY########")),
    "mrn_ko": ("MEDICAL_RECORD_NUMBER", _digits("2########")),
    "mrn_ja": ("MEDICAL_RECORD_NUMBER", _digits("00######")),
    "eth": ("CRYPTO", _letters("0x", 40, "0123456789abcdef")),
    "handle": ("USER_HANDLE", lambda cast, _: f"@{cast.letters(7, string.ascii_lowercase)}_{cast.digits('##')}"),
    "wechat": ("USER_HANDLE", lambda cast, _: f"wx_{cast.letters(6, string.ascii_lowercase)}{cast.digits('##')}"),
    "openai": ("API_KEY", _letters("sk-proj-", 48)),
    "dashscope": ("API_KEY", _letters("sk-", 32, "0123456789abcdef")),
    "stripe": ("API_KEY", _letters("sk_live_", 24)),
    "aws": ("API_KEY", _letters("AKIA", 16, string.ascii_uppercase + string.digits)),
    "awssecret": ("API_KEY", _letters("", 40, _BASE62 + "+/")),
    "github": ("ACCESS_TOKEN", _letters("ghp_", 36)),
    "gitlab": ("ACCESS_TOKEN", _letters("glpat-", 20)),
    "slack": ("ACCESS_TOKEN", lambda cast, _: f"xoxb-{cast.digits('1########')}-{cast.letters(24)}"),
    "token": ("ACCESS_TOKEN", _letters("", 40)),
    "jwt": ("ACCESS_TOKEN", Cast.jwt),
    "password": ("PASSWORD", lambda cast, _: f"{cast.letters(7)}{cast.digits('#')}!{cast.letters(2)}"),
}
