"""Which data class an entity is, and from which score on a finding counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

import yaml

from sidecar.errors import SettingsFault

UNCLASSIFIED = "unclassified"
DEFAULT_THRESHOLD = 0.4


@dataclass(frozen=True, slots=True)
class Classes:
    """The shipped table with the operator's over it. Picklable."""

    by_entity: Mapping[str, str]
    ignored: frozenset[str]
    tied: Mapping[str, str]
    """Class by entity, of what is nobody's by itself, where it is tied to somebody."""
    markings: Mapping[str, str]
    """Word among the markings, by entity."""
    rank: Mapping[str, int]
    """Place of a class where findings overlap; lower keeps."""
    thresholds: Mapping[str, float]
    """By entity; ``default`` for the rest."""

    def of(self, entity: str) -> str | None:
        """Return the class of an entity; None where it is not reported."""
        if entity in self.ignored:
            return None
        return self.by_entity.get(entity, UNCLASSIFIED)

    def threshold(self, entity: str) -> float:
        """Return the least score of a finding of an entity."""
        return self.thresholds.get(entity, self.thresholds["default"])


def load_classes(
    overrides: Mapping[str, str] | None = None, threshold: float | Mapping[str, float] = DEFAULT_THRESHOLD
) -> Classes:
    """Return the shipped table with ``detection.classes`` and ``detection.threshold`` over it.

    Raises:
        SettingsFault: a threshold is not within 0 and 1, or a class is empty.
    """
    shipped = _shipped()
    overrides = dict(overrides or {})
    thresholds = dict(threshold) if isinstance(threshold, Mapping) else {"default": threshold}
    thresholds.setdefault("default", DEFAULT_THRESHOLD)
    faults = [
        f"detection.threshold.{entity}: must lie between 0 and 1"
        for entity, one in thresholds.items()
        if not 0 <= one <= 1
    ]
    faults += [f"detection.classes.{entity}: must name a class" for entity, name in overrides.items() if not name]
    if faults:
        message = "the settings of detection are wrong"
        raise SettingsFault(message, faults=faults, field="detection")
    by_entity = {entity: name for name, entities in shipped["classes"].items() for entity in entities} | overrides
    return Classes(
        by_entity=by_entity,
        ignored=frozenset(shipped["ignored"]) - set(overrides),
        tied={entity: name for entity, name in shipped["tied"].items() if entity not in overrides},
        markings=dict(shipped["markings"]),
        rank={name: place for place, name in enumerate(shipped["order"])},
        thresholds=thresholds,
    )


@cache
def _shipped() -> Mapping[str, Any]:
    document = resources.files("sidecar.detection").joinpath("data/classes.yaml").read_text(encoding="utf-8")
    return MappingProxyType(yaml.safe_load(document))
