"""What the security team does: check and test rules. None of it needs a running sidecar."""

import re
from collections.abc import Sequence
from pathlib import Path

from sidecar.app.fixtures import Outcome, fixture_files, read_fixtures, run
from sidecar.app.judging import judging
from sidecar.app.sources import open_catalog, target_id
from sidecar.clock import Clock
from sidecar.config import Settings
from sidecar.identity.tenants import FileTenants
from sidecar.policy.checking import check, lint, reformat, upper
from sidecar.policy.overlays import Layers, layered
from sidecar.policy.template import make_overlay
from sidecar.policy.testing import Tested, run_tests

__all__ = ["Tested"]


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


def init_policies(folder: Path, name: str | None) -> list[str]:
    """Make a policy folder from the template; return the names of its files.

    Raises:
        PolicyFault: it cannot be made.
    """
    own = re.sub(r"[^a-z0-9]+", "-", folder.absolute().name.lower()).strip("-")
    return make_overlay(folder, name or own)
