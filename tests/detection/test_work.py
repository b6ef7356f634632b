"""Work is counted in units, never in time: no text costs more than three times what ordinary text costs."""

import asyncio
from itertools import islice

import pytest

from benchmarks.texts import draw
from sidecar.clock import Deadline, SystemClock
from sidecar.detection.detector import LocalDetector, WindowDetector
from sidecar.detection.recognizers.work import ALLOWED, FULL_SHARE, NAMES, Spent, Unbounded, Work
from sidecar.detection.windows import NAMES_BUDGET, cut
from sidecar.types.content import Complete
from tests.detection.fakes import CountingRunner, Reader
from tests.detection.test_detector import HOSTILE

MOST = 3.0
LENGTHS = (300, 1_000, 4_000)  # code points of ordinary texts
HOSTILE_16_MB = {
    "mails": "jane.doe@example.com\n",
    "phones": "030 901820\n",
    "digits": "1234 ",
    "nothing": "00999301234, ",
}


def units(reader: Reader, text: str) -> float:
    """Return what a text costs: the code points that names are read in, and the work of patterns."""
    named = sum(window.end - window.start for window in cut([text], {}) if window.names)
    return NAMES * named + sum(reading.work for reading in reader.readings(text))


@pytest.fixture(scope="module")
def mean(reader: Reader) -> float:
    """Units for a code point of ordinary text."""
    texts = [text for length in LENGTHS for text in islice(draw(length), 5)]
    return sum(units(reader, text) for text in texts) / sum(map(len, texts))


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_texts_cost_three_times_the_mean_at_most(reader: Reader, mean: float, text: str) -> None:
    """What stalls stock Presidio costs little more than anything else."""
    assert units(reader, text) <= MOST * mean * len(text)


@pytest.mark.parametrize("line", HOSTILE_16_MB.values(), ids=HOSTILE_16_MB)
def test_dense_texts_cost_three_times_the_mean_at_most(reader: Reader, mean: float, line: str) -> None:
    """Neither do texts of nothing but values, or of what looks like them."""
    text = line * (24_000 // len(line))
    assert units(reader, text) <= MOST * mean * len(text)


def test_sixteen_megabytes_cannot_cost_more(mean: float) -> None:
    """Whatever fills the largest body, its windows may cost less for each letter than ordinary texts do."""
    size = 16 << 20
    allotted = sum(window.units for window in cut(["1234 " * (size // 5)], {}))
    assert NAMES * NAMES_BUDGET + allotted <= mean * size


def test_what_is_read_does_not_depend_on_the_machine(local: LocalDetector) -> None:
    """The same text is read to the same place, with the same work."""
    text = "00999301234, " * 900
    counted = []
    for _ in range(2):
        runner = CountingRunner(local.offload)
        deadline = Deadline(SystemClock(), None)
        inspection = asyncio.run(WindowDetector(runner, ("en",)).inspect([text], tenant="t", deadline=deadline))
        counted.append((runner.work, inspection))
    assert counted[0] == counted[1]


def test_tables_of_real_data_are_read_to_the_end(reader: Reader) -> None:
    """A sheet of customers, and one of telephone numbers, are within what is allowed."""
    row = "Anna Smith;anna.smith@example.com;+49 30 901820;DE89370400440532013000;4111 1111 1111 1111;1990-01-02\n"
    assert () == tuple(
        gap for text in (row * 300, "030 901820\n" * 1_000) for one in reader.readings(text) for gap in one.missing
    )


def test_shares() -> None:
    """The first half million code points are allowed the whole, those behind a part, and a short text enough."""
    windows = list(cut(["x " * FULL_SHARE, "short"], {}))
    assert {ALLOWED * len(one.text) for one in windows if one.segment == 0 and one.offset < FULL_SHARE - 30_000} == {
        one.units for one in windows if one.segment == 0 and one.offset < FULL_SHARE - 30_000
    }
    assert windows[-2].units < ALLOWED * len(windows[-2].text) / 2
    assert windows[-1].units > ALLOWED * 5


def test_spending() -> None:
    """Work ends where it is spent, and says where that was; whoever asks one recognizer alone has no end."""
    work = Work(5.0)
    work.spend(3.0, 10)
    with pytest.raises(Spent):
        work.spend(3.0, 20)
    assert (2.0, 3.0, 20) == (work.left, work.used, work.place)
    Unbounded().spend(1e12, 0)


def test_complete_is_complete(local: LocalDetector) -> None:
    """Ordinary texts are never partial, however long."""
    text = next(draw(60_000))
    deadline = Deadline(SystemClock(), None)
    inspection = asyncio.run(LocalDetector(local.offload, ()).inspect([text], tenant="t", deadline=deadline))
    assert isinstance(inspection, Complete)
