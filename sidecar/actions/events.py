"""Reads one event of a stream: where its JSON is, and which strings it holds."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeAlias

Step: TypeAlias = str | int
Path: TypeAlias = tuple[Step, ...]

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]', re.DOTALL)
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n|\Z)")


@dataclass(frozen=True, slots=True)
class Literal:
    """A string of the document, by its place in the document's text, quotes included."""

    path: Path
    start: int
    end: int
    is_key: bool


@dataclass(frozen=True, slots=True)
class Event:
    """An event that holds a JSON object, and what is around it."""

    head: bytes
    """What comes before the JSON: lines, ``data:`` included."""
    text: str
    tail: bytes
    """What ends the line, and all after it."""
    document: Mapping[str, Any]
    joints: tuple[bytes, ...] = ()
    """What stands between the lines of the text, where a server wrote it over several."""

    def literals(self) -> Iterator[Literal]:
        """Go through the strings of the document, in order."""
        return _literals(self.text)

    def written(self, text: str) -> bytes:
        """Return the event with another text: one that has a line for each line of the old one."""
        octets = text.encode("utf-8", "replace")
        if not self.joints:
            return self.head + octets + self.tail
        lines = octets.split(b"\n")  # which is in no string of JSON
        joined = b"".join(part for pair in zip(lines, (*self.joints, b""), strict=True) for part in pair)
        return self.head + joined + self.tail


@dataclass(frozen=True, slots=True)
class Data:
    """The data of an event, and what is around it."""

    head: bytes
    octets: bytes
    tail: bytes
    joints: tuple[bytes, ...]


def data_of(raw: bytes) -> Data | None:
    """Return the data of a server-sent event; None where it has none."""
    places: list[tuple[int, int]] = []
    for line in _LINE.finditer(raw):
        if line[0].startswith(b"data:"):
            start = line.start() + (6 if line[0].startswith(b"data: ") else 5)
            places.append((start, max(start, line.start() + len(line[0].rstrip(b"\r\n")))))
    if not places:
        return None
    joints = tuple(raw[before[1] : after[0]] for before, after in pairwise(places))
    octets = b"\n".join(raw[start:end] for start, end in places)
    return Data(raw[: places[0][0]], octets, raw[places[-1][1] :], joints)


def line_data(raw: bytes) -> Data | None:
    """Return a line as the data of an event of its own; None where it is blank."""
    line = raw.rstrip()
    return Data(b"", line, raw[len(line) :], ()) if line else None


def read_event(data: Data) -> Event | None:
    """Return the event, or None where it holds no JSON object."""
    try:
        text = data.octets.decode()
        document = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return Event(data.head, text, data.tail, document, data.joints) if isinstance(document, dict) else None


def _literals(text: str) -> Iterator[Literal]:
    path: list[Step] = []
    objects: list[bool] = []
    at_key = False
    for token in _TOKEN.finditer(text):
        match token[0]:
            case "{":
                objects.append(True)
                path.append("")
                at_key = True
            case "[":
                objects.append(False)
                path.append(0)
                at_key = False
            case "}" | "]":
                objects.pop()
                path.pop()
                at_key = False
            case ",":
                at_key = objects[-1]
                last = path[-1]
                if isinstance(last, int):
                    path[-1] = last + 1
            case ":":
                at_key = False
            case literal:
                if at_key:
                    path[-1] = json.loads(literal) if "\\" in literal else literal[1:-1]
                yield Literal(tuple(path), token.start(), token.end(), at_key)
