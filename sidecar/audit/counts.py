"""Counts what left the house, by counterparty, day and the mix of classes: what thresholds over time are judged by.

Who is behind a finding is not known, so every finding counts as somebody new: an upper bound. What a block held back,
and what an operator took out without a trace, did not leave. Made of records alone, so it can be made again.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from sidecar.types.targets import SELF_HOSTED

LEAVES_NOTHING = frozenset({"mask", "generalize", "remove"})  # what the other operators write can be linked
KEEP_DAYS = 400  # a year's window, and a month to look back

Mix: TypeAlias = tuple[str, ...]
"""The classes that left together, sorted."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What one request took to somebody."""

    tenant: str
    provider: str
    day: str
    found: Mapping[str, int]
    """Findings by class."""


class Counts:
    """What was sent, summed up."""

    def __init__(self) -> None:
        self._sums: dict[tuple[str, str], dict[str, dict[Mix, Counter[str]]]] = {}
        self._notes: dict[str, str] = {}

    def add(self, sent: Sent, *, times: int = 1) -> None:
        """Count it; ``times`` -1 takes it back."""
        mixes = self._sums.setdefault((sent.tenant, sent.provider), {}).setdefault(sent.day, {})
        sums = mixes.setdefault(tuple(sorted(sent.found)), Counter())
        for name, number in sent.found.items():
            sums[name] += times * number

    def since(self, tenant: str, provider: str, first: date) -> Mapping[Mix, Mapping[str, int]]:
        """Return what went to a provider on that day and later, by mix and class."""
        found: dict[Mix, Counter[str]] = {}
        for day, mixes in self._sums.get((tenant, provider), {}).items():
            if day >= first.isoformat():
                for mix, sums in mixes.items():
                    found.setdefault(mix, Counter()).update(sums)
        return found

    def note(self, what: str, day: str) -> bool:
        """Remember that something was counted or taken back; False where it was before."""
        fresh = what not in self._notes
        self._notes.setdefault(what, day)
        return fresh

    def unnote(self, what: str) -> bool:
        """Forget it again; False where it was not noted."""
        return self._notes.pop(what, None) is not None

    def forget(self, before: str) -> None:
        """Drop the days before one."""
        for days in self._sums.values():
            for day in [day for day in days if day < before]:
                del days[day]
        self._notes = {what: day for what, day in self._notes.items() if day >= before}

    def document(self) -> dict[str, Any]:
        """Return it as JSON."""
        sums = [
            [tenant, provider, day, list(mix), dict(sorted(counts.items()))]
            for (tenant, provider), days in sorted(self._sums.items())
            for day, mixes in sorted(days.items())
            for mix, counts in sorted(mixes.items())
        ]
        return {"sums": sums, "notes": dict(sorted(self._notes.items()))}

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> "Counts":
        """Return what a document holds.

        Raises:
            KeyError, TypeError, ValueError: it is none of ours.
        """
        counts = cls()
        for tenant, provider, day, mix, sums in document["sums"]:
            days = counts._sums.setdefault((str(tenant), str(provider)), {})
            days.setdefault(str(day), {})[tuple(map(str, mix))] = Counter({str(k): int(n) for k, n in sums.items()})
        counts._notes = {str(what): str(day) for what, day in document["notes"].items()}
        return counts


def sent(record: Mapping[str, Any], tenant: str) -> Sent | None:
    """Return what a decision let out; None where nothing left for another party."""
    provider = record.get("final_provider", "")
    half = record["request_half"]
    if not provider or provider == SELF_HOSTED or half["direction"] != "request":
        return None
    redacted = (record["decision"] or {}).get("redact") or ()
    gone = {one["class"] for one in redacted if one["operator"] in LEAVES_NOTHING}
    return _of_classes(tenant, provider, half, gone)


def elsewhere(record: Mapping[str, Any], tenant: str, target: str) -> list[Sent]:
    """Return what went to a target against the decision: all that was found.

    The id does not tell provider from region, so it counts for either.
    """
    half = record["request_half"]
    went = (_of_classes(tenant, name, half, ()) for name in target.split("@")[1:] if name != SELF_HOSTED)
    return [one for one in went if one is not None]


def _of_classes(tenant: str, provider: str, half: Mapping[str, Any], gone: Iterable[str]) -> Sent | None:
    found = {name: row["count"] for name, row in half["content"]["found"].items() if name not in gone}
    return Sent(tenant, provider, half["date"], found) if found else None
