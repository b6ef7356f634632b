"""OpenAI chat completions, and the many APIs that speak it."""

from typing import Final

from sidecar.payload.common import cache_control, model, reported_model, schema, stream, tool_type, tools, used
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

_DETAIL = words("auto", "low", "high", "original")
_EFFORT = words("none", "minimal", "low", "medium", "high", "xhigh", "max")
_TIER = words("auto", "default", "flex", "scale", "priority")


def _string_or(of_string: Rule, of_object: Rule) -> Rule:
    """Where a short form and a long one are both good."""

    def rule(walk: Walk, row: int, pointer: str) -> None:
        (of_object if walk.tape.texts[row] is None else of_string)(walk, row, pointer)

    return rule


def _typed(*types: str, **members: Rule) -> Rule:
    return fields({"type": words(*types), "cache_control": cache_control, **members})


def _linked(kind: str) -> Rule:
    return _string_or(link(kind), fields({"url": link(kind), "detail": _DETAIL}))


def _audio(walk: Walk, row: int, pointer: str) -> None:
    data = base64("audio", f"audio/{walk.word(row, 'format')}")
    fields({"data": data, "format": words("wav", "mp3")})(walk, row, pointer)


_FILE: Final = {"file_data": link("file"), "file_url": link("file"), "file_id": stored("file"), "filename": free}

_PART = by_type(
    {
        "text": _typed("text", text=free),
        "refusal": _typed("refusal", refusal=free),
        "thinking": _typed("thinking", thinking=free, closed=free),
        "image_url": _typed("image_url", image_url=_linked("image")),
        "input_image": _typed("input_image", image_url=_linked("image"), file_id=stored("file"), detail=_DETAIL),
        "video_url": _typed("video_url", video_url=_linked("video")),
        "audio_url": _typed("audio_url", audio_url=_linked("audio")),
        "document_url": _typed("document_url", document_url=_linked("document")),
        "input_audio": _typed("input_audio", input_audio=_audio),
        "file": _typed("file", file=fields(_FILE)),
        "input_file": _typed("input_file", **_FILE),
    }
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
            "content": content(_PART),
            "tool_calls": used(each(_CALL)),
            "tool_call_id": used(),
            "function_call": used(_CALLED),
            "audio": fields({"id": audio_id, "data": base64("audio"), "transcript": free, "expires_at": free}),
            "reasoning_details": each(_REASONING),
            **dict.fromkeys(("name", "refusal", "reasoning", "reasoning_content", "annotations"), free),
        }
    )


_FUNCTION = fields({"name": free, "description": free, "parameters": schema, "strict": free})
_TOOL = fields(
    {
        "type": tool_type,
        "function": _FUNCTION,
        "cache_control": cache_control,
        "name": free,
        "description": free,
        "parameters": schema,
        "vector_store_ids": stored("file"),
        "container": _string_or(stored(), fields({"type": words("auto"), "file_ids": stored("file")})),
    }
)
_TOOL_CHOICE = _string_or(
    words("none", "auto", "required", "any", "validated"),
    _typed(
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
        "tools": tools(_TOOL),
        "functions": tools(_FUNCTION),
        "tool_choice": _TOOL_CHOICE,
        "function_call": _TOOL_CHOICE,
        "response_format": _typed(
            "text",
            "json_object",
            "json_schema",
            json_schema=fields({"name": free, "description": free, "schema": schema, "strict": free}),
        ),
        "prediction": _typed("content", content=content(_PART)),
        "modalities": each(words("text", "audio")),
        "audio": fields({"voice": _VOICE, "format": words("wav", "aac", "mp3", "flac", "opus", "pcm16")}),
        "reasoning_effort": _EFFORT,
        "reasoning": fields({"effort": _EFFORT}),
        "thinking": fields({"type": words("enabled", "disabled", "adaptive")}),
        "verbosity": words("low", "medium", "high"),
        "service_tier": _TIER,
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
        **dict.fromkeys(
            (
                "user",
                "metadata",
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

_LOGPROB = dict.fromkeys(("token", "logprob", "bytes"), free)
_LOGPROBS = each(fields({**_LOGPROB, "top_logprobs": each(fields(_LOGPROB))}))
_ANSWER = _message(audio_id=free)

RESPONSE: Final[Rule] = fields(
    {
        "id": free,
        "object": words("chat.completion", "chat.completion.chunk"),
        "created": free,
        "model": reported_model,
        "system_fingerprint": free,
        "service_tier": _TIER,
        "choices": objects(
            fields(
                {
                    "index": free,
                    "message": _ANSWER,
                    "delta": _ANSWER,
                    "finish_reason": words("stop", "length", "tool_calls", "content_filter", "function_call"),
                    "logprobs": fields({"content": _LOGPROBS, "refusal": _LOGPROBS}),
                }
            )
        ),
        "usage": free,
        "error": fields(dict.fromkeys(("message", "type", "param", "code"), free)),
    }
)
REQUIRED_OF_RESPONSE: Final = ("choices", "error")
