"""Outcomes and errors to the contract. The only module that knows gRPC's codes."""

from typing import TYPE_CHECKING, NoReturn

from google.protobuf import any_pb2, duration_pb2
from google.rpc import code_pb2, error_details_pb2, status_pb2
from grpc_status import rpc_status

from sidecar import errors
from sidecar.types.bundles import BundleStatus
from sidecar.types.content import Format
from sidecar.types.decisions import Reason, Severity, Waived
from sidecar.types.requests import Action, Outcome, Refusal, ReportedFinding
from sidecar.types.status import CacheTally, Status
from sidecar.v1 import inspection_pb2 as pb
from sidecar.v1 import status_pb2 as status_pb

if TYPE_CHECKING:
    import grpc

DOMAIN = "sidecar.v1"

_CODES: tuple[tuple[type[errors.SidecarError], int], ...] = (
    (errors.BadRequest, code_pb2.INVALID_ARGUMENT),
    (errors.Forbidden, code_pb2.PERMISSION_DENIED),
    (errors.NotFound, code_pb2.NOT_FOUND),
    (errors.TooMuch, code_pb2.RESOURCE_EXHAUSTED),
    (errors.NotReady, code_pb2.UNAVAILABLE),
    (errors.DeadlinePassed, code_pb2.DEADLINE_EXCEEDED),
    (errors.RestorationRefused, code_pb2.FAILED_PRECONDITION),
)
_ACTIONS = {
    Action.ALLOW: pb.ACTION_ALLOW,
    Action.REDACT: pb.ACTION_REDACT,
    Action.REROUTE: pb.ACTION_REROUTE,
    Action.BLOCK: pb.ACTION_BLOCK,
}
_SEVERITIES = {
    Severity.DENY: pb.SEVERITY_DENY,
    Severity.REDACT: pb.SEVERITY_REDACT,
    Severity.NOTICE: pb.SEVERITY_NOTICE,
}


async def abort(context: "grpc.aio.ServicerContext[object, object]", error: errors.SidecarError) -> NoReturn:
    """End the call with what went wrong."""
    await context.abort_with_status(rpc_status.to_status(status_of(error)))


def status_of(error: errors.SidecarError) -> status_pb2.Status:
    """Return the error as ``google.rpc.Status``: ErrorInfo always, field and retry delay where there are any."""
    details = [error_details_pb2.ErrorInfo(reason=error.reason, domain=DOMAIN, metadata=_metadata(error))]
    packed = [_packed(detail) for detail in details]
    if error.field and isinstance(error, errors.BadRequest):
        violation = error_details_pb2.BadRequest.FieldViolation(field=error.field, description=str(error))
        packed.append(_packed(error_details_pb2.BadRequest(field_violations=[violation])))
    if error.retry_after is not None:
        delay = duration_pb2.Duration(nanos=int(error.retry_after % 1 * 1e9), seconds=int(error.retry_after))
        packed.append(_packed(error_details_pb2.RetryInfo(retry_delay=delay)))
    code = next((code for kind, code in _CODES if isinstance(error, kind)), code_pb2.INTERNAL)
    message = str(error) if code != code_pb2.INTERNAL else "internal error"
    return status_pb2.Status(code=code, message=message, details=packed)


def inspect_response(outcome: Outcome) -> pb.InspectResponse:
    """Encode an outcome."""
    message = pb.InspectResponse(
        decision_id=outcome.decision_id,
        action=_ACTIONS[outcome.action],
        coverage=pb.COVERAGE_COMPLETE if outcome.complete else pb.COVERAGE_PARTIAL,
        body=outcome.body,
        findings=[_finding(finding) for finding in outcome.findings],
        reasons=[_reason(reason) for reason in outcome.reasons],
        rejected=[pb.RejectedCandidate(target=one.target, codes=one.codes) for one in outcome.rejected],
        obligations=[
            pb.Obligation(code=one.code, text=one.text, clause=one.clause, basis=one.basis)
            for one in outcome.obligations
        ],
        notices=[_reason(reason) for reason in outcome.notices],
        shadow_reasons=[_reason(reason) for reason in outcome.shadow],
        waived=[_waived(one) for one in outcome.waived],
        restoration=outcome.restoration,
        revisions=pb.Revisions(
            policy=outcome.revisions.policy,
            catalog=outcome.revisions.catalog,
            detector=outcome.revisions.detector,
            config=outcome.revisions.config,
        ),
        timings=pb.Timings(
            parse_us=outcome.timings.parse_us,
            detect_us=outcome.timings.detect_us,
            policy_us=outcome.timings.policy_us,
            act_us=outcome.timings.act_us,
            record_us=outcome.timings.record_us,
            total_us=outcome.timings.total_us,
        ),
    )
    if outcome.target is not None:
        message.target.CopyFrom(
            pb.Target(model=outcome.target.model, provider=outcome.target.provider, region=outcome.target.region)
        )
    if outcome.refusal is not None:
        message.refusal.CopyFrom(_refusal(outcome.refusal))
    return message


def status_response(status: Status) -> status_pb.GetStatusResponse:
    """Encode the operator's view."""
    message = status_pb.GetStatusResponse(
        version=status.version,
        revisions=pb.Revisions(
            policy=status.revisions.policy,
            catalog=status.revisions.catalog,
            detector=status.revisions.detector,
            config=status.revisions.config,
        ),
        last_refused_reload=status.last_refused_reload,
        rules=status.rules,
        shadow_rules=status.shadow_rules,
        recognizers=status.recognizers,
        languages=status.languages,
        models=status.models,
        ner_engine=status.ner_engine,
        policy_engine=status.policy_engine,
        journal_id=status.journal_id,
        journal_size=status.journal_size,
        troubles=status.troubles,
        formats=[format_.value for format_ in Format],
        detection_cache=_cache(status.detection_cache),
        decision_cache=_cache(status.decision_cache),
    )
    message.since.FromDatetime(status.since)
    if status.policy_bundle is not None:
        message.policy_bundle.CopyFrom(_bundle(status.policy_bundle))
    return message


def _bundle(bundle: BundleStatus) -> status_pb.PolicyBundle:
    message = status_pb.PolicyBundle(
        source=bundle.source,
        sequence=bundle.sequence,
        signer=bundle.signer,
        stale=bundle.stale,
        refused=bundle.refused,
        last_refused=bundle.last_refused,
    )
    message.confirmed.FromDatetime(bundle.confirmed)
    return message


def _cache(tally: CacheTally | None) -> status_pb.CacheStatus | None:
    if tally is None:
        return None
    return status_pb.CacheStatus(
        hits=tally.hits, misses=tally.misses, entries=tally.entries, bytes=tally.bytes, evictions=tally.evictions
    )


def _finding(finding: ReportedFinding) -> pb.Finding:
    return pb.Finding(
        entity=finding.entity,
        data_class=finding.data_class,
        pointer=finding.pointer,
        start=finding.start,
        end=finding.end,
        score=finding.score,
        recognizer=finding.recognizer,
        operator=finding.operator,
        in_key=finding.in_key,
    )


def _reason(reason: Reason) -> pb.Reason:
    return pb.Reason(
        code=reason.code,
        severity=_SEVERITIES[reason.severity],
        data_class=reason.data_class,
        target=reason.target,
        message=reason.message,
        clause=reason.clause,
        remedy=reason.remedy,
        basis=reason.basis,
    )


def _waived(waived: Waived) -> pb.WaivedReason:
    return pb.WaivedReason(
        code=waived.code,
        severity=_SEVERITIES[waived.severity],
        data_class=waived.data_class,
        target=waived.target,
        clause=waived.clause,
        basis=waived.basis,
        reason=waived.reason,
        approver=waived.approver,
        expires=waived.expires,
    )


def _refusal(refusal: Refusal) -> pb.Refusal:
    return pb.Refusal(
        http_status=refusal.http_status,
        code=refusal.code,
        message=refusal.message,
        retriable=refusal.retriable,
        body=refusal.body,
    )


def _metadata(error: errors.SidecarError) -> dict[str, str]:
    return {"field": error.field} if error.field else {}


def _packed(
    detail: error_details_pb2.ErrorInfo | error_details_pb2.BadRequest | error_details_pb2.RetryInfo,
) -> any_pb2.Any:
    packed = any_pb2.Any()
    packed.Pack(detail)
    return packed
