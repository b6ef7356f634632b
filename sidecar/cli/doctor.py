"""``sidecar doctor``."""

import asyncio
from collections.abc import Iterator

import typer

from sidecar.app.examining import Examined, examine
from sidecar.cli.options import Config
from sidecar.cli.screen import table
from sidecar.config import load_settings
from sidecar.integrations.client import SidecarClient, SidecarRefusedError
from sidecar.v1.status_pb2 import CacheStatus, GetStatusResponse

FAILED = 1
PROBE_SECONDS = 2.0


def doctor(config: Config = None) -> None:
    """Look at all the sidecar needs: versions, settings, files and their modes, OPA, model, policies, listeners."""
    settings = load_settings(config)
    found = [*examine(settings), *(asyncio.run(_listener(address)) for address in settings.server.listen)]
    rows = [(one.part, "[green]ok[/]" if one.well else "[red]fault[/]", one.told.replace("[", r"\[")) for one in found]
    table("", ("part", "", "what was found"), rows)
    if not all(one.well for one in found):
        raise typer.Exit(FAILED)


async def _listener(address: str) -> Examined:
    """Ask whoever listens; that nobody does is no fault of what is installed."""
    part = f"listener {address}"
    async with SidecarClient(address) as client:
        try:
            told = await client.status(seconds=PROBE_SECONDS)
        except SidecarRefusedError:
            return Examined(part, well=True, told="nobody answers: no sidecar runs there")
    words = [f"sidecar {told.version}: " + ("; ".join(told.troubles) or "well")]
    words += [_remembered(name, cache) for name, cache in _caches(told)]
    return Examined(part, well=not told.troubles, told="; ".join(words))


def _caches(told: GetStatusResponse) -> Iterator[tuple[str, CacheStatus]]:
    """Go through what the sidecar remembers."""
    if told.HasField("detection_cache"):
        yield "texts", told.detection_cache
    if told.HasField("decision_cache"):
        yield "decisions", told.decision_cache


def _remembered(name: str, cache: CacheStatus) -> str:
    asked = cache.hits + cache.misses
    return f"{cache.entries:,} {name} remembered ({cache.hits:,} of {asked:,} asked for, {cache.evictions:,} forgotten)"
