"""Finds out what of the facts a bundle can read: the longest constant path of every reference under ``input``.

OPA's own parser says what the modules hold. Whatever is not plainly a path of constant names counts as a read of
everything below the names that are: a variable or a call in a path, a value that is bound, passed on or compared as a
whole. So the paths may be more than is ever read, and are never less.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from sidecar.errors import PolicyFault
from sidecar.policy.opa_binary import OpaBinary

FactPath: TypeAlias = tuple[str, ...]
"""Names from the top of the facts downwards; empty means all of them."""

# One process for all modules. A parser that fails must not leave a module out: builtin errors are strict.
_PARSE = "{name: module | some name, text in input; module := rego.parse_module(name, text)}"


def read_paths(modules: Mapping[str, bytes], *, opa: OpaBinary) -> frozenset[FactPath]:
    """Return the paths that modules read, without those that lie below another.

    Raises:
        PolicyFault: a module cannot be parsed.
    """
    return shortest(path for tree in parsed(modules, opa=opa).values() for path in references(tree))


def parsed(modules: Mapping[str, bytes], *, opa: OpaBinary) -> dict[str, Any]:
    """Return the syntax trees of modules by their names.

    Raises:
        PolicyFault: a module cannot be parsed.
    """
    if not modules:
        return {}
    texts = json.dumps({name: text.decode("utf-8", "replace") for name, text in modules.items()})
    parsed = opa.run(
        *("eval", "--format", "json", "--strict-builtin-errors", "--stdin-input", _PARSE), standard_input=texts.encode()
    )
    try:
        trees: dict[str, Any] = json.loads(parsed.stdout)["result"][0]["expressions"][0]["value"]
    except (ValueError, KeyError, IndexError, TypeError, RecursionError):
        trees = {}
    if trees.keys() != modules.keys():
        message = "OPA cannot say what the policies read of the facts"
        raise PolicyFault(message, field="policy.path")
    return trees


def references(tree: object) -> Iterator[FactPath]:
    """Yield the longest constant path of every reference to ``input`` in a syntax tree of ``opa parse``."""
    rest = [tree]  # no recursion: how deep a policy is nested is its author's choice
    while rest:
        match rest.pop():
            case {"type": "ref", "value": [{"type": "var", "value": "input"}, *parts]}:
                yield _constant(parts)
                rest += parts  # a part may be a call, or a reference of its own
            case {"type": "var", "value": "input"}:
                yield ()
            case dict() as node:
                for replacement in node.get("with") or ():
                    yield from _replaced(replacement["target"])
                    rest.append(_overlay(replacement) or replacement["value"])
                # METADATA is no code, though a schema in it names `input`; no name in a policy becomes a key here
                rest += [inner for key, inner in node.items() if key not in {"with", "annotations"}]
            case list() as nodes:
                rest += nodes
            case _:
                pass


def shortest(paths: Iterable[FactPath]) -> frozenset[FactPath]:
    """Drop the paths that lie below another."""
    every = set(paths)
    return frozenset(path for path in every if not any(path[:length] in every for length in range(len(path))))


def _replaced(target: Mapping[str, Any]) -> Iterator[FactPath]:
    """Yield what ``with <target> as …`` depends on: nothing of what it replaces, but what that is put into.

    The facts themselves are a map, always. Of anything deeper it matters whether it is one, which the path to what is
    replaced tells.
    """
    match target:
        case {"type": "ref", "value": [{"type": "var", "value": "input"}, *parts]} if len(parts) > 1:
            yield _constant(parts)
        case _:
            pass


def _overlay(replacement: Mapping[str, Any]) -> object:
    """Return what ``with input as object.union(object.remove(input, [names]), added)`` names; None where it is another.

    What of the facts is left where it was is read by those who read it there, and they are looked at themselves.
    """
    match replacement:
        case {
            "target": {"type": "ref", "value": [{"value": "input"}]},
            "value": {
                "type": "call",
                "value": [
                    {"value": [{"value": "object"}, {"value": "union"}]},
                    {
                        "type": "call",
                        "value": [
                            {"value": [{"value": "object"}, {"value": "remove"}]},
                            {"value": "input"} | {"value": [{"value": "input"}]},
                            {"type": "array"} as removed,
                        ],
                    },
                    added,
                ],
            },
        }:
            return [removed, added]
        case _:
            return None


def _constant(parts: Iterable[Mapping[str, Any]]) -> FactPath:
    names: list[str] = []
    for part in parts:
        if part["type"] != "string":
            break
        names.append(part["value"])
    return tuple(names)
