"""Looks at everything the sidecar needs, one part at a time, without starting it."""

import asyncio
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from sidecar.app.auditing import keys_folder
from sidecar.app.bundles import fetch
from sidecar.app.sources import open_catalog, read_candidates, read_tenants, target_id
from sidecar.audit.reader import JournalReader
from sidecar.config import Settings
from sidecar.detection.models import default_model, spacy_name
from sidecar.errors import JournalFault, SettingsFault, SidecarError
from sidecar.keys import Keyring
from sidecar.policy.bundle import assemble
from sidecar.policy.opa_binary import find_opa
from sidecar.policy.overlays import layered

PACKAGES = ("presidio-analyzer", "presidio-anonymizer", "spacy", "grpcio", "opa-python-client", "structlog")


@dataclass(frozen=True, slots=True)
class Examined:
    """One part, whether it is well, and what was found."""

    part: str
    well: bool
    told: str


def examine(settings: Settings) -> Iterator[Examined]:
    """Look at one part after the other."""
    looks: tuple[tuple[str, Callable[[Settings], str]], ...] = (
        ("packages", _packages),
        ("model", _model),
        ("opa", _opa),
        ("catalog", lambda settings: f"revision {open_catalog(settings).revision}"),
        ("tenants", _tenants),
        ("policies", _policies),
        ("keys", _keys),
        ("journal", _journal),
    )
    for part, look in looks:
        try:
            yield Examined(part, well=True, told=look(settings))
        except SidecarError as error:
            yield Examined(part, well=False, told=str(error))
        except OSError as error:
            yield Examined(part, well=False, told=error.strerror or type(error).__name__)


def _packages(_settings: Settings) -> str:
    try:
        return ", ".join(f"{name} {version(name)}" for name in ("inspection-sidecar", *PACKAGES))
    except PackageNotFoundError as error:
        message = f"{error.name} is not installed"
        raise SettingsFault(message) from error


def _model(settings: Settings) -> str:
    name = settings.detection.model or default_model()
    return f"folder {name}" if Path(spacy_name(name)) == Path(name) and Path(name).is_dir() else f"package {name}"


def _opa(settings: Settings) -> str:
    if settings.policy.opa.url:
        return f"asked at {settings.policy.opa.url}; its capabilities are its operator's to guard"
    binary = find_opa(settings.policy.opa.path)
    return f"{binary.version} at {binary.path}"


def _tenants(settings: Settings) -> str:
    catalog = open_catalog(settings)
    read_candidates(settings, catalog)
    return f"{len(read_tenants(settings, catalog))} tenants"


def _policies(settings: Settings) -> str:
    if settings.policy.bundle.source:
        offer = asyncio.run(fetch(settings))
        signer = f"signed by {offer.packed.signer}" if offer.packed.signer else "unsigned"
        rules = f"{len(offer.bundle.rules.codes)} rules, revision {offer.packed.revision}"
        return f"{rules}, sequence {offer.packed.sequence}, {signer}"
    layers, catalog = layered(settings.policy.path), open_catalog(settings)
    bundle = assemble(
        layers.base,
        opa=find_opa(settings.policy.opa.path),
        catalog_data=catalog.policy_data(),
        shadow=settings.policy.shadow,
        overlays=layers.overlays,
        target_id=target_id(catalog),
        max_age_days=settings.catalog.max_age_days,
    )
    return f"{len(bundle.rules.codes)} rules, revision {bundle.revision}"


def _keys(settings: Settings) -> str:
    folder = keys_folder(settings)
    if settings.keys.path is None and not folder.exists():
        return "none yet; made at the first start"
    keys = Keyring.open(folder)
    return f"{len(keys.ids)} root keys in {folder}, the newest {keys.newest}"


def _journal(settings: Settings) -> str:
    folder = settings.audit.path
    if not folder.exists():
        return f"none yet; made at the first start in {folder}"
    mode = stat.S_IMODE(folder.stat().st_mode)
    if mode & 0o077:
        message = f"{folder} is open to others (mode {mode:o}); it must be 700"
        raise JournalFault(message, field="audit.path")
    with JournalReader(folder) as journal:
        return f"{journal.size} records of journal {journal.journal_id}"
