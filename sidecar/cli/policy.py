"""``sidecar policy``: a team's own folder, and everything that guards it."""

import asyncio
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from sidecar.app.fixtures import Outcome
from sidecar.app.judging import judging
from sidecar.app.policies import (
    Tested,
    build_bundle,
    check_policies,
    format_policies,
    init_policies,
    lint_policies,
    make_bundle_keys,
    run_fixtures,
    run_rego_tests,
)
from sidecar.cli.options import Config, Output, OutputOption
from sidecar.cli.replay import diff, replay_journal
from sidecar.cli.screen import complain_of_usage, err, out, table
from sidecar.clock import SystemClock
from sidecar.config import load_settings
from sidecar.integrations.client import SidecarClient, SidecarRefusedError

FAILED = 1

app = typer.Typer(help="The rules: write, check, test and replay them, and see what is enforced.", no_args_is_help=True)

Policies = Annotated[
    list[Path] | None,
    typer.Option(
        "--path",
        metavar="DIR",
        help="An overlay or a whole bundle; repeatable. policy.path or the shipped one by default.",
        show_default=False,
    ),
]


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where; it must be empty or not there yet.")],
    name: Annotated[
        str | None, typer.Option("--name", help="Such as my-team; the folder's own name by default.")
    ] = None,
) -> None:
    """Make a policy folder of your own: a rule with its test, data, fixtures, waivers, lint, a CI job."""
    for written in init_policies(folder, name):
        out.print(f"{folder}/{written}", markup=False)
    out.print(f"set policy.path to {folder}, and see {folder}/README.md", markup=False)


@app.command()
def check(config: Config = None, path: Policies = None) -> None:
    """Compile strictly with the capabilities that rules may have, against the schemas, and run the house lint."""
    faults = check_policies(load_settings(config), path or ())
    _complain(faults)
    if faults:
        complain_of_usage(f"{len(faults)} fault{'s' if len(faults) > 1 else ''} in the policies")
        raise typer.Exit(FAILED)
    out.print("the policies are well", markup=False)


@app.command()
def lint(config: Config = None, path: Policies = None) -> None:
    """Run the house lint alone, and the checks of overlays."""
    faults = lint_policies(load_settings(config), path or ())
    _complain(faults)
    if faults:
        raise typer.Exit(FAILED)
    out.print("the lint has nothing to say", markup=False)


@app.command()
def fmt(
    config: Config = None,
    path: Policies = None,
    check: Annotated[bool, typer.Option("--check", help="Only name the files; exit 1 where there are any.")] = False,
) -> None:
    """Bring Rego files into OPA's one format."""
    names = format_policies(load_settings(config), path or (), write=not check)
    for name in names:
        out.print(name, markup=False)
    if names and check:
        raise typer.Exit(FAILED)


@app.command("test")
def run_policy_tests(
    config: Config = None,
    path: Policies = None,
    threshold: Annotated[float, typer.Option("--threshold", help="Least coverage in percent.")] = 100,
) -> None:
    """Run the tests of the rules, with coverage, and the fixtures."""
    settings = load_settings(config)
    tested = run_rego_tests(settings, path or ())
    out.print(tested.report, markup=False)
    if tested.passed:
        _show_gaps(tested)
    outcomes = asyncio.run(run_fixtures(settings, path or (), clock=SystemClock()))
    failed = [outcome for outcome in outcomes if outcome.difference]
    _show_failures(failed)
    if outcomes:
        out.print(f"fixtures: {len(outcomes) - len(failed)}/{len(outcomes)} as expected", markup=False)
    if not tested.passed or tested.coverage < threshold or failed:
        raise typer.Exit(FAILED)


@app.command()
def coverage(config: Config = None, path: Policies = None, output: OutputOption = Output.TEXT) -> None:
    """Say file by file what the tests of the rules reach."""
    tested = run_rego_tests(load_settings(config), path or ())
    if not tested.passed:
        out.print(tested.report, markup=False)
        raise typer.Exit(FAILED)
    if output is Output.JSON:
        files = {one.name: {"lines": one.lines, "covered": one.covered, "missed": one.missed} for one in tested.files}
        typer.echo(json.dumps({"coverage": round(tested.coverage, 2), "files": files}, indent=2))
        return
    rows = [
        (one.name, f"{100 * one.covered / one.lines if one.lines else 100:.0f} %", ", ".join(map(_rows, one.missed)))
        for one in tested.files
    ]
    table("", ("file", "covered", "rows that no test reaches"), rows)
    out.print(f"coverage: {tested.coverage:.4g} %", markup=False)


app.command("replay")(replay_journal)
app.command("diff")(diff)


@app.command()
def build(
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="Where to write the archive.")],
    config: Config = None,
    path: Policies = None,
    key: Annotated[
        Path | None, typer.Option("--sign", metavar="KEY", help="PEM private key (`policy keys`); unsigned without.")
    ] = None,
    sequence: Annotated[
        int | None,
        typer.Option(
            "--sequence", min=0, help="A sidecar takes no lower one after it; by default the time in seconds."
        ),
    ] = None,
) -> None:
    """Make one archive of rules, data and catalog, signed, that sidecars load (`policy.bundle`), and OPA too."""
    number = int(SystemClock().now().timestamp()) if sequence is None else sequence
    built = build_bundle(load_settings(config), path or (), output=output, key=key, sequence=number)
    signed = "signed" if key else "not signed"
    out.print(f"{output}: {built.rules} rules, {built.size} bytes, {signed}", markup=False)
    out.print(f"revision {built.revision}, sequence {built.sequence}", markup=False)


@app.command()
def keys(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where; made with mode 0700 if it is not there.")],
) -> None:
    """Make a pair of keys: one that signs bundles, one that sidecars check them with (`policy.bundle.key`)."""
    private, public, name = make_bundle_keys(folder)
    out.print(f"{private}: keep it where bundles are built", markup=False)
    out.print(f"{public}: for the sidecars; its id is {name}", markup=False)


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


def _complain(faults: Iterable[str]) -> None:
    for fault in faults:
        err.print(fault, markup=False)


def _show_gaps(tested: Tested) -> None:
    out.print(f"coverage: {tested.coverage:.4g} %", markup=False)
    for one in tested.files:
        for gap in one.missed:
            out.print(f"  {one.name}:{_rows(gap)} is not covered", markup=False)


def _show_failures(failed: Sequence[Outcome]) -> None:
    if failed:
        out.print("fixtures that came out otherwise (- expected, + decided):", markup=False)
    for outcome in failed:
        out.print(f"{outcome.fixture.place}: {outcome.fixture.name}", markup=False)
        for line in outcome.difference:
            out.print(f"  {line}", markup=False, style="red" if line.startswith("-") else "green")


def _rows(gap: tuple[int, int]) -> str:
    first, last = gap
    return str(first) if first == last else f"{first}-{last}"
