"""Starts an engine, prints its child's process id, and waits to be killed."""

import asyncio
import sys
from pathlib import Path

from sidecar import logs
from sidecar.policy.engine import start_engine


async def main() -> None:
    """Start, tell, wait."""
    logs.configure()
    engine = await start_engine(policies=Path(sys.argv[1]), catalog_data={}, shadow={}, timeout_ms=1000)
    print(engine.pid, flush=True)  # noqa: T201 - the test reads it
    await asyncio.Event().wait()


asyncio.run(main())
