"""Reads YAML that people write by hand, and says on which line each part of it stands."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from sidecar.errors import PolicyFault

Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Marked:
    """What a file says, and where."""

    name: str
    """For messages."""
    value: object
    rows: Mapping[Place, int]

    def at(self, place: Place) -> str:
        """Return ``file:row`` of a part, or of the nearest part around it."""
        while place and place not in self.rows:
            place = place[:-1]
        return f"{self.name}:{self.rows.get(place, 1)}"


def read_marked(path: Path, name: str) -> Marked:
    """Read a YAML file.

    Raises:
        PolicyFault: it cannot be read, or is no YAML.
    """
    try:
        text = path.read_text("utf-8")
        value = yaml.safe_load(text)
        node = yaml.compose(text, yaml.SafeLoader)
    except OSError as exc:
        message = f"{name} cannot be read: {exc.strerror}"
        raise PolicyFault(message, field="policy.path") from exc
    except (yaml.YAMLError, ValueError) as exc:
        mark = getattr(exc, "problem_mark", None)
        message = f"{name}:{mark.line + 1 if mark else 1}: is not YAML"
        raise PolicyFault(message, field="policy.path") from None
    return Marked(name, value, dict(_rows(node, (), frozenset())))


def _rows(node: yaml.Node | None, place: Place, above: frozenset[int]) -> Iterator[tuple[Place, int]]:
    if node is None or id(node) in above:  # an alias may lead back to what it stands in
        return
    yield place, node.start_mark.line + 1
    match node:
        case yaml.MappingNode():
            for key, inner in node.value:
                yield from _rows(inner, (*place, str(key.value)), above | {id(node)})
        case yaml.SequenceNode():
            for position, inner in enumerate(node.value):
                yield from _rows(inner, (*place, position), above | {id(node)})
        case _:
            pass
