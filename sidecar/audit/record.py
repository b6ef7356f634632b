"""Builds what a record holds; pure, and without text.

Of a reason it keeps code, severity, class, target, clause and basis: its message is written for people and could repeat
a caller's words. Of a finding it keeps entity, class, recognizer and how many: a pointer can hold a key of the body.
Targets enter by their canonical id where the catalog knows them, else as a keyed mark.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, assert_never

from sidecar.audit.chain import MAX_WHOLE, canonical, document_digest
from sidecar.audit.interface import Entry
from sidecar.errors import BadRequest
from sidecar.types.decisions import Allow, Block, Decision, Grounds, Reason, Redact, Redaction, Reroute, Waived
from sidecar.types.json import Document, Json
from sidecar.types.requests import Action, Report, Revisions, Timings

_DECISION_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

Breach = Literal["", "blocked", "target"]


class Found(Protocol):
    """The parts of a finding that may be counted."""

    @property
    def entity(self) -> str:
        """The recognizer's word."""
        ...

    @property
    def data_class(self) -> str:
        """The class that policy sees."""
        ...

    @property
    def recognizer(self) -> str:
        """Who said so."""
        ...


@dataclass(frozen=True, slots=True)
class Digested:
    """A document and its digest: made once for a snapshot, named by every record, stored once."""

    digest: str
    document: Document


def digested(document: Document) -> Digested:
    """Return the document with its digest.

    Raises:
        NotCanonical: it has no canonical form.
    """
    return Digested(document_digest(canonical(document)), document)


def decision_record(
    *,
    decision_id: str,
    tenant: str,
    action: Action,
    requested: str,
    final: str,
    final_provider: str,
    name_target: Callable[[str], str],
    decision: Decision | None,
    grounds: Grounds,
    residual: Sequence[Reason],
    findings: Iterable[Found],
    complete: bool,
    request_half: Document,
    operator: Document,
    candidates: Sequence[str],
    tenant_document: Digested,
    policy_document: Digested,
    cards: Mapping[str, Digested],
    revisions: Revisions,
    timings: Timings,
    tokens_estimate: int,
    price_estimate_usd: float | None,
    request_mark: str,
    retry_of: str = "",
    in_reply_to: str = "",
) -> Entry:
    """Return the entry of a decision.

    Args:
        decision_id: UUIDv7.
        tenant: Its id in the tenants file.
        action: What the gateway is told to do.
        requested: Id on the card of the target that was asked for.
        final: Id on the card of the target that is taken; empty on a block.
        final_provider: Its provider, by which what leaves is counted; empty on a block.
        name_target: Turns an id, as cards and reasons have it, into what may be written down: canonical ids stay,
            words that the catalog does not know become a keyed mark. Every id in the record has gone through it.
        decision: What policy said first; None where its answer could not be accepted.
        grounds: What the answer to the gateway says.
        residual: What stood against the redacted body, where that was asked.
        findings: In the body as it came.
        complete: Whether everything could be looked at.
        request_half: The request half of the facts, whole.
        operator: Who runs the gateway, as policy saw it.
        candidates: Ids of the alternatives that fit, in the order in which they were to be preferred.
        tenant_document: The tenant as it was judged.
        policy_document: The policy it was judged by.
        cards: Cards of the requested target and of the candidates, by id. Those of targets that the catalog does not
            know are left out, since they hold a caller's words and nothing else.
        revisions: What it was decided with.
        timings: As far as they are known before the record is durable.
        tokens_estimate: Input tokens.
        price_estimate_usd: Of the input at the final target; None where unknown.
        request_mark: Keyed mark of the request id and content.
        retry_of: The decision that was made on the same request under another snapshot.
        in_reply_to: The decision that let the request out, for a reply. Left out where it is not an id at all.
    """
    known = {id_: card for id_, card in sorted(cards.items()) if name_target(id_) == id_}
    content: Document = {
        "action": action.value,
        "requested_target": name_target(requested),
        "final_target": name_target(final) if final else "",
        "final_provider": final_provider,
        "decision": _decision(decision, name_target),
        "reasons": _reasons(grounds.reasons, name_target),
        "residual": _reasons(residual, name_target),
        "rejected": [{"target": name_target(item.target), "codes": list(item.codes)} for item in grounds.rejected],
        "obligations": [
            {"code": item.code, "clause": item.clause, "basis": item.basis} for item in grounds.obligations
        ],
        "notices": _reasons(grounds.notices, name_target),
        "shadow": _reasons(grounds.shadow, name_target),
        "waived": _waived(grounds.waived, name_target),
        "findings": _counts(findings),
        "coverage": "complete" if complete else "partial",
        "request_half": request_half,
        "operator": operator,
        "candidates": [name_target(id_) for id_ in candidates],
        "digests": {
            "tenant": tenant_document.digest,
            "policy": policy_document.digest,
            "cards": {id_: card.digest for id_, card in known.items()},
        },
        "revisions": {
            "policy": revisions.policy,
            "catalog": revisions.catalog,
            "detector": revisions.detector,
            "config": revisions.config,
        },
        "timings": {
            "parse_us": timings.parse_us,
            "detect_us": timings.detect_us,
            "policy_us": timings.policy_us,
            "act_us": timings.act_us,
            "total_us": timings.total_us,
        },
        "tokens_estimate": tokens_estimate,
        "price_estimate_usd": price_estimate_usd,
        "request_mark": request_mark,
        "retry_of": retry_of,
        "in_reply_to": in_reply_to if _DECISION_ID.fullmatch(in_reply_to) else "",
    }
    named = (tenant_document, policy_document, *known.values())
    return Entry("decision", decision_id, tenant, content, {item.digest: item.document for item in named})


def report_record(*, report: Report, target: str, decided: Document) -> Entry:
    """Return the entry of a report: what became of a decision.

    Args:
        report: What the gateway says.
        target: Where it says it went, as ``name_target`` would have it; empty where it names none.
        decided: The decision's content, as the journal returns it.

    Raises:
        BadRequest: a number is not a count.
    """
    for field in ("http_status", "input_tokens", "output_tokens"):
        if not 0 <= getattr(report, field) <= MAX_WHOLE:
            message = f"{field} is not a count"
            raise BadRequest(message, field=field)
    content: Document = {
        "forwarded": report.forwarded,
        "target": target,
        "breach": _breach(forwarded=report.forwarded, target=target, decided=decided),
        "http_status": report.http_status,
        "input_tokens": report.input_tokens,
        "output_tokens": report.output_tokens,
    }
    return Entry("report", report.decision_id, report.tenant, content, {})


def _breach(*, forwarded: bool, target: str, decided: Document) -> Breach:
    """Say how a report contradicts its decision."""
    if not forwarded:
        return ""
    if decided.get("action") == Action.BLOCK.value:
        return "blocked"
    return "target" if target and target != decided.get("final_target") else ""


def _decision(decision: Decision | None, name_target: Callable[[str], str]) -> Document | None:
    match decision:
        case None:
            return None
        case Allow(target=target):
            return _option("allow", name_target(target), ())
        case Redact(target=target, redactions=redactions):
            return _option("redact", name_target(target), redactions)
        case Reroute(target=target, redactions=redactions):
            return _option("reroute", name_target(target), redactions)
        case Block():
            return _option("block", "", ())
        case _:
            assert_never(decision)


def _option(action: str, target: str, redactions: Sequence[Redaction]) -> Document:
    return {
        "action": action,
        "target": target,
        "redact": [{"class": item.data_class, "operator": item.operator} for item in redactions],
    }


def _reasons(reasons: Sequence[Reason], name_target: Callable[[str], str]) -> list[Json]:
    return [
        {
            "code": reason.code,
            "severity": reason.severity.value,
            "class": reason.data_class,
            "target": name_target(reason.target) if reason.target else "",
            "clause": reason.clause,
            "basis": reason.basis,
        }
        for reason in reasons
    ]


def _waived(waived: Sequence[Waived], name_target: Callable[[str], str]) -> list[Json]:
    """Return the exceptions that were made, in the operator's words: no caller's are among them."""
    return [
        {
            "code": one.code,
            "severity": one.severity.value,
            "class": one.data_class,
            "target": name_target(one.target),
            "clause": one.clause,
            "basis": one.basis,
            "reason": one.reason,
            "approver": one.approver,
            "expires": one.expires,
        }
        for one in waived
    ]


def _counts(findings: Iterable[Found]) -> list[Json]:
    counts = Counter((finding.entity, finding.data_class, finding.recognizer) for finding in findings)
    return [
        {"entity": entity, "class": data_class, "recognizer": recognizer, "count": count}
        for (entity, data_class, recognizer), count in sorted(counts.items())
    ]
