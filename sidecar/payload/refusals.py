"""The error documents that clients of each API expect on HTTP 403."""

import json

from sidecar.types.content import Format


def refusal(format: Format, code: str, message: str, decision_id: str) -> bytes:  # noqa: A002 - the contract's word
    """Return the error document of a format; plain text where it has none."""
    if format is Format.OPENAI_CHAT:
        error = {"message": message, "type": "request_forbidden", "param": None, "code": code}
        return _json({"error": {**error, "decision_id": decision_id}})
    if format is Format.ANTHROPIC_MESSAGES:
        error = {"type": "permission_error", "message": message, "code": code}
        return _json({"type": "error", "error": {**error, "decision_id": decision_id}})
    return f"{message}\ncode: {code}\ndecision: {decision_id}\n".encode()


def _json(document: dict[str, object]) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
