"""Reads what files say, and starts the policy engine that holds it: whole, or not at all with every fault told.

Light on purpose: most verbs of the command line need this and no detectors, whose libraries take seconds to load.
"""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlsplit

from sidecar.app.bundles import Offer, fetch
from sidecar.catalog.load import load_catalog
from sidecar.catalog.shipped import ShippedCatalog
from sidecar.config import Settings, is_loopback
from sidecar.errors import SettingsFault
from sidecar.identity.tenants import FileTenants, Vocabulary, load_tenants, warnings
from sidecar.policy.engine import OpaEngine, connect_engine, run_bundle, start_engine
from sidecar.policy.overlays import layered
from sidecar.policy.waivers import TargetId
from sidecar.types.targets import TargetName

__all__ = ["ShippedCatalog", "Sources", "gather", "open_catalog", "open_engine", "read_candidates", "read_tenants"]


@dataclass(frozen=True, slots=True)
class Sources:
    """All of a snapshot that files say."""

    catalog: ShippedCatalog
    tenants: FileTenants
    candidates: Sequence[TargetName]
    engine: OpaEngine
    """Ends with the snapshot."""


async def gather(settings: Settings, offer: Offer | None = None) -> Sources:
    """Read the files, and start policy's engine; with a bundle that was fetched, where policies come as one.

    Raises:
        OperatorFault: tenants, catalog, policy, candidates or settings will not do.
    """
    catalog = offer.catalog if offer else open_catalog(settings)
    tenants = read_tenants(settings, catalog)
    candidates = read_candidates(settings, catalog)
    return Sources(catalog, tenants, candidates, await open_engine(settings, catalog, offer))


def open_catalog(settings: Settings) -> ShippedCatalog:
    """Read the shipped catalog and the overlay, or fetch the bundle that brings its own.

    Raises:
        CatalogFault: rows are wrong; all of them are told.
    """
    if settings.policy.bundle.source is None:
        return load_catalog(settings.catalog.overlay)
    with ThreadPoolExecutor(1) as thread:  # with a loop of its own: there may be one here already
        return thread.submit(lambda: asyncio.run(fetch(settings))).result().catalog


def tenant_warnings(settings: Settings) -> tuple[int, list[str]]:
    """Read the tenants; return how many there are, and what a person should look at.

    Raises:
        OperatorFault: tenants or catalog are wrong.
    """
    catalog = open_catalog(settings)
    tenants = read_tenants(settings, catalog)
    regimes, eea = catalog.regimes(), _country_set(catalog, "EEA")
    return len(tenants), [warning for tenant in tenants for warning in warnings(tenant, regimes, eea=eea)]


async def open_engine(settings: Settings, catalog: ShippedCatalog, offer: Offer | None = None) -> OpaEngine:
    """Start an OPA with the bundle, or turn to the one that ``policy.opa.url`` names."""
    if offer is not None:
        return await run_bundle(offer.bundle, opa=offer.opa, timeout_ms=settings.policy.timeout_ms)
    if settings.policy.opa.url:
        url = urlsplit(settings.policy.opa.url)
        if url.scheme == "http" and not is_loopback(url.hostname or "") and not settings.unsafe.plaintext:
            message = (
                "policy.opa.url off loopback needs https: a forged answer could permit (or unsafe.plaintext: true)"
            )
            raise SettingsFault(message, field="policy.opa.url")
        if settings.catalog.max_age_days is not None:
            message = "catalog.max_age_days is enforced by the bundle, and policy.opa.url brings a bundle of its own"
            advice = "state data.sidecar.config.max_age_days in that bundle, and leave the setting out here"
            raise SettingsFault(message, field="catalog.max_age_days", advice=advice)
        return await connect_engine(url=settings.policy.opa.url, timeout_ms=settings.policy.timeout_ms)
    layers = layered(settings.policy.path)
    return await start_engine(
        catalog_data=catalog.policy_data(),
        shadow=settings.policy.shadow,
        max_age_days=settings.catalog.max_age_days,
        timeout_ms=settings.policy.timeout_ms,
        policies=layers.base,
        overlays=layers.overlays,
        target_id=target_id(catalog),
        opa=settings.policy.opa.path,
    )


def target_id(catalog: ShippedCatalog) -> TargetId:
    """Return what finds a target's canonical id by anybody's words for it."""

    def find(words: str) -> str | None:
        try:
            card = catalog.card(catalog.parse(words))
        except ValueError:
            return None
        return card.id if card.identified else None

    return find


def read_tenants(settings: Settings, catalog: ShippedCatalog) -> FileTenants:
    """Read the tenants that may ask.

    Raises:
        TenantsFault: the file is wrong.
        SettingsFault: none is named, so that nobody could ask anything.
    """
    if settings.tenants.path is None:
        message = "tenants.path is missing: without tenants nobody may ask anything"
        raise SettingsFault(message, field="tenants.path", advice="docs/tenants.md shows a file to start from")
    return load_tenants(settings.tenants.path, vocabulary(settings, catalog))


def vocabulary(settings: Settings, catalog: ShippedCatalog) -> Vocabulary:
    """Return the words that a tenants file may use."""
    classes = catalog.policy_data()["classes"]
    names = set(classes) if isinstance(classes, dict) else set()
    lists = settings.detection.deny.values()
    own = {*settings.detection.classes.values(), *(one.data_class for one in lists if one.data_class)}
    return Vocabulary(
        regimes=catalog.regimes(),
        license_ids=catalog.license_ids(),
        classes=frozenset(names | own),
        provider_id=catalog.provider_id,
        model_id=catalog.model_id,
        parse_target=catalog.parse,
    )


def _country_set(catalog: ShippedCatalog, name: str) -> Sequence[str]:
    """Return the countries of a set, such as ``EEA``."""
    sets = catalog.policy_data()["country_sets"]
    countries = sets.get(name) if isinstance(sets, dict) else None
    return [str(country) for country in countries] if isinstance(countries, list) else []


def read_candidates(settings: Settings, catalog: ShippedCatalog) -> Sequence[TargetName]:
    """Read ``routing.candidates``.

    Raises:
        SettingsFault: some are no target ids.
    """
    names: list[TargetName] = []
    faults: list[str] = []
    for position, text in enumerate(settings.routing.candidates):
        try:
            names.append(catalog.parse(text))
        except ValueError:
            faults.append(f"routing.candidates.{position}: must be model@provider or model@provider@region")
    if faults:
        message = "the settings are wrong"
        raise SettingsFault(message, faults=faults, field="routing.candidates")
    return names
