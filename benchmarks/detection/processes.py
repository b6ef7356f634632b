"""What workers take: time to start, memory of their own, and how texts a second grow with them."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from statistics import median

from benchmarks.detection.sides import settings
from benchmarks.pages import spread, table
from benchmarks.texts import draw
from sidecar.clock import Deadline, SystemClock
from sidecar.detection.detector import WindowDetector
from sidecar.detection.workers import Pool

LENGTH, TEXTS, ROUNDS, AT_ONCE = 4_000, 120, 5, 8
STARTS = 3
TARGET = 0.9
_STOCK = (
    "import time; start = time.perf_counter(); from benchmarks.stock import Stock; Stock().redact('Maria Keller'); "
)
_OURS = (
    "import time; start = time.perf_counter(); "
    "from benchmarks.detection.processes import first_answer; first_answer(); "
)


def first_answer() -> None:
    """Start a worker, and wait for its first answer."""

    async def start() -> None:
        async with WindowDetector(await Pool.start(settings(), 1), ("en",)) as one:
            await _detect(one, "Maria Keller")

    asyncio.run(start())


async def section(*, quick: bool) -> str:
    """Measure, and return the results as a section of a page."""
    texts, rounds = (4, 1) if quick else (TEXTS, ROUNDS)
    rates: dict[int, list[float]] = {1: [], 2: []}
    memory: list[Sequence[str]] = []
    pools = {count: WindowDetector(await Pool.start(settings(), count), ("en",)) for count in rates}
    try:
        for number in range(rounds + 1):
            for count, one in pools.items():
                rate = await _rate(one, list(islice(draw(LENGTH, seed=100 * number + count), texts)))
                if number or quick:
                    rates[count].append(rate)
        memory = [(str(number + 1), *_memory(pid)) for number, pid in enumerate(_workers())]
    finally:
        for one in pools.values():
            await one.aclose()
    gains = [two / one for one, two in zip(rates[1], rates[2], strict=True)]
    sides = {} if quick else {"stock": _STOCK, "ours, with one worker": _OURS}
    said = ", ".join(f"{side} {median(_seconds(code) for _ in range(STARTS)):.1f} s" for side, code in sides.items())
    throughput = (
        f"Texts of {LENGTH:,} characters, {AT_ONCE} at a time, wall time on {os.cpu_count()} cores: one worker "
        f"{median(rates[1]):.0f} texts a second, two {median(rates[2]):.0f}: {spread(gains, 2)} times as many, "
        f"{median(gains) / 2:.2f} of the cores (target 0.9{_missed(median(gains) / 2)}). The process that asks "
        "them runs on the same cores, and whatever else runs on the machine takes from them too."
    )
    columns = ("worker", "its own (USS)", "its share of all (PSS)", "resident (RSS)")
    return "\n\n".join(
        [
            "## Processes",
            throughput,
            f"Start to the first answer, imports included: {said or 'not measured'}.",
            "Memory of the workers after that, in MB. What a worker does not own it shares with all of them.",
            table(columns, memory),
        ]
    )


def _missed(share: float) -> str:
    return f", missed by {1 - share / TARGET:.0%}" if share < TARGET else ""


async def _rate(one: WindowDetector, texts: Sequence[str]) -> float:
    """Return texts a second."""
    waiting = iter(texts)

    async def ask() -> None:
        for text in waiting:
            await _detect(one, text)

    start = time.perf_counter()
    await asyncio.gather(*(ask() for _ in range(AT_ONCE)))
    return len(texts) / (time.perf_counter() - start)


async def _detect(one: WindowDetector, text: str) -> None:
    await one.inspect([text], tenant="bench", deadline=Deadline(SystemClock(), None))


def _seconds(code: str) -> float:
    ran = subprocess.run(
        [sys.executable, "-c", f"{code}print(time.perf_counter() - start)"], capture_output=True, text=True, check=True
    )
    return float(ran.stdout)


def _workers() -> list[int]:
    """Return the processes of all workers: the children of our children."""
    return [grandchild for child in _children(os.getpid()) for grandchild in _children(child)]


def _children(process: int) -> list[int]:
    return [
        int(child)
        for task in Path(f"/proc/{process}/task").iterdir()
        for child in task.joinpath("children").read_text("ascii").split()
    ]


def _memory(process: int) -> tuple[str, str, str]:
    kilobytes = dict.fromkeys(("Private_Clean", "Private_Dirty", "Pss", "Rss"), 0)
    for line in Path(f"/proc/{process}/smaps_rollup").read_text("ascii").splitlines():
        name, _, value = line.partition(":")
        if name in kilobytes:
            kilobytes[name] = int(value.split()[0])
    own = kilobytes["Private_Clean"] + kilobytes["Private_Dirty"]
    return f"{own / 1024:.0f}", f"{kilobytes['Pss'] / 1024:.0f}", f"{kilobytes['Rss'] / 1024:.0f}"
