"""Anthropic messages."""

from typing import Final

from sidecar.payload.common import (
    cache_control,
    media_type,
    model,
    reported_model,
    schema,
    stream,
    tool_type,
    tools,
    used,
)
from sidecar.payload.rules import (
    Rule,
    arguments,
    base64,
    by_type,
    content,
    each,
    encrypted,
    fields,
    free,
    hosted,
    link,
    objects,
    stored,
    words,
)
from sidecar.payload.walk import Walk


def _part(walk: Walk, row: int, pointer: str) -> None:
    """Walk a content block. Blocks hold blocks, so this one name stands for all of them."""
    _BLOCKS(walk, row, pointer)


_CONTENT = content(_part)
_FOUND = each(_part)


def _block(kind: str, **members: Rule) -> Rule:
    return fields({"type": words(kind), "cache_control": cache_control, **members})


def _from(kind: str, **members: Rule) -> Rule:
    return fields({"type": words(kind), "media_type": media_type, **members})


def _source(kind: str) -> Rule:
    """Where a picture or a document comes from."""

    def inlined(walk: Walk, row: int, pointer: str) -> None:
        _from("base64", data=base64(kind, walk.word(row, "media_type")))(walk, row, pointer)

    return by_type(
        {
            "base64": inlined,
            "url": _from("url", url=link(kind)),
            "file": _from("file", file_id=stored("file")),
            "text": _from("text", data=free),
            "content": _from("content", content=_CONTENT),
        }
    )


def _found(walk: Walk, row: int, pointer: str) -> None:
    """Walk what a search came back with: a list, or one object that is a page or an error."""
    kind = walk.word(row, "type")
    if kind.endswith("_error"):
        walk.free(row, pointer)
    else:
        (_part if kind else _FOUND)(walk, row, pointer)


_CITATIONS = fields({"enabled": free})
_USE: Final = {"id": free, "name": free, "input": arguments}
_RESULT: Final = {"tool_use_id": free, "content": _CONTENT, "is_error": free}
_EXECUTED = fields(
    {
        "type": words("code_execution_result", "bash_code_execution_result"),
        **dict.fromkeys(("stdout", "stderr", "return_code"), free),
        "content": each(
            fields(
                {
                    "type": words("code_execution_output", "bash_code_execution_output"),
                    "file_id": stored("file"),
                }
            )
        ),
    }
)

_BLOCKS: Final[Rule] = by_type(
    {
        "text": _block("text", text=free, citations=free),
        "image": _block("image", source=_source("image")),
        "document": _block("document", source=_source("document"), title=free, context=free, citations=_CITATIONS),
        "tool_use": used(_block("tool_use", **_USE)),
        "tool_result": used(_block("tool_result", **_RESULT)),
        "thinking": _block("thinking", thinking=free, signature=free),
        "redacted_thinking": _block("redacted_thinking", data=encrypted),
        "search_result": _block("search_result", source=free, title=free, content=_CONTENT, citations=_CITATIONS),
        "tool_reference": _block("tool_reference", tool_name=free),
        "container_upload": _block("container_upload", file_id=stored("file")),
        "server_tool_use": _block("server_tool_use", **_USE),
        "mcp_tool_use": _block("mcp_tool_use", server_name=free, **_USE),
        "mcp_tool_result": _block("mcp_tool_result", **_RESULT),
        "web_search_tool_result": _block("web_search_tool_result", tool_use_id=free, content=_found),
        "web_search_result": _block(
            "web_search_result", url=free, title=free, page_age=free, encrypted_content=encrypted
        ),
        "web_fetch_tool_result": _block("web_fetch_tool_result", tool_use_id=free, content=_found),
        "web_fetch_result": _block("web_fetch_result", url=free, retrieved_at=free, content=_part),
        **{
            kind: _block(kind, tool_use_id=free, content=_EXECUTED)
            for kind in (
                "code_execution_tool_result",
                "bash_code_execution_tool_result",
                "text_editor_code_execution_tool_result",
            )
        },
    }
)

_MESSAGE = fields({"role": words("user", "assistant", "system"), "content": _CONTENT})

_TOOL = fields(
    {
        "type": tool_type,
        "name": free,
        "description": free,
        "input_schema": schema,
        "cache_control": cache_control,
        **dict.fromkeys(("max_uses", "allowed_domains", "blocked_domains", "user_location", "strict"), free),
    }
)

REQUEST: Final[Rule] = fields(
    {
        "model": model,
        "messages": objects(_MESSAGE),
        "system": _CONTENT,
        "stream": stream,
        "tools": tools(_TOOL),
        "tool_choice": fields(
            {"type": words("auto", "any", "tool", "none"), "name": free, "disable_parallel_tool_use": free}
        ),
        "thinking": fields(
            {
                "type": words("enabled", "disabled", "adaptive"),
                "budget_tokens": free,
                "display": words("summarized", "omitted"),
            }
        ),
        "metadata": fields({"user_id": free}),
        "mcp_servers": hosted("mcp"),
        "container": stored(),
        "service_tier": words("auto", "standard_only"),
        "output_config": fields(
            {
                "effort": words("low", "medium", "high", "xhigh", "max"),
                "format": fields({"type": words("json_schema"), "schema": schema}),
            }
        ),
        "anthropic_version": words("bedrock-2023-05-31", "vertex-2023-10-16"),
        **dict.fromkeys(("max_tokens", "stop_sequences", "temperature", "top_p", "top_k"), free),
    }
)
REQUIRED_OF_REQUEST: Final = ("messages",)

RESPONSE: Final[Rule] = fields(
    {
        "type": words("message", "error"),
        "id": free,
        "role": words("assistant"),
        "model": reported_model,
        "content": objects(_part),
        "stop_reason": words(
            "end_turn",
            "max_tokens",
            "stop_sequence",
            "tool_use",
            "pause_turn",
            "refusal",
            "model_context_window_exceeded",
        ),
        "stop_sequence": free,
        "usage": free,
        "error": fields({"type": free, "message": free}),
        "container": free,
        "request_id": free,
    }
)
REQUIRED_OF_RESPONSE: Final = ("content", "error")
