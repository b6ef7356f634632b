"""Worker processes: order, loss, deadlines, and that nothing is left behind."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from sidecar.clock import Deadline, SystemClock
from sidecar.detection.detector import PooledDetector, start_detector
from sidecar.detection.workers import Pool
from sidecar.errors import BadRequest, DeadlinePassed, DetectionUnavailable, SettingsFault
from sidecar.types.content import Complete, Finding
from tests.detection import tasks

pytestmark = pytest.mark.asyncio(loop_scope="module")

MAIL = "Mail jane.doe@example.com"
FOUND = Complete((Finding(0, 5, 25, "EMAIL_ADDRESS", "contact", 0.95, "EmailRecognizer"),), ("en",))
LARGE = "Anna Smith met Bob Jones in Paris, and we heard of it later. " * (4 << 14)
LONG = "Anna Smith met Bob Jones in Paris. " * 2_000


def within(seconds: float | None) -> Deadline:
    """Return a deadline on the machine's clock."""
    return Deadline(SystemClock(), seconds)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def pooled() -> AsyncIterator[PooledDetector]:
    """A detector with one worker, so that the order of work can be seen."""
    async with await start_detector(workers=1) as detector:
        assert isinstance(detector, PooledDetector)
        yield detector


async def worker_pid(detector: PooledDetector) -> int:
    """Return the process that serves."""
    return await detector.offload(os.getpid, deadline=within(None))


async def gone(pid: int) -> bool:
    """Wait until a process has ended; False after ten seconds."""
    for _ in range(1_000):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        await asyncio.sleep(0.01)
    return False


async def test_found(pooled: PooledDetector) -> None:
    """A worker finds what the thread finds, and the card says what is loaded."""
    assert FOUND == await pooled.inspect([MAIL], tenant="t", deadline=within(None))
    assert sorted(pooled.recognizers) == list(pooled.recognizers)
    assert 64 == len(pooled.revision)
    assert "native" == pooled.ner_engine
    assert await pooled.healthy()


async def test_grpc_stays_out(pooled: PooledDetector) -> None:
    """A worker never imports gRPC, nor what speaks it."""
    assert [] == await pooled.offload(tasks.foreign_modules, deadline=within(None))


async def test_short_texts_overtake(pooled: PooledDetector) -> None:
    """With one worker, texts that come while a long one is read are done before it."""
    done: list[str] = []

    async def one(name: str, text: str) -> None:
        await pooled.inspect([text], tenant="t", deadline=within(None))
        done.append(name)

    long = asyncio.create_task(one("long", LONG))
    await asyncio.sleep(0.05)
    await asyncio.gather(long, *(one("short", MAIL) for _ in range(3)))
    assert ["short", "short", "short", "long"] == done


async def test_four_megabytes_do_not_stand_in_the_way(pooled: PooledDetector) -> None:
    """While a text of four megabytes is inspected, small requests go on overtaking it, one after the other."""
    large = asyncio.create_task(pooled.inspect([LARGE], tenant="t", deadline=within(None)))
    await asyncio.sleep(0.3)
    for _ in range(5):
        sent = pooled.offload.sent  # type: ignore[attr-defined]
        assert FOUND == await pooled.inspect([MAIL], tenant="u", deadline=within(None))
        assert pooled.offload.sent - sent <= 2  # type: ignore[attr-defined]  # at most one window of the large one is read first
    assert not large.done()
    large.cancel()
    with pytest.raises(asyncio.CancelledError):
        await large
    assert FOUND == await pooled.inspect([MAIL], tenant="u", deadline=within(None))


async def test_short_texts_that_wait_together_go_together(pooled: PooledDetector) -> None:
    """Texts of several requests that wait for a busy worker are read as one job; each request gets its own answer."""
    busy = asyncio.create_task(pooled.offload(time.sleep, 0.3, deadline=within(None)))
    await asyncio.sleep(0.05)
    sent = pooled.offload.sent  # type: ignore[attr-defined]
    texts = [f"{'x' * number} jane.doe@example.com" for number in range(20)]
    inspections = await asyncio.gather(
        *(pooled.inspect([text], tenant=str(number % 3), deadline=within(None)) for number, text in enumerate(texts))
    )
    await busy
    assert list(range(1, 21)) == [inspection.findings[0].start for inspection in inspections]
    assert 1 == pooled.offload.sent - sent  # type: ignore[attr-defined]


async def test_who_leaves_takes_nobody_along(pooled: PooledDetector) -> None:
    """Of requests that are read together one may leave; the others get their answers, and the worker stays."""
    pid = await worker_pid(pooled)
    busy = asyncio.create_task(pooled.offload(time.sleep, 0.3, deadline=within(None)))
    await asyncio.sleep(0.05)
    calls = [asyncio.create_task(pooled.inspect([MAIL], tenant="t", deadline=within(None))) for _ in range(3)]
    await asyncio.sleep(0.05)
    calls[1].cancel()
    await busy
    assert [FOUND, FOUND] == [await calls[0], await calls[2]]
    assert pid == await worker_pid(pooled)


async def test_lost_worker(pooled: PooledDetector) -> None:
    """The request that a killed worker held is unavailable; the next one is served by another worker."""
    pid = await worker_pid(pooled)
    reading = asyncio.create_task(pooled.inspect([LONG], tenant="t", deadline=within(None)))
    await asyncio.sleep(0.1)
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(DetectionUnavailable):
        await reading
    assert FOUND == await pooled.inspect([MAIL], tenant="t", deadline=within(None))
    assert pid != await worker_pid(pooled)


async def test_deadline_ends_the_worker(pooled: PooledDetector) -> None:
    """A worker whose caller is too late is ended, in the middle of what it does."""
    pid = await worker_pid(pooled)
    with pytest.raises(DeadlinePassed):
        await pooled.offload(tasks.never_return, deadline=within(0.1))
    assert await gone(pid)
    assert FOUND == await pooled.inspect([MAIL], tenant="t", deadline=within(None))


async def test_cancelled_caller_ends_the_worker(pooled: PooledDetector) -> None:
    """A worker whose caller has left is ended too."""
    pid = await worker_pid(pooled)
    call = asyncio.create_task(pooled.offload(tasks.never_return, deadline=within(None)))
    await asyncio.sleep(0.1)
    call.cancel()
    assert await gone(pid)
    assert await pooled.healthy()


async def test_passed_deadline_asks_nobody(pooled: PooledDetector) -> None:
    """Who comes too late is told at once."""
    with pytest.raises(DeadlinePassed):
        await pooled.inspect([MAIL], tenant="t", deadline=within(0))


async def test_functions(pooled: PooledDetector) -> None:
    """A function's value comes back, an error of ours too; anything else is told by its type alone."""
    assert {"a": 3} == await pooled.offload(tasks.echo, {"a": 3}, deadline=within(None))
    with pytest.raises(BadRequest) as caught:
        await pooled.offload(tasks.refuse, deadline=within(None))
    assert ("not this", "body") == (str(caught.value), caught.value.field)
    with pytest.raises(DetectionUnavailable) as failed:
        await pooled.offload(tasks.stumble, "a secret", deadline=within(None))
    assert "a detection worker failed (ValueError)" == str(failed.value)


async def test_large_values_travel(pooled: PooledDetector) -> None:
    """Twenty megabytes go there and back."""
    body = bytes(20 << 20)
    assert body == await pooled.offload(tasks.echo, body, deadline=within(None))


async def test_lost_zygote() -> None:
    """Where the process that workers come from is lost, another one is started."""
    async with await start_detector(workers=1) as detector:
        assert isinstance(detector.offload, Pool)
        zygote, worker = detector.offload._nursery._process.pid, await worker_pid(detector)  # type: ignore[arg-type]
        os.kill(zygote, signal.SIGKILL)
        os.kill(worker, signal.SIGKILL)
        for _ in range(2_400):
            if await detector.healthy():
                break
            await asyncio.sleep(0.05)
        assert FOUND == await detector.inspect([MAIL], tenant="t", deadline=within(None))


async def test_nothing_is_left_behind() -> None:
    """After closing, neither workers nor the process they came from are there, and whoever asks is refused."""
    detector = await start_detector(workers=2)
    assert isinstance(detector.offload, Pool)
    pids = [detector.offload._nursery._process.pid, await detector.offload(os.getpid, deadline=within(None))]
    await detector.aclose()
    assert all([await gone(pid) for pid in pids])
    with pytest.raises(DetectionUnavailable):
        await detector.inspect([MAIL], tenant="t", deadline=within(None))
    assert not await detector.healthy()


async def test_closing_refuses_what_is_read() -> None:
    """Who still waits when the detector closes is refused, not forgotten."""
    detector = await start_detector(workers=1)
    reading = asyncio.create_task(detector.inspect([LONG], tenant="t", deadline=within(None)))
    await asyncio.sleep(0.1)
    await detector.aclose()
    with pytest.raises(DetectionUnavailable):
        await reading


async def test_workers_end_with_their_parent() -> None:
    """A serving process that is killed leaves no worker, not even one in the middle of a job."""
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", tasks.PARENT, stdout=asyncio.subprocess.PIPE)
    assert parent.stdout is not None
    pids = [int(pid) for pid in (await parent.stdout.readline()).split()]
    parent.kill()
    await parent.wait()
    assert 2 == len(pids)
    assert all([await gone(pid) for pid in pids])


async def test_a_fault_at_start_is_told() -> None:
    """A setting that the workers cannot load stops the start by its name; nothing hangs."""
    with pytest.raises(SettingsFault) as caught:
        await start_detector(model="no_such_model_here", workers=1)
    assert "detection.model" == caught.value.field
