"""Tells policy which thresholds over time are reached: from what left before, and what would leave now."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Protocol, cast

from sidecar.types.json import Document
from sidecar.types.targets import SELF_HOSTED, Card
from sidecar.types.tenants import Tenant

LOWEST = "lowest"  # what is combined counts against the lowest threshold of any type in it


class Counted(Protocol):
    """What left before."""

    def since(self, tenant: str, provider: str, first: date) -> Mapping[tuple[str, ...], Mapping[str, int]]:
        """Return findings by mix and class that went to a provider on that day and later."""
        ...


def tiers(
    counted: Counted,
    regimes: Mapping[str, Mapping[str, Any]],
    *,
    tenant: Tenant,
    cards: Iterable[Card],
    content: Document,
    today: date,
) -> dict[str, str]:
    """Return the tier of each threshold and provider, as ``<regime>/<threshold>@<provider>``; those below are left out.

    ``content`` counts as sent: a threshold stands against the request that crosses it.
    """
    rows = [(id_, regimes[id_]) for id_ in tenant.regimes if id_ in regimes and regimes[id_]["counting"]]
    if not rows:
        return {}
    providers = sorted({card.provider for card in cards if card.identified and card.provider != SELF_HOSTED})
    found = cast("Mapping[str, Any]", content["found"])
    now = {tuple(sorted(found)): {name: row["count"] for name, row in found.items()}}
    reached: dict[str, str] = {}
    for id_, regime in rows:
        first = months_before(today, regime["counting"]["window_months"])
        for provider in providers:
            volumes = [*counted.since(tenant.id, provider, first).items(), *now.items()]
            for name, tier in _tiers(regime, volumes):
                reached[f"{id_}/{name}@{provider}"] = tier
    return reached


def months_before(day: date, months: int) -> date:
    """Return the same day so many months before, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for last in range(day.day, 27, -1):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    return date(year, month + 1, day.day)


def _tiers(
    regime: Mapping[str, Any], volumes: Sequence[tuple[tuple[str, ...], Mapping[str, int]]]
) -> Iterable[tuple[str, str]]:
    rows: Sequence[Mapping[str, Any]] = regime["thresholds"]
    sums = dict.fromkeys((row["id"] for row in rows), 0)
    for mix, numbers in volumes:
        touched = [row for row in rows if _touches(row, mix)]
        together = {name for row in touched for name in row["classes"]}
        for row in touched:
            lowest = regime["counting"]["combined"] == LOWEST and _limit(row) == min(map(_limit, touched))
            classes = together if lowest else {*row["classes"]}
            sums[row["id"]] += sum(number for name, number in numbers.items() if name in classes)
    for row in rows:
        limit = _limit(row)
        if not sums[row["id"]]:
            continue
        if sums[row["id"]] > limit:
            yield row["id"], "above"
        elif sums[row["id"]] == limit:
            yield row["id"], "reached"


def _touches(row: Mapping[str, Any], mix: Sequence[str]) -> bool:
    """Whether classes that left together are what the threshold is about; some are only in combination."""
    kinds = set(row["classes"]).intersection(mix)
    together = row["together"]
    if not together:
        return bool(kinds)
    return len(kinds) >= together["kinds"] and not kinds <= set(together["not_only"])


def _limit(row: Mapping[str, Any]) -> float:
    """Return the number from which, or above which, it is crossed; without one it never is."""
    bounds = [bound for bound in (row["from"], row["above"]) if bound is not None]
    return bounds[0] if bounds else float("inf")
