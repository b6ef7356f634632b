"""``sidecar inspect``."""

from collections.abc import Iterable, Sequence
from typing import Annotated

import typer
from google.protobuf.json_format import MessageToJson

from sidecar.cli.asking import Question, ask
from sidecar.cli.options import Config, Output, OutputOption
from sidecar.cli.screen import colored, out, table
from sidecar.types.content import Format
from sidecar.v1 import inspection_pb2 as pb

BLOCKED = 3

Tenant = Annotated[str, typer.Option("--tenant", help="The customer, as in the tenants file.")]
Target = Annotated[str, typer.Option("--target", metavar="MODEL@PROVIDER[@REGION]", help="Where it is to go.")]
Candidate = Annotated[
    list[str] | None,
    typer.Option(
        "--candidate",
        metavar="MODEL@PROVIDER[@REGION]",
        help="Where it could go instead; repeatable.",
        show_default=False,
    ),
]
FormatName = Annotated[
    str | None,
    typer.Option(
        "--format",
        help=f"One of {', '.join(Format)}. Without it, a --body is openai.chat and a --text is text.",
    ),
]
Body = Annotated[str | None, typer.Option("--body", metavar="FILE|-", help="The body to inspect.")]
Text = Annotated[str | None, typer.Option("--text", help="A text to inspect, instead of a body.")]
Attribute = Annotated[
    list[str] | None,
    typer.Option("--attribute", metavar="KEY=VALUE", help="A fact for rules; repeatable.", show_default=False),
]
Address = Annotated[
    str | None,
    typer.Option("--address", metavar="ADDR", help="Ask a running sidecar at host:port or unix:PATH."),
]


def inspect(
    tenant: Tenant,
    target: Target,
    config: Config = None,
    candidate: Candidate = None,
    format: FormatName = None,  # noqa: A002 - the option's name
    body: Body = None,
    text: Text = None,
    attribute: Attribute = None,
    address: Address = None,
    output: OutputOption = Output.TEXT,
) -> None:
    """Judge one body or text: what would be forwarded, where to, and why.

    Works without a running server. Exit code: 0 forwarded as it is, redacted or rerouted; 3 blocked; 2 bad usage;
    1 could not be judged.
    """
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
        show(answer)
    if answer.action == pb.ACTION_BLOCK:
        raise typer.Exit(BLOCKED)


def as_json(answer: pb.InspectResponse) -> str:
    """Return the protobuf JSON of the answer: proto field names, all fields."""
    return MessageToJson(answer, preserving_proto_field_name=True, always_print_fields_with_no_presence=True)


def action_word(answer: pb.InspectResponse) -> str:
    """Return ``allow``, ``redact``, ``reroute`` or ``block``."""
    return pb.Action.Name(answer.action).removeprefix("ACTION_").lower()


def target_text(target: pb.Target) -> str:
    """Return ``model@provider[@region]``."""
    return "@".join(part for part in (target.model, target.provider, target.region) if part)


def show(answer: pb.InspectResponse) -> None:
    """Print the answer for a person."""
    word = action_word(answer)
    where = f" → {target_text(answer.target)}" if answer.HasField("target") else ""
    out.print(f"[bold]{colored(word)}[/bold]{where}")
    if answer.reasons:
        rows = [(r.code, r.data_class, r.message, r.clause, r.remedy) for r in answer.reasons]
        table("Why", ("rule", "class", "what it says", "clause", "what would make it pass"), _plain(rows))
    if answer.findings:
        found = [(f.entity, f.data_class, f.pointer, f"{f.start}..{f.end}", f.operator) for f in answer.findings]
        table("Found", ("entity", "class", "where", "span", "replaced by"), _plain(found))
    if answer.rejected:
        table("Not taken", ("candidate", "why"), _plain([(r.target, ", ".join(r.codes)) for r in answer.rejected]))
    if answer.obligations:
        table("Owed", ("rule", "what", "clause"), _plain([(o.code, o.text, o.clause) for o in answer.obligations]))
    if answer.notices:
        table("To know", ("rule", "what"), _plain([(n.code, n.message) for n in answer.notices]))
    if answer.coverage == pb.COVERAGE_PARTIAL:
        out.print("Not everything in the body could be looked at.")
    if answer.HasField("refusal"):
        out.print("The client gets:", answer.refusal.message, markup=False)
    elif word in {"redact", "reroute"}:
        out.print("Forwarded:", answer.body.decode("utf-8", "replace"), markup=False)


def _plain(rows: Iterable[Sequence[str]]) -> list[tuple[str, ...]]:
    """Escape what Rich would read as markup."""
    return [tuple(cell.replace("[", r"\[") for cell in row) for row in rows]
