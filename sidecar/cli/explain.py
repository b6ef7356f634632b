"""``sidecar explain``."""

import json
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from sidecar.app.auditing import Story, find_story
from sidecar.cli.asking import Question, ask
from sidecar.cli.inspect import (
    Address,
    Attribute,
    Body,
    Candidate,
    FormatName,
    Text,
    action_word,
    as_json,
    target_text,
)
from sidecar.cli.options import Config, Output, OutputOption
from sidecar.cli.screen import colored, complain_of_usage, out
from sidecar.config import load_settings
from sidecar.v1 import inspection_pb2 as pb

USAGE = 2

Tenant = Annotated[str | None, typer.Option("--tenant", help="The customer, as in the tenants file.")]
Target = Annotated[str | None, typer.Option("--target", metavar="MODEL@PROVIDER[@REGION]", help="Where it is to go.")]
Decision = Annotated[str | None, typer.Option("--decision", metavar="ID", help="A recorded decision, instead.")]


def explain(
    config: Config = None,
    decision: Decision = None,
    tenant: Tenant = None,
    target: Target = None,
    candidate: Candidate = None,
    format: FormatName = None,  # noqa: A002 - the option's name
    body: Body = None,
    text: Text = None,
    attribute: Attribute = None,
    address: Address = None,
    output: OutputOption = Output.TEXT,
) -> None:
    """Say why, rule by rule, and what would make it pass: of one question, or of a recorded decision (--decision)."""
    if decision is not None:
        _recorded(config, decision, output)
        return
    if tenant is None or target is None:
        complain_of_usage("give --decision ID, or --tenant and --target with --body or --text")
        raise typer.Exit(USAGE)
    answer = ask(
        Question(
            config=config,
            tenant=tenant,
            target=target,
            candidates=candidate or (),
            format=format,
            body=body,
            text=text,
            attributes=attribute or (),
            address=address,
        )
    )
    if output is Output.JSON:
        typer.echo(as_json(answer))
    else:
        _show(answer)


def _show(answer: pb.InspectResponse) -> None:
    word = action_word(answer)
    where = f" → {target_text(answer.target)}" if answer.HasField("target") else ""
    out.print(f"[bold]{colored(word)}[/bold]{where}   decision {answer.decision_id}")
    if not answer.reasons:
        out.print("No rule stands against it, and none asks for a redaction.")
    for code, reasons in _grouped(answer.reasons).items():
        out.print(f"\n[bold]{code}[/bold]")
        for reason in reasons:
            kind = pb.Severity.Name(reason.severity).removeprefix("SEVERITY_").lower()
            cure = f"cured by redacting {reason.data_class}" if reason.data_class else "no redaction cures it"
            _line(f"  {kind}: {reason.message}" + (f" ({cure})" if kind == "deny" else ""))
            _line(f"    written in: {reason.clause}" if reason.clause else "")
            _line(f"    would pass: {reason.remedy}" if reason.remedy else "")
    for one in answer.rejected:
        _line(f"\nnot taken: {one.target}: {', '.join(one.codes)}")
    for owed in answer.obligations:
        _line(f"\nowed: {owed.text} ({owed.clause})")


def _recorded(config: Config, decision: str, output: Output) -> None:
    settings = load_settings(config)
    story = find_story(settings, decision)
    if story is None:
        complain_of_usage("no journal holds this decision")
        raise typer.Exit(USAGE)
    _show_record(story, output)


def _show_record(story: Story, output: Output) -> None:
    record: dict[str, Any] = dict(story.decision or {})
    if output is Output.JSON:
        typer.echo(
            json.dumps({"decision": record, "reports": story.reports, "fate": story.fate}, indent=2, sort_keys=True)
        )
        return
    out.print(f"[bold]{colored(record['action'])}[/bold]   decision {record['decision_id']}   {record['time']}")
    went = record["final_target"] or "nobody"
    _line(f"tenant {record['tenant']} asked for {record['requested_target']}; it went to {went}; {story.fate}")
    for reason in record["reasons"]:
        cure = f"cured by redacting {reason['class']}" if reason["class"] else "no redaction cures it"
        _line(f"  {reason['code']} ({reason['severity']}, {cure}): {reason['clause']}")
    for one in record["rejected"]:
        _line(f"  not taken: {one['target']}: {', '.join(one['codes'])}")


def _grouped(reasons: Sequence[pb.Reason]) -> dict[str, list[pb.Reason]]:
    groups: dict[str, list[pb.Reason]] = {}
    for reason in reasons:
        groups.setdefault(reason.code, []).append(reason)
    return groups


def _line(text: str) -> None:
    if text:
        out.print(text, markup=False)
