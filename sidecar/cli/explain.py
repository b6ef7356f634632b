"""``sidecar explain``."""

import asyncio
import json
from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Any

import typer

from sidecar.app.auditing import find_story
from sidecar.app.explaining import Explained, Explanation, Verdict, explain_decision
from sidecar.cli.asking import Question, ask
from sidecar.cli.decision_tree import draw
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
from sidecar.cli.options import Config
from sidecar.cli.screen import colored, complain_of_usage, err, out
from sidecar.clock import SystemClock
from sidecar.config import Settings, load_settings
from sidecar.errors import SidecarError
from sidecar.types.decisions import Reason
from sidecar.v1 import inspection_pb2 as pb

USAGE = 2
COULD_NOT = 1

Tenant = Annotated[str | None, typer.Option("--tenant", help="The customer, as in the tenants file.")]
Target = Annotated[str | None, typer.Option("--target", metavar="MODEL@PROVIDER[@REGION]", help="Where it is to go.")]
Decision = Annotated[str | None, typer.Option("--decision", metavar="ID", help="A recorded decision, instead.")]


class ExplainOutput(StrEnum):
    """For people, for programs, or a picture."""

    TEXT = "text"
    JSON = "json"
    SVG = "svg"


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
    output: Annotated[
        ExplainOutput, typer.Option("--output", help="text, json, or svg: a decision tree to file.")
    ] = ExplainOutput.TEXT,
) -> None:
    """Say why, rule by rule, which facts made it, and the smallest change that would make it pass.

    Of one question, or of a recorded decision (--decision), whose facts are put to the policy as it is now. What would
    make it pass is found by asking the policy with changed facts.
    """
    settings = load_settings(config)
    if decision is not None:
        _recorded(settings, decision, output)
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
    explained = _explained(settings, answer.decision_id)
    match output:
        case ExplainOutput.JSON:
            said = json.loads(as_json(answer))
            typer.echo(json.dumps({**said, "explanation": _document(explained)}, indent=2))
        case ExplainOutput.SVG:
            _draw(explained)
        case ExplainOutput.TEXT:
            _show(answer, explained)


def _explained(settings: Settings, decision_id: str) -> Explained | None:
    """Explain a decision; None, and why, where its journal is not here or its facts cannot be judged again."""
    try:
        return asyncio.run(explain_decision(settings, decision_id, clock=SystemClock()))
    except SidecarError as error:
        err.print(f"sidecar: it cannot be asked again: {error}", markup=False)
        return None


def _draw(explained: Explained | None) -> None:
    if explained is None:
        complain_of_usage("there is nothing to draw: the decision's record is not in a journal here")
        raise typer.Exit(COULD_NOT)
    typer.echo(draw(explained.record, explained.explanation))


def _show(answer: pb.InspectResponse, explained: Explained | None) -> None:
    word = action_word(answer)
    where = f" → {target_text(answer.target)}" if answer.HasField("target") else ""
    out.print(f"[bold]{colored(word)}[/bold]{where}   decision {answer.decision_id}")
    if not answer.reasons:
        out.print("No rule stands against it, and none asks for a redaction.")
    made = {} if explained is None else _facts(explained.explanation)
    for code, reasons in _grouped(answer.reasons).items():
        out.print(f"\n[bold]{code}[/bold]")
        for reason in reasons:
            kind = pb.Severity.Name(reason.severity).removeprefix("SEVERITY_").lower()
            cure = f"cured by redacting {reason.data_class}" if reason.data_class else "no redaction cures it"
            _line(f"  {kind}: {reason.message}" + (f" ({cure})" if kind == "deny" else ""))
            _line(_because(made.get((reason.code, reason.data_class, reason.basis), "")))
            _line(f"    written in: {reason.clause}" if reason.clause else "")
            _line(f"    would pass: {reason.remedy}" if reason.remedy else "")
    for waived in answer.waived:
        _line(f"\nwaived: {waived.code} until {waived.expires} by {waived.approver}: {waived.reason}")
    for one in answer.rejected:
        _line(f"\nnot taken: {one.target}: {', '.join(one.codes)}")
    for owed in answer.obligations:
        _line(f"\nowed: {owed.text} ({owed.clause})")
    _show_plans(explained)


def _recorded(settings: Settings, decision: str, output: ExplainOutput) -> None:
    story = find_story(settings, decision)
    if story is None or story.decision is None:
        complain_of_usage("no journal holds this decision")
        raise typer.Exit(USAGE)
    record: dict[str, Any] = dict(story.decision)
    explained = _explained(settings, decision)
    match output:
        case ExplainOutput.JSON:
            told = {"decision": record, "reports": story.reports, "fate": story.fate}
            typer.echo(json.dumps({**told, "explanation": _document(explained)}, indent=2, sort_keys=True))
        case ExplainOutput.SVG:
            _draw(explained)
        case ExplainOutput.TEXT:
            _show_record(record, story.fate, explained)


def _show_record(record: dict[str, Any], fate: str, explained: Explained | None) -> None:
    out.print(f"[bold]{colored(record['action'])}[/bold]   decision {record['decision_id']}   {record['time']}")
    went = record["final_target"] or "nobody"
    _line(f"tenant {record['tenant']} asked for {record['requested_target']}; it went to {went}; {fate}")
    made = {} if explained is None else _facts(explained.explanation)
    for reason in record["reasons"]:
        cure = f"cured by redacting {reason['class']}" if reason["class"] else "no redaction cures it"
        _line(f"  {reason['code']} ({reason['severity']}, {cure}): {reason['clause']}")
        _line(_because(made.get((reason["code"], reason["class"], reason["basis"]), "")))
    for waived in record.get("waived", ()):
        _line(f"  waived: {waived['code']} until {waived['expires']} by {waived['approver']}: {waived['reason']}")
    for one in record["rejected"]:
        _line(f"  not taken: {one['target']}: {', '.join(one['codes'])}")
    _show_plans(explained)


def _show_plans(explained: Explained | None) -> None:
    if explained is None:
        return
    explanation = explained.explanation
    if explanation.denied:
        _line(f"\nfor {explanation.target} to pass, as the policy says when it is asked with these changes:")
        for plan in explanation.plans:
            _line(f"  - {'; and '.join(plan.changes)}")
        if not explanation.plans:
            _line("  no change that we know of helps")
    silent = sum(verdict.word == "silent" for verdict in explanation.verdicts)
    _line(f"\n{len(explanation.verdicts)} rules were asked about {explanation.target}, and {silent} had nothing to say")


def _facts(explanation: Explanation) -> dict[tuple[str, str, str], str]:
    return {
        (spoken.reason.code, spoken.reason.data_class, spoken.reason.basis): ", ".join(
            f"{fact.path} = {json.dumps(fact.value, ensure_ascii=False)}" for fact in spoken.facts
        )
        for verdict in explanation.verdicts
        for spoken in verdict.spoken
    }


def _because(facts: str) -> str:
    return f"    because: {facts}" if facts else ""


def _document(explained: Explained | None) -> dict[str, Any] | None:
    if explained is None:
        return None
    explanation = explained.explanation
    return {
        "target": explanation.target,
        "denied": explanation.denied,
        "rules": list(map(_verdict, explanation.verdicts)),
        "shadow": list(map(_reason, explanation.shadow)),
        "would_pass": [{"changes": list(plan.changes), "redact": list(plan.then)} for plan in explanation.plans],
    }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "code": verdict.code,
        "says": verdict.word,
        "reasons": [
            {**_reason(one.reason), "facts": [{"path": fact.path, "value": fact.value} for fact in one.facts]}
            for one in verdict.spoken
        ],
        "obligations": [{"text": one.text, "clause": one.clause, "basis": one.basis} for one in verdict.obligations],
        "waived": [
            {"class": one.data_class, "reason": one.reason, "approver": one.approver, "expires": one.expires}
            for one in verdict.waived
        ],
    }


def _reason(reason: Reason) -> dict[str, str]:
    return {
        "code": reason.code,
        "severity": reason.severity.value,
        "class": reason.data_class,
        "target": reason.target,
        "message": reason.message,
        "clause": reason.clause,
        "remedy": reason.remedy,
        "basis": reason.basis,
    }


def _grouped(reasons: Sequence[pb.Reason]) -> dict[str, list[pb.Reason]]:
    groups: dict[str, list[pb.Reason]] = {}
    for reason in reasons:
        groups.setdefault(reason.code, []).append(reason)
    return groups


def _line(text: str) -> None:
    if text:
        out.print(text, markup=False)
