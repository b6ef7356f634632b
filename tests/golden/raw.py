"""What the catalog's files say, read plainly: the slow twin of ``sidecar.catalog``, for the oracle alone.

Only exact ids and regions are understood here. Nothing of the catalog's code is used, so that a fault there shows.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml

import sidecar.catalog

Row = Mapping[str, Any]

SELF_HOSTED = "self-hosted"
UNKNOWN = "ZZ"
PICTURES = {"image", "audio", "video", "pdf"}
DOUBTFUL_SERVING = ("processing_regions", "parent_jurisdiction", "trains_on_inputs", "retention_days")


@cache
def documents() -> tuple[Row, ...]:
    """Return every file of the shipped data."""
    folder = Path(sidecar.catalog.__path__[0]) / "data"
    return tuple(yaml.load(path.read_bytes(), yaml.CSafeLoader) for path in sorted(folder.rglob("*.yaml")))


@cache
def rows(section: str) -> dict[str, Row]:
    """Return the rows of a section, by id."""
    return {row["id"]: row for document in documents() for row in document.get(section) or ()}


@cache
def table(section: str) -> dict[str, Any]:
    """Return a map that stands once in the data."""
    return {key: value for document in documents() for key, value in (document.get(section) or {}).items()}


def countries_of(place: str, *, of_europe: str) -> tuple[str, ...]:
    """Return the countries that a place may be; ``of_europe`` names the set that the word ``EU`` stands for."""
    return tuple(table("country_sets")[of_europe]) if place == "EU" else (place,)


@dataclass(frozen=True)
class Target:
    """A model at a provider, as the files have it."""

    model: Row
    provider: Row
    region: str
    places: tuple[str, ...]
    pinned_by_name: bool

    @property
    def id(self) -> str:
        """``model@provider`` or ``model@provider@region``."""
        return "@".join(part for part in (self.model["id"], self.provider["id"], self.region) if part)

    @property
    def self_hosted(self) -> bool:
        """Whether it runs on the tenant's own hardware."""
        return bool(self.provider["id"] == SELF_HOSTED)

    @cached_property
    def lineage(self) -> tuple[Row, ...]:
        """The developer, and those of every base model."""
        return tuple(rows("developers")[name] for name in dict.fromkeys(self._ancestors()))

    @cached_property
    def origin(self) -> set[str]:
        """The countries that the weights come from."""
        found = {row["hq_country"] for row in self.lineage} | set(self.model["origin_countries"])
        base = self.model.get("base_model")
        while base in rows("models"):
            found |= set(rows("models")[base]["origin_countries"])
            base = rows("models")[base].get("base_model")
        return found

    @cached_property
    def identified(self) -> bool:
        """Whether anybody can say what the weights are and where they are from."""
        named = self.model["developer"] != "unidentified" and UNKNOWN not in self.origin
        return named and (self.model["open_weights"] or not self.self_hosted)

    @property
    def contract(self) -> str | None:
        """The licensor's own contract, on its own API."""
        return (self.model.get("license_by_provider") or {}).get(self.provider["id"])

    @cached_property
    def licenses(self) -> tuple[Row, ...]:
        """All that must hold."""
        ids = [self.contract] if self.contract else [self.model["license"], *(self.model.get("license_also") or ())]
        return tuple(rows("licenses")[key] for key in dict.fromkeys(ids))

    @property
    def permissive(self) -> bool:
        """Whether every license is."""
        return all(row["class"] == "permissive" for row in self.licenses)

    @property
    def multimodal(self) -> bool:
        """Whether it takes or gives more than text."""
        modalities = self.model["modalities"]
        return bool({*(modalities.get("input") or ()), *(modalities.get("output") or ())} & PICTURES)

    @property
    def trains(self) -> bool:
        """Whether it trains on inputs, or may."""
        return {"no"} != {self._stricter("trains_on_inputs"), self.provider["trains_on_inputs"]}

    @property
    def retention(self) -> int | None:
        """The days it keeps inputs; None where unknown."""
        kept = [self.provider["retention_days"]]
        if (own := self._stricter("retention_days")) is not None:
            kept.append(own)
        return None if "unknown" in kept else max(kept)

    @cached_property
    def doubts(self) -> set[str]:
        """Fields of the serving side, and ``origin`` and ``license``, that nobody has read."""
        provider = self.provider
        found = set(provider.get("unverified_fields") or ()) if provider["verified"] else set(DOUBTFUL_SERVING)
        if self.pinned_by_name and provider["verified"]:
            found -= {"processing_regions"}
        if not all(row["verified"] for row in self.lineage):
            found.add("origin")
        if not self.contract and not self.model["license_verified"]:
            found.add("license")
        return found

    def _stricter(self, field: str) -> Any:  # noqa: ANN401 - a cell of a file
        terms = {} if self.self_hosted else self.model.get("hosted_terms") or {}
        return terms.get(field, "no" if field == "trains_on_inputs" else None)

    def _ancestors(self) -> Iterator[str]:
        row: Row | None = self.model
        while row is not None:
            yield row["developer"]
            base = row.get("base_model")
            row = rows("models").get(base) if base else None
            if base and row is None:
                yield base.partition("/")[0]


def target(model: str, provider: str, region: str = "") -> Target:
    """Return a target by exact ids; a region that nobody knows pins nothing."""
    row = rows("providers")[provider]
    own = row.get("regions") or {}
    everywhere = tuple(row["processing_regions"])
    if region in own:
        pinned = own[region]
        places = (pinned,) if isinstance(pinned, str) else tuple(pinned)
        return Target(rows("models")[model], row, region, places, pinned_by_name=True)
    known = region in everywhere and region not in {UNKNOWN, "TENANT"}
    pinned_to = region if known else ""
    return Target(rows("models")[model], row, pinned_to, (region,) if known else everywhere, pinned_by_name=False)


def listed() -> list[tuple[str, str]]:
    """Return every model at every provider whose list names it, and open weights at home, in order."""
    pairs = []
    for model, row in sorted(rows("models").items()):
        hosts = set(row.get("served_by") or ()) | ({SELF_HOSTED} if row["open_weights"] else set())
        pairs += [(model, host) for host in sorted(hosts)]
    return pairs


def lines() -> list[tuple[str, str, str]]:
    """Return the targets of the golden table: each listed pair, and one model in each region of a provider."""
    found = [(model, provider, "") for model, provider in listed()]
    for provider, row in sorted(rows("providers").items()):
        models = [model for model, host in listed() if host == provider and target(model, host).permissive]
        found += [(models[0], provider, region) for region in sorted(row.get("regions") or ()) if models]
    return found
