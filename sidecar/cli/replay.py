"""``sidecar policy replay`` and ``diff``: what a candidate would change, by records or by the catalog."""

import asyncio
import json
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from sidecar.app.mapping import changed, opened
from sidecar.app.policies import layers_of, with_policies
from sidecar.app.replaying import Change, Difference, Ending, Filter, Replayed, replay
from sidecar.cli.matrix import MatrixOutput, judged, show_changes
from sidecar.cli.options import Config, Output, OutputOption
from sidecar.cli.screen import colored, complain_of_usage, err, out, table
from sidecar.clock import SystemClock
from sidecar.config import load_settings

COULD_NOT = 1
USAGE = 2
LOOSER = 3


def replay_journal(
    config: Config = None,
    bundle: Annotated[
        list[Path] | None,
        typer.Option(
            "--bundle", metavar="DIR", help="Candidate: overlays or a whole bundle; repeatable.", show_default=False
        ),
    ] = None,
    catalog: Annotated[
        Path | None, typer.Option("--catalog", help="Candidate overlay of the catalog, instead of the recorded cards.")
    ] = None,
    start: Annotated[datetime | None, typer.Option("--from", help="Records from this time on (UTC).")] = None,
    end: Annotated[datetime | None, typer.Option("--to", help="Records before this time (UTC).")] = None,
    tenant: Annotated[str, typer.Option("--tenant", help="Records of this tenant.")] = "",
    journal: Annotated[Path | None, typer.Option("--journal", help="Its folder; audit.path by default.")] = None,
    output: OutputOption = Output.TEXT,
) -> None:
    """Decide recorded facts again under a candidate policy or catalog, and say what would change.

    Exit code: 0 the same, stricter or elsewhere; 3 something would leave that was held back; 1 the candidate gave no
    acceptable answer, or records do not tell what was asked; 2 bad usage.
    """
    if not bundle and catalog is None:
        complain_of_usage("give --bundle or --catalog: a candidate to decide by")
        raise typer.Exit(USAGE)
    settings = load_settings(config)
    columns = (TextColumn("deciding again"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        task = progress.add_task("", total=None)
        replayed = asyncio.run(
            replay(
                settings,
                journal=journal or settings.audit.path,
                bundle=bundle or (),
                catalog=catalog,
                only=Filter(start=start, end=end, tenant=tenant),
                clock=SystemClock(),
                on_size=lambda size: progress.update(task, total=size),
                on_progress=lambda done: progress.advance(task, done),
            )
        )
    if output is Output.JSON:
        typer.echo(json.dumps(_document(replayed), indent=2))
    else:
        _show(replayed)
    comparison = replayed.comparison
    if comparison.looser:
        raise typer.Exit(LOOSER)
    if comparison.changes[Change.UNDECIDED] or comparison.unreadable:
        raise typer.Exit(COULD_NOT)


def diff(
    tenant: Annotated[str, typer.Option("--tenant", help="The customer, as in the tenants file.")],
    bundle: Annotated[
        list[Path], typer.Option("--bundle", metavar="DIR", help="Candidate: overlays or a whole bundle; repeatable.")
    ],
    config: Config = None,
    model: Annotated[str | None, typer.Option("--model", help="Only this model (any alias).")] = None,
    with_class: Annotated[
        list[str] | None,
        typer.Option("--with", metavar="CLASS", help="Data class in the content; repeatable.", show_default=False),
    ] = None,
    output: OutputOption = Output.TEXT,
) -> None:
    """Judge the catalog for one customer by two policies, without any records, and say what differs.

    Exit code: 0 nothing is open that was closed; 3 something is.
    """
    settings = load_settings(config)
    candidate = with_policies(settings, layers_of(settings, bundle))
    asked = (tenant, model, None, tuple(with_class or ()))
    before, _ = asyncio.run(judged(settings, *asked, unlock=False))
    after, _ = asyncio.run(judged(candidate, *asked, unlock=False))
    pairs = changed(before, after)
    show_changes(pairs, MatrixOutput(output.value))
    if opened(pairs):
        raise typer.Exit(LOOSER)


def _show(replayed: Replayed) -> None:
    comparison = replayed.comparison
    share = 100 * replayed.distinct / replayed.asked if replayed.asked else 0
    rate = comparison.records / replayed.seconds if replayed.seconds else 0
    out.print(
        f"{comparison.records} records decided again by policy {replayed.revision}; {replayed.distinct} of"
        f" {replayed.asked} questions were distinct ({share:.0f} %); {rate:,.0f} records a second",
        markup=False,
    )
    if comparison.unreadable:
        out.print(f"{comparison.unreadable} records do not tell what was asked, and were left out", markup=False)
    out.print(", ".join(f"{comparison.changes[change]} {change.value}" for change in Change), markup=False)
    for title, rows in (("tenant", comparison.by_tenant), ("model", comparison.by_model)):
        if rows:
            cells = [(name, change.value, str(count)) for (change, name), count in _ranked(rows)]
            table("", (title, "change", "records"), cells)
    if comparison.by_action:
        cells = [(colored(was), colored(now), str(count)) for (was, now), count in _ranked(comparison.by_action)]
        table("", ("was", "would be", "records"), cells)
    if comparison.by_rule:
        words = {"+": "would speak", "-": "would no longer"}
        table("", ("rule", "", "records"), [(c, words[sign], str(n)) for (sign, c), n in _ranked(comparison.by_rule)])
    for change in Change:
        for one in comparison.examples.get(change, ()):
            out.print(f"{change.value}: {one.decision_id} {one.tenant}: {_ended(one)}", markup=False)


def _ended(one: Difference) -> str:
    return f"{_ending(one.was)} → {_ending(one.now)}"


def _ending(one: Ending) -> str:
    without = f"without {', '.join(sorted(one.redact))}" if one.redact else ""
    return " ".join(part for part in (one.action, one.target, without, f"[{', '.join(one.codes)}]") if part)


def _ranked(rows: Counter[Any]) -> list[tuple[Any, int]]:
    return sorted(rows.items(), key=lambda row: (-row[1], row[0]))


def _document(replayed: Replayed) -> dict[str, Any]:
    comparison = replayed.comparison

    def ending(one: Ending) -> dict[str, Any]:
        return {"action": one.action, "target": one.target, "redact": dict(one.redact), "codes": list(one.codes)}

    return {
        "revision": replayed.revision,
        "records": comparison.records,
        "unreadable": comparison.unreadable,
        "questions": replayed.asked,
        "distinct": replayed.distinct,
        "seconds": round(replayed.seconds, 3),
        "looser": comparison.looser,
        "changes": {change.value: comparison.changes[change] for change in Change},
        "by_tenant": [{"tenant": n, "change": c.value, "records": k} for (c, n), k in _ranked(comparison.by_tenant)],
        "by_model": [{"model": n, "change": c.value, "records": k} for (c, n), k in _ranked(comparison.by_model)],
        "by_action": [{"was": w, "now": n, "records": k} for (w, n), k in _ranked(comparison.by_action)],
        "by_rule": [{"code": c, "speaks": s == "+", "records": k} for (s, c), k in _ranked(comparison.by_rule)],
        "examples": [
            {
                "change": one.change.value,
                "decision_id": one.decision_id,
                "tenant": one.tenant,
                "model": one.model,
                "was": ending(one.was),
                "now": ending(one.now),
            }
            for change in Change
            for one in comparison.examples.get(change, ())
        ],
    }
