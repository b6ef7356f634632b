"""Stand-ins for values: derived from the value, checked by the tenant, read well by a model.

``<PERSON_7KQ2M4XA9D>`` is a word for the kind, eight characters of the value's HMAC under the key of tenant and scope,
and two that check word and characters under the key of the tenant alone. So the same value gets the same pseudonym in
every message and retry of its scope, and one that comes back is recognized in any scope, also after a rotation of keys.
"""

import re
from base64 import b32encode
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from sidecar.actions.interface import Scope
from sidecar.actions.keyed import Keyed
from sidecar.keys import Keyring

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # base32 without I, L, O and U, which read like others
CHARACTERS = 8
CHECK_CHARACTERS = 2
LONGEST = 48  # characters of one HMAC that are used when values meet
LONGER = 4  # characters by which those that meet grow
WORD_LENGTH = 40
TEXT = "TEXT"  # the kind of a text that only looked like a pseudonym

# Bounded on both sides, so that a search is linear in the text. Neither bracket can stand within.
_CODES = f"{{{CHARACTERS + CHECK_CHARACTERS},{LONGEST + CHECK_CHARACTERS}}}"
PSEUDONYM = re.compile(rf"<[A-Z][A-Z_]{{0,{WORD_LENGTH - 1}}}_[{ALPHABET}]{_CODES}>")

_TO_OURS = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", ALPHABET.encode())  # from base32's own, by value
_NOT_A_LETTER = re.compile(r"[^A-Z]+")
_MAIL = "EMAIL"


class Pseudonyms:
    """Makes pseudonyms, and knows its own."""

    def __init__(self, keys: Keyring, *, characters: int = CHARACTERS) -> None:
        """Take the keys; ``characters`` fewer than eight makes values meet, for tests."""
        self._keys = keys
        self._characters = characters

    def assign(self, scope: Scope, values: Iterable[tuple[str, str]]) -> Mapping[str, str]:
        """Return the pseudonym of each value of one request; values come with their entity, in document order.

        A value that was recognized as several entities keeps the word of the first. Spellings that :func:`normalize`
        makes equal share a pseudonym. Two values that would meet get longer ones, both of them.
        """
        words: dict[str, str] = {}
        spellings: dict[str, str] = {}
        for value, entity in values:
            if value not in spellings:
                spellings[value] = same = normalize(value, entity)
                words.setdefault(same, kind_word(entity))
        own, tenants = self._keyed(scope, "value"), Keyed(self._keys.subkey("pseudonym", scope.tenant))
        octets = {same: own.digest(_octets(same)) for same in words}
        names = {same: f"{words[same]}_{code}" for same, code in _apart(octets, self._characters)}
        whole = {same: f"<{name}{_check(tenants, name)}>" for same, name in names.items()}
        return {value: whole[same] for value, same in spellings.items()}

    def digest(self, scope: Scope, value: str, entity: str) -> str:
        """Return what stands for a value irreversibly: sixteen characters, none of them a pseudonym's."""
        return encode(self.derive(scope, "hash", normalize(value, entity)), 2 * CHARACTERS)

    def find(self, tenant: str, text: str) -> Iterator[tuple[int, int, bool]]:
        """Go through all that looks like a pseudonym: where it starts, where it ends, and whether its check holds."""
        if "<" not in text:
            return
        keys: list[Keyed] = []
        for match in PSEUDONYM.finditer(text):
            keys = keys or [Keyed(self._keys.subkey("pseudonym", tenant, key_id)) for key_id in self._keys.ids]
            start, end = match.span()
            split = end - CHECK_CHARACTERS - 1
            name, check = text[start + 1 : split], text[split : end - 1]
            yield start, end, check in [_check(key, name) for key in keys]

    def derive(self, scope: Scope, use: str, value: str) -> bytes:
        """Return 32 octets that follow from a value, for one use: other ones in another scope."""
        return self._keyed(scope, use).digest(_octets(value))

    def _keyed(self, scope: Scope, use: str) -> Keyed:
        """Return the key of a scope for one use."""
        tenants = Keyed(self._keys.subkey("pseudonym", scope.tenant))
        return Keyed(tenants.digest(_octets(f"{use}\0{scope.kind}\0{scope.name}")))


def _check(key: Keyed, name: str) -> str:
    """Return the two characters for a word and code: ten bits, which tell typing from writing, and are no secret."""
    digest = key.digest(b"check\0" + name.encode())
    return ALPHABET[digest[0] >> 3] + ALPHABET[digest[1] >> 3]


def normalize(value: str, entity: str) -> str:
    """Return the spelling under which a value is the same: an e-mail address in lower case, no blanks around."""
    trimmed = value.strip() or value
    return trimmed.lower() if entity.startswith(_MAIL) else trimmed


@lru_cache(maxsize=512)  # recognizers have a few hundred words
def kind_word(entity: str) -> str:
    """Return the word of a pseudonym for an entity: its letters, in upper case."""
    word = _NOT_A_LETTER.sub("_", entity.upper()).strip("_")[:WORD_LENGTH].rstrip("_")
    return word or "VALUE"


def encode(octets: bytes, characters: int) -> str:
    """Write the first ``characters`` of octets in base32, the most significant bits first."""
    needed = octets[: -(-characters * 5 // 8)]
    return b32encode(needed)[:characters].translate(_TO_OURS).decode()


def _apart(octets: Mapping[str, bytes], characters: int) -> Iterator[tuple[str, str]]:
    """Write codes as short as tells them apart, growing all that meet; the order of the values does not matter."""
    left = dict(octets)
    length = characters
    while left and length < LONGEST:
        groups: dict[str, list[str]] = {}
        for value, digest in left.items():
            groups.setdefault(encode(digest, length), []).append(value)
        for code, values in groups.items():
            if len(values) == 1:
                yield values[0], code
        left = {value: left[value] for values in groups.values() if len(values) > 1 for value in values}
        length += LONGER
    for value, digest in left.items():
        yield value, encode(digest, LONGEST)  # 240 bits: they do not meet


def _octets(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
