"""A real sidecar beside us: its own process, real OPA, a journal on disk, a Unix socket."""

import asyncio
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sidecar.integrations.client import SidecarClient, SidecarRefusedError

CONFIG = Path(__file__).with_name("sidecar.yaml")
START_SECONDS = 120
STOP_SECONDS = 30


@asynccontextmanager
async def running(state: Path, *, workers: int, config: Path = CONFIG) -> AsyncIterator[tuple[str, SidecarClient]]:
    """Start a sidecar whose journal lies below ``state``, wait until it is well, give address and client, stop it."""
    await asyncio.to_thread(state.mkdir, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="sidecar-bench-") as folder:
        address = f"unix:{folder}/sidecar.sock"
        environment = os.environ | {
            "SIDECAR_AUDIT__PATH": str(state / "journal"),
            "SIDECAR_DETECTION__WORKERS": str(workers),
        }
        with (state / "sidecar.log").open("wb") as log:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "sidecar", "serve", "--config", config, "--listen", address),
                env=environment,
                stderr=log,
            )
            try:
                async with SidecarClient(address) as client:
                    await _well(client, process, state / "sidecar.log")
                    yield address, client
            finally:
                if process.returncode is None:
                    process.send_signal(signal.SIGTERM)
                await asyncio.wait_for(process.wait(), STOP_SECONDS)


async def _well(client: SidecarClient, process: asyncio.subprocess.Process, log: Path) -> None:
    async with asyncio.timeout(START_SECONDS):
        while process.returncode is None:
            try:
                if not (await client.status(seconds=2)).troubles:
                    return
            except SidecarRefusedError:
                pass  # it does not listen yet
            await asyncio.sleep(0.1)
    message = f"the sidecar ended with {process.returncode}; its log is {log}"
    raise SystemExit(message)
