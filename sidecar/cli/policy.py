"""``sidecar policy``."""

import asyncio
import json
from pathlib import Path
from typing import Annotated

import typer

from sidecar.app.judging import judging
from sidecar.app.policies import check_policies, check_tests
from sidecar.cli.options import Config, Output, OutputOption
from sidecar.cli.screen import complain_of_usage, err, out
from sidecar.clock import SystemClock
from sidecar.config import load_settings
from sidecar.integrations.client import SidecarClient, SidecarRefusedError

FAILED = 1

app = typer.Typer(help="The rules: check, test, and see what is enforced.", no_args_is_help=True)

Policies = Annotated[
    Path | None, typer.Option("--path", help="The bundle's folder; policy.path or the shipped one by default.")
]


@app.command()
def check(config: Config = None, path: Policies = None) -> None:
    """Compile strictly with the capabilities that rules may have, against the schemas, and run the house lint."""
    settings = load_settings(config)
    faults = check_policies(settings, path)
    for fault in faults:
        err.print(fault, markup=False)
    if faults:
        complain_of_usage(f"{len(faults)} faults in the policies")
        raise typer.Exit(FAILED)
    out.print("the policies are well", markup=False)


@app.command("test")
def run_policy_tests(
    config: Config = None,
    path: Policies = None,
    threshold: Annotated[float, typer.Option("--threshold", help="Least coverage in percent.")] = 100,
) -> None:
    """Run the tests of the rules, with coverage."""
    settings = load_settings(config)
    well, report = check_tests(settings, path, threshold=threshold)
    out.print(report, markup=False)
    if not well:
        raise typer.Exit(FAILED)


@app.command()
def status(
    config: Config = None,
    address: Annotated[str | None, typer.Option("--address", help="Ask a running sidecar.")] = None,
    output: OutputOption = Output.TEXT,
) -> None:
    """Say which rules are enforced, and which only watch."""
    if address:
        rules, shadow, revision = asyncio.run(_of_server(address))
    else:
        rules, shadow, revision = asyncio.run(_of_settings(config))
    if output is Output.JSON:
        typer.echo(json.dumps({"revision": revision, "rules": rules, "shadow_rules": shadow}, indent=2))
        return
    out.print(f"revision {revision}", markup=False)
    for rule in rules:
        out.print(f"  {rule}", markup=False)
    for rule in shadow:
        out.print(f"  {rule} (shadow)", markup=False)


async def _of_settings(config: Config) -> tuple[list[str], list[str], str]:
    async with judging(load_settings(config), clock=SystemClock()) as judge:
        policy = judge.policy
        await policy.healthy()  # an OPA that somebody else runs tells its rules when it is first asked
        return list(policy.rules), list(policy.shadow_rules), policy.revision


async def _of_server(address: str) -> tuple[list[str], list[str], str]:
    async with SidecarClient(address) as client:
        try:
            told = await client.status()
        except SidecarRefusedError as error:
            complain_of_usage(f"{error.code}: {error}")
            raise typer.Exit(FAILED) from None
    return list(told.rules), list(told.shadow_rules), told.revisions.policy
