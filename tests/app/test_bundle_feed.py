"""Which bundle is served: what cannot be remembered is not, and a clock that is set back gives nobody more time."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from sidecar.app.bundles import MAX_TOLD, BundleFeed, Offer, check_settings, first_that_runs
from sidecar.config import Settings
from sidecar.errors import PolicyFault, SettingsFault
from sidecar.policy.packed import Packed

if TYPE_CHECKING:
    from sidecar.catalog.shipped import ShippedCatalog
    from sidecar.policy.bundle import Bundle
    from sidecar.policy.opa_binary import OpaBinary


class SetClock:
    """Both clocks stand until they are moved, each by itself."""

    def __init__(self) -> None:
        self.day = datetime(2026, 11, 24, tzinfo=UTC)
        self.seconds = 50.0

    def now(self) -> datetime:
        """Return the day."""
        return self.day

    def monotonic(self) -> float:
        """Return the seconds."""
        return self.seconds


def settings(folder: Path, **policy: object) -> Settings:
    """Return settings of an unsigned bundle in a folder."""
    return Settings.model_validate(
        {
            "policy": {"bundle": {"source": str(folder / "bundle.tar.gz")}, **policy},
            "audit": {"path": str(folder / "audit")},
            "unsafe": {"unsigned_bundle": True},
        }
    )


def offer(sequence: int) -> Offer:
    """Return something to be taken; nobody looks into it here."""
    packed = Packed(
        modules={}, document=b"", catalog={}, revision="r", digest=f"d{sequence}", sequence=sequence, signer=""
    )
    return Offer(
        content=b"archive",
        packed=packed,
        bundle=cast("Bundle", None),
        catalog=cast("ShippedCatalog", None),
        opa=cast("OpaBinary", None),
    )


def test_what_cannot_be_remembered_is_not_served(tmp_path: Path) -> None:
    """Where the disk is full, the bundle before stays, and it is asked for again; a reload does not bring it either."""
    feed = BundleFeed(settings(tmp_path), clock=SetClock(), keeps=True)
    first, second = offer(1), offer(2)
    feed._polled = first
    feed.take(first)
    kept = tmp_path / "audit" / "bundle"
    for file in kept.iterdir():
        file.unlink()
    kept.rmdir()
    kept.write_text("in the way")
    feed._polled = second
    with pytest.raises(SettingsFault):
        feed.take(second)
    assert first is feed.current


def test_a_fault_that_nobody_thought_of_is_counted(tmp_path: Path) -> None:
    """It is refused like any other, by its kind alone."""
    feed = BundleFeed(settings(tmp_path), clock=SetClock(), keeps=True)

    class Odd:
        name = "odd"

        async def poll(self) -> bytes | None:
            """Fail."""
            message = "a secret"
            raise LookupError(message)

        def taken(self) -> None:
            """Nothing was."""

    feed._source = Odd()
    feed.take(offer(1))
    with pytest.raises(PolicyFault, match="LookupError"):
        asyncio.run(feed.poll())
    assert (1, False) == (feed.status.refused, "secret" in feed.status.last_refused)


class Kept(BundleFeed):
    """A feed whose source gives one bundle while another is kept."""

    given: Offer
    kept: Offer | None

    async def first(self) -> Offer:
        """Return what the source gives."""
        return self.given

    async def last_good(self) -> Offer | None:
        """Return what is kept."""
        return self.kept


async def _run(offer: Offer) -> str:
    if offer.packed.sequence == 2:
        message = "OPA did not answer"
        raise PolicyFault(message)
    return "runs"


def test_a_start_with_a_bundle_that_does_not_run(tmp_path: Path) -> None:
    """The one that was served last takes its place, and the refusal is counted; without one there is no start."""
    feed = Kept(settings(tmp_path), clock=SetClock(), keeps=True)
    feed.given, feed.kept = offer(2), offer(1)
    assert (feed.kept, "runs") == asyncio.run(first_that_runs(feed, _run))
    assert "OPA did not answer" in feed.last_refused
    for kept in (None, offer(2)):
        feed.kept = kept
        with pytest.raises(PolicyFault):
            asyncio.run(first_that_runs(feed, _run))


def test_a_refusal_is_told_in_few_words(tmp_path: Path) -> None:
    """However many faults a bundle has, the status stays small."""
    feed = BundleFeed(settings(tmp_path), clock=SetClock(), keeps=True)
    feed.refuse(PolicyFault("many", faults=["fault"] * 10_000))
    assert MAX_TOLD == len(feed.last_refused)


@pytest.mark.parametrize(
    ("days", "seconds", "fresh"),
    [(0, 0.0, True), (0, 61.0, False), (1, 0.0, False), (-1, 61.0, False), (-1, 59.0, True)],
)
def test_age(tmp_path: Path, days: int, seconds: float, *, fresh: bool) -> None:
    """Time passes by either clock: while the machine sleeps, and while its clock is set back."""
    clock = SetClock()
    feed = BundleFeed(settings(tmp_path, max_age=60), clock=clock, keeps=True)
    clock.day += timedelta(days=days)
    clock.seconds += seconds
    assert fresh is feed.is_fresh


def test_settings_that_are_read_again(tmp_path: Path) -> None:
    """The limit on the age is the one of the last reload."""
    clock = SetClock()
    feed = BundleFeed(settings(tmp_path), clock=clock, keeps=True)
    clock.seconds += 61
    assert feed.is_fresh
    feed.follow(settings(tmp_path, max_age=60))
    assert not feed.is_fresh


@pytest.mark.parametrize("source", ["https://[::1/x", "https://host:x/y", "https://host:99999/y"])
def test_an_address_that_is_none(source: str) -> None:
    """It is a fault of the setting, told without the address."""
    with pytest.raises(SettingsFault, match="neither a path nor an address"):
        check_settings(Settings.model_validate({"policy": {"bundle": {"source": source, "key": "k"}}}))
