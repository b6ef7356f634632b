"""The words in which a format says what stands where. What it does not name is inspected as text."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from sidecar.payload.tape import ARRAY, OBJECT, STRING
from sidecar.payload.walk import Walk

Rule: TypeAlias = Callable[[Walk, int, str], None]
"""Walks one value: the walk, the row of the value, its pointer."""


def free(walk: Walk, row: int, pointer: str) -> None:
    """Inspect all keys and strings."""
    walk.free(row, pointer)


def arguments(walk: Walk, row: int, pointer: str) -> None:
    """Inspect what a tool is called with: all keys, strings and long numbers."""
    walk.free(row, pointer, numbers=True)


def words(*closed: str) -> Rule:
    """Leave out a string that is one of the format's own words. Any other is text."""
    known = frozenset(closed)

    def rule(walk: Walk, row: int, pointer: str) -> None:
        if walk.tape.texts[row] not in known:
            walk.free(row, pointer)

    return rule


def fields(known: Mapping[str, Rule], otherwise: Rule = arguments) -> Rule:
    """Walk an object by its members. Those not named are text, long numbers too; what is no object is text."""

    def rule(walk: Walk, row: int, pointer: str) -> None:
        if walk.tape.kinds[row] != OBJECT:
            walk.free(row, pointer)
            return
        for child in walk.tape.children(row):
            key = walk.tape.keys[child] or ""
            here = walk.under(pointer, key)
            if key in known:
                known[key](walk, child, here)
            else:
                walk.key(child, here)
                otherwise(walk, child, here)

    return rule


def mapping(of: Rule) -> Rule:
    """Walk an object whose keys are the caller's."""
    return fields({}, otherwise=of)


def each(of: Rule) -> Rule:
    """Walk the elements of an array; what is none is text."""

    def rule(walk: Walk, row: int, pointer: str) -> None:
        if walk.tape.kinds[row] != ARRAY:
            walk.free(row, pointer)
            return
        for index, child in walk.tape.elements(row):
            of(walk, child, walk.under(pointer, index))

    return rule


def objects(of: Rule, *, optional: bool = False) -> Rule:
    """Walk an array of objects, and refuse a body that has something else here."""

    def rule(walk: Walk, row: int, pointer: str) -> None:
        if optional and walk.is_null(row):
            return
        if walk.tape.kinds[row] != ARRAY:
            walk.refuse(pointer, "a list of objects")
        for index, child in walk.tape.elements(row):
            here = walk.under(pointer, index)
            if walk.tape.kinds[child] != OBJECT:
                walk.refuse(here, "an object")
            of(walk, child, here)

    return rule


def content(part: Rule) -> Rule:
    """Walk content: a string, nothing, or a list of parts. Refuse a body that has something else here."""
    parts = objects(part)

    def rule(walk: Walk, row: int, pointer: str) -> None:
        kind = walk.tape.kinds[row]
        if kind == STRING:
            walk.text(row, pointer)
        elif kind == ARRAY:
            parts(walk, row, pointer)
        elif not walk.is_null(row):
            walk.refuse(pointer, "a string or a list of objects")

    return rule


def _stated_type(walk: Walk, row: int) -> str:
    return walk.word(row, "type")


def by_type(known: Mapping[str, Rule], type_of: Callable[[Walk, int], str] = _stated_type) -> Rule:
    """Walk a part by its ``type``. One of no known type cannot be vouched for, and its strings are text."""

    def rule(walk: Walk, row: int, pointer: str) -> None:
        of_type = known.get(type_of(walk, row))
        if of_type is None:
            walk.part("unknown_part")
            walk.free(row, pointer)
        else:
            of_type(walk, row, pointer)

    return rule


def stored(kind: str = "stored_context", rule: Rule = free) -> Rule:
    """Note that something is kept at the provider, besides walking what names it."""

    def noting(walk: Walk, row: int, pointer: str) -> None:
        if walk.holds(row):
            walk.stored(kind)
        rule(walk, row, pointer)

    return noting


def hosted(tool: str, rule: Rule = free) -> Rule:
    """Note a tool that the provider runs where a member asks for it, besides walking it."""

    def noting(walk: Walk, row: int, pointer: str) -> None:
        if walk.holds(row):
            walk.hosted_tools.add(tool)
        rule(walk, row, pointer)

    return noting


def link(kind: str) -> Rule:
    """Walk the address of a part: a data URL is the part itself, any other is text."""

    def rule(walk: Walk, row: int, pointer: str) -> None:
        if walk.tape.kinds[row] == STRING:
            walk.link(row, pointer, kind)
        elif not walk.is_null(row):
            walk.part(kind)
            walk.free(row, pointer)

    return rule


def base64(kind: str, media_type: str = "") -> Rule:
    """Walk bytes that are written as base64."""

    def rule(walk: Walk, row: int, pointer: str) -> None:
        if walk.tape.kinds[row] == STRING:
            walk.payload(row, pointer, kind, media_type)
        elif not walk.is_null(row):
            walk.part(kind)
            walk.free(row, pointer)

    return rule


def string_or(of_string: Rule, otherwise: Rule) -> Rule:
    """Walk what has a short form, a string, and a long one."""

    def rule(walk: Walk, row: int, pointer: str) -> None:
        (of_string if walk.tape.kinds[row] == STRING else otherwise)(walk, row, pointer)

    return rule


encrypted = base64("encrypted_reasoning")
"""Walks what only the provider can read."""
