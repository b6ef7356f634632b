"""Writes the card of a model at a provider: origin, license and serving, never merged."""

from collections.abc import Iterator
from datetime import date
from typing import Literal

from sidecar.catalog.places import Pinned, pin
from sidecar.catalog.tables import Tables
from sidecar.catalog.target_rows import DeveloperRow, ModelRow, ProviderRow
from sidecar.catalog.terms import terms
from sidecar.types.targets import (
    SELF_HOSTED,
    TENANT_PLACE,
    UNKNOWN_PLACE,
    Card,
    LicenseTerms,
    Listing,
    Price,
    Serving,
    TargetName,
    Unidentified,
)

_UNIDENTIFIED = "unidentified"  # the developer of routers and stealth models
_UNION = "EU27"
_FACTS = {  # fields of a provider's row, and what they are called in the facts
    "processing_regions": "serving.regions",
    "parent_jurisdiction": "serving.parent_jurisdiction",
    "trains_on_inputs": "serving.trains_on_inputs",
    "retention_days": "serving.retention_days",
    "zero_data_retention": "serving.zero_data_retention",
}
_REGIONS = _FACTS["processing_regions"]
_TRAINING = ("no", "opt-out", "unknown", "yes")  # the later, the worse


class Cards:
    """Joins the rows of a model, its bases, its licenses and its provider."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._terms: dict[tuple[str, bool], LicenseTerms] = {}

    def write(self, name: TargetName, model: ModelRow, provider: ProviderRow) -> Card:
        """Return the card, or an unidentified one where nobody can say what the weights are or where they are from."""
        origin = self._origin(model)
        if (reason := _doubt(model, provider, origin)) != "":
            return unidentified(name, reason)
        pinned = pin(provider, name)
        licenses = tuple(self._license(key, multimodal=model.multimodal) for key in _licenses(model, provider))
        lineage = self._lineage(model)
        return Card(
            id=str(TargetName(model.id, provider.id, pinned.region)),
            model=model.id,
            provider=provider.id,
            region=pinned.region,
            identified=True,
            unidentified="",
            listed=provider.id in model.served_by or provider.id == SELF_HOSTED,
            status=model.status,
            moving_alias=model.moving_alias,
            region_ignored=pinned.ignored,
            kind=provider.kind,
            developers=tuple(developer.id for developer in lineage),
            origin=origin,
            open_weights=model.open_weights,
            licensor_api=provider.developer == model.developer,
            licenses=licenses,
            serving=_serving(model, provider, pinned),
            listings=tuple(_listings(lineage)),
            price=_price(model, provider),
            context=model.context_window,
            tools=model.tool_calling,
            modalities=model.modalities.input,
            outputs=model.modalities.output,
            unverified=_unverified(model, provider, pinned, lineage, licenses),
            retrieved=self._retrieved(model, provider, lineage, licenses),
            stands_for=f"{model.stands_for.model} as of {model.stands_for.as_of}" if model.stands_for else "",
        )

    def _license(self, key: str, *, multimodal: bool) -> LicenseTerms:
        known = self._terms.get((key, multimodal))
        if known is None:
            known = terms(self._tables.licenses[key], multimodal=multimodal, union=self._tables.country_sets[_UNION])
            self._terms[key, multimodal] = known
        return known

    def _lineage(self, model: ModelRow) -> tuple[DeveloperRow, ...]:
        """Return the developer, then those of every base model, each once."""
        found = {model.developer: self._tables.developers[model.developer]}
        base = model.base_model
        while base is not None:
            row = self._tables.models.get(base)
            developer = row.developer if row else base.partition("/")[0]
            found.setdefault(developer, self._tables.developers[developer])
            base = row.base_model if row else None
        return tuple(found.values())

    def _origin(self, model: ModelRow) -> tuple[str, ...]:
        """Return the countries of the row, then whatever a base model's row knows besides."""
        found = dict.fromkeys(model.origin_countries)
        base = model.base_model
        while base is not None and (row := self._tables.models.get(base)) is not None:
            found |= dict.fromkeys(row.origin_countries)
            base = row.base_model
        return tuple(found)

    def _retrieved(
        self,
        model: ModelRow,
        provider: ProviderRow,
        lineage: tuple[DeveloperRow, ...],
        licenses: tuple[LicenseTerms, ...],
    ) -> date:
        days = [model.retrieved, provider.retrieved, *(developer.retrieved for developer in lineage)]
        days += [self._tables.licenses[item.id].retrieved for item in licenses]
        return date.fromisoformat(min(days))


def unidentified(name: TargetName, reason: Unidentified) -> Card:
    """Return a card that says only why it says nothing."""
    return Card(
        id=str(name),
        model=name.model,
        provider=name.provider,
        region=name.region,
        identified=False,
        unidentified=reason,
        listed=False,
        status="",
        moving_alias=False,
        region_ignored=False,
        kind="",
        developers=(),
        origin=(),
        open_weights=False,
        licensor_api=False,
        licenses=(),
        serving=Serving(
            regions=(),
            parent_jurisdiction="",
            self_hosted=False,
            trains_on_inputs="unknown",
            retention_days=None,
            zero_data_retention="unknown",
            dpf_certified="",
        ),
        listings=(),
        price=None,
        context=None,
        tools=None,
        modalities=(),
        outputs=(),
        unverified=(),
        retrieved=None,
    )


def _doubt(model: ModelRow, provider: ProviderRow, origin: tuple[str, ...]) -> Unidentified:
    if model.developer == _UNIDENTIFIED:
        return "developer_unidentified"
    if UNKNOWN_PLACE in origin:
        return "origin_unknown"
    if provider.id == SELF_HOSTED and not model.open_weights:
        return "closed_weights_self_hosted"
    return ""


def _licenses(model: ModelRow, provider: ProviderRow) -> tuple[str, ...]:
    contract = model.license_by_provider.get(provider.id)
    return (contract,) if contract else tuple(dict.fromkeys((model.license, *model.license_also)))


def _serving(model: ModelRow, provider: ProviderRow, pinned: Pinned) -> Serving:
    at_home = provider.id == SELF_HOSTED
    terms_here = None if at_home else model.hosted_terms
    trains, kept, without = provider.trains_on_inputs, provider.retention_days, provider.zero_data_retention
    if terms_here is not None:
        trains = max(trains, terms_here.trains_on_inputs or trains, key=_TRAINING.index)
        kept = _longer(kept, terms_here.retention_days)
        without = terms_here.zero_data_retention or without
    return Serving(
        regions=pinned.places,
        parent_jurisdiction=TENANT_PLACE if at_home else provider.parent_jurisdiction,
        self_hosted=at_home,
        trains_on_inputs=trains,
        retention_days=None if kept == "unknown" else kept,
        zero_data_retention=without,
        dpf_certified=provider.dpf_certified or "",
    )


def _longer(one: int | Literal["unknown"], other: int | Literal["unknown"] | None) -> int | Literal["unknown"]:
    if other is None:
        return one
    return "unknown" if one == "unknown" or other == "unknown" else max(one, other)


def _listings(lineage: tuple[DeveloperRow, ...]) -> Iterator[Listing]:
    for developer in lineage:
        for row in developer.listings:
            yield Listing(
                developer=developer.id, list=row.list, since=row.since, effect=row.effect, verified=row.verified
            )


def _price(model: ModelRow, provider: ProviderRow) -> Price | None:
    return next((Price(row.input, row.output) for row in model.prices if row.provider == provider.id), None)


def _unverified(
    model: ModelRow,
    provider: ProviderRow,
    pinned: Pinned,
    lineage: tuple[DeveloperRow, ...],
    licenses: tuple[LicenseTerms, ...],
) -> tuple[str, ...]:
    recalled = provider.unverified_fields if provider.verified else tuple(_FACTS)
    paths = {_FACTS[field] for field in recalled if field in _FACTS}
    if pinned.by_own_name and provider.verified:
        paths.discard(_REGIONS)
    if not all(developer.verified for developer in lineage):
        paths.add("origin")
    if not model.license_verified and not model.license_by_provider.get(provider.id):
        paths.add("license")
    if not all(item.verified for item in licenses):
        paths.add("license_facts")
    paths |= set(_imported(model, provider))
    return tuple(sorted(paths))


def _imported(model: ModelRow, provider: ProviderRow) -> Iterator[str]:
    """Yield what a list says and nobody looked at."""
    if provider.id in model.imports("served_by"):
        yield "listed"
    if model.imports("context_window"):
        yield "context"
    if any(price.provider == provider.id and not price.verified for price in model.prices):
        yield "price"
