"""``sidecar matrix``."""

import asyncio
import csv
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Annotated, assert_never

import typer
from rich.progress import track

from sidecar.app.judging import Judge, Made, judging
from sidecar.cli.options import Config
from sidecar.cli.screen import colored, complain_of_usage, err, table
from sidecar.clock import SystemClock
from sidecar.config import load_settings
from sidecar.types.decisions import Allow, Block, Decision, Redact, Reroute
from sidecar.types.requests import Caller
from sidecar.types.targets import TargetName

USAGE = 2


class MatrixOutput(StrEnum):
    """For people, spreadsheets or programs."""

    TEXT = "text"
    CSV = "csv"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Row:
    """What one target is to one customer."""

    model: str
    provider: str
    verdict: str
    """allow, redact or block."""
    redact: str
    against: str
    clauses: str


def matrix(
    tenant: Annotated[str, typer.Option("--tenant", help="The customer, as in the tenants file.")],
    config: Config = None,
    model: Annotated[str | None, typer.Option("--model", help="Only this model (any alias).")] = None,
    provider: Annotated[str | None, typer.Option("--provider", help="Only this provider (any alias).")] = None,
    with_class: Annotated[
        list[str] | None,
        typer.Option(
            "--with",
            metavar="CLASS",
            help="Data class in the content, such as contact; repeatable.",
            show_default=False,
        ),
    ] = None,
    output: Annotated[MatrixOutput, typer.Option("--output", help="text, csv or json.")] = MatrixOutput.TEXT,
) -> None:
    """Show which models this customer may use where, and what stands against the rest."""
    settings = load_settings(config)

    async def run() -> list[Row]:
        async with judging(settings, clock=SystemClock()) as judge:
            return await _rows(judge, tenant, model, provider, with_class or ())

    rows = asyncio.run(run())
    match output:
        case MatrixOutput.JSON:
            typer.echo(json.dumps([asdict(row) for row in rows], indent=2))
        case MatrixOutput.CSV:
            writer = csv.writer(sys.stdout)
            writer.writerow(("model", "provider", "verdict", "redact", "against", "clauses"))
            writer.writerows((r.model, r.provider, r.verdict, r.redact, r.against, r.clauses) for r in rows)
        case MatrixOutput.TEXT:
            cells = [(r.model, r.provider, colored(r.verdict), r.redact, r.against, r.clauses) for r in rows]
            table("", ("model", "provider", "verdict", "redact", "what stands against it", "clauses"), cells)


async def _rows(
    judge: Judge, tenant_id: str, model: str | None, provider: str | None, classes: Sequence[str]
) -> list[Row]:
    tenant = judge.tenants.identify(tenant_id, Caller())
    names = list(judge.catalog.listed())
    for option, wanted, known in (
        ("--model", model, judge.catalog.model_id),
        ("--provider", provider, judge.catalog.provider_id),
    ):
        if wanted is not None and known(wanted) is None:
            complain_of_usage(f"{option}: no such name in the catalog, or several")
            raise typer.Exit(USAGE)
    if model is not None:
        names = [name for name in names if name.model == judge.catalog.model_id(model)]
    if provider is not None:
        names = [name for name in names if name.provider == judge.catalog.provider_id(provider)]
    rows = []
    for name in track(names, description="judging", console=err, transient=True, disable=not err.is_terminal):
        rows.append(_row(name, await judge.judge(tenant, name, Made(classes=classes))))  # noqa: PERF401 - progress by the target
    return rows


def _row(name: TargetName, decision: Decision) -> Row:
    match decision:
        case Allow():
            verdict, redact = "allow", ""
        case Redact(redactions=redactions):
            verdict, redact = "redact", ", ".join(f"{one.data_class} ({one.operator})" for one in redactions)
        case Reroute():
            verdict, redact = "reroute", ""
        case Block():
            verdict, redact = "block", ""
        case _:
            assert_never(decision)
    reasons = decision.grounds.reasons
    against = ", ".join(sorted({reason.code for reason in reasons}))
    clauses = "; ".join(sorted({reason.clause for reason in reasons if reason.clause}))
    return Row(name.model, name.provider, verdict, redact, against, clauses)
