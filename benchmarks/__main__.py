"""``python -m benchmarks``: measures, prints, and with ``--write`` keeps the results."""

import argparse
import asyncio
import os
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from benchmarks.measuring import QUICK, ROUNDS, Harness, Run
from benchmarks.report import render
from benchmarks.running import running

RESULTS = Path(__file__).with_name("RESULTS.md")
STATE = (
    Path(__file__).parent.parent / ".cache" / "bench"
)  # on disk, beside the checkout: a journal in memory would flatter


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="two short lengths, two texts each: only to see that it runs"
    )
    parser.add_argument(
        "--workers", type=int, default=1, help="the sidecar's detection processes (default: 1, as stock has)"
    )
    parser.add_argument("--write", action="store_true", help="keep the results in benchmarks/RESULTS.md")
    parser.add_argument("--state", type=Path, default=STATE, help="folder for the journal and the sidecar's log")
    asked = parser.parse_args(arguments)
    shutil.rmtree(asked.state, ignore_errors=True)
    before = os.getloadavg()[0]
    runs = asyncio.run(measure(QUICK if asked.quick else ROUNDS, state=asked.state, workers=asked.workers))
    page = render(runs, day=datetime.now(UTC).date(), workers=asked.workers, load=(before, os.getloadavg()[0]))
    print(page)
    if asked.write:
        RESULTS.write_text(page, "utf-8")


async def measure(rounds: dict[int, int], *, state: Path, workers: int) -> Sequence[Run]:
    """Start a sidecar, measure, stop it; progress goes to standard error."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("starting the sidecar", total=sum(rounds.values()) + len(rounds))
        async with running(state, workers=workers) as (_, client):
            return await Harness(
                client, advance=lambda length: progress.update(task, advance=1, description=f"{length:,} characters")
            ).measure(rounds)


if __name__ == "__main__":
    main()
