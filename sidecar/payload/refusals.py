"""The error documents that clients of each API expect on HTTP 403."""

import json
from typing import assert_never

from sidecar.types.content import Format

_REASON = "type.googleapis.com/google.rpc.ErrorInfo"


def refusal(format: Format, code: str, message: str, decision_id: str) -> bytes:  # noqa: A002 - the contract's word
    """Return the error document of a format; plain text where it has none."""
    said: dict[str, object] = {"code": code, "decision_id": decision_id}
    match format:
        case Format.OPENAI_CHAT | Format.OPENAI_RESPONSES | Format.OPENAI_EMBEDDINGS:
            return _json({"error": {"message": message, "type": "request_forbidden", "param": None, **said}})
        case Format.ANTHROPIC_MESSAGES:
            return _json({"type": "error", "error": {"type": "permission_error", "message": message, **said}})
        case Format.GEMINI_GENERATE_CONTENT:
            reason = {"@type": _REASON, "reason": code, "domain": "sidecar", "metadata": {"decision_id": decision_id}}
            status = {"code": 403, "message": message, "status": "PERMISSION_DENIED", "details": [reason]}
            return _json({"error": status})
        case Format.COHERE_CHAT:
            return _json({"message": message, **said})
        case Format.TEXT:
            return f"{message}\ncode: {code}\ndecision: {decision_id}\n".encode()
        case _:
            assert_never(format)


def _json(document: dict[str, object]) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
