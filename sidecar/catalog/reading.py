"""Reads the YAML that a catalog is written in: a strict subset, in which nothing means two things.

Tags, anchors, duplicate keys and unquoted words that some readers take for booleans (``no``, ``on``) are faults. It
works on libyaml's events, which is faster than PyYAML's own constructor and knows the line of every fault.
"""

import re
from collections.abc import Iterator
from typing import TypeAlias

import yaml

Value: TypeAlias = "bool | int | float | str | tuple[Value, ...] | dict[str, Value] | None"

_MAX_DEPTH = 32  # the shipped files need nine
_MAX_DIGITS = 18  # so that every number fits 64 bits
_NULLS = frozenset({"", "~", "null"})
_BOOLEANS = {"true": True, "false": False}
_TWO_READINGS = frozenset({"yes", "no", "on", "off", "y", "n", "true", "false", "null"})
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(?:0|[1-9][0-9]*)\.[0-9]+(?:[eE][-+][0-9]+)?")
_NUMBER_TO_SOME = re.compile(  # octal, binary, sexagesimal, grouped, exponents without a point: YAML 1.1 and 1.2 differ
    r"[-+]?(?:0[0-9_]+|0b[01_]+|0o[0-7]+|0x[0-9a-fA-F_]+"
    r"|[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?"
    r"|[0-9][0-9_]*\.?[0-9_]*(?:[eE][-+]?[0-9]+)?|\.[0-9_]+(?:[eE][-+]?[0-9]+)?"
    r"|\.(?:inf|Inf|INF))|\.(?:nan|NaN|NAN)"
)


class Unreadable(Exception):
    """A document that is not in the subset. The text names line and cause, never a value."""


def read(source: bytes) -> Value:
    """Return the one document of a file; sequences become tuples.

    Raises:
        Unreadable: it is not UTF-8, not YAML, not one document, or means two things.
    """
    try:
        text = source.decode("utf-8")
    except UnicodeDecodeError as exc:
        msg = "not UTF-8"
        raise Unreadable(msg) from exc
    try:
        return _document(_events(text))
    except yaml.MarkedYAMLError as exc:
        line = exc.problem_mark.line + 1 if exc.problem_mark else 0
        msg = f"line {line}: not YAML"
        raise Unreadable(msg) from exc
    except yaml.YAMLError as exc:
        msg = "not YAML"
        raise Unreadable(msg) from exc


def _events(text: str) -> Iterator[yaml.Event]:
    yield from yaml.parse(text, Loader=yaml.CSafeLoader)


def _document(events: Iterator[yaml.Event]) -> Value:
    value: Value = None
    documents = 0
    for event in events:
        if isinstance(event, yaml.NodeEvent):
            value = _value(event, events, 0)
        elif isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise _fault(event, "a second document")
    return value


def _value(event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Value:
    if depth > _MAX_DEPTH:
        raise _fault(event, "nested too deeply")
    if getattr(event, "anchor", None) is not None:  # an alias has one too
        raise _fault(event, "anchors and aliases are not read")
    if getattr(event, "tag", None) is not None:
        raise _fault(event, "tags are not read")
    if isinstance(event, yaml.ScalarEvent):
        return _scalar(event)
    if isinstance(event, yaml.SequenceStartEvent):
        items = []
        while not isinstance(item := next(events), yaml.SequenceEndEvent):
            items.append(_value(item, events, depth + 1))
        return tuple(items)
    return _mapping(events, depth)


def _mapping(events: Iterator[yaml.Event], depth: int) -> dict[str, Value]:
    mapping: dict[str, Value] = {}
    while not isinstance(event := next(events), yaml.MappingEndEvent):
        key = _value(event, events, depth + 1)
        if not isinstance(key, str):
            raise _fault(event, "a key that is not a word")
        if key in mapping:
            raise _fault(event, "a key that was given before")
        mapping[key] = _value(next(events), events, depth + 1)
    return mapping


def _scalar(event: yaml.ScalarEvent) -> Value:
    word: str = event.value
    if not event.implicit[0]:
        return word
    if word in _NULLS:
        return None
    if word in _BOOLEANS:
        return _BOOLEANS[word]
    if word.casefold() in _TWO_READINGS:
        raise _fault(event, "a word that some readers take for a boolean: put it in quotes")
    if _INTEGER.fullmatch(word):
        return int(word) if len(word) <= _MAX_DIGITS else float(word)
    if _FLOAT.fullmatch(word):
        return float(word)
    if _NUMBER_TO_SOME.fullmatch(word):
        raise _fault(event, "a word that some readers take for a number: put it in quotes, or write plain decimals")
    return word


def _fault(event: yaml.Event, cause: str) -> Unreadable:
    return Unreadable(f"line {event.start_mark.line + 1}: {cause}" if event.start_mark else cause)
