"""Writes the part of the facts that a bundle reads in its one form: facts that it cannot tell apart have one key."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import TypeAlias, cast
from weakref import WeakKeyDictionary

from sidecar.policy.reads import FactPath, shortest
from sidecar.types.json import Json, Settled

_Tree: TypeAlias = "dict[str, _Tree]"
"""Names that are read, with what is read below them; an empty one means everything."""


class Projection:
    """The paths of one bundle, ready to be looked for in facts."""

    def __init__(self, paths: Iterable[FactPath]) -> None:
        tree: _Tree = {}
        for path in shortest(paths):
            place = tree
            for name in path:
                place = place.setdefault(name, {})
        self._tree = dict(sorted(tree.items()))
        # Documents that nobody changes keep their digest, by the place they stand in.
        self._settled: dict[str, WeakKeyDictionary[Settled, str]] = {name: WeakKeyDictionary() for name in tree}

    def of(self, facts: Mapping[str, Json]) -> dict[str, Json]:
        """Return the facts without what is not read."""
        return cast("dict[str, Json]", _part(facts, self._tree))

    def key(self, facts: Mapping[str, Json]) -> bytes:
        """Return a digest of what is read.

        Facts of one key differ in nothing that stands on the paths: neither in values nor in their types, nor in what
        is there at all.
        """
        if not self._tree:
            return _digest(facts)
        return _digest(
            {name: self._brief(name, facts[name], tree) for name, tree in self._tree.items() if name in facts}
        )

    def _brief(self, name: str, value: Json, tree: _Tree) -> Json:
        """Return what is read of a value, settled documents by their digest. No form looks like another."""
        if isinstance(value, Settled):
            return [self._kept_digest(name, value, tree)]
        if not tree and isinstance(value, list) and value and all(isinstance(one, Settled) for one in value):
            return [[self._kept_digest(name, one, tree) for one in value]]
        return [_part(value, tree), None]

    def _kept_digest(self, name: str, document: Settled, tree: _Tree) -> str:
        known = self._settled[name]
        digest = known.get(document)
        if digest is None:
            digest = known[document] = _digest(_part(document, tree)).hex()
        return digest


def _part(value: Json, tree: _Tree) -> Json:
    """Return what is read of a value. A path that goes into something else than a map is kept with all of it."""
    if not tree or not isinstance(value, dict):
        return value
    return {name: _part(value[name], below) if below else value[name] for name, below in tree.items() if name in value}


_write = json.JSONEncoder(sort_keys=True, allow_nan=False, separators=(",", ":")).encode


def _digest(value: Json) -> bytes:
    return hashlib.sha256(_write(value).encode()).digest()
