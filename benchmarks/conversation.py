"""``python -m benchmarks.conversation``: a chat that resends its history at every turn, against stock Presidio.

Detection alone, CPU time, in one process: both sides take turns on the same chat, turn by turn, and every chat is new.
Stock looks at each message of each request; the sidecar's detector remembers what windows held.
"""

import argparse
import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from statistics import median, quantiles

from benchmarks.stock import Stock
from benchmarks.texts import draw
from sidecar.clock import Deadline, SystemClock
from sidecar.detection.cache import ReadingCache
from sidecar.detection.detector import WindowDetector, start_detector

TURNS = 20
SYSTEM, QUESTION, ANSWER = 2_000, 300, 900  # code points
CHATS, QUICK_CHATS, QUICK_TURNS = 5, 1, 3


@dataclass(slots=True)
class Chat:
    """What each side took, in milliseconds of CPU, turn by turn."""

    stock: list[float] = field(default_factory=list)
    first_look: list[float] = field(default_factory=list)
    """The sidecar's detector without a cache."""
    remembered: list[float] = field(default_factory=list)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print the section."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.conversation", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one short chat: only to see that it runs")
    asked = parser.parse_args(arguments)
    chats, turns = (QUICK_CHATS, QUICK_TURNS) if asked.quick else (CHATS, TURNS)
    print(section(asyncio.run(measure(chats, turns))))


async def measure(chats: int, turns: int) -> list[Chat]:
    """Return what each side took on some chats; one before them, which is thrown away, warms both up."""
    async with await start_detector(workers=0) as fresh:
        stock = Stock()
        await _chat(stock, fresh, 2, seed=0)
        return [await _chat(stock, fresh, turns, seed=number + 1) for number in range(chats)]


async def _chat(stock: Stock, fresh: WindowDetector, turns: int, *, seed: int) -> Chat:
    cache = ReadingCache(subkey=lambda tenant: tenant.encode().ljust(32))
    cached = WindowDetector(fresh.offload, ("en",), cache=cache)
    chat, history = Chat(), [next(draw(SYSTEM, seed=seed))]
    for question, answer in islice(zip(draw(QUESTION, seed=seed), draw(ANSWER, seed=seed), strict=False), turns):
        history.append(question)
        chat.stock.append(_redact(stock, history))
        chat.first_look.append(await _inspect(fresh, history))
        chat.remembered.append(await _inspect(cached, history))
        history.append(answer)
    return chat


def _redact(stock: Stock, history: Sequence[str]) -> float:
    start = time.process_time()
    for text in history:
        stock.redact(text)
    return (time.process_time() - start) * 1e3


async def _inspect(detector: WindowDetector, history: Sequence[str]) -> float:
    start = time.process_time()
    await detector.inspect(
        history, tenant="bench", deadline=Deadline(SystemClock(), None), threads=[range(len(history))]
    )
    return (time.process_time() - start) * 1e3


def section(chats: Sequence[Chat]) -> str:
    """Return the results as a section of a page."""
    turns = len(chats[0].stock)
    rows = [
        ("all turns", [(sum(one.stock), sum(one.first_look), sum(one.remembered)) for one in chats]),
        (f"turn {turns} alone", [(one.stock[-1], one.first_look[-1], one.remembered[-1]) for one in chats]),
    ]
    lines = [
        f"## A conversation of {turns} turns that resends its history",
        "",
        f"{len(chats)} chats, every message new to both sides when it first comes: a system prompt of {SYSTEM:,}",
        f"characters, then questions of {QUESTION} and answers of {ANSWER}. Milliseconds of CPU, detection alone;",
        "ratios are medians chat by chat, in brackets the quartiles.",
        "",
        "| | stock, ms | without memory, ms | with it, ms | stock ÷ without | stock ÷ with |",
        "| ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name, took in rows:
        stock, first, remembered = (median(one) for one in zip(*took, strict=True))
        ratios = (_spread([one[0] / one[side] for one in took]) for side in (1, 2))
        lines.append(f"| {name} | {stock:,.0f} | {first:,.0f} | {remembered:,.1f} | {' | '.join(ratios)} |")
    return "\n".join(lines)


def _spread(values: Sequence[float]) -> str:
    if len(values) == 1:
        return f"{values[0]:.1f}"
    first, middle, third = quantiles(values, n=4, method="inclusive")
    return f"{middle:.1f} ({first:.1f} to {third:.1f})"


if __name__ == "__main__":
    main()
