"""The main job on real input: starts a sidecar, sends requests through a gateway, shows what became of them.

Then it exports and verifies the audit log of this very run, and stops cleanly. Run it with ``make demo``.
"""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from deploy.demo.cases import CASES  # noqa: E402 - the checkout is not installed as a package
from deploy.demo.gateway import Exchange, Gateway, Upstream, content_of  # noqa: E402
from sidecar.integrations.client import SidecarClient, SidecarRefusedError  # noqa: E402
from sidecar.v1 import inspection_pb2 as pb  # noqa: E402

SIDECAR = Path(sys.executable).with_name("sidecar")
CONFIG = ROOT / "deploy" / "demo" / "sidecar.yaml"
START_SECONDS = 90
STOP_SECONDS = 30
WIDTH = 166
COLORS = {"allow": "green", "redact": "yellow", "reroute": "cyan", "block": "red"}


async def main() -> int:
    """Run the demo; return 0 where everything held."""
    console = Console(highlight=False, width=None if sys.stdout.isatty() else WIDTH)
    state = ROOT / ".cache" / "demo" / "run"
    shutil.rmtree(state, ignore_errors=True)
    environment = {**os.environ, "SIDECAR_AUDIT__PATH": str(state)}
    with tempfile.TemporaryDirectory(prefix="sidecar-demo-") as folder:
        address = f"unix:{folder}/sidecar.sock"
        console.print("starting the sidecar: OPA with the policies, workers with the English model …")
        async with _sidecar(address, environment), SidecarClient(address) as client, Upstream() as upstream:
            await _ready(client)
            gateway = Gateway(client, upstream.url)
            exchanges = [await gateway.handle(case, number) for number, case in enumerate(CASES)]
            _show(console, exchanges)
            judged = Counter(one.answer.body for one in exchanges if one.answer.action != pb.ACTION_BLOCK)
            unjudged = Counter(upstream.received) - judged
    console.print(
        f"\nThe models received {len(upstream.received)} bodies, each as the sidecar returned it"
        if not unjudged
        else "[red]a model received what was not judged[/]"
    )
    verified = await _verify(console, state, environment)
    return 0 if verified and not unjudged else 1


@asynccontextmanager
async def _sidecar(address: str, environment: dict[str, str]) -> AsyncIterator[None]:
    """Run ``sidecar serve`` for as long as the block lasts, and stop it as an operator would."""
    log = ROOT / ".cache" / "demo" / "sidecar.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as stream:
        process = await asyncio.create_subprocess_exec(
            SIDECAR, "serve", "--config", CONFIG, "--listen", address, env=environment, stderr=stream
        )
        try:
            yield
        finally:
            if process.returncode is None:
                process.send_signal(signal.SIGTERM)
            code = await asyncio.wait_for(process.wait(), STOP_SECONDS)
            if code != 0:
                message = f"the sidecar ended with {code}; its log is {log.relative_to(ROOT)}"
                raise SystemExit(message)


async def _ready(client: SidecarClient) -> None:
    """Wait until all parts are well."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        try:
            if not (await client.status(seconds=2)).troubles:
                return
        except SidecarRefusedError:
            pass  # it does not listen yet
        await asyncio.sleep(0.1)
    message = f"the sidecar was not ready within {START_SECONDS} s; its log is .cache/demo/sidecar.log"
    raise SystemExit(message)


def _show(console: Console, exchanges: Sequence[Exchange]) -> None:
    grid = Table(title="What became of the requests", title_justify="left", header_style="bold", show_lines=True)
    for column, width in (
        ("customer", 11),
        ("request", 34),
        ("action", 7),
        ("why", 48),
        ("redacted", 22),
        ("went to", 24),
    ):
        grid.add_column(column, width=width, overflow="fold")
    for one in exchanges:
        answer = one.answer
        action = pb.Action.Name(answer.action).removeprefix("ACTION_").lower()
        redacted = Counter(
            f"{finding.data_class} ({finding.operator})" for finding in answer.findings if finding.operator
        )
        target = _target(one.case.model, one.case.provider, one.case.region)
        grid.add_row(
            one.case.tenant,
            f"{one.case.about}\n[dim]{target}[/]",
            f"[{COLORS[action]}]{action}[/]",
            "\n".join(_reasons(answer)).replace("[", r"\[") or "nothing stands against it",
            "\n".join(f"{count} {name}" for name, count in sorted(redacted.items())),
            _target(answer.target.model, answer.target.provider, answer.target.region) or "nobody",
        )
    console.print(grid)
    _show_one(console, exchanges)


def _target(model: str, provider: str, region: str) -> str:
    return "@".join(part for part in (model, provider, region) if part)


def _reasons(answer: pb.InspectResponse) -> list[str]:
    """Return each rule that spoke with its clauses; what it says of several classes under one law is one line."""
    return list(dict.fromkeys(f"{reason.code}: {reason.clause}" for reason in answer.reasons))


def _show_one(console: Console, exchanges: Sequence[Exchange]) -> None:
    """Show one redacted request as the model got it, and the reply as the client got it."""
    shown = next((one for one in exchanges if one.answer.restoration), None)
    if shown is None:
        return
    console.print(f"\nOne of them, as the model got it ({shown.case.tenant}, {shown.case.about}):")
    console.print(f"  {shown.answer.body.decode()}", markup=False, soft_wrap=True)
    console.print("and the model's reply, as the client got it:")
    console.print(f"  {content_of(shown.reply)}", markup=False, soft_wrap=True)


async def _verify(console: Console, state: Path, environment: dict[str, str]) -> bool:
    """Export the log of this run and check it as an auditor would."""
    export = state / "export.jsonl"
    told = []
    for arguments in (
        ("audit", "export", "--config", str(CONFIG), "--output", str(export)),
        ("audit", "verify", str(export), "--public-key", str(state / "keys" / "audit.ed25519.pub")),
    ):
        done = await asyncio.to_thread(
            subprocess.run, [str(SIDECAR), *arguments], env=environment, capture_output=True, text=True, check=False
        )
        told.append(done)
    verdict = told[-1]
    console.print(f"audit log: {verdict.stdout.strip() or verdict.stderr.strip()}", markup=False)
    return verdict.returncode == 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
