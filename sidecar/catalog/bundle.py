"""Puts regimes and measures in the shape that the bundle gets as ``data.sidecar``."""

import calendar
from collections.abc import Mapping, Sequence

from sidecar.catalog.reach import UNION, reach
from sidecar.catalog.regime_rows import MeasureRow, MechanismRow, RegimeRow, ThresholdRow
from sidecar.catalog.tables import Tables
from sidecar.types.json import Document, Json

_MONTH = len("2026-11")


def policy_data(tables: Tables) -> Document:
    """Return everything that rules read besides the facts of a request, in the shape of ``docs/design/facts.md``."""
    regimes = {key: regime(row) for key, row in sorted(tables.regimes.items())}
    eea = tables.country_sets["EEA"]
    return {
        "regimes": {**regimes},
        "reach": {key: reach(key, row, eea) for key, row in regimes.items()},
        "measures": _by_place(tables.measures, tables.country_sets["EU27"]),
        "country_sets": {key: list(countries) for key, countries in sorted(tables.country_sets.items())},
        "classes": dict(sorted({**tables.classes, **tables.own_classes}.items())),
        "mechanisms": dict(sorted(tables.mechanisms.items())),
        "fields_of_use": {
            key: {"purposes": list(row.purposes), "sectors": list(row.sectors), "text": row.text}
            for key, row in sorted(tables.fields_of_use.items())
        },
    }


def _by_place(rows: Mapping[str, MeasureRow], union: Sequence[str]) -> Document:
    """Return measures under the places whose tenants they may bind, so that a rule looks at no others."""
    found: dict[str, Document] = {}
    for key, row in sorted(rows.items()):
        for place in union if row.jurisdiction == UNION else (row.jurisdiction,):
            found.setdefault(place, {})[key] = measure(row)
    return dict(sorted(found.items()))


def regime(row: RegimeRow) -> Document:
    """Return one regime; absent lists are empty, absent words ``""``, absent switches false, absent numbers null."""
    rule = row.transfer_rule
    return {
        "name": row.name,
        "jurisdiction": row.jurisdiction,
        "entity_classes": list(row.entity_classes),
        "trigger": rule.trigger,
        "default": rule.default,
        "any_content": rule.any_content,
        "home": list(rule.home_countries),
        "allow": list(rule.allow_countries),
        "allow_until": dict(rule.allow_until),
        "equivalence": list(rule.equivalence_recognized),
        "equivalence_excludes": list(rule.equivalence_excludes_entities),
        "conditional": {
            country: {"mechanism": condition.mechanism, "note": condition.note}
            for country, condition in rule.conditional_countries.items()
        },
        "deny": list(rule.deny_countries),
        "mechanisms": {mechanism.id: _mechanism(mechanism) for mechanism in rule.mechanisms},
        "never": {item.data_class: {"except": list(item.exceptions), "clause": item.clause} for item in rule.never},
        "localization": [
            {"classes": list(item.classes), "countries": list(item.countries), "clause": item.clause}
            for item in rule.localization
        ],
        "also_needed": [{"id": item.id, "name": item.name, "clause": item.clause} for item in rule.also_needed],
        "thresholds": [_threshold(item) for item in rule.thresholds],
        "counting": {"window_months": rule.counting.window_months, "combined": rule.counting.combined}
        if rule.counting
        else None,
        "duties": [
            {"text": item.what, "clause": item.clause, "from": last_day(item.begins), "sectors": list(item.sectors)}
            for item in row.application_dates
            if item.binds == "deployer"
        ],
        "clause": "; ".join(row.clauses),
        "sector_scope": list(rule.sector_scope),
        "summary": rule.summary,
        "unverified": list(row.unverified_fields),
    }


def measure(row: MeasureRow) -> Document:
    """Return one national measure."""
    sectors: Json = ["any"] if row.binds.sectors == "any" else list(row.binds.sectors)
    return {
        "jurisdiction": row.jurisdiction,
        "developers": list(row.target.developer) or ["*"],
        "providers": list(row.target.provider),
        "sectors": sectors,
        "classes": list(row.binds.classes),
        "force": row.binds.force,
        "date": last_day(row.date),
        "status": row.status,
        "effect": row.effect,
        "scope": row.scope,
        "clause": f"{row.id}: {row.effect}",
    }


def last_day(moment: str) -> str:
    """Return the last day of a month, a year or a span of years; a day is itself."""
    moment = moment.rpartition("..")[2]
    if len(moment) > _MONTH:
        return moment
    if len(moment) < _MONTH:
        return f"{moment}-12-31"
    year, month = moment.split("-")
    return f"{moment}-{calendar.monthrange(int(year), int(month))[1]}"


def _mechanism(row: MechanismRow) -> Document:
    return {
        "name": row.name,
        "countries": "any" if row.cures.countries == "any" else list(row.cures.countries),
        "not_classes": list(row.cures.not_classes),
        "clause": row.clause,
        "automatic": row.automatic,
        "routine": row.routine,
        "purposes": list(row.purposes),
        "since": row.since or "",
        "region": row.region or "",
        "needs_expiry": row.needs_expiry,
    }


def _threshold(row: ThresholdRow) -> Document:
    return {
        "id": row.id,
        "classes": list(row.classes),
        "from": row.at_least,
        "above": row.above,
        "below": row.below,
        "mechanisms": list(row.mechanisms),
        "combination": row.combination,
        "together": {"kinds": row.together.kinds, "not_only": list(row.together.not_only)} if row.together else None,
    }
