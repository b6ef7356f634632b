"""A process of its own that writes a journal: to be killed, or to run out of room."""

import asyncio
import json
import os
import resource
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from sidecar.audit.journal import SqliteJournal
from tests.audit.fakes import SteppingClock, entry


async def append(folder: Path) -> None:
    """Append for ever, eight at a time, and say what was acknowledged."""
    journal = SqliteJournal(folder, clock=SteppingClock())

    async def one(number: int) -> None:
        receipt = await journal.append(entry(number, padding="x" * 2000))
        line = {"number": number, "sequence": receipt.sequence, "hash": receipt.hash}
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()

    async def many(start: int) -> None:
        for number in range(start, 1_000_000, 8):
            await one(number)

    await asyncio.gather(*(many(start) for start in range(8)))


async def full(folder: Path) -> None:
    """Let the system refuse to write beyond what is there, then let it write again."""
    journal = SqliteJournal(folder, clock=SteppingClock())
    await journal.append(entry(1))
    largest = max(item.stat().st_size for item in os.scandir(folder))
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, hard))
    entries = [entry(number, padding="x" * 50_000) for number in range(2, 22)]
    refused = await asyncio.gather(*(journal.append(item) for item in entries), return_exceptions=True)
    said: dict[str, object] = {
        "refused": [type(item).__name__ for item in refused],
        "healthy while full": await journal.healthy(),
        "size while full": journal.size,
    }
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    said["healthy again"] = await journal.healthy()
    said["sequence"] = (await journal.append(entry(2))).sequence
    await journal.close()
    sys.stdout.write(json.dumps(said))


if __name__ == "__main__":
    asyncio.run({"append": append, "full": full}[sys.argv[1]](Path(sys.argv[2])))
