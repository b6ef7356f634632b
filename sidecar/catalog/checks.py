"""Checks models, providers, licenses and developers against each other."""

from collections import defaultdict
from collections.abc import Callable, Iterator

from sidecar.catalog.gather import Drafts
from sidecar.catalog.license_rows import LicenseRow
from sidecar.catalog.tables import Tables
from sidecar.catalog.target_rows import ModelRow, ProviderRow
from sidecar.types.countries import EUROPEAN_UNION
from sidecar.types.targets import SELF_HOSTED, TENANT_PLACE

_OF_WEIGHTS = {"permissive", "weak-copyleft"}
_CONTRACT = "proprietary-api"
_UNDATED = "none"
OTHER_FIELD = "other"


def check(drafts: Drafts, rows: Tables) -> Iterator[str]:
    """Yield every fault between rows. Rows that are not valid by themselves are known by id alone."""
    known = {section: frozenset(found) for section, found in drafts.rows.items()}

    def told(section: str, key: str) -> Callable[[str], str]:
        return lambda fault: f"{drafts.rows[section][key].file}: {section} {key}: {fault}"

    for key, license_row in rows.licenses.items():
        yield from map(told("licenses", key), _license(license_row, rows))
    for key, provider in rows.providers.items():
        yield from map(told("providers", key), _provider(provider, rows, known["developers"]))
    for key, model in rows.models.items():
        yield from map(told("models", key), _references(model, known))
        yield from map(told("models", key), _prices(model, known["providers"]))
        yield from map(told("models", key), _licensing(model, rows))
        yield from map(told("models", key), _origin(model, rows))
    yield from _collisions(rows)
    own = rows.providers.get(SELF_HOSTED)
    if SELF_HOSTED not in known["providers"] or (
        own and (own.kind != SELF_HOSTED or own.processing_regions != (TENANT_PLACE,))
    ):
        yield f"providers {SELF_HOSTED}: must be there, of kind {SELF_HOSTED}, with region {TENANT_PLACE}"


def _license(row: LicenseRow, rows: Tables) -> Iterator[str]:
    if row.verified != (row.evidence != _UNDATED):
        yield "verified: does not go with evidence"
    if (row.license_class == _CONTRACT) != (row.api is not None):
        yield "api: goes with class proprietary-api, and only there"
    for position, use in enumerate(row.fields_of_use):
        if use.field != OTHER_FIELD and use.field not in rows.fields_of_use:
            yield f"fields_of_use.{position}.field: not in fields_of_use"
    displays = {limit.effect == "display" for limit in row.scale}
    if any(duty.when == "scale" for duty in row.duties) != (True in displays):
        yield "duties: one of scale goes with a scale limit of effect display"
    names = {*_field_names(LicenseRow), *(f"api.{name}" for name in _field_names(type(row.api)) if row.api is not None)}
    if set(row.unverified_fields) - names:
        yield "unverified_fields: names a field that does not exist"


def _field_names(row_type: type) -> set[str]:
    return set(getattr(row_type, "model_fields", ()))


def _provider(row: ProviderRow, rows: Tables, developers: frozenset[str]) -> Iterator[str]:
    if "@" in row.id:
        yield "id: holds @"
    if row.developer is not None and row.developer not in developers:
        yield "developer: not in developers"
    if (row.dpf_certified is not None) != (row.parent_jurisdiction == "US"):
        yield "dpf_certified: goes with a US parent, and only there"
    if set(row.unverified_fields) - _field_names(ProviderRow):
        yield "unverified_fields: names a field that does not exist"
    if (TENANT_PLACE in row.processing_regions) != (row.kind == SELF_HOSTED):
        yield f"processing_regions: {TENANT_PLACE} is for kind {SELF_HOSTED}"
    area = rows.country_sets.get("EEA", ())
    for name in row.regions:
        if "@" in name or not name:
            yield "regions: a name that is empty or holds @"
        for place in row.region(name):
            inside = place in row.processing_regions or (EUROPEAN_UNION in row.processing_regions and place in area)
            if not inside:
                yield f"regions.{name}: outside processing_regions"


def _references(row: ModelRow, known: dict[str, frozenset[str]]) -> Iterator[str]:
    if row.id.partition("/")[0] != row.developer or not row.id.partition("/")[2]:
        yield "id: must be developer/name"
    if row.developer not in known["developers"]:
        yield "developer: not in developers"
    for name, used in (
        ("license", (row.license,)),
        ("license_also", row.license_also),
        ("license_by_provider", row.license_by_provider.values()),
    ):
        if set(used) - known["licenses"]:
            yield f"{name}: not in licenses"
    if set(row.served_by) - known["providers"]:
        yield "served_by: not in providers"
    if set(row.license_by_provider) - set(row.served_by):
        yield "license_by_provider: a provider that is not in served_by"
    if row.base_model is not None and row.base_model_in_catalog and row.base_model not in known["models"]:
        yield "base_model: not in models"
    if row.stands_for is not None and (not row.moving_alias or row.stands_for.model not in known["models"]):
        yield "stands_for: not in models, or the name does not move"
    if row.base_model is not None and row.base_model.partition("/")[0] not in known["developers"]:
        yield "base_model: its developer is not in developers"


def _prices(row: ModelRow, providers: frozenset[str]) -> Iterator[str]:
    priced = [price.provider for price in row.prices]
    if set(priced) - providers:
        yield "prices: a provider that is not in providers"
    if len(set(priced)) < len(priced):
        yield "prices: two for one provider"


def _licensing(row: ModelRow, rows: Tables) -> Iterator[str]:
    held = [rows.licenses[key] for key in dict.fromkeys((row.license, *row.license_also)) if key in rows.licenses]
    if row.license_verified != (row.license_evidence != _UNDATED):
        yield "license_verified: does not go with license_evidence"
    for license_row in held[:1]:
        if row.open_weights == (license_row.license_class == _CONTRACT) and license_row.license_class != "unknown":
            yield "license: weights need a license of weights, a closed model needs a contract"
    if row.license_by_provider and not row.open_weights:
        yield "license_by_provider: is for open weights"
    licensors = {
        key for key in row.served_by if key in rows.providers and rows.providers[key].developer == row.developer
    }
    for provider, contract in row.license_by_provider.items():
        if provider not in licensors:
            yield "license_by_provider: a provider that is not the licensor"
        if contract in rows.licenses and rows.licenses[contract].license_class != _CONTRACT:
            yield "license_by_provider: not an API contract"
    if (
        row.open_weights
        and any(item.license_class not in _OF_WEIGHTS for item in held)
        and licensors - set(row.license_by_provider)
    ):
        yield "license_by_provider: restricted weights at the licensor need a contract"
    base = rows.models.get(row.base_model or "")
    inherited = {base.license, *base.license_also} if base is not None else set()
    restricted = {key for key in inherited & set(rows.licenses) if rows.licenses[key].license_class not in _OF_WEIGHTS}
    if restricted - {row.license, *row.license_also}:
        yield "license_also: lacks a restricted license of the base weights"
    yield from _territories(row, held)


def _territories(row: ModelRow, held: list[LicenseRow]) -> Iterator[str]:
    excluded = {
        place
        for item in held
        if item.territory is not None and (row.multimodal or not item.territory.multimodal_only)
        for place in item.territory.excluded
    }
    if excluded != set(row.effective_excluded_territories):
        yield "effective_excluded_territories: is not what the licenses say for this model"


def _origin(row: ModelRow, rows: Tables) -> Iterator[str]:
    seen = {row.id}
    current: ModelRow | None = row
    while current is not None:
        developer = rows.developers.get(current.developer)
        if developer is not None and developer.hq_country not in row.origin_countries:
            yield "origin_countries: lacks the country of the developer or of a base model's"
        base = current.base_model
        if base in seen:
            yield "base_model: goes in a circle"
            return
        if base is not None and base not in rows.models:
            developer = rows.developers.get(base.partition("/")[0])
            if developer is not None and developer.hq_country not in row.origin_countries:
                yield "origin_countries: lacks the country of a base model's developer"
        seen.add(base or "")
        current = rows.models.get(base) if base is not None else None


def _collisions(rows: Tables) -> Iterator[str]:
    """A name of OpenRouter or Hugging Face means one model; other lists' names may mean several: they are ambiguous."""
    for kind in ("openrouter", "huggingface"):
        meant = defaultdict(set)
        for row in rows.models.values():
            for alias in getattr(row.aliases, kind):
                meant[alias].add(row.id)
        for models in meant.values():
            if len(models) > 1:
                yield f"models {', '.join(sorted(models))}: aliases.{kind}: the same name for several"
