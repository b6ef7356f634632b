from sidecar.actions.block import RefusalWriter
from sidecar.types.content import Format
from sidecar.types.decisions import Reason, Severity
from sidecar.types.requests import Refusal


def body(format: Format, code: str, message: str, decision_id: str) -> bytes:  # noqa: A002
    """Write a body that shows what it was made of."""
    return f"{format}|{code}|{message}|{decision_id}".encode()


def reason(code: str, severity: Severity = Severity.DENY, clause: str = "", remedy: str = "") -> Reason:
    """Return a reason."""
    return Reason(code, severity, "contact", "m@p", f"{code} speaks.", clause, remedy, "")


WRITER = RefusalWriter(body)


def test_names_codes_clauses_and_remedies() -> None:
    """The first reason that denies gives the code; what is no objection is not told."""
    reasons = [
        reason("content.credential", Severity.REDACT),
        reason("transfer.regime", clause="GDPR Art. 44-49", remedy="Record a mechanism."),
        reason("license.territory"),
    ]
    message = (
        "This request was not sent to the model.\n"
        "transfer.regime (GDPR Art. 44-49): transfer.regime speaks. Remedy: Record a mechanism.\n"
        "license.territory: license.territory speaks."
    )

    assert WRITER.refusal(Format.OPENAI_CHAT, reasons, "d1") == Refusal(
        http_status=403,
        code="transfer.regime",
        message=message,
        retriable=False,
        body=body(Format.OPENAI_CHAT, "transfer.regime", message, "d1"),
    )


def test_many_reasons_are_counted() -> None:
    """A message stays readable: the same is told once, and of many the first five."""
    reasons = [reason(f"rule.{number // 2}") for number in range(16)]

    lines = WRITER.refusal(Format.TEXT, reasons, "d1").message.splitlines()

    assert [f"rule.{number}: rule.{number} speaks." for number in range(5)] == lines[1:-1]
    assert lines[-1] == "3 more reasons stand in the record."


def test_a_fault_of_the_engine_may_pass() -> None:
    """The same request can succeed later when the bundle is mended."""
    assert WRITER.refusal(Format.TEXT, [reason("policy.error")], "d1").retriable


def test_no_reason_is_still_a_refusal() -> None:
    """A block without a reason refuses like any other."""
    assert WRITER.refusal(Format.TEXT, [], "d1").code == "policy.block"
