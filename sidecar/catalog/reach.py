"""Works out, once for a catalog, how far each regime lets data go, so that a rule looks places up and reads no lists.

``docs/design/facts.md`` describes the outcome, ``data.sidecar.reach``. It says nothing that the regime does not say;
the golden tests hold it against the rows.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sidecar.types.countries import ISO_COUNTRIES
from sidecar.types.json import Document, Json

UNION = "EU"  # as a place: some country of the EEA, so that what is to be true of it must be true of all
UNKNOWN = "ZZ"
ANYTHING = ""  # the key of classes of which a regime says nothing of their own, and of any content
UNCLASSIFIED, TREATED_AS = "unclassified", "contact"
FOREVER = "9999-12-31"


def reach(id_: str, regime: Mapping[str, Any], eea: Sequence[str]) -> Document:
    """Return the reach of one regime, which is given as the bundle holds it."""
    keys = _keys(regime)
    every = sorted({ANYTHING, *keys.values()})
    return {
        "law": f"{re.split(r' [(]|:', regime['name'], maxsplit=1)[0]} {regime['clause']}",
        "keys": {**keys},
        "home": _set(regime["home"] if regime["trigger"] == "border" else (), eea),
        "open": {key: _open(regime, key, eea) for key in every},
        "elsewhere": {key: _set(shut, eea, some=True) for key in every if (shut := _shut(regime, key)) is not None},
        "barred": _set(_barred(regime), eea, some=True),
        "records": {key: _records(regime, key, eea) for key in every},
        "supplements": _supplements(regime),
        "gates": {key: _gates(id_, regime, key) for key in every if _rows(regime, gates=True)},
        "tiers": {key: tiers for key in every if (tiers := _tiers(id_, regime, key))},
    }


def _keys(regime: Mapping[str, Any]) -> dict[str, str]:
    """Return the classes that count, each with the key under which it is judged."""
    own = {
        *regime["never"],
        *regime["equivalence_excludes"],
        *(name for row in (*regime["localization"], *regime["thresholds"]) for name in row["classes"]),
        *(name for way in regime["mechanisms"].values() for name in way["not_classes"]),
    }
    keys = {name: name if name in own else ANYTHING for name in regime["entity_classes"]}
    return {**keys, UNCLASSIFIED: keys[TREATED_AS]} if TREATED_AS in keys else keys


def _open(regime: Mapping[str, Any], key: str, eea: Sequence[str]) -> Document:
    """Return the places that the authority's own lists open, with the last day on which they do."""
    if (
        regime["trigger"] != "border"
        or regime["default"] not in {"deny_unless", "conditional"}
        or key in regime["never"]
    ):
        return {}
    days = {country: regime["allow_until"].get(country, FOREVER) for country in regime["allow"]}
    if key not in regime["equivalence_excludes"]:
        days.update(dict.fromkeys(regime["equivalence"], FOREVER))
    closed = {*regime["deny"], *_elsewhere_localized(regime, key)}
    days = {country: day for country, day in sorted(days.items()) if country not in closed}
    if set(eea) <= days.keys():
        days[UNION] = min(days[country] for country in eea)
    return {**days}


def _shut(regime: Mapping[str, Any], key: str) -> set[str] | None:
    """Return the places that are shut where all others are open; None where others are not open."""
    if regime["trigger"] != "border" or regime["default"] not in {"deny_if", "allow_unless"}:
        return None
    if regime["default"] == "allow_unless" and key in regime["never"]:
        return None
    unlisted = {*regime["deny"], UNKNOWN} if regime["deny"] else set()
    return {*unlisted, *_elsewhere_localized(regime, key)}


def _elsewhere_localized(regime: Mapping[str, Any], key: str) -> set[str]:
    """Return the places outside of where the class must stay."""
    places = {*ISO_COUNTRIES, UNKNOWN}
    return {place for row in regime["localization"] if key in row["classes"] for place in places - {*row["countries"]}}


def _barred(regime: Mapping[str, Any]) -> set[str]:
    """Return the places that no record opens."""
    listed = regime["deny"] if regime["default"] in {"deny_unless", "conditional"} else ()
    return {UNKNOWN, *listed}


def _records(regime: Mapping[str, Any], key: str, eea: Sequence[str]) -> Document:
    """Return the mechanisms that a tenant could record for the class as a standing basis."""
    never = regime["never"].get(key)
    return {
        name: {
            "countries": "any" if way["countries"] == "any" else _set(way["countries"], eea),
            "since": way["since"],
            "words": f"{name} ({way['name']})",
        }
        for name, way in sorted(regime["mechanisms"].items())
        if way["routine"]
        and not way["automatic"]
        and not way["region"]
        and key not in way["not_classes"]
        and (never is None or name in never["except"])
    }


def _supplements(regime: Mapping[str, Any]) -> Document:
    """Return the mechanisms that are needed besides another, by subdivision."""
    found: dict[str, list[Json]] = {}
    for name, way in sorted(regime["mechanisms"].items()):
        if way["region"]:
            found.setdefault(f"{regime['jurisdiction']}-{way['region']}", []).append(name)
    return {**found}


def _rows(regime: Mapping[str, Any], *, gates: bool) -> list[Mapping[str, Any]]:
    """Return the thresholds that hold the whole regime back, or those that leave fewer mechanisms."""
    return [row for row in regime["thresholds"] if gates != bool(row["mechanisms"])]


def _gates(id_: str, regime: Mapping[str, Any], key: str) -> list[Json]:
    """Return the thresholds of which one must be crossed before the regime bites; all, where none names the class."""
    rows = _rows(regime, gates=True)
    return [_crossing(id_, row) for row in [row for row in rows if key in row["classes"]] or rows]


def _tiers(id_: str, regime: Mapping[str, Any], key: str) -> list[Json]:
    return [
        {**_crossing(id_, row), "mechanisms": row["mechanisms"]}
        for row in _rows(regime, gates=False)
        if key in row["classes"]
    ]


def _crossing(id_: str, row: Mapping[str, Any]) -> Document:
    """Return the name of a threshold's counter and the levels on which it is crossed; none where it has no floor."""
    levels: list[Json] = []
    if row["from"] is not None:
        levels = ["reached", "above"]
    elif row["above"] is not None:
        levels = ["above"]
    return {"counter": f"{id_}/{row['id']}", "levels": levels}


def _set(places: Iterable[str], eea: Sequence[str], *, some: bool = False) -> Document:
    """Return places as keys, the EU among them where all of it is there, or ``some`` of it."""
    found = set(places)
    within = not found.isdisjoint(eea) if some else found.issuperset(eea)
    return dict.fromkeys(sorted({*found, UNION} if within else found), True)
