"""The queue before the workers: order, fairness, and what is taken together."""

import asyncio

from sidecar.detection.errands import Errands, answers_of, frame_of
from sidecar.detection.frames import HEADER, Broke, Call, Done, Read, ReadTogether, unpack
from sidecar.detection.windows import CORE, JOB_WINDOWS, Job, Window
from sidecar.detection.zygote import _together


def job(text: str, count: int = 1) -> Job:
    """Return a job of some equal windows."""
    return (Window(0, 0, text, 0, len(text), units=0.0, names=True),) * count


def read(text: str, count: int = 1) -> Read:
    """Return the task to read such a job."""
    return Read(job(text, count))


async def taken(errands: Errands) -> list[str]:
    """Return the first words of what is taken next."""
    return [errand.job[0].text[:1] if errand.job else "call" for errand in await errands.take()]


async def test_order_and_fairness() -> None:
    """The windows of a long text stand behind what others ask for later, and what fits is taken together in order."""
    errands = Errands()
    long = "L" * CORE
    errands.put([read(long), read(long), read(long)], [CORE, 2 * CORE, 3 * CORE])
    assert ["L"] == await taken(errands)
    errands.put([read("a")], [1])
    errands.put([read("b")], [1])
    assert ["a", "b"] == await taken(errands)
    assert ["L"] == await taken(errands)
    errands.put([read("c")], [1])
    assert ["c"] == await taken(errands)
    assert ["L"] == await taken(errands)


async def test_what_does_not_fit_stays_in_its_place() -> None:
    """Nobody is overtaken by what is smaller: taking ends at the first that does not fit."""
    errands = Errands()
    for task in (read("a"), read("b" * CORE), read("c"), Call(len, ("",)), read("d", JOB_WINDOWS), read("e")):
        errands.put([task], [1])
    assert [["a"], ["b"], ["c"], ["call"], ["d"], ["e"]] == [await taken(errands) for _ in range(6)]


async def test_idle_workers_keep_their_share() -> None:
    """While another worker waits, what comes is not all taken by one."""
    errands = Errands()
    first, second = (asyncio.create_task(taken(errands)) for _ in range(2))
    await asyncio.sleep(0)
    errands.put([read("a")], [1])
    errands.put([read("b")], [1])
    assert [["a"], ["b"]] == [await first, await second]


async def test_whoever_left_is_left_out() -> None:
    """An errand that nobody waits for is not taken, first or together with others."""
    errands = Errands()
    (gone,) = errands.put([read("a")], [1])
    errands.put([read("b")], [1])
    (left,) = errands.put([read("c")], [1])
    gone.answer.cancel()
    left.answer.cancel()
    assert ["b"] == await taken(errands)


async def test_frames_and_answers() -> None:
    """One errand is asked for as it is, several as one task with an answer for each."""
    errands = Errands().put([read("a"), read("b")], [1, 2])
    assert read("a") == unpack(frame_of(errands[:1])[HEADER.size :])
    assert ReadTogether((job("a"), job("b"))) == unpack(frame_of(errands)[HEADER.size :])
    assert [Done(1)] == answers_of(errands[:1], Done(1))
    assert (Done(1), Done(2)) == answers_of(errands, Done((Done(1), Done(2))))


class Picky:
    """An engine that breaks on one text."""

    def read(self, job: Job) -> tuple[str, ...]:
        """Return the texts, unless one is bad."""
        if any(window.text == "bad" for window in job):
            raise ValueError
        return tuple(window.text for window in job)


def test_what_breaks_only_breaks_for_whom_it_must() -> None:
    """Where jobs cannot be read as one, each is read by itself."""
    jobs = (job("a", 2), job("bad"), job("b"))
    assert (Done(("a", "a")), Done(("b",))) == _together(Picky(), (jobs[0], jobs[2]))  # type: ignore[arg-type]
    assert (Done(("a", "a")), Broke("ValueError"), Done(("b",))) == _together(Picky(), jobs)  # type: ignore[arg-type]
