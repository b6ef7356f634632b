"""Requests as a gateway sends them, and refusals as it reads them."""

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import grpc
from google.rpc import error_details_pb2, status_pb2
from grpc_status import rpc_status

from sidecar.v1 import inspection_pb2 as pb

NAME, MAIL, PHONE = "Wilhelmina Oosterbeek", "wilhelmina.oosterbeek@example.org", "+31 6 12345678"
CARD, IBAN, TOKEN = "4111 1111 1111 1111", "NL91 ABNA 0417 1643 00", "ghp_16C7e42F292c6912E7710c838347Ae178B4a"
SUBJECT, SESSION, REQUEST_ID = "clerk-rosamund-44", "conversation-periwinkle-9", "request-marmalade-7"
UNKNOWN_MODEL = "kumquat-of-nobody-13b"
PLANTED = (NAME, MAIL, PHONE, CARD, IBAN, TOKEN, SUBJECT, SESSION, REQUEST_ID, UNKNOWN_MODEL)

EU_HOST = pb.Target(model="qwen3-32b", provider="ovhcloud")
CHINA = pb.Target(model="deepseek-v4-pro", provider="deepseek")
LETTER = f"Please write to Mrs. {NAME} at {MAIL} that her parcel has come. Her number is {PHONE}."
HARMLESS = "Explain how a lighthouse works in three sentences."


def chat(*texts: str, **more: object) -> bytes:
    """Return an OpenAI chat body."""
    messages = [{"role": "user", "content": text} for text in texts]
    return json.dumps({"model": "gateway-default", "messages": messages, **more}).encode()


def question(**fields: object) -> pb.InspectRequest:
    """Return a request: a harmless chat of a tenant that nothing binds, unless the fields say otherwise."""
    known: dict[str, Any] = {
        "tenant": "plain",
        "target": EU_HOST,
        "format": pb.FORMAT_OPENAI_CHAT,
        "body": chat(HARMLESS),
    }
    known.update(fields)
    return pb.InspectRequest(**known)


def fresh(text: str = HARMLESS) -> bytes:
    """Return a chat body that nobody has seen before, so that nothing is known of it."""
    return chat(f"{text} Reference {uuid.uuid4().hex}.")


@dataclass(frozen=True, slots=True)
class Refused:
    """How a call ended that gave no answer."""

    code: str
    reason: str
    field: str
    retry: bool
    """Whether it says when to come again."""


def refused(call: Callable[[], object], *, planted: tuple[str, ...] = PLANTED) -> Refused:
    """Return how a call was refused; no planted value may stand anywhere in the refusal."""
    try:
        answer = call()
    except grpc.RpcError as error:
        return read_refusal(error, planted=planted)
    message = f"it was answered: {answer}"[:500]
    raise AssertionError(message)


def read_refusal(error: grpc.RpcError, *, planted: tuple[str, ...] = PLANTED) -> Refused:
    """Return what a refusal says."""
    told = f"{error.details()} {error.trailing_metadata()}"
    assert [] == [value for value in planted if value in told]
    status: status_pb2.Status | None = rpc_status.from_call(error)  # type: ignore[arg-type] # it is a call as well
    reason, field, retry = "", "", False
    for detail in status.details if status else ():
        said, violations, pause = (
            error_details_pb2.ErrorInfo(),
            error_details_pb2.BadRequest(),
            error_details_pb2.RetryInfo(),
        )
        if detail.Unpack(said):
            reason, field = said.reason, said.metadata.get("field", "")
            assert "sidecar.v1" == said.domain
        elif detail.Unpack(violations):
            assert [field] == [one.field for one in violations.field_violations]
        elif detail.Unpack(pause):
            retry = pause.retry_delay.ToNanoseconds() > 0
    return Refused(error.code().name, reason, field, retry)


def action(answer: pb.InspectResponse) -> str:
    """Return the word for what is to be done."""
    return pb.Action.Name(answer.action).removeprefix("ACTION_").lower()


def codes(answer: pb.InspectResponse) -> list[str]:
    """Return the codes of all reasons, each once, sorted."""
    return sorted({reason.code for reason in answer.reasons})
