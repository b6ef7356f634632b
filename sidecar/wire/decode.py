"""Bytes of the contract to our nouns, or a BadRequest that names the field."""

import re

from sidecar.errors import BadRequest
from sidecar.types.content import Direction, Format
from sidecar.types.requests import InspectionRequest, Report
from sidecar.types.targets import TargetName
from sidecar.v1 import inspection_pb2 as pb

_DECISION_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")  # it goes into the record as it is
MAX_NAME = 1024  # characters of an id or a name; longer ones are mistakes, and would be hashed and compared for nothing
MAX_CANDIDATES = 256  # the largest catalogs of gateways have tens
MAX_RESTORATIONS = 64  # decisions of one session that are still open
MAX_ATTRIBUTES = 64

FORMATS: dict[int, Format] = {
    pb.FORMAT_TEXT: Format.TEXT,
    pb.FORMAT_OPENAI_CHAT: Format.OPENAI_CHAT,
    pb.FORMAT_OPENAI_RESPONSES: Format.OPENAI_RESPONSES,
    pb.FORMAT_OPENAI_EMBEDDINGS: Format.OPENAI_EMBEDDINGS,
    pb.FORMAT_ANTHROPIC_MESSAGES: Format.ANTHROPIC_MESSAGES,
    pb.FORMAT_GEMINI_GENERATE_CONTENT: Format.GEMINI_GENERATE_CONTENT,
    pb.FORMAT_COHERE_CHAT: Format.COHERE_CHAT,
}
_DIRECTIONS: dict[int, Direction] = {
    pb.DIRECTION_UNSPECIFIED: Direction.REQUEST,
    pb.DIRECTION_REQUEST: Direction.REQUEST,
    pb.DIRECTION_RESPONSE: Direction.RESPONSE,
}


def inspection_request(message: pb.InspectRequest) -> InspectionRequest:
    """Decode a request.

    Raises:
        BadRequest: a field is not what the contract says.
    """
    names = {
        "request_id": message.request_id,
        "tenant": message.tenant,
        "subject": message.subject,
        "session_id": message.session_id,
        "in_reply_to": message.in_reply_to,
    }
    for field, value in names.items():
        _check_length(field, value)
    _check_count("candidates", len(message.candidates), MAX_CANDIDATES)
    _check_count("restorations", len(message.restorations), MAX_RESTORATIONS)
    _check_count("attributes", len(message.attributes), MAX_ATTRIBUTES)
    if message.in_reply_to and not _DECISION_ID.fullmatch(message.in_reply_to):
        text = "in_reply_to is not the id of a decision"
        raise BadRequest(text, field="in_reply_to")
    if message.direction not in _DIRECTIONS:
        text = "direction is not one that the contract knows"
        raise BadRequest(text, field="direction")
    return InspectionRequest(
        tenant=message.tenant,
        target=_target("target", message.target),
        format=body_format(message.format),
        body=message.body,
        request_id=message.request_id,
        subject=message.subject,
        session_id=message.session_id,
        candidates=tuple(_target(f"candidates.{place}", one) for place, one in enumerate(message.candidates)),
        attributes=dict(message.attributes),
        direction=_DIRECTIONS[message.direction],
        restorations=tuple(message.restorations),
        in_reply_to=message.in_reply_to,
    )


def report(message: pb.ReportRequest) -> Report:
    """Decode a report.

    Raises:
        BadRequest: a field is not what the contract says.
    """
    _check_length("tenant", message.tenant)
    _check_length("decision_id", message.decision_id)
    if not message.decision_id:
        text = "decision_id is missing"
        raise BadRequest(text, field="decision_id")
    for field in ("http_status", "input_tokens", "output_tokens"):
        if getattr(message, field) < 0:
            text = f"{field} is below zero"
            raise BadRequest(text, field=field)
    return Report(
        tenant=message.tenant,
        decision_id=message.decision_id,
        forwarded=message.forwarded,
        target=_target("target", message.target) if message.HasField("target") else None,
        http_status=message.http_status,
        input_tokens=message.input_tokens,
        output_tokens=message.output_tokens,
    )


def body_format(number: int) -> Format:
    """Decode a format.

    Raises:
        BadRequest: it is unspecified, or not one that the contract knows.
    """
    if number not in FORMATS:
        text = "format is unspecified, or not one that the contract knows"
        raise BadRequest(text, field="format")
    return FORMATS[number]


def _target(field: str, message: pb.Target) -> TargetName:
    for part in ("model", "provider", "region"):
        _check_length(f"{field}.{part}", getattr(message, part))
    return TargetName(message.model, message.provider, message.region)


def _check_length(field: str, value: str) -> None:
    if len(value) > MAX_NAME:
        text = f"{field} is longer than {MAX_NAME} characters"
        raise BadRequest(text, field=field)


def _check_count(field: str, count: int, limit: int) -> None:
    if count > limit:
        text = f"{field} holds more than {limit}"
        raise BadRequest(text, field=field)
