"""Decides what is proposed for known rows: what a list claims of origin, license, region and training."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sidecar.catalog.imports.interface import Host
from sidecar.catalog.imports.matching import Matched, Matches, Names
from sidecar.catalog.reading import Value
from sidecar.catalog.tables import Tables
from sidecar.catalog.target_rows import ModelRow, ProviderRow
from sidecar.types.countries import EUROPEAN_UNION

_ONLY_WHERE_UNKNOWN = {"tool_calling"}
_UNKNOWN = "unknown"
_REGIONS = "processing_regions"
_RECALLED: Mapping[str, Value] = {"license_evidence": "none", "license_verified": False}
"""What is proposed with a license: nobody of ours read it."""


@dataclass(frozen=True, slots=True)
class Change:
    """Fields of a row that a list has otherwise."""

    section: str
    row: str
    fields: Mapping[str, Value]
    where: str


def proposed(tables: Tables, names: Names, matches: Matches) -> Iterator[Change]:
    """Go through the changes, sorted. Doubts are added to the matches'."""
    area = frozenset(tables.country_sets["EEA"])
    licenses = {key.casefold(): key for key in tables.licenses}
    for match in sorted(matches.matched, key=lambda match: (match.model, match.entry.where)):
        row = tables.models[match.model]
        fields = {
            **_facts(row, match),
            **_license(row, match, licenses, matches.doubts),
            **_base(row, match, tables, names, matches.doubts),
            **_weights(row, match, names, matches.doubts),
        }
        if fields:
            yield Change("models", row.id, fields, match.entry.where)
    for host, provider in sorted(matches.hosts, key=lambda pair: (pair[1], pair[0].name)):
        if said := _host(tables.providers[provider], host, area):
            yield Change("providers", provider, said, host.name)


def _facts(row: ModelRow, match: Matched) -> Mapping[str, Value]:
    known = {"open_weights": row.open_weights, "tool_calling": row.tool_calling}
    fields: dict[str, Value] = {
        field: claim
        for field, claim in match.entry.claims.items()
        if field in known and claim != known[field] and (field not in _ONLY_WHERE_UNKNOWN or known[field] is None)
    }
    until = match.entry.claims.get("deprecation_dates")
    if isinstance(until, tuple) and not set(until) <= set(row.deprecation_dates):
        fields["deprecation_dates"] = tuple(sorted({*row.deprecation_dates, *map(str, until)}))
    return fields


def _license(row: ModelRow, match: Matched, licenses: Mapping[str, str], doubts: set[str]) -> Mapping[str, Value]:
    claim = match.entry.license.casefold()
    if not claim:
        return {}
    known = licenses.get(claim) or licenses.get(f"licenseref-{claim}")
    if known is None:
        doubts.add(f"model {row.id}: its card names a license that the catalog does not have: read it")
        return {}
    return {} if known in {row.license, *row.license_also} else {"license": known, **_RECALLED}


def _base(row: ModelRow, match: Matched, tables: Tables, names: Names, doubts: set[str]) -> Mapping[str, Value]:
    if not match.entry.base:
        return {}
    base = names.model(match.entry.base).id
    if base is None:
        doubts.add(f"model {row.id}: its card names a base model that the catalog does not have")
        return {}
    if base in {row.id, row.base_model}:
        return {}
    origins = tuple(dict.fromkeys((*row.origin_countries, *tables.models[base].origin_countries)))
    return (
        {"origin_countries": origins, "base_model": base} if origins != row.origin_countries else {"base_model": base}
    )


def _weights(row: ModelRow, match: Matched, names: Names, doubts: set[str]) -> Mapping[str, Value]:
    weights = match.entry.weights
    found = names.model(weights) if weights else None
    if found is None or found.id == row.id:
        return {}
    if found.id is not None or found.several:
        doubts.add(f"model {row.id}: {match.entry.where} names weights that are another model's in the catalog")
        return {}
    aliases = row.aliases.model_dump(exclude_defaults=True)
    return {"aliases": {**aliases, "huggingface": (*row.aliases.huggingface, weights)}}


def _host(row: ProviderRow, host: Host, area: frozenset[str]) -> Mapping[str, Value]:
    known = row.model_dump()
    fields: dict[str, Value] = {
        field: claim
        for field, claim in host.claims.items()
        if field != _REGIONS and claim not in {known[field], _UNKNOWN}
    }
    if more := _more_places(row.processing_regions, host.claims.get(_REGIONS), area):
        fields[_REGIONS] = (*row.processing_regions, *more)
    if fields and row.verified:
        fields["unverified_fields"] = tuple(sorted({*row.unverified_fields, *fields}))
    return fields


def _more_places(known: tuple[str, ...], claim: Value, area: frozenset[str]) -> tuple[str, ...]:
    """Return the places that a list has besides the row's. That it has fewer says nothing: such lists are not whole."""
    inside = {*known, *(area if EUROPEAN_UNION in known else ())}
    return tuple(str(place) for place in claim if place not in inside) if isinstance(claim, tuple) else ()
