"""``sidecar matrix``."""

import asyncio
import csv
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, fields
from enum import StrEnum
from pathlib import Path
from typing import Annotated, assert_never

import typer
from rich.progress import Progress

from sidecar.app.judging import Judge, judging
from sidecar.app.mapping import Row, changed, rows
from sidecar.cli.matrix_page import page
from sidecar.cli.options import Config
from sidecar.cli.screen import colored, complain_of_usage, err, out, table
from sidecar.clock import SystemClock
from sidecar.config import Settings, load_settings
from sidecar.types.requests import Caller
from sidecar.types.targets import TargetName

USAGE = 2
BRIEF = 4  # classes that a cell of the screen's table names


class MatrixOutput(StrEnum):
    """For people, spreadsheets, programs, or to be filed."""

    TEXT = "text"
    CSV = "csv"
    JSON = "json"
    HTML = "html"


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
    compare: Annotated[
        Path | None,
        typer.Option(
            "--compare", metavar="SETTINGS", help="Settings with other tenants, policy or catalog: what changes."
        ),
    ] = None,
    unlock: Annotated[bool, typer.Option(help="Find what would open a closed target; takes most of the time.")] = True,
    output: Annotated[MatrixOutput, typer.Option("--output", help="text, csv, json or html.")] = MatrixOutput.TEXT,
) -> None:
    """Show which models this customer may use where, what stands against the rest, and what would open it."""
    asked = (tenant, model, provider, tuple(with_class or ()))
    unlock = unlock and compare is None
    before, revisions = asyncio.run(judged(load_settings(config), *asked, unlock=unlock))
    if compare is not None:
        after, _ = asyncio.run(judged(load_settings(compare), *asked, unlock=False))
        show_changes(changed(before, after), output)
        return
    match output:
        case MatrixOutput.JSON:
            typer.echo(json.dumps([asdict(row) for row in before], indent=2))
        case MatrixOutput.CSV:
            writer = csv.writer(sys.stdout)
            writer.writerow([field.name for field in fields(Row)])
            writer.writerows([getattr(row, field.name) for field in fields(Row)] for row in before)
        case MatrixOutput.HTML:
            day = SystemClock().now().date().isoformat()
            typer.echo(page(before, tenant=tenant, day=day, classes=with_class or (), revisions=revisions))
        case MatrixOutput.TEXT:
            cells = [
                (
                    r.model,
                    r.provider,
                    colored(r.verdict),
                    r.redact or _brief(r.with_data),
                    r.against,
                    r.clauses,
                    r.unlock,
                )
                for r in before
            ]
            columns = ("model", "provider", "verdict", "redact", "what stands against it", "clauses", "would open it")
            table("", columns, cells)
        case _:
            assert_never(output)


async def judged(
    settings: Settings, tenant: str, model: str | None, provider: str | None, classes: Sequence[str], *, unlock: bool
) -> tuple[list[Row], dict[str, str]]:
    """Judge the catalog for a tenant; return the rows, and the revisions that they were judged with."""
    async with judging(settings, clock=SystemClock()) as judge:
        who = judge.tenants.identify(tenant, Caller())
        names = _names(judge, model, provider)
        with Progress(console=err, transient=True, disable=not err.is_terminal) as progress:
            task = progress.add_task("judging", total=len(names))
            told = await rows(judge, who, names, classes, lambda: progress.advance(task), unlock=unlock)
        return told, {"Policy": judge.policy.revision, "Catalog": judge.catalog.revision}


def _names(judge: Judge, model: str | None, provider: str | None) -> list[TargetName]:
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
    return names


def show_changes(pairs: Sequence[tuple[Row | None, Row | None]], output: MatrixOutput) -> None:
    """Show what differs: as JSON, or as a table."""
    if output is MatrixOutput.JSON:
        told = [
            {"before": None if old is None else asdict(old), "after": None if new is None else asdict(new)}
            for old, new in pairs
        ]
        typer.echo(json.dumps(told, indent=2))
        return
    if not pairs:
        out.print("nothing changes", markup=False)
        return
    cells = []
    for old, new in pairs:
        row = new or old
        if row is not None:
            cells.append((row.model, row.provider, _said(old), _said(new)))
    table("", ("model", "provider", "before", "after"), cells)


def _brief(told: str) -> str:
    """Shorten a list that would fill the screen; every other form of the table has it whole."""
    words = told.split(", ")
    return told if len(words) <= BRIEF else f"{', '.join(words[:BRIEF])}, … ({len(words)} in all)"


def _said(row: Row | None) -> str:
    if row is None:
        return "not listed"
    return " ".join(part for part in (colored(row.verdict), row.redact, row.against, _brief(row.with_data)) if part)
