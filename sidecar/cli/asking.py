"""One question, as ``inspect`` and ``explain`` put it: from arguments to an answer."""

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import typer

from sidecar.app.auditing import OWN_JOURNAL
from sidecar.app.sources import open_catalog
from sidecar.cli.screen import complain_of_usage, err
from sidecar.clock import Deadline, SystemClock
from sidecar.config import Settings, load_settings
from sidecar.integrations.client import SidecarClient, SidecarRefusedError
from sidecar.types.content import Format
from sidecar.types.requests import Caller
from sidecar.v1 import inspection_pb2 as pb
from sidecar.wire import decode, encode

COULD_NOT = 1
USAGE = 2

_NUMBERS = {known.value: number for number, known in decode.FORMATS.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What was asked on the command line."""

    config: Path | None
    tenant: str
    target: str
    candidates: Sequence[str]
    format: str | None
    body: str | None
    text: str | None
    attributes: Sequence[str]
    address: str | None


def ask(question: Question) -> pb.InspectResponse:
    """Return the answer, or leave with 2 on bad usage and 1 where it could not be judged."""
    settings = load_settings(question.config)
    request = _request(question, settings)
    if question.address:
        return asyncio.run(_ask_server(question.address, request))
    return asyncio.run(_ask_here(settings, request))


async def _ask_server(address: str, request: pb.InspectRequest) -> pb.InspectResponse:
    async with SidecarClient(address) as client:
        try:
            return await client.inspect(request)
        except SidecarRefusedError as error:
            err.print(f"sidecar: {error.code} {error.reason}: {error}", markup=False)
            raise typer.Exit(COULD_NOT) from None


async def _ask_here(settings: Settings, request: pb.InspectRequest) -> pb.InspectResponse:
    from sidecar.app.running import Sidecar  # noqa: PLC0415 - it brings the detectors, and takes seconds

    clock = SystemClock()
    asked = decode.inspection_request(request)
    own = settings.audit.path / OWN_JOURNAL
    async with Sidecar(settings, clock=clock, journal_folder=own, workers=0) as sidecar:
        outcome = await sidecar.pipeline.inspect(asked, Caller(), Deadline(clock, None))
        return encode.inspect_response(outcome)


def _request(question: Question, settings: Settings) -> pb.InspectRequest:
    body, format_name = _body(question)
    catalog = open_catalog(settings)

    def target(option: str, text: str) -> pb.Target:
        try:
            name = catalog.parse(text)
        except ValueError:
            _leave(f"{option} must be MODEL@PROVIDER or MODEL@PROVIDER@REGION")
        return pb.Target(model=name.model, provider=name.provider, region=name.region)

    attributes = {}
    for pair in question.attributes:
        key, divided, value = pair.partition("=")
        if not divided:
            _leave("--attribute must be KEY=VALUE")
        attributes[key] = value
    return pb.InspectRequest(
        tenant=question.tenant,
        target=target("--target", question.target),
        candidates=[target("--candidate", text) for text in question.candidates],
        format=pb.Format.ValueType(_NUMBERS[format_name]),
        body=body,
        attributes=attributes,
    )


def _body(question: Question) -> tuple[bytes, str]:
    """Return the body and its format: text unless a body is given, and then openai.chat unless said otherwise."""
    if (question.body is None) == (question.text is None):
        _leave("give either --body FILE (or -) or --text TEXT")
    default = Format.TEXT if question.text is not None else Format.OPENAI_CHAT
    name = question.format or default.value
    if name not in _NUMBERS:
        _leave(f"--format must be one of {', '.join(sorted(_NUMBERS))}")
    if question.text is not None:
        return question.text.encode("utf-8", "surrogateescape"), name
    if question.body == "-":
        return sys.stdin.buffer.read(), name
    try:
        return Path(question.body or "").read_bytes(), name
    except OSError as error:
        _leave(f"--body cannot be read: {error.strerror}")


def _leave(message: str) -> NoReturn:
    complain_of_usage(message)
    raise typer.Exit(USAGE)
