"""Draws texts of many kinds from a seed: what people and machines paste into a prompt, and what no one would."""

import random
from collections.abc import Callable, Iterator

_FIRST = (
    *("Maria", "James", "Lukas", "Priya", "Wei", "Sofía", "Daniel", "Aisha", "Henrik", "Elena", "Omar", "Grace"),
    *("Ji-woo", "Siobhán", "Jürgen", "Nguyễn", "Ольга", "Søren", "Chloë", "Mohammed", "Ana María", "J.", "O'Neil"),
)
_LAST = (
    *("Keller", "Morgan", "Brandt", "Sharma", "Zhang", "Rossi", "Novák", "Al-Haddad", "Larsen", "Petrova", "da Silva"),
    *("Park", "van der Berg", "McDonald", "O'Brien", "Smith-Jones", "Ng", "Müller", "Βασιλείου", "St. John", "Ōno"),
)
_PLACES = (
    *("Hamburg", "Lyon", "Chicago", "Singapore", "New York City", "Osaka", "São Paulo", "the Hague", "Mt. Everest"),
    *("Washington, D.C.", "Québec", "the Golden Gate Bridge", "北京", "U.S.", "Bosnia and Herzegovina", "Lake Geneva"),
)
_FIRMS = (
    *("Acme Corp.", "Siemens AG", "the European Central Bank", "Johnson & Johnson", "AT&T", "Yahoo!", "eBay"),
    *("Deutsche Bahn", "the FBI", "Ministry of Finance", "H&M", "7-Eleven", "UNICEF", "Ernst & Young LLP", "SAP SE"),
)
_TIMES = (
    *("on 3 May 2024", "last Tuesday", "in the late 1990s", "at 9:30 a.m.", "by Q3 2025", "within 30 days", "today"),
    *("from 2019 to 2021", "on 12/04/2023", "two weeks ago", "2026-11-24T10:00:00Z", "this morning", "annually"),
)
_AMOUNTS = (
    *("$2.5 million", "€ 1.234,56", "12%", "about 300 kg", "three", "first", "£20", "half a dozen", "¥ 50,000"),
    *("1,000,000 barrels", "USD 4bn", "-7.5 percent", "No. 5", "25th", "forty-two", "1e-9", "0x1F", "VII"),
)
_THINGS = ("the report", "a contract", "our invoice", "the Treaty of Rome", "the iPhone 15", "Hamlet", "GDPR", "it")
_VERBS = ("signed", "can't find", "didn't send", "will've reviewed", "sold", "met", "sues", "gonna buy", "RT", "is")
_NEWS = (
    "{person}, the chief executive of {firm}, {verb} {thing} {time}, people familiar with the matter said.",
    "{place} — Shares of {firm} fell {amount} {time} after {person} {verb} {thing}.",
    '"We {verb} {thing}," said {person} ({amount}) in {place}; {firm} declined to comment.',
    "{firm} and {firm} agreed to pay {amount} to {place}'s government {time}.",
    "The {amount} German and Chinese engineers of {firm}, led by Dr. {person}, arrived in {place} {time}.",
)
_CHAT = (
    "hey {person} can u send {thing} to {firm} {time}?? thx :-)",
    "Hi {person},\n\nwe {verb} {thing} {time}.\n\nBest,\n{person}\n{firm}, {place}",
    "i'm in {place} rn, {person} {verb} {thing} lol 😂😂",
    "PLEASE CALL {shout} AT {firm} BEFORE {amount}!!!",
    "{person}'s flight from {place} to {place} is {time}, ticket costs {amount}.",
    "My name is {person} and I live in {place}; my card is 4111 1111 1111 1111, mail {mail}.",
)
_SCRIPTS = (
    "你好，我叫王小明，住在北京。",
    "Привет, Иван Петров из Москвы!",
    "こんにちは、東京の田中です。",
    "안녕하세요 김철수",
    "שלום",
    "مرحبا بك في دبي",
)
_STORM = "()[]{}<>!?.,;:-–—_*&^%$#@~`'\"\\/|+=…“”‘’«»•°§©®™½²№"
_BLANKS = (" ", "  ", "\n", "\n\n", "\t", " \n ", "\u00a0", "\u3000", "\r\n")
_SIGNS = ("😀", "👩‍👩‍👧", "🇩🇪", "e\u0301", "\u200b", "\ufeff", "½", "ﬁ", "\x00", "𝔘𝔫𝔦", "１２３", "مـ")

Sketch = Callable[[random.Random], str]


def draw(seed: int) -> Iterator[str]:
    """Return one text after the other, of a sentence to a page; the same seed gives the same texts."""
    drawn = random.Random(seed)
    while True:
        yield drawn.choice(_BLANKS).join(drawn.choice(_SKETCHES)(drawn) for _ in range(drawn.choice((1, 1, 1, 2, 4))))


def _fill(drawn: random.Random, patterns: tuple[str, ...]) -> str:
    text = drawn.choice(patterns)
    while "{" in text:
        before, _, rest = text.partition("{")
        name, _, after = rest.partition("}")
        text = before + _WORDS[name](drawn) + after
    return text


def _person(drawn: random.Random) -> str:
    first, last = drawn.choice(_FIRST), drawn.choice(_LAST)
    return drawn.choice((f"{first} {last}", first, last, f"{last}, {first}", f"{first[0]}. {last}", f"Mr. {last}"))


def _code(drawn: random.Random) -> str:
    name, last = drawn.choice(_FIRST).lower(), drawn.choice(_LAST)
    lines = (
        f"def get_{name}(self, user_id: int = {drawn.randint(0, 99)}) -> Optional[str]:",
        f"    return users.find(name='{last}', city=\"{drawn.choice(_PLACES)}\")  # TOTAL, limit 10",
        f'{{"customer": "{name.title()} {last}", "city": "{drawn.choice(_PLACES)}", "total": {drawn.random():.2f}}}',
        f"for (int i = 0; i < {drawn.randint(1, 9999)}; i++) {{ {name}[i] += Math.PI; }}",
        f"[2026-11-{drawn.randint(10, 30)} 10:{drawn.randint(10, 59)}:00] ERROR {name}.{last}: timeout after 30s",
    )
    return "\n".join(drawn.sample(lines, drawn.randint(1, len(lines))))


def _table(drawn: random.Random) -> str:
    bar = drawn.choice((" | ", "\t", ",", ";"))
    rows = [("Name", "City", "Date", "Amount")]
    rows += [
        (_person(drawn), drawn.choice(_PLACES), drawn.choice(_TIMES), drawn.choice(_AMOUNTS))
        for _ in range(drawn.randint(1, 6))
    ]
    return "\n".join(bar.join(row) for row in rows)


def _list(drawn: random.Random) -> str:
    return ", ".join(_person(drawn) for _ in range(drawn.randint(1, 12)))


def _mixed(drawn: random.Random) -> str:
    return " ".join(drawn.choice((*_SCRIPTS, *_SIGNS, *_FIRMS, *_FIRST)) for _ in range(drawn.randint(1, 10)))


def _storm(drawn: random.Random) -> str:
    return "".join(
        drawn.choice(_BLANKS) if drawn.random() < 0.15 else drawn.choice(_STORM) * drawn.randint(1, 3)
        for _ in range(drawn.randint(1, 50))
    )


def _noise(drawn: random.Random) -> str:
    words = (
        "".join(chr(drawn.choice((drawn.randint(33, 126), drawn.randint(160, 0x24F)))) for _ in range(length))
        for length in (drawn.randint(1, 14) for _ in range(drawn.randint(1, 12)))
    )
    return drawn.choice(_BLANKS).join(words)


_WORDS: dict[str, Sketch] = {
    "person": _person,
    "place": lambda drawn: drawn.choice(_PLACES),
    "firm": lambda drawn: drawn.choice(_FIRMS),
    "time": lambda drawn: drawn.choice(_TIMES),
    "amount": lambda drawn: drawn.choice(_AMOUNTS),
    "thing": lambda drawn: drawn.choice(_THINGS),
    "verb": lambda drawn: drawn.choice(_VERBS),
    "shout": lambda drawn: _person(drawn).upper(),
    "mail": lambda drawn: f"{drawn.choice(_FIRST)}.{drawn.choice(_LAST)}@example.com".lower().replace(" ", "."),
}
_SKETCHES: tuple[Sketch, ...] = (
    *(lambda drawn: _fill(drawn, _NEWS),) * 3,
    *(lambda drawn: _fill(drawn, _CHAT),) * 3,
    _code,
    _table,
    _list,
    _mixed,
    _storm,
    _noise,
)
