"""What the security team does: check and test rules. None of it needs a running sidecar."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sidecar.app.fixtures import Outcome, fixture_files, read_fixtures, run
from sidecar.app.judging import judging
from sidecar.app.sources import open_catalog, target_id
from sidecar.catalog.load import catalog_files, load_catalog
from sidecar.clock import Clock
from sidecar.config import Settings
from sidecar.errors import PolicyFault
from sidecar.identity.tenants import FileTenants
from sidecar.policy.bundle import assemble
from sidecar.policy.checking import check, lint, reformat, upper
from sidecar.policy.opa_binary import find_opa
from sidecar.policy.overlays import Layers, layered
from sidecar.policy.packed import accept, build, open_packed
from sidecar.policy.signing import key_id, make_keys
from sidecar.policy.template import make_overlay
from sidecar.policy.testing import Tested, run_tests

__all__ = ["Tested"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A bundle that was written."""

    revision: str
    sequence: int
    rules: int
    size: int
    """Bytes."""


def layers_of(settings: Settings, paths: Sequence[Path]) -> Layers:
    """Return the folders that are meant: those named, else the configured ones, else the shipped one.

    Raises:
        PolicyFault: several of them are whole bundles.
    """
    return layered([path.absolute() for path in paths] or settings.policy.path)


def check_policies(settings: Settings, paths: Sequence[Path]) -> list[str]:
    """Return every fault of folders of policies."""
    layers = layers_of(settings, paths)
    known = target_id(open_catalog(settings)) if layers.overlays else None
    return check(layers, opa=settings.policy.opa.path, target_id=known)


def lint_policies(settings: Settings, paths: Sequence[Path]) -> list[str]:
    """Return what the house lint and the team's own checks say."""
    return lint(layers_of(settings, paths), opa=settings.policy.opa.path)


def format_policies(settings: Settings, paths: Sequence[Path], *, write: bool) -> list[str]:
    """Return the files that are not formatted; unless only asked, they are now."""
    return reformat(layers_of(settings, paths), opa=settings.policy.opa.path, write=write)


def run_rego_tests(settings: Settings, paths: Sequence[Path]) -> Tested:
    """Run the tests of folders of policies."""
    return run_tests(layers_of(settings, paths), opa=settings.policy.opa.path)


async def run_fixtures(settings: Settings, paths: Sequence[Path], *, clock: Clock) -> list[Outcome]:
    """Put the fixtures of folders of policies to the engine, with those policies.

    Raises:
        OperatorFault: a part cannot be built, or a fixture is wrong.
    """
    layers = layers_of(settings, paths)
    files = list(fixture_files(upper(layers)))
    if not files:
        return []
    settings = with_policies(settings, layers)
    tenants = None if settings.tenants.path else FileTenants({})
    async with judging(settings, clock=clock, tenants=tenants) as judge:
        fixtures = [one for path, name in files for one in read_fixtures(path, name, judge, settings)]
        return [await run(one, judge) for one in fixtures]


def with_policies(settings: Settings, layers: Layers) -> Settings:
    """Return the settings with other policies."""
    policy = settings.policy.model_copy(update={"path": (layers.base, *layers.overlays)})
    return settings.model_copy(update={"policy": policy})


def build_bundle(settings: Settings, paths: Sequence[Path], *, output: Path, key: Path | None, sequence: int) -> Built:
    """Write the policies, their data and the catalog as one archive, signed where there is a key.

    What was written is opened again as a sidecar would open it.

    Raises:
        OperatorFault: policies, catalog or key will not do, or the file cannot be written.
    """
    layers, catalog = layers_of(settings, paths), load_catalog(settings.catalog.overlay)
    opa = find_opa(settings.policy.opa.path)
    bundle = assemble(
        layers.base,
        opa=opa,
        catalog_data=catalog.policy_data(),
        shadow=settings.policy.shadow,
        overlays=layers.overlays,
        target_id=target_id(catalog),
        max_age_days=settings.catalog.max_age_days,
    )
    content = build(bundle, catalog=catalog_files(settings.catalog.overlay), sequence=sequence, key=key, opa=opa)
    accept(open_packed(content, key=None, opa=opa), catalog_data=catalog.policy_data(), opa=opa)
    try:
        output.write_bytes(content)
    except OSError as error:
        message = f"the bundle cannot be written: {error.strerror}"
        raise PolicyFault(message, field="--output") from error
    return Built(revision=bundle.revision, sequence=sequence, rules=len(bundle.rules.codes), size=len(content))


def make_bundle_keys(folder: Path) -> tuple[Path, Path, str]:
    """Make a pair of keys for bundles; return the paths of the private and the public one, and its id.

    Raises:
        PolicyFault: there is one already, or it cannot be written.
    """
    private, public = make_keys(folder)
    return private, public, key_id(public)


def init_policies(folder: Path, name: str | None) -> list[str]:
    """Make a policy folder from the template; return the names of its files.

    Raises:
        PolicyFault: it cannot be made.
    """
    own = re.sub(r"[^a-z0-9]+", "-", folder.absolute().name.lower()).strip("-")
    return make_overlay(folder, name or own)
