"""A sidecar that is up: what it is made of, how it is reloaded, and how it ends, in reverse."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Self

from uuid_utils.compat import uuid7

from sidecar.actions.block import RefusalWriter
from sidecar.actions.restore import ValueRestorer
from sidecar.app.bundles import BundleFeed, check_settings, failure, first_that_runs
from sidecar.app.snapshots import build_snapshot
from sidecar.app.sources import Sources, gather
from sidecar.audit.counting import CountingJournal
from sidecar.audit.journal import SqliteJournal
from sidecar.clock import Clock
from sidecar.config import Settings
from sidecar.detection.cache import ReadingCache
from sidecar.detection.detector import WindowDetector, start_detector
from sidecar.errors import OperatorFault, SettingsFault
from sidecar.keys import Keyring, open_or_make
from sidecar.logs import logger
from sidecar.payload.shipped import ShippedPayloads
from sidecar.pipeline import Pipeline
from sidecar.policy.cache import CachedEngine
from sidecar.policy.interface import PolicyEngine
from sidecar.reading import Reader
from sidecar.restoring import Restoring
from sidecar.snapshot import Snapshot, Snapshots
from sidecar.terms import terms
from sidecar.types.status import CacheTally, Status

VERSION = version("inspection-sidecar")
# Sections that are read once: their parts outlive every snapshot.
FIXED_SECTIONS = ("server", "detection", "keys", "audit", "limits", "actions")


@dataclass(slots=True)
class _Health:
    troubles: tuple[str, ...] = ("starting",)


class Sidecar:
    """Everything but the listeners. Use it as ``async with Sidecar(...) as sidecar``."""

    def __init__(
        self, settings: Settings, *, clock: Clock, journal_folder: Path | None = None, workers: int | None = None
    ) -> None:
        """Prepare. ``journal_folder`` and ``workers`` stand over the settings where no server runs.

        Its journal is kept apart from the serving one, and 0 workers detect in a thread; what decides stays the same.
        """
        self._settings = settings
        self._workers = settings.detection.workers if workers is None else workers
        self._clock = clock
        self._folder = journal_folder or settings.audit.path
        self._closing = AsyncExitStack()
        self._tasks: set[asyncio.Task[None]] = set()
        self._health = _Health()
        self._refused_reload = ""
        self._reloading = asyncio.Lock()
        self.pipeline: Pipeline
        self.restoring: Restoring
        self._journal: SqliteJournal
        self._detector: WindowDetector
        self._feed: BundleFeed | None = None
        self._sources: Sources
        self._snapshots: Snapshots

    async def __aenter__(self) -> Self:
        """Build all parts.

        Raises:
            OperatorFault: a part cannot be built; those before it are closed again.
        """
        try:
            await self._build()
        except BaseException:
            await self._closing.aclose()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close all parts, the last first."""
        await self._closing.aclose()

    @property
    def snapshot(self) -> Snapshot:
        """The one that new requests take."""
        return self._snapshots.current

    @property
    def settings(self) -> Settings:
        """What the current snapshot was built from."""
        return self._settings

    @property
    def troubles(self) -> tuple[str, ...]:
        """Parts that were not well when :meth:`check` last looked."""
        return self._health.troubles

    async def check(self) -> tuple[str, ...]:
        """Look at every part a request needs, and return those that are not well, in words."""
        snapshot = self._snapshots.current
        looks: tuple[tuple[str, Awaitable[bool]], ...] = (
            ("policy: OPA does not give the smoke decision", snapshot.policy.healthy()),
            ("journal: the last commit failed", self._journal.healthy()),
            ("detection: no worker answers", snapshot.detector.healthy()),
        )
        well = await asyncio.gather(*(look for _, look in looks))
        stale = ("policy: its source has not confirmed it for longer than policy.max_age",)
        troubles = tuple(words for (words, _), good in zip(looks, well, strict=True) if not good)
        self._health.troubles = troubles if self._feed is None or self._feed.is_fresh else (*troubles, *stale)
        return self._health.troubles

    async def reload(self, read_settings: Callable[[], Settings]) -> None:
        """Put a new snapshot in the place of the current one, all or nothing.

        Raises:
            OperatorFault: it cannot be built; the current one stays, and the status says why.
        """
        async with self._reloading:
            try:
                settings = read_settings()
                self._check_fixed(settings)
                if self._feed:
                    check_settings(settings)
                keys = self._open_keys()
                sources = await gather(settings, self._feed.current if self._feed else None)
            except Exception as error:
                told = error if isinstance(error, OperatorFault) else f"it failed ({type(error).__name__})"
                self._refused_reload = f"{self._clock.now():%Y-%m-%dT%H:%M:%SZ} {told}"
                raise
            self._settings = settings
            self._refused_reload = ""
            if self._feed:
                self._feed.follow(settings)
            self._put(sources, keys)
            logger().info("reloaded", revision=self.snapshot.config_revision)

    async def poll_bundle(self) -> None:
        """Ask the source of the bundle whether there is a new one, and serve by it; the current one stays otherwise.

        Raises:
            OperatorFault: the source cannot be asked, or what it gave will not do; the status says so.
        """
        feed = self._feed
        if feed is None or (offer := await feed.poll()) is None:
            return
        async with self._reloading:
            try:
                sources = await gather(self._settings, offer)
                try:
                    feed.take(offer)
                except OperatorFault:
                    await sources.engine.aclose()
                    raise
            except OperatorFault as fault:
                feed.refuse(fault)
                raise
            except Exception as error:
                unforeseen = failure(error)
                feed.refuse(unforeseen)
                raise unforeseen from error
            self._put(sources, self.snapshot.keys)
            logger().info("bundle taken", revision=offer.packed.revision)

    def status(self) -> Status:
        """Return what is enforced right now."""
        snapshot = self._snapshots.current
        return Status(
            version=VERSION,
            revisions=snapshot.revisions,
            since=snapshot.since,
            last_refused_reload=self._refused_reload,
            rules=tuple(snapshot.policy.rules),
            shadow_rules=tuple(snapshot.policy.shadow_rules),
            recognizers=tuple(snapshot.detector.recognizers),
            languages=tuple(snapshot.detector.languages),
            models=tuple(snapshot.detector.models),
            ner_engine=snapshot.detector.ner_engine,
            policy_engine=snapshot.policy.engine,
            journal_id=self._journal.id,
            journal_size=self._journal.size,
            detection_cache=self._detector.tally,
            decision_cache=_decisions(snapshot.policy),
            troubles=self._health.troubles,
            policy_bundle=self._feed.status if self._feed else None,
        )

    def _check_fixed(self, settings: Settings) -> None:
        changed = [name for name in FIXED_SECTIONS if getattr(settings, name) != getattr(self._settings, name)]
        if settings.policy.bundle != self._settings.policy.bundle:
            changed.append("policy.bundle")
        if changed:
            message = f"a restart is needed to change {', '.join(changed)}"
            raise SettingsFault(message, field=changed[0])

    async def _build(self) -> None:
        settings, clock = self._settings, self._clock
        apart = self._folder != settings.audit.path  # of the command line, whose runs take turns
        self._journal = SqliteJournal(self._folder, clock=clock, max_bytes=settings.audit.max_bytes, patient=apart)
        self._closing.push_async_callback(self._journal.close)
        counting = await asyncio.to_thread(CountingJournal, self._journal, self._folder, today=clock.now().date())
        self._closing.callback(counting.save)
        keys = self._open_keys()
        if settings.policy.bundle.source:
            self._feed = BundleFeed(settings, clock=clock, keeps=not apart)
        self._sources = await self._first_sources()  # before the detectors: faults are told in a second
        self._closing.push_async_callback(self._close_engines)
        self._detector = await start_detector(
            model=settings.detection.model,
            recognizers=settings.detection.recognizers,
            classes=settings.detection.classes,
            threshold=settings.detection.threshold,
            terms=terms(settings.detection.allow, settings.detection.deny, None),
            languages=settings.detection.languages,
            workers=self._workers,
            cache=ReadingCache(subkey=lambda tenant: self._snapshots.current.keys.subkey("cache", tenant)),
        )
        self._closing.push_async_callback(self._detector.aclose)
        self._snapshots = Snapshots(self._snapshot(settings, self._sources, keys), later=self._later)
        payloads = ShippedPayloads()
        self.pipeline = Pipeline(
            snapshots=self._snapshots,
            reader=Reader(payloads=payloads, offload=self._detector.offload),
            refuser=RefusalWriter(payloads.refusal),
            journal=counting,
            counted=counting,
            clock=clock,
            new_id=lambda: str(uuid7()),
            actions=settings.actions,
            limits=settings.limits,
        )
        self.restoring = Restoring(snapshots=self._snapshots, restorer=ValueRestorer(), limits=settings.limits)

    async def _first_sources(self) -> Sources:
        """Read the files; where a bundle's policies cannot be run, by the one that was served last."""
        feed, settings = self._feed, self._settings
        if feed is None:
            return await gather(settings)
        offer, sources = await first_that_runs(feed, lambda offer: gather(settings, offer))
        if feed.last_refused:
            logger().error("bundle refused", faults=feed.last_refused.splitlines())
        try:
            feed.take(offer)
        except OperatorFault:
            await sources.engine.aclose()
            raise
        return sources

    def _open_keys(self) -> Keyring:
        if self._settings.keys.path is not None:
            return Keyring.open(self._settings.keys.path)
        folder = self._settings.audit.path / "keys"
        keys, made = open_or_make(folder)
        if made:
            logger().warning("made keys, since keys.path is not set", path=str(folder))
        return keys

    def _snapshot(self, settings: Settings, sources: Sources, keys: Keyring) -> Snapshot:
        feed = self._feed
        return build_snapshot(
            settings,
            sources,
            keys=keys,
            detector=self._detector,
            clock=self._clock,
            is_fresh=None if feed is None else lambda: feed.is_fresh,
        )

    def _put(self, sources: Sources, keys: Keyring) -> None:
        """Let new requests be judged by these."""
        before, self._sources = self._sources, sources
        self._snapshots.replace(self._snapshot(self._settings, sources, keys), before.engine.aclose)

    async def _close_engines(self) -> None:
        if self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._sources.engine.aclose()

    def _later(self, retire: Callable[[], Awaitable[None]]) -> None:
        """Close an old snapshot's engine behind the back of the request that was its last."""

        async def run() -> None:
            await retire()

        task = asyncio.get_running_loop().create_task(run())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _decisions(policy: PolicyEngine) -> CacheTally | None:
    """Return what is remembered of decisions."""
    if not isinstance(policy, CachedEngine):
        return None
    tally = policy.tally
    return CacheTally(tally.hits, tally.misses, tally.entries, tally.bytes, tally.evictions)
