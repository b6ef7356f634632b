"""Cohere chat, both versions of its API: messages, or one message and a history."""

from typing import Final

from sidecar.payload.common import model, reported_model, schema, stream, tools, used
from sidecar.payload.rules import (
    Rule,
    arguments,
    by_type,
    content,
    each,
    fields,
    free,
    hosted,
    link,
    mapping,
    objects,
    stored,
    string_or,
    words,
)

_DOCUMENT = string_or(free, fields({"id": free, "data": string_or(free, arguments)}))
_PART = by_type(
    {
        "text": fields({"type": words("text"), "text": free}),
        "thinking": fields({"type": words("thinking"), "thinking": free}),
        "image_url": fields(
            {
                "type": words("image_url"),
                "image_url": string_or(
                    link("image"), fields({"url": link("image"), "detail": words("auto", "low", "high")})
                ),
            }
        ),
        "document": fields({"type": words("document"), "document": _DOCUMENT}),
    }
)
_CALL = fields(
    {
        "id": free,
        "type": words("function"),
        "function": fields({"name": free, "arguments": arguments}),
        "name": free,
        "parameters": arguments,
    }
)
_CALLS = used(each(_CALL))
_RESULTS = used(each(fields({"call": _CALL, "outputs": arguments})))
_MESSAGE = fields(
    {
        "role": words("system", "user", "assistant", "tool", "USER", "CHATBOT", "SYSTEM", "TOOL"),
        "content": content(_PART),
        "message": free,
        "tool_calls": _CALLS,
        "tool_call_id": used(),
        "tool_results": _RESULTS,
        "tool_plan": free,
        "citations": free,
    }
)
_TOOL = fields(
    {
        "type": words("function"),
        "function": fields({"name": free, "description": free, "parameters": schema}),
        "name": free,
        "description": free,
        "parameter_definitions": mapping(fields(dict.fromkeys(("description", "type", "required"), free))),
    }
)

REQUEST: Final[Rule] = fields(
    {
        "model": model,
        "messages": objects(_MESSAGE),
        "message": free,
        "chat_history": objects(_MESSAGE, optional=True),
        "preamble": free,
        "stream": stream,
        "tools": tools(_TOOL),
        "tool_results": _RESULTS,
        "tool_choice": words("REQUIRED", "NONE"),
        "documents": each(string_or(free, arguments)),
        "connectors": hosted("connectors"),
        "conversation_id": stored(),
        "response_format": fields(
            {"type": words("text", "json_object"), **dict.fromkeys(("schema", "json_schema"), schema)}
        ),
        "citation_options": fields({"mode": words("FAST", "ACCURATE", "OFF", "ENABLED", "DISABLED")}),
        "citation_quality": words("fast", "accurate", "off"),
        "prompt_truncation": words("AUTO", "AUTO_PRESERVE_ORDER", "OFF"),
        "safety_mode": words("CONTEXTUAL", "STRICT", "OFF", "NONE"),
        "thinking": fields({"type": words("enabled", "disabled"), "token_budget": free}),
        **dict.fromkeys(
            (
                "stop_sequences", "max_tokens", "max_input_tokens", "temperature", "seed", "k", "p", "logprobs",
                "frequency_penalty", "presence_penalty", "search_queries_only", "raw_prompting", "force_single_step",
                "strict_tools", "priority",
            ),
            free,
        ),
    }
)  # fmt: skip
REQUIRED_OF_REQUEST: Final = ("messages", "message")

RESPONSE: Final[Rule] = fields(
    {
        "id": free,
        "model": reported_model,
        "message": string_or(free, _MESSAGE),
        "text": free,
        "chat_history": objects(_MESSAGE, optional=True),
        "tool_calls": _CALLS,
        "finish_reason": words(
            "COMPLETE", "STOP_SEQUENCE", "MAX_TOKENS", "TOOL_CALL", "ERROR", "ERROR_TOXIC", "ERROR_LIMIT", "USER_CANCEL"
        ),
        "documents": each(string_or(free, arguments)),
        **dict.fromkeys(
            (
                "response_id", "generation_id", "citations", "search_queries", "search_results", "is_search_required",
                "usage", "meta", "logprobs",
            ),
            free,
        ),
    }
)  # fmt: skip
REQUIRED_OF_RESPONSE: Final = ("message", "text")
