"""What OpenAI's chat completions and responses, and the many APIs that speak them, have in common."""

from typing import Final

from sidecar.payload.common import cache_control, inlined, schema, tool_type
from sidecar.payload.rules import Rule, base64, by_type, each, fields, free, link, stored, string_or, words
from sidecar.payload.walk import Walk

DETAIL = words("auto", "low", "high", "original")
EFFORT = words("none", "minimal", "low", "medium", "high", "xhigh", "max")
TIER = words("auto", "default", "flex", "scale", "priority")
VERBOSITY = words("low", "medium", "high")
TOOL_CHOICES = words("none", "auto", "required", "any", "validated")


def typed(*types: str, **members: Rule) -> Rule:
    """Walk an object of a known type."""
    return fields({"type": words(*types), "cache_control": cache_control, **members})


def _linked(kind: str) -> Rule:
    return string_or(link(kind), fields({"url": link(kind), "detail": DETAIL}))


def _audio(walk: Walk, row: int, pointer: str) -> None:
    content = base64("audio", f"audio/{walk.word(row, 'format')}")
    fields({"data": content, "format": words("wav", "mp3")})(walk, row, pointer)


_FILE: Final = {
    "file_data": inlined("file"),
    "file_url": link("file"),
    "file_id": stored("file"),
    "filename": free,
    "detail": DETAIL,
}
_LOGPROB = dict.fromkeys(("token", "logprob", "bytes"), free)
LOGPROBS: Final = each(fields({**_LOGPROB, "top_logprobs": each(fields(_LOGPROB))}))
_IMAGE: Final = {"image_url": _linked("image"), "file_id": stored("file"), "detail": DETAIL}

PART: Final[Rule] = by_type(
    {
        **{kind: typed(kind, text=free) for kind in ("text", "input_text", "summary_text", "reasoning_text")},
        "output_text": typed("output_text", text=free, annotations=free, logprobs=LOGPROBS),
        "refusal": typed("refusal", refusal=free),
        "thinking": typed("thinking", thinking=free, closed=free),
        "image_url": typed("image_url", image_url=_linked("image")),
        "input_image": typed("input_image", **_IMAGE),
        "computer_screenshot": typed("computer_screenshot", **_IMAGE),
        "video_url": typed("video_url", video_url=_linked("video")),
        "audio_url": typed("audio_url", audio_url=_linked("audio")),
        "document_url": typed("document_url", document_url=_linked("document")),
        "input_audio": typed("input_audio", input_audio=_audio),
        "file": typed("file", file=fields(_FILE)),
        "input_file": typed("input_file", **_FILE),
    }
)
"""Walks a part of content."""

FUNCTION: Final = fields({"name": free, "description": free, "parameters": schema, "strict": free})
SCHEMA_FORMAT: Final = {"name": free, "description": free, "schema": schema, "strict": free}
_CONTAINER: Final = fields(
    {
        "type": words("auto", "container_auto", "container_reference", "local"),
        "file_ids": stored("file"),
        "container_id": stored(),
        "memory_limit": words("1g", "4g", "16g", "64g"),
    }
)


def _tool(walk: Walk, row: int, pointer: str) -> None:
    """Walk the definition of a tool. A namespace holds tools, so this one name stands for all of them."""
    TOOL(walk, row, pointer)


TOOL: Final[Rule] = fields(
    {
        "type": tool_type,
        "function": FUNCTION,
        "custom": free,
        "cache_control": cache_control,
        "name": free,
        "description": free,
        "parameters": schema,
        "strict": free,
        "tools": each(_tool),
        "vector_store_ids": stored("file"),
        "container": string_or(stored(), _CONTAINER),
        "environment": _CONTAINER,
        "input_image_mask": fields(_IMAGE),
        "search_context_size": words("low", "medium", "high"),
        "user_location": fields(
            {"type": words("approximate"), **dict.fromkeys(("city", "country", "region", "timezone"), free)}
        ),
        **dict.fromkeys(
            (
                "server_label",
                "server_url",
                "server_description",
                "connector_id",
                "authorization",
                "headers",
                "allowed_tools",
                "require_approval",
                "filters",
                "max_num_results",
            ),
            free,
        ),
    }
)
"""Walks the definition of a tool."""
