"""OpenAI chat completions, and the many APIs that speak it."""

from typing import Final

from sidecar.payload.common import model, reported_model, stream, tools, used
from sidecar.payload.openai_parts import (
    EFFORT,
    FUNCTION,
    LOGPROBS,
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
    content,
    each,
    encrypted,
    fields,
    free,
    hosted,
    objects,
    stored,
    string_or,
    words,
)

_CALLED = fields({"name": free, "arguments": arguments})
_CALL = fields(
    {
        "type": words("function", "custom"),
        "id": free,
        "index": free,
        "function": _CALLED,
        "custom": fields({"name": free, "input": arguments}),
    }
)
_REASONING = fields(
    {
        "type": words("reasoning.text", "reasoning.summary", "reasoning.encrypted"),
        "data": encrypted,
        **dict.fromkeys(("id", "index", "format", "text", "summary", "signature"), free),
    }
)


def _message(audio_id: Rule) -> Rule:
    return fields(
        {
            "role": words("system", "developer", "user", "assistant", "tool", "function"),
            "content": content(PART),
            "tool_calls": used(each(_CALL)),
            "tool_call_id": used(),
            "function_call": used(_CALLED),
            "audio": fields({"id": audio_id, "data": base64("audio"), "transcript": free, "expires_at": free}),
            "reasoning_details": each(_REASONING),
            **dict.fromkeys(("name", "refusal", "reasoning", "reasoning_content", "annotations"), free),
        }
    )


_TOOL_CHOICE = string_or(
    TOOL_CHOICES,
    typed(
        "function", "custom", "allowed_tools", name=free, function=fields({"name": free}), custom=fields({"name": free})
    ),
)
_VOICE = words("alloy", "ash", "ballad", "coral", "echo", "fable", "nova", "onyx", "sage", "shimmer", "verse")

REQUEST: Final[Rule] = fields(
    {
        "model": model,
        "messages": objects(_message(audio_id=stored())),
        "stream": stream,
        "stream_options": fields({"include_usage": free, "include_obfuscation": free}),
        "tools": tools(TOOL),
        "functions": tools(FUNCTION),
        "tool_choice": _TOOL_CHOICE,
        "function_call": _TOOL_CHOICE,
        "response_format": typed(
            "text",
            "json_object",
            "json_schema",
            json_schema=fields(SCHEMA_FORMAT),
        ),
        "prediction": typed("content", content=content(PART)),
        "modalities": each(words("text", "audio")),
        "audio": fields({"voice": _VOICE, "format": words("wav", "aac", "mp3", "flac", "opus", "pcm16")}),
        "reasoning_effort": EFFORT,
        "reasoning": fields({"effort": EFFORT}),
        "thinking": fields({"type": words("enabled", "disabled", "adaptive")}),
        "verbosity": VERBOSITY,
        "service_tier": TIER,
        **dict.fromkeys(("web_search_options", "search_parameters", "enable_search"), hosted("web_search")),
        "plugins": hosted("plugins"),
        **dict.fromkeys(
            (
                "previous_response_id",
                "conversation",
                "conversation_id",
                "cached_content",
                "cachedContent",
                "thread_id",
                "container",
            ),
            stored(),
        ),
        "file_ids": stored("file"),
        "metadata": arguments,
        **dict.fromkeys(
            (
                "user",
                "stop",
                "store",
                "n",
                "seed",
                "temperature",
                "top_p",
                "top_k",
                "max_tokens",
                "max_completion_tokens",
                "presence_penalty",
                "frequency_penalty",
                "logit_bias",
                "logprobs",
                "top_logprobs",
                "parallel_tool_calls",
                "safety_identifier",
                "prompt_cache_key",
            ),
            free,
        ),
    }
)
REQUIRED_OF_REQUEST: Final = ("messages",)

_ANSWER = _message(audio_id=free)

RESPONSE: Final[Rule] = fields(
    {
        "id": free,
        "object": words("chat.completion", "chat.completion.chunk"),
        "created": free,
        "model": reported_model,
        "system_fingerprint": free,
        "service_tier": TIER,
        "choices": objects(
            fields(
                {
                    "index": free,
                    "message": _ANSWER,
                    "delta": _ANSWER,
                    "finish_reason": words("stop", "length", "tool_calls", "content_filter", "function_call"),
                    "logprobs": fields({"content": LOGPROBS, "refusal": LOGPROBS}),
                }
            )
        ),
        "usage": free,
        "error": fields(dict.fromkeys(("message", "type", "param", "code"), free)),
    }
)
REQUIRED_OF_RESPONSE: Final = ("choices", "error")
