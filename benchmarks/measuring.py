"""Runs every side on the same text in turn, round after round, and keeps what each took."""

import json
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from itertools import islice

from benchmarks.stock import Floor, Stock
from benchmarks.texts import draw
from sidecar.integrations.client import SidecarClient
from sidecar.v1 import inspection_pb2 as pb

STAY = pb.Target(model="deepseek-v4-flash-0731", provider="scaleway")  # in the EU: personal data passes as it is
LEAVE = pb.Target(model="deepseek-v4-pro", provider="deepseek")  # in China: personal data passes as pseudonyms
STAGES = ("parse", "detect", "policy", "act", "record")
REQUEST_SECONDS = 120.0
ROUNDS = {50: 60, 300: 50, 1_000: 40, 4_000: 24, 16_000: 12, 60_000: 7}
QUICK = {50: 2, 300: 2}


@dataclass(slots=True)
class Run:
    """What the sides took on texts of one length, in milliseconds, by round."""

    length: int
    milliseconds: dict[str, list[float]] = field(
        default_factory=lambda: {"stock": [], "stay": [], "leave": [], "floor": []}
    )
    stages: dict[str, dict[str, list[float]]] = field(
        default_factory=lambda: {side: {stage: [] for stage in (*STAGES, "rest", "wire")} for side in ("stay", "leave")}
    )
    actions: dict[str, list[str]] = field(default_factory=lambda: {"stay": [], "leave": []})


class Harness:
    """All sides, warm."""

    def __init__(self, client: SidecarClient, *, advance: Callable[[int], None]) -> None:
        self._client = client
        self._advance = advance
        self._stock = Stock()
        self._floor = Floor()

    async def measure(self, rounds: dict[int, int]) -> Sequence[Run]:
        """Measure every length, the shortest first."""
        return [await self._length(length, count) for length, count in rounds.items()]

    async def _length(self, length: int, count: int) -> Run:
        run, warm_up = Run(length), Run(length)
        for number, text in enumerate(islice(draw(length), count + 1)):
            await self._round(warm_up if number == 0 else run, text, number)
            self._advance(length)
        return run

    async def _round(self, run: Run, text: str, number: int) -> None:
        sides: list[Callable[[], Awaitable[None]]] = [
            lambda: self._local(run, "stock", lambda: self._stock.redact(text)),
            lambda: self._ask(run, "stay", STAY, text),
            lambda: self._local(run, "floor", lambda: self._floor.names(text)),
            lambda: self._ask(run, "leave", LEAVE, text),
        ]
        first = number % len(sides)  # so that no side always comes after the same one
        for side in (*sides[first:], *sides[:first]):
            await side()

    async def _local(self, run: Run, side: str, work: Callable[[], object]) -> None:
        start = time.perf_counter()
        work()
        run.milliseconds[side].append((time.perf_counter() - start) * 1e3)

    async def _ask(self, run: Run, side: str, target: pb.Target, text: str) -> None:
        request = pb.InspectRequest(
            tenant=side,  # a tenant for each: what one has sent is remembered for that one alone
            target=target,
            format=pb.FORMAT_OPENAI_CHAT,
            body=json.dumps({"model": "m", "messages": [{"role": "user", "content": text}]}).encode(),
        )
        start = time.perf_counter()
        answer = await self._client.inspect(request, seconds=REQUEST_SECONDS)
        took = (time.perf_counter() - start) * 1e3
        spent = {stage: getattr(answer.timings, f"{stage}_us") / 1e3 for stage in STAGES}
        total = answer.timings.total_us / 1e3
        run.milliseconds[side].append(took)
        run.actions[side].append(pb.Action.Name(answer.action).removeprefix("ACTION_").lower())
        for stage, value in {**spent, "rest": total - sum(spent.values()), "wire": took - total}.items():
            run.stages[side][stage].append(value)
