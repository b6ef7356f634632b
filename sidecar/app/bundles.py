"""The bundle that a sidecar serves by: where it comes from, what is taken, and what stays when a bad one comes."""

import asyncio
import os
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sidecar.catalog.load import OVERLAY, SHIPPED, load_catalog
from sidecar.catalog.shipped import ShippedCatalog
from sidecar.clock import Clock
from sidecar.config import Settings, is_loopback
from sidecar.errors import OperatorFault, PolicyFault, SettingsFault
from sidecar.folders import make_private
from sidecar.policy.archive import lay_out
from sidecar.policy.bundle import Bundle
from sidecar.policy.fetching import BundleSource, DiskSource, HttpSource
from sidecar.policy.opa_binary import OpaBinary, find_opa
from sidecar.policy.packed import Packed, accept, open_packed
from sidecar.types.bundles import BundleStatus

Ran = TypeVar("Ran")
MAX_TOLD = 2000  # characters of a refusal in the status
_ARCHIVE, _STATE = "last.tar.gz", "state.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A bundle that was opened and checked, with the catalog that came in it."""

    content: bytes
    packed: Packed
    bundle: Bundle
    catalog: ShippedCatalog
    opa: OpaBinary


class _State(BaseModel):
    """What was served last; written before it is served."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)
    sequence: Annotated[int, Field(ge=0)]
    digest: str
    confirmed: datetime


class BundleFeed:
    """Asks a source for bundles, and knows the last good one, across restarts too."""

    def __init__(self, settings: Settings, *, clock: Clock, keeps: bool) -> None:
        """Prepare. ``keeps``: what is taken is remembered beside the journal, as a serving process does.

        Raises:
            SettingsFault: the settings of the bundle are wrong, or go with files that it brings itself.
        """
        check_settings(settings)
        self._settings = settings
        self._clock = clock
        self._folder = settings.audit.path / "bundle"
        self._keeps = keeps
        self._source = _source(settings)
        self._confirmed = clock.now()
        self._confirmed_at = clock.monotonic()
        self._refused = 0
        self._last_refused = ""
        self._polled: Offer | None = None
        self._current: Offer

    @property
    def current(self) -> Offer:
        """The last that was taken."""
        return self._current

    async def first(self) -> Offer:
        """Return what to start with: what the source gives, or what was served last where that will not do.

        Raises:
            OperatorFault: neither can be had.
        """
        try:
            offer = await self.poll()
        except OperatorFault:
            kept = await self.last_good()
            if kept is None:
                raise
            return kept
        if offer is None:
            message = "the source of the bundle says that nothing is new, and nothing was had yet"
            raise PolicyFault(message, field="policy.bundle.source")
        return offer

    async def last_good(self) -> Offer | None:
        """Return what was served last, by this process or the one before, or None where nothing was.

        Raises:
            PolicyFault: nobody can tell what it was.
        """
        return await asyncio.to_thread(self._kept)

    async def poll(self) -> Offer | None:
        """Return a new bundle, or None where the source still has the one that was taken.

        Raises:
            OperatorFault: there is none, or it will not do; the status says so.
        """
        try:
            content = await self._source.poll()
            if content is None:
                self._confirm()
                return None
            self._polled = await asyncio.to_thread(self._open, content)
        except OperatorFault as fault:
            self.refuse(fault)
            raise
        except Exception as error:
            unforeseen = failure(error)
            self.refuse(unforeseen)
            raise unforeseen from error
        return self._polled

    def refuse(self, fault: OperatorFault) -> None:
        """Say that what the source gave was not taken into use."""
        self._refused += 1
        self._last_refused = f"{self._clock.now():%Y-%m-%dT%H:%M:%SZ} {fault}"[:MAX_TOLD]

    def follow(self, settings: Settings) -> None:
        """Go by settings that were read again; source and key are those of the start."""
        self._settings = settings

    def take(self, offer: Offer) -> None:
        """Serve this bundle from now on: nothing older is taken after it.

        Raises:
            SettingsFault: it cannot be remembered.
        """
        if offer is self._polled:  # and not what was kept while the source had nothing better
            self._keep(offer)  # first: what cannot be remembered could be rolled back
            self._source.taken()
            self._confirm()
        self._current = offer

    @property
    def last_refused(self) -> str:
        """When and why the source's bundle was not taken, since it last gave a good one; else empty."""
        return self._last_refused

    @property
    def is_fresh(self) -> bool:
        """Whether the source has confirmed the bundle within ``policy.max_age``."""
        limit = self._settings.policy.max_age
        if limit is None:
            return True
        by_day = (self._clock.now() - self._confirmed).total_seconds()  # goes on while the machine sleeps
        return max(by_day, self._clock.monotonic() - self._confirmed_at) <= limit  # and nobody sets this one back

    @property
    def status(self) -> BundleStatus:
        """What is known of it."""
        packed = self._current.packed
        return BundleStatus(
            source=self._source.name,
            sequence=packed.sequence,
            signer=packed.signer,
            confirmed=self._confirmed,
            stale=not self.is_fresh,
            refused=self._refused,
            last_refused=self._last_refused,
        )

    def _confirm(self) -> None:
        self._confirmed = self._clock.now()
        self._confirmed_at = self._clock.monotonic()
        self._last_refused = ""

    def _open(self, content: bytes) -> Offer:
        offer = open_offer(content, self._settings)
        if not self._settings.unsafe.older_bundle and (last := self._state()) is not None:
            _check_order(offer.packed, last)
        return offer

    def _kept(self) -> Offer | None:
        """Return what was served last, opened and checked like anything else."""
        last = self._state()
        if last is None:
            return None
        try:
            offer = open_offer((self._folder / _ARCHIVE).read_bytes(), self._settings)
        except (OSError, OperatorFault):
            return None
        if (offer.packed.sequence, offer.packed.digest) != (last.sequence, last.digest):
            return None
        in_order = last.confirmed <= self._clock.now()  # else the clock was set back, and its age is anybody's guess
        self._confirmed = last.confirmed
        self._confirmed_at = self._clock.monotonic() if in_order else float("-inf")
        return offer

    def _keep(self, offer: Offer) -> None:
        if not self._keeps:
            return
        state = _State(sequence=offer.packed.sequence, digest=offer.packed.digest, confirmed=self._clock.now())
        try:
            make_private(self._folder)
            _replace(self._folder / _ARCHIVE, offer.content)
            _replace(self._folder / _STATE, state.model_dump_json().encode())
        except OSError as error:
            message = f"the bundle cannot be remembered beside the journal: {error.strerror}"
            raise SettingsFault(message, field="audit.path") from error

    def _state(self) -> _State | None:
        """Return what was served last; None where nothing was.

        Raises:
            PolicyFault: it cannot be read: then nobody knows what would be older.
        """
        try:
            return _State.model_validate_json((self._folder / _STATE).read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValidationError) as error:
            message = "what was served last cannot be read, so nobody knows whether a bundle is older"
            advice = f"remove {self._folder / _STATE} if that is meant"
            raise PolicyFault(message, field="audit.path", advice=advice) from error


def open_offer(content: bytes, settings: Settings) -> Offer:
    """Open and check an archive.

    Raises:
        OperatorFault: it is not signed by the key, or what is in it will not do.
    """
    opa = find_opa(settings.policy.opa.path)
    packed = open_packed(content, key=settings.policy.bundle.key, opa=opa)
    catalog = _catalog(packed)
    bundle = accept(packed, catalog_data=catalog.policy_data(), opa=opa)
    return Offer(content=content, packed=packed, bundle=bundle, catalog=catalog, opa=opa)


async def fetch(settings: Settings) -> Offer:
    """Ask the source once, and forget it again: what the verbs of the command line need.

    Raises:
        OperatorFault: there is none, or it will not do.
    """
    check_settings(settings)
    content = await _source(settings).poll()
    return await asyncio.to_thread(open_offer, content or b"", settings)


def _catalog(packed: Packed) -> ShippedCatalog:
    with tempfile.TemporaryDirectory(prefix="sidecar-catalog-") as name:
        folder = Path(name)
        lay_out(packed.catalog, folder)
        overlay = folder / OVERLAY
        (folder / SHIPPED).mkdir(exist_ok=True)
        return load_catalog(overlay if overlay.is_dir() else None, shipped=folder / SHIPPED)


def _check_order(packed: Packed, last: _State) -> None:
    if packed.sequence < last.sequence:
        message = "the bundle is older than the one that was served last"
    elif packed.sequence == last.sequence and packed.digest != last.digest:
        message = "the bundle is not the one that was served last, and has the same sequence"
    else:
        return
    advice = "build it again with a higher --sequence; unsafe.older_bundle takes it as it is"
    raise PolicyFault(message, field="policy.bundle", advice=advice)


def _source(settings: Settings) -> BundleSource:
    bundle = settings.policy.bundle
    place = bundle.source or ""
    if urlsplit(place).scheme in {"http", "https"}:
        return HttpSource(place, token=bundle.token, ca_file=bundle.ca_file)
    return DiskSource(Path(place))


async def first_that_runs(feed: BundleFeed, run: Callable[[Offer], Awaitable[Ran]]) -> tuple[Offer, Ran]:
    """Return what to start with, and what became of it; where it does not run, the one that was served last.

    Raises:
        OperatorFault: neither runs.
    """
    offer = await feed.first()
    try:
        return offer, await run(offer)
    except OperatorFault as fault:
        feed.refuse(fault)
        kept = await feed.last_good()
        if kept is None or kept.packed == offer.packed:
            raise
        return kept, await run(kept)


def failure(error: Exception) -> PolicyFault:
    """Return what is told of a fault that nobody thought of: its kind, and nothing that it says."""
    return PolicyFault(f"the bundle was not taken: it failed ({type(error).__name__})", field="policy.bundle")


def check_settings(settings: Settings) -> None:
    """Accept settings of a bundle.

    Raises:
        SettingsFault: they are wrong, or go with files that it brings itself.
    """
    bundle, unsafe = settings.policy.bundle, settings.unsafe
    try:
        url = urlsplit(bundle.source or "")
        _ = url.port  # is read when it is asked for
    except ValueError as error:
        message = "policy.bundle.source is neither a path nor an address"
        raise SettingsFault(message, field="policy.bundle.source") from error
    faults = []
    if url.scheme == "http" and not is_loopback(url.hostname or "") and not unsafe.plaintext:
        faults.append("policy.bundle.source: off loopback it needs https (or unsafe.plaintext: true)")
    if bundle.key is None and (url.scheme in {"http", "https"} or not unsafe.unsigned_bundle):
        faults.append("policy.bundle.key: missing; a bundle is served only if this key signed it")
    brought = {
        "policy.path": bool(settings.policy.path),
        "policy.shadow": bool(settings.policy.shadow),
        "policy.opa.url": settings.policy.opa.url is not None,
        "catalog.overlay": settings.catalog.overlay is not None,
        "catalog.max_age_days": settings.catalog.max_age_days is not None,
    }
    faults += [
        f"{name}: a bundle brings its own; state it where the bundle is built" for name, on in brought.items() if on
    ]
    if faults:
        message = "the settings of the bundle are wrong"
        raise SettingsFault(message, faults=faults, field="policy.bundle")


def _replace(path: Path, content: bytes) -> None:
    """Write a file so that a crash leaves the old one or the new one."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
