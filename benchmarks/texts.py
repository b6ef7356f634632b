"""Draws business chat from a seed: the same seed gives the same texts, and no two of them are alike."""

import random
from collections.abc import Iterator

SHARE_PERSONAL = 0.08  # of the sentences
SHARE_HEAVY = 0.35
SEED = 20261124

_FIRST = ("Maria", "James", "Lukas", "Priya", "Chen", "Sofia", "Daniel", "Aisha", "Henrik", "Elena", "Omar", "Grace")
_LAST = (
    "Keller",
    "Morgan",
    "Brandt",
    "Sharma",
    "Wei",
    "Rossi",
    "Novak",
    "Haddad",
    "Larsen",
    "Petrova",
    "Silva",
    "Park",
)
_PLACES = ("Hamburg", "Lyon", "Chicago", "Singapore", "Milan", "Osaka", "Toronto", "Warsaw")
_THINGS = (
    "the quarterly report",
    "the supplier contract",
    "the migration plan",
    "the pricing page",
    "the onboarding guide",
    "the risk register",
    "the meeting notes",
    "the release checklist",
    "the customer survey",
    "the travel policy",
)
_DOINGS = ("review", "summarize", "shorten", "translate", "check", "restructure", "compare", "rewrite")
_PLAIN = (
    "Please {doing} {thing} before the end of the week.",
    "We agreed that {thing} needs another look from the team.",
    "Can you {doing} {thing} so that a new colleague understands it?",
    "The second section of {thing} repeats what {other} already says.",
    "Our numbers went up by {count} percent, and {thing} should say why.",
    "I would rather {doing} {thing} first and then talk about {other}.",
    "What are the three most important risks in {thing}?",
    "If the budget stays at {count} thousand, we have to {doing} {other} again.",
    "The tone of {thing} is too formal for our readers.",
    "List the open questions about {other} in the order in which we can answer them.",
    "After the workshop we will {doing} {thing} and send it around.",
    "It takes about {count} minutes to read {other}, which is too long.",
)
_PERSONAL = (
    "Please send the draft to {first} {last} ({mail}) in {place}.",
    "{first} {last} called from {phone} and asks for an answer.",
    "The invoice of {first} {last} is to be paid from {iban}.",
    "Mr. {last} lives in {place} and can be reached at {phone}.",
    "Write to {mail} that the card {card} was charged twice.",
    "Ms. {last} from {place} wants her address changed, her e-mail is {mail}.",
)
_IBANS = ("DE89 3704 0044 0532 0130 00", "FR14 2004 1010 0505 0001 3M02 606", "GB82 WEST 1234 5698 7654 32")
_CARDS = ("4111 1111 1111 1111", "5555 5555 5555 4444", "3782 822463 10005")


def draw(length: int, *, seed: int = SEED, share: float = SHARE_PERSONAL) -> Iterator[str]:
    """Return one text after the other, each of ``length`` characters and unlike the ones before.

    ``share`` of the sentences have personal data in them.
    """
    drawn = random.Random(f"{seed}/{length}")
    while True:
        sentences: list[str] = []
        so_far = 0
        while so_far < length:
            sentence = _sentence(drawn, share)
            sentences.append(sentence + ("\n" if drawn.random() < 0.15 else " "))
            so_far += len(sentences[-1])
        yield "".join(sentences)[:length]


def with_new_words(text: str, *, seed: int = SEED) -> str:
    """Return a text as long with every tenth word replaced by one that nobody has ever written."""
    drawn = random.Random(f"{seed}/{text}")
    words = text.split(" ")
    for place in range(0, len(words), 10):
        words[place] = "".join(drawn.choice("abcdefghijklmnopqrstuvwxyz") for _ in words[place])
    return " ".join(words)


def _sentence(drawn: random.Random, share: float) -> str:
    first, last = drawn.choice(_FIRST), drawn.choice(_LAST)
    pattern = drawn.choice(_PERSONAL if drawn.random() < share else _PLAIN)
    return pattern.format(
        doing=drawn.choice(_DOINGS),
        thing=drawn.choice(_THINGS),
        other=drawn.choice(_THINGS),
        count=drawn.randint(2, 98),
        first=first,
        last=last,
        mail=f"{first}.{last}{drawn.randint(1, 999)}@example.com".lower(),
        phone=f"+49 30 {drawn.randint(200000, 999999)}",
        place=drawn.choice(_PLACES),
        iban=drawn.choice(_IBANS),
        card=drawn.choice(_CARDS),
    )
