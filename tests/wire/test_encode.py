"""Every error of ours as the status of the contract, and nothing of a foreign one."""

from collections.abc import Iterator

import pytest
from google.rpc import code_pb2, error_details_pb2, status_pb2

from sidecar import errors
from sidecar.wire.encode import status_of

CODES = {
    errors.BadRequest: code_pb2.INVALID_ARGUMENT,
    errors.AmbiguousBody: code_pb2.INVALID_ARGUMENT,
    errors.RetryMismatch: code_pb2.INVALID_ARGUMENT,
    errors.Forbidden: code_pb2.PERMISSION_DENIED,
    errors.UnknownTenant: code_pb2.PERMISSION_DENIED,
    errors.NotFound: code_pb2.NOT_FOUND,
    errors.TooMuch: code_pb2.RESOURCE_EXHAUSTED,
    errors.BodyTooLarge: code_pb2.RESOURCE_EXHAUSTED,
    errors.QueueFull: code_pb2.RESOURCE_EXHAUSTED,
    errors.NotReady: code_pb2.UNAVAILABLE,
    errors.PolicyUnavailable: code_pb2.UNAVAILABLE,
    errors.DetectionUnavailable: code_pb2.UNAVAILABLE,
    errors.JournalUnavailable: code_pb2.UNAVAILABLE,
    errors.DeadlinePassed: code_pb2.DEADLINE_EXCEEDED,
}
RETRIABLE = {
    errors.QueueFull,
    errors.NotReady,
    errors.PolicyUnavailable,
    errors.DetectionUnavailable,
    errors.JournalUnavailable,
}
OURS_ALONE = (errors.SidecarError, errors.PolicyAnswerRefused, errors.OperatorFault, errors.SettingsFault)


def below(kind: type[errors.SidecarError]) -> Iterator[type[errors.SidecarError]]:
    """Go through a class and all below it."""
    yield kind
    for child in kind.__subclasses__():
        yield from below(child)


def details(status: status_pb2.Status) -> list[object]:
    """Unpack what a status carries."""
    unpacked: list[object] = []
    for packed in status.details:
        for kind in (error_details_pb2.ErrorInfo, error_details_pb2.BadRequest, error_details_pb2.RetryInfo):
            detail = kind()
            if packed.Unpack(detail):
                unpacked.append(detail)
    return unpacked


@pytest.mark.parametrize("kind", CODES, ids=lambda kind: kind.__name__)
def test_code_reason_field_and_delay(kind: type[errors.SidecarError]) -> None:
    """Each error has its code and its reason, the field at fault, and a delay where a retry may help."""
    status = status_of(kind("it is so", field="body"))
    assert (CODES[kind], "it is so") == (status.code, status.message)
    said, *more = details(status)
    expected = error_details_pb2.ErrorInfo(reason=kind.reason, domain="sidecar.v1", metadata={"field": "body"})
    assert expected == said
    names = {type(detail).__name__ for detail in more}
    assert ("RetryInfo" in names) == (kind in RETRIABLE)
    assert ("BadRequest" in names) == issubclass(kind, errors.BadRequest)


def test_every_error_has_a_place() -> None:
    """An error that nobody mapped would be INTERNAL: only what no caller can meet may be."""
    unmapped = {kind for kind in below(errors.SidecarError) if kind not in CODES and kind.__module__ == errors.__name__}
    allowed = {errors.SidecarError, errors.PolicyAnswerRefused, errors.RestorationRefused}
    assert allowed | set(below(errors.OperatorFault)) >= unmapped


@pytest.mark.parametrize("reason", ["EXPIRED", "CORRUPT", "TENANT", "DECISION"])
def test_restorations_tell_their_reason(reason: str) -> None:
    """What is wrong with a restoration is the reason of ErrorInfo."""
    status = status_of(errors.RestorationRefused(f"RESTORATION_{reason}", "it does not hold"))
    (said,) = details(status)
    assert code_pb2.FAILED_PRECONDITION == status.code
    assert isinstance(said, error_details_pb2.ErrorInfo)
    assert (f"RESTORATION_{reason}", "restoration") == (said.reason, said.metadata["field"])


@pytest.mark.parametrize("kind", OURS_ALONE, ids=lambda kind: kind.__name__)
def test_what_is_no_callers_business(kind: type[errors.SidecarError]) -> None:
    """A fault of the house says that it is one, and no more."""
    status = status_of(kind("a path, a setting, a library's words"))
    assert (code_pb2.INTERNAL, "internal error") == (status.code, status.message)
