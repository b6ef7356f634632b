"""What a record holds, and what it must not."""

from dataclasses import replace

import pytest

from sidecar.audit.chain import NotCanonical, canonical, document_digest
from sidecar.audit.interface import Entry
from sidecar.audit.record import Digested, decision_record, digested, report_record
from sidecar.errors import BadRequest
from sidecar.types.content import Finding
from sidecar.types.decisions import (
    Allow,
    Block,
    Decision,
    Grounds,
    Obligation,
    Reason,
    Redact,
    Redaction,
    Rejected,
    Reroute,
    Severity,
    Waived,
)
from sidecar.types.json import Document
from sidecar.types.requests import Action, Report, Revisions, Timings

KNOWN = "deepseek/deepseek-v3.2@nebius"
OTHER = "alibaba/qwen3-32b@self-hosted"
WORDS = "my secret model@somewhere"
MARK = "mark:1:5f2a"
ID = "01936f3a-7c00-7000-8000-000000000001"


def name_target(words: str) -> str:
    """Name a target as the pipeline would."""
    return MARK if words == WORDS else words


def reason(target: str, severity: Severity = Severity.DENY) -> Reason:
    """Return a reason whose words repeat what the caller wrote."""
    return Reason(
        "transfer.regime",
        severity,
        "contact",
        target,
        f"{target} may not",
        "GDPR Art. 44-49",
        f"not {target}",
        "EU-GDPR",
    )


def finding(start: int, entity: str = "EMAIL_ADDRESS", recognizer: str = "EmailRecognizer") -> Finding:
    """Return a finding."""
    return Finding(0, start, start + 5, entity, "contact", 0.9, recognizer)


TENANT = digested({"id": "acme-eu"})
POLICY = digested({"revision": "r1"})
CARD = digested({"id": KNOWN})
WORDS_CARD = digested({"id": WORDS})


def record(decision: Decision | None, grounds: Grounds, *, in_reply_to: str = "") -> Entry:
    """Return the entry of a decision."""
    return decision_record(
        decision_id=ID,
        tenant="acme-eu",
        action=Action.REROUTE,
        requested=WORDS,
        final=KNOWN,
        final_provider="nebius",
        name_target=name_target,
        decision=decision,
        grounds=grounds,
        residual=(reason(KNOWN),),
        findings=[finding(40), finding(3), finding(9, "IBAN_CODE", "IbanRecognizer")],
        complete=False,
        request_half={"content": {"classes": ["contact"]}},
        operator={"country": "KR"},
        candidates=[KNOWN, WORDS],
        tenant_document=TENANT,
        policy_document=POLICY,
        cards={WORDS: WORDS_CARD, KNOWN: CARD},
        revisions=Revisions("p", "c", "d", "s"),
        timings=Timings(1, 2, 3, 4, 0, 12),
        tokens_estimate=1280,
        price_estimate_usd=0.25,
        request_mark="mark:1:aa",
        retry_of="",
        in_reply_to=in_reply_to,
    )


def told(target: str, severity: str = "deny") -> Document:
    """Return a reason as it is recorded."""
    return {
        "code": "transfer.regime",
        "severity": severity,
        "class": "contact",
        "target": target,
        "clause": "GDPR Art. 44-49",
        "basis": "EU-GDPR",
    }


def test_decision() -> None:
    """A decision is recorded whole: counts, codes, clauses, digests; documents beside it; no message, no pointer."""
    grounds = Grounds(
        reasons=(reason(WORDS),),
        rejected=(Rejected(WORDS, ("identity.unidentified_target",)), Rejected(OTHER, ("ranked",))),
        obligations=(Obligation("license.attribution", "Built with Llama", "1.b", "LicenseRef-Llama-3.3"),),
        notices=(reason(KNOWN, Severity.NOTICE),),
        shadow=(reason(""),),
        waived=(
            Waived(
                code="transfer.regime",
                severity=Severity.DENY,
                data_class="contact",
                target="deepseek/deepseek-v3.2@nebius",
                clause="GDPR Art. 44-49",
                basis="EU-GDPR",
                reason="pilot",
                approver="Jane Doe, CISO",
                expires="2027-01-31",
            ),
        ),
    )
    content: Document = {
        "action": "reroute",
        "requested_target": MARK,
        "final_target": KNOWN,
        "final_provider": "nebius",
        "decision": {"action": "reroute", "target": KNOWN, "redact": [{"class": "contact", "operator": "remove"}]},
        "reasons": [told(MARK)],
        "residual": [told(KNOWN)],
        "rejected": [
            {"target": MARK, "codes": ["identity.unidentified_target"]},
            {"target": OTHER, "codes": ["ranked"]},
        ],
        "obligations": [{"code": "license.attribution", "clause": "1.b", "basis": "LicenseRef-Llama-3.3"}],
        "notices": [told(KNOWN, "notice")],
        "shadow": [told("")],
        "waived": [
            {
                **told("contact"),
                "target": "deepseek/deepseek-v3.2@nebius",
                "reason": "pilot",
                "approver": "Jane Doe, CISO",
                "expires": "2027-01-31",
            }
        ],
        "findings": [
            {"entity": "EMAIL_ADDRESS", "class": "contact", "recognizer": "EmailRecognizer", "count": 2},
            {"entity": "IBAN_CODE", "class": "contact", "recognizer": "IbanRecognizer", "count": 1},
        ],
        "coverage": "partial",
        "request_half": {"content": {"classes": ["contact"]}},
        "operator": {"country": "KR"},
        "candidates": [KNOWN, name_target(WORDS)],
        "digests": {"tenant": TENANT.digest, "policy": POLICY.digest, "cards": {KNOWN: CARD.digest}},
        "revisions": {"policy": "p", "catalog": "c", "detector": "d", "config": "s"},
        "timings": {"parse_us": 1, "detect_us": 2, "policy_us": 3, "act_us": 4, "total_us": 12},
        "tokens_estimate": 1280,
        "price_estimate_usd": 0.25,
        "request_mark": "mark:1:aa",
        "retry_of": "",
        "in_reply_to": "",
    }
    documents = {item.digest: item.document for item in (TENANT, POLICY, CARD)}
    entry = record(Reroute(KNOWN, (Redaction("contact", "remove"),), grounds), grounds)
    assert Entry("decision", ID, "acme-eu", content, documents) == entry
    assert WORDS not in canonical(entry.content).decode()


@pytest.mark.parametrize(
    ("decision", "expected"),
    [
        (None, None),
        (Allow(KNOWN, Grounds()), {"action": "allow", "target": KNOWN, "redact": []}),
        (
            Redact(WORDS, (Redaction("credential", "remove"),), Grounds()),
            {"action": "redact", "target": MARK, "redact": [{"class": "credential", "operator": "remove"}]},
        ),
        (Block(Grounds()), {"action": "block", "target": "", "redact": []}),
    ],
)
def test_what_policy_said(decision: Decision | None, expected: Document | None) -> None:
    """Whatever policy said first is recorded beside what was done; None where it could not be accepted."""
    assert expected == record(decision, Grounds()).content["decision"]


@pytest.mark.parametrize(("said", "expected"), [(ID, ID), ("mina.kim@example.com", ""), (ID + "\n", ""), ("", "")])
def test_in_reply_to(said: str, expected: str) -> None:
    """What is not the id of a decision is a caller's text, and left out."""
    assert expected == record(None, Grounds(), in_reply_to=said).content["in_reply_to"]


def test_digested() -> None:
    """The digest is that of the canonical bytes, whatever the order of keys."""
    document: Document = {"b": 1, "a": "ü"}
    digest = document_digest('{"a":"ü","b":1}'.encode())
    assert Digested(digest, document) == digested(document)
    assert digest == digested({"a": "ü", "b": 1.0}).digest
    with pytest.raises(NotCanonical):
        digested({"a": float("inf")})


REPORT = Report("acme-eu", ID, forwarded=True, target=None, http_status=200, input_tokens=10, output_tokens=20)


@pytest.mark.parametrize(
    ("forwarded", "target", "decided", "breach"),
    [
        (True, KNOWN, {"action": "allow", "final_target": KNOWN}, ""),
        (True, "", {"action": "allow", "final_target": KNOWN}, ""),
        (True, OTHER, {"action": "allow", "final_target": KNOWN}, "target"),
        (True, "", {"action": "block", "final_target": ""}, "blocked"),
        (True, KNOWN, {"action": "block", "final_target": ""}, "blocked"),
        (False, OTHER, {"action": "block", "final_target": ""}, ""),
    ],
)
def test_report(*, forwarded: bool, target: str, decided: Document, breach: str) -> None:
    """A report is recorded, and says where it contradicts its decision."""
    content: Document = {
        "forwarded": forwarded,
        "target": target,
        "breach": breach,
        "http_status": 200,
        "input_tokens": 10,
        "output_tokens": 20,
    }
    entry = report_record(report=replace(REPORT, forwarded=forwarded), target=target, decided=decided)
    assert Entry("report", ID, "acme-eu", content, {}) == entry


@pytest.mark.parametrize(
    ("field", "broken"),
    [
        ("http_status", replace(REPORT, http_status=-1)),
        ("input_tokens", replace(REPORT, input_tokens=-1)),
        ("input_tokens", replace(REPORT, input_tokens=2**53)),
        ("output_tokens", replace(REPORT, output_tokens=2**53)),
    ],
)
def test_report_that_does_not_count(field: str, broken: Report) -> None:
    """A number that is no count is refused by its field."""
    with pytest.raises(BadRequest, match=f"{field} is not a count") as caught:
        report_record(report=broken, target="", decided={})
    assert field == caught.value.field
