"""Serves: builds everything, listens, watches over it, reloads, and drains on SIGTERM."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from sidecar.app.running import VERSION, Sidecar
from sidecar.clock import Clock
from sidecar.config import BundleSection, Settings
from sidecar.errors import OperatorFault
from sidecar.logs import logger
from sidecar.wire.admission import Admission
from sidecar.wire.inspection_service import InspectionService
from sidecar.wire.server import GrpcServer, check_addresses
from sidecar.wire.status_service import StatusService

HEALTH_SECONDS = 0.5  # how old the word of a health check may be
WATCH_SECONDS = 2.0  # how soon a changed file is seen
SLOTS_PER_WORKER = 4  # requests in work for each worker: while one detects, others ask policy or wait for the disk

Marks = frozenset[tuple[str, int, int]]
"""Path, time and size of every file."""


async def serve(
    read_settings: Callable[[], Settings],
    *,
    clock: Clock,
    config: Path | None = None,
    on_listening: Callable[[Sequence[str]], None] = lambda _: None,
) -> None:
    """Serve until SIGTERM or SIGINT, then drain. ``config`` is the settings file, watched like the files it names.

    Raises:
        OperatorFault: the sidecar cannot start.
    """
    settings = read_settings()
    marks = _marks(_sources(settings, config))  # before anything is built: what changes meanwhile is seen
    check_addresses(settings.server, plaintext=settings.unsafe.plaintext)  # before anything that takes seconds
    for name, on in settings.unsafe.model_dump().items():
        if on:
            logger().warning("unsafe setting is on", setting=f"unsafe.{name}")
    async with Sidecar(settings, clock=clock) as sidecar:
        workers = settings.detection.workers or len(os.sched_getaffinity(0))
        server = GrpcServer(
            settings=settings.server,
            plaintext=settings.unsafe.plaintext,
            inspection=InspectionService(
                pipeline=sidecar.pipeline,
                restoring=sidecar.restoring,
                admission=Admission(slots=SLOTS_PER_WORKER * workers, queue=settings.limits.queue),
                clock=clock,
            ),
            status=StatusService(status=sidecar.status),
        )
        stop, reload = asyncio.Event(), asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        loop.add_signal_handler(signal.SIGHUP, reload.set)
        await sidecar.check()
        addresses = await server.start()
        await server.serving(well=not sidecar.troubles)
        for address in addresses:
            logger().info("listening", address=address, version=VERSION)
        on_listening(addresses)
        watchers = [
            asyncio.create_task(_watch_health(sidecar, server)),
            asyncio.create_task(_watch_files(sidecar, config, marks, reload)),
            asyncio.create_task(_reload_when_asked(sidecar, read_settings, reload)),
            asyncio.create_task(_watch_bundle(sidecar, settings.policy.bundle)),
        ]
        try:
            await stop.wait()
            logger().info("draining", seconds=settings.server.drain_seconds)
        finally:
            for watcher in watchers:
                watcher.cancel()
            await asyncio.gather(*watchers, return_exceptions=True)
            await server.drain()
    logger().info("stopped")


async def _watch_health(sidecar: Sidecar, server: GrpcServer) -> None:
    before: tuple[str, ...] | None = None
    while True:
        try:
            troubles = await sidecar.check()
        except Exception as error:  # noqa: BLE001 - whatever it is, nobody can say that all is well
            troubles = (f"the health check failed ({type(error).__name__})",)
        if troubles != before:
            await server.serving(well=not troubles)
            logger().log(
                30 if troubles else 20, "health", status="not serving" if troubles else "serving", faults=troubles
            )
            before = troubles
        await asyncio.sleep(HEALTH_SECONDS)


async def _watch_files(sidecar: Sidecar, config: Path | None, seen: Marks, reload: asyncio.Event) -> None:
    """Ask for a reload when a file that a snapshot is built from has changed."""
    while True:
        await asyncio.sleep(WATCH_SECONDS)
        now = await asyncio.to_thread(_marks, _sources(sidecar.settings, config))
        if now != seen:
            seen = now
            reload.set()


async def _reload_when_asked(sidecar: Sidecar, read_settings: Callable[[], Settings], reload: asyncio.Event) -> None:
    while True:
        await reload.wait()
        reload.clear()
        try:
            await sidecar.reload(read_settings)
        except OperatorFault as error:
            logger().error("reload refused", reason=error.reason, faults=str(error).splitlines())
        except Exception as error:  # noqa: BLE001 - the last good snapshot stays, and so does the next chance
            logger().error("reload failed", error=type(error).__name__)


async def _watch_bundle(sidecar: Sidecar, bundle: BundleSection) -> None:
    """Ask the source of the bundle again and again."""
    while bundle.source:
        await asyncio.sleep(bundle.poll_seconds)
        try:
            await sidecar.poll_bundle()
        except OperatorFault as error:
            logger().error("bundle refused", reason=error.reason, faults=str(error).splitlines())
        except Exception as error:  # noqa: BLE001 - the last good bundle stays, and so does the next chance
            logger().error("bundle refused", error=type(error).__name__)


def _sources(settings: Settings, config: Path | None) -> list[Path]:
    named = (config, settings.tenants.path, settings.catalog.overlay, *settings.policy.path, settings.keys.path)
    return [path for path in named if path is not None]


def _marks(sources: Sequence[Path]) -> Marks:
    return frozenset(mark for source in sources for mark in _marks_below(source))


def _marks_below(source: Path) -> Iterator[tuple[str, int, int]]:
    paths = [source, *source.rglob("*")] if source.is_dir() else [source]
    for path in paths:
        with contextlib.suppress(OSError):
            status = path.stat()
            yield str(path), status.st_mtime_ns, status.st_size
