"""Reads JSON strictly into a tape: what two readers could read differently is refused."""

import re

from sidecar.errors import BodyTooLarge
from sidecar.payload.escapes import decode
from sidecar.payload.tape import ARRAY, OBJECT, SCALAR, STRING, Tape

MAX_DEPTH = 128  # containers within containers; beyond it readers differ in whether they read at all
MAX_VALUES = 1 << 20  # rows of a tape: a body of 16 MiB with more has hardly fifteen bytes for each

_BLANKS = r"[ \t\n\r]*+"
_STRING = r'"([^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*+)*+)"'
_SCALAR = r"(?:-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?+(?:[eE][+-]?[0-9]++)?+|true|false|null)"
_OPEN = r"([\[{])"

# Both have the same groups: key, string, scalars, opening bracket. One match for a whole member is what makes it fast.
_MEMBER = re.compile(rf"{_BLANKS}{_STRING}{_BLANKS}:{_BLANKS}(?:{_STRING}|({_SCALAR})|{_OPEN}){_BLANKS}")
_ELEMENT = re.compile(rf"{_BLANKS}()(?:{_STRING}|({_SCALAR}(?:{_BLANKS},{_BLANKS}{_SCALAR})*+)|{_OPEN}){_BLANKS}")
_ROOT = re.compile(rf"{_BLANKS}()(?:{_STRING}|({_SCALAR})|{_OPEN}){_BLANKS}")
_HEAD = re.compile(rf"{_BLANKS}{_STRING}{_BLANKS}:")
_INK = re.compile(r"[^ \t\n\r]|\Z")
_KEY, _STRING_GROUP, _SCALAR_GROUP, _OPEN_GROUP = 1, 2, 3, 4


class NotJson(ValueError):
    """The text is not one strict JSON document. The message never quotes it."""

    def __init__(self, what: str, at: int) -> None:
        super().__init__(what)
        self.at = at
        """Code point of the text."""


def read(text: str) -> Tape:  # noqa: C901, PLR0912, PLR0915 - one loop, since a call for each value would double its cost
    """Read a document by RFC 8259, in time linear in its length and without recursion.

    Raises:
        NotJson: it is none, a key occurs twice in an object, or it is nested deeper than ``MAX_DEPTH``.
        BodyTooLarge: it has more than ``MAX_VALUES`` values.
    """
    tape = Tape(text)
    kinds, starts, ends, after = tape.kinds, tape.starts, tape.ends, tape.after
    keys, key_starts, key_ends, texts = tape.keys, tape.key_starts, tape.key_ends, tape.texts
    above: list[tuple[int, set[str] | None]] = []  # the containers around this one
    container = -1
    taken: set[str] | None = None  # the keys so far, where this container is an object
    match = _ROOT.match
    at = 0
    while True:
        found = match(text, at)
        if found is None:
            head = _HEAD.match(text, at) if taken is not None else None
            at = _after_blanks(text, head.end() if head else at)
            raise NotJson(_what_stands(text, at), at)
        key = None
        if taken is not None:
            key = decode(found[_KEY])
            if key in taken:
                msg = "a key occurs twice in one object"
                raise NotJson(msg, found.start(_KEY))
            taken.add(key)
        row, group = len(kinds), found.lastindex or 0
        if row >= MAX_VALUES:
            msg = f"the body has more than {MAX_VALUES} values"
            raise BodyTooLarge(msg, field="body")
        keys.append(key)
        start, end = found.span(_KEY)
        key_starts.append(start)
        key_ends.append(end)
        start, end = found.span(group)
        starts.append(start)
        ends.append(end)
        after.append(row + 1)
        at = found.end()
        if group == _STRING_GROUP:
            kinds.append(STRING)
            texts.append(decode(found[_STRING_GROUP]))
        elif group == _SCALAR_GROUP:
            kinds.append(SCALAR)
            texts.append(None)
        else:
            above.append((container, taken))
            if len(above) > MAX_DEPTH:
                msg = f"nested deeper than {MAX_DEPTH}"
                raise NotJson(msg, starts[row])
            container, of_members = row, found[_OPEN_GROUP] == "{"
            kinds.append(OBJECT if of_members else ARRAY)
            texts.append(None)
            taken = set() if of_members else None
            match = _MEMBER.match if of_members else _ELEMENT.match
            if text[at : at + 1] != ("}" if of_members else "]"):
                continue
        while container >= 0:
            mark = text[at : at + 1]
            if mark == ",":
                at += 1
                break
            if mark != ("]" if taken is None else "}"):
                raise NotJson(_what_stands(text, at), at)
            at += 1
            ends[container] = at
            after[container] = len(kinds)
            container, taken = above.pop()
            match = _ELEMENT.match if taken is None else _MEMBER.match
            at = _after_blanks(text, at)
        else:
            if at < len(text):
                msg = "something follows the document"
                raise NotJson(msg, at)
            return tape


def _after_blanks(text: str, at: int) -> int:
    ink = _INK.search(text, at)
    return ink.start() if ink else len(text)


def _what_stands(text: str, at: int) -> str:
    """Say what is wrong at a place where a value, a key or a bracket was due, without quoting it."""
    if text.startswith("\ufeff", at):
        return "a byte-order mark"
    return "not JSON" if at < len(text) else "the document ends too early"
