"""OpenAI responses."""

from typing import Final

from sidecar.payload.common import model, reported_model, stream, tools, used
from sidecar.payload.openai_parts import (
    EFFORT,
    PART,
    SCHEMA_FORMAT,
    TIER,
    TOOL,
    TOOL_CHOICES,
    VERBOSITY,
    typed,
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
    link,
    mapping,
    objects,
    stored,
    string_or,
    words,
)
from sidecar.payload.walk import Walk

_STATUS = words(
    "queued", "in_progress", "completed", "incomplete", "failed", "cancelled", "searching", "interpreting", "generating"
)
_IDS: Final = dict.fromkeys(("id", "call_id"), free)
_OUTPUT = string_or(arguments, content(PART))  # of a tool: a text, JSON in a string, or parts


def _item(kind: str, *texts: str, **members: Rule) -> Rule:
    return fields({"type": words(kind), "status": _STATUS, **_IDS, **dict.fromkeys(texts, free), **members})


def _or_stored(rule: Rule, *members: str) -> Rule:
    """Walk an item that only names what the provider keeps, unless one of the members is there."""

    def noting(walk: Walk, row: int, pointer: str) -> None:
        children = (walk.tape.member(row, name) for name in members)
        if not any(child is not None and walk.holds(child) for child in children):
            walk.stored()
        rule(walk, row, pointer)

    return noting


def _kind(walk: Walk, row: int) -> str:
    """Return the type of an item: where it says none, it is a message, or the id of one that was stored."""
    if walk.tape.member(row, "type") is not None:
        return walk.word(row, "type")
    return "message" if walk.tape.member(row, "role") is not None else "item_reference"


_ROLE = words("user", "assistant", "system", "developer", "tool")
_MESSAGE = _item("message", role=_ROLE, content=content(PART), phase=words("commentary", "final_answer"))
_REASONING = _item("reasoning", summary=each(PART), content=each(PART), encrypted_content=encrypted)
_IMAGE_CALL = _item("image_generation_call", "revised_prompt", "size", result=base64("image"))
_LOGS_OR_IMAGE = by_type(
    {"logs": typed("logs", logs=free), "image": typed("image", url=link("image"))},
)
_COMPUTER_CHECKS: Final = dict.fromkeys(("pending_safety_checks", "acknowledged_safety_checks"), free)


def _items(*, kept: Rule, reasoning: Rule, image_call: Rule) -> dict[str, Rule]:
    """What a conversation is made of. ``kept`` is for the id of a container, which a reply only reports."""
    return {
        "message": _MESSAGE,
        "reasoning": reasoning,
        **{
            kind: _item(kind, encrypted_content=encrypted)
            for kind in ("compaction", "context_compaction", "compaction_summary")
        },
        "item_reference": stored("stored_context", fields({"type": words("item_reference"), **_IDS})),
        "function_call": used(_item("function_call", "name", "namespace", arguments=arguments)),
        "function_call_output": used(_item("function_call_output", output=_OUTPUT)),
        "custom_tool_call": used(_item("custom_tool_call", "name", "namespace", input=arguments)),
        "custom_tool_call_output": used(_item("custom_tool_call_output", output=_OUTPUT)),
        "file_search_call": _item("file_search_call", "queries", "results"),
        "web_search_call": _item("web_search_call", "action"),
        "tool_search_call": _item("tool_search_call", arguments=arguments),
        "tool_search_output": _item("tool_search_output", tools=each(TOOL)),
        "computer_call": used(_item("computer_call", "action", "actions", **_COMPUTER_CHECKS)),
        "computer_call_output": used(_item("computer_call_output", output=PART, **_COMPUTER_CHECKS)),
        "image_generation_call": image_call,
        "code_interpreter_call": _item(
            "code_interpreter_call", "code", container_id=kept, outputs=each(_LOGS_OR_IMAGE)
        ),
        "local_shell_call": used(_item("local_shell_call", action=arguments)),
        "local_shell_call_output": used(_item("local_shell_call_output", output=arguments)),
        "shell_call": used(_item("shell_call", "environment", action=arguments)),
        "shell_call_output": used(_item("shell_call_output", "max_output_length", output=arguments)),
        "apply_patch_call": used(_item("apply_patch_call", operation=arguments)),
        "apply_patch_call_output": used(_item("apply_patch_call_output", output=arguments)),
        "mcp_list_tools": _item("mcp_list_tools", "server_label", "tools", "error"),
        "mcp_approval_request": _item("mcp_approval_request", "name", "server_label", arguments=arguments),
        "mcp_approval_response": _item("mcp_approval_response", "approval_request_id", "approve", "reason"),
        "mcp_call": _item("mcp_call", "name", "server_label", "error", arguments=arguments, output=arguments),
    }


_SENT = by_type(
    _items(
        kept=stored(),
        reasoning=_or_stored(_REASONING, "encrypted_content", "content"),
        image_call=_or_stored(_IMAGE_CALL, "result"),
    ),
    _kind,
)
_ANSWERED = by_type(_items(kept=free, reasoning=_REASONING, image_call=_IMAGE_CALL), _kind)

_VARIABLE = string_or(free, PART)
_SHARED: Final[dict[str, Rule]] = {
    "text": fields({"format": typed("text", "json_object", "json_schema", **SCHEMA_FORMAT), "verbosity": VERBOSITY}),
    "reasoning": fields(
        {
            "effort": EFFORT,
            **dict.fromkeys(("summary", "generate_summary"), words("auto", "concise", "detailed")),
            "encrypted_content": encrypted,
        }
    ),
    "tools": tools(TOOL),
    "tool_choice": string_or(TOOL_CHOICES, typed("function", "custom", "allowed_tools", name=free)),
    "service_tier": TIER,
    "truncation": words("auto", "disabled"),
    "prompt_cache_retention": words("in-memory", "in_memory", "24h"),
    "metadata": arguments,
    **dict.fromkeys(
        (
            "user",
            "store",
            "background",
            "temperature",
            "top_p",
            "top_logprobs",
            "max_output_tokens",
            "max_tool_calls",
            "parallel_tool_calls",
            "safety_identifier",
            "prompt_cache_key",
        ),
        free,
    ),
}

REQUEST: Final[Rule] = fields(
    {
        **_SHARED,
        "model": model,
        "input": content(_SENT),
        "instructions": content(_SENT),
        "prompt": stored("stored_context", fields({"id": free, "version": free, "variables": mapping(_VARIABLE)})),
        "stream": stream,
        "stream_options": fields({"include_obfuscation": free}),
        "include": each(
            words(
                "file_search_call.results",
                "web_search_call.results",
                "web_search_call.action.sources",
                "message.input_image.image_url",
                "message.output_text.logprobs",
                "computer_call_output.output.image_url",
                "code_interpreter_call.outputs",
                "reasoning.encrypted_content",
            )
        ),
        "context_management": each(fields({"type": words("compaction"), "compact_threshold": free})),
        **dict.fromkeys(("previous_response_id", "conversation"), stored()),
    }
)
REQUIRED_OF_REQUEST: Final = ("input", "prompt", "previous_response_id", "conversation")

_REPLY = fields(
    {
        **_SHARED,
        "id": free,
        "object": words("response", "response.compaction"),
        "status": _STATUS,
        "model": reported_model,
        "output": objects(_ANSWERED),
        "output_text": free,
        "instructions": content(_ANSWERED),
        "error": fields(dict.fromkeys(("message", "type", "param", "code"), free)),
        "incomplete_details": fields({"reason": words("max_output_tokens", "content_filter")}),
        **dict.fromkeys(
            (
                "created_at",
                "completed_at",
                "usage",
                "previous_response_id",
                "conversation",
                "prompt",
            ),
            free,
        ),
    }
)
RESPONSE: Final[Rule] = _REPLY
REQUIRED_OF_RESPONSE: Final = ("output", "error")
