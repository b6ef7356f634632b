"""Writes rows for models and providers that the catalog does not know: valid, and judged as unidentified.

Whoever applies one without reading it has a row that nothing is sent to: developer, origin and place are unknown.
"""

import re

from sidecar.catalog.imports.interface import AliasList, Entry, Host
from sidecar.catalog.imports.matching import Matches
from sidecar.catalog.reading import Value
from sidecar.catalog.tables import Tables
from sidecar.types.targets import UNKNOWN_PLACE

UNIDENTIFIED = "unidentified"
_UNREAD = "LicenseRef-Open-Weights-Unread"
_NOT_IN_AN_ID = re.compile(r"[^a-z0-9._/-]+")
_LONGEST_ID = 160
_UNKNOWN = "unknown"
Stub = tuple[dict[str, Value], dict[str, str]]
"""A row, and comments behind its fields."""


def model_stubs(tables: Tables, matches: Matches, *, source: str, day: str) -> list[Stub]:
    """Return a row for each name of a model that is not known, with the hosts that are."""
    together: dict[str, list[tuple[Entry, str]]] = {}
    for entry, provider in sorted(matches.unknown_models, key=lambda unknown: (unknown[0].where, unknown[1])):
        together.setdefault(entry.names[-1], []).append((entry, provider))
    taken = set(tables.models)
    stubs = []
    for name, entries in sorted(together.items()):
        key = _fresh(f"{UNIDENTIFIED}/{_slug(name)}", taken)
        stubs.append(_model(key, name, entries, source, day))
    return stubs


def provider_stubs(tables: Tables, matches: Matches, *, source: str, day: str, aliases: AliasList) -> list[Stub]:
    """Return a row for each provider that is not known; what a list claims stands beside it as a comment."""
    taken = set(tables.providers)
    return [
        _provider(_fresh(_slug(name), taken), host, source, day, aliases)
        for name, host in sorted(matches.unknown_hosts.items())
    ]


def _model(key: str, name: str, entries: list[tuple[Entry, str]], source: str, day: str) -> Stub:
    aliases: dict[str, set[str]] = {}
    for entry, _ in entries:
        for alias_list, alias in entry.aliases:
            aliases.setdefault(alias_list, set()).add(alias)
    contexts = [entry.context for entry, _ in entries if entry.context is not None]
    claims: dict[str, Value] = {}
    for entry, _ in entries:
        claims.update(entry.claims)
    row: dict[str, Value] = {
        "id": key,
        "name": name,
        "developer": UNIDENTIFIED,
        "origin_countries": (UNKNOWN_PLACE,),
        "open_weights": claims.get("open_weights") is True,
        "license": _UNREAD,
        "license_evidence": "none",
        "license_verified": False,
        **({"context_window": min(contexts)} if contexts else {}),
        "modalities": {"input": (), "output": ()},
        "tool_calling": claims.get("tool_calling"),
        "status": "active",
        "aliases": {alias_list: tuple(sorted(names)) for alias_list, names in sorted(aliases.items())},
        "served_by": tuple(sorted({provider for _, provider in entries if provider})),
        "source": f"{source} {entries[0][0].where}",
        "verified": False,
        "retrieved": day,
    }
    said = next((entry.license for entry, _ in entries if entry.license), "")
    comments = {"developer": "who trained it? then id and origin_countries follow"}
    if said:
        comments["license"] = f"{source} says {said}"
    return row, comments


def _provider(key: str, host: Host, source: str, day: str, aliases: AliasList) -> Stub:
    row: dict[str, Value] = {
        "id": key,
        "name": host.title,
        "kind": "inference-host",
        "hq_country": UNKNOWN_PLACE,
        "parent_jurisdiction": UNKNOWN_PLACE,
        "processing_regions": (UNKNOWN_PLACE,),
        "region_confidence": _UNKNOWN,
        "retention_days": _UNKNOWN,
        "trains_on_inputs": _UNKNOWN,
        "zero_data_retention": _UNKNOWN,
        "aliases": {aliases: (host.name,)},
        "source": f"{source} {host.name}",
        "retrieved": day,
        "evidence": "none",
        "verified": False,
    }
    comments = {field: f"{source} says {_claimed(claim)}" for field, claim in host.claims.items() if field in row}
    return row, comments


def _claimed(claim: Value) -> str:
    return " ".join(map(str, claim)) if isinstance(claim, tuple) else str(claim)


def _slug(name: str) -> str:
    slug = _NOT_IN_AN_ID.sub("-", name.casefold().replace("@", "-")).strip("-./_")[:_LONGEST_ID]
    return slug or UNIDENTIFIED


def _fresh(key: str, taken: set[str]) -> str:
    number, fresh = 1, key
    while fresh in taken:
        number += 1
        fresh = f"{key}-{number}"
    taken.add(fresh)
    return fresh
