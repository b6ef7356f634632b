"""Bodies of every format that hold something in each of the places it has."""

from typing import Any

from sidecar.types.content import Direction, Format

_SCHEMA = {"type": ["object", "null"], "properties": {"a": {"type": "string", "enum": ["x"]}}, "anyOf": [{"items": {}}]}
_CALL = {"id": "c", "type": "function", "function": {"name": "f", "arguments": '{"a": "b"}'}}
_ANSWER = {
    "role": "assistant",
    "content": "a",
    "tool_calls": [_CALL, {"type": "custom", "custom": {"name": "g", "input": "i"}}],
    "function_call": {"name": "f", "arguments": {"a": 1}},
    "audio": {"id": "a", "data": "AAAA"},
    "reasoning_details": [{"type": "reasoning.encrypted", "data": "AAAA"}],
}
_IMAGE = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "AAAA"}}
_BLOCKS = [
    {"type": "text", "text": "a", "cache_control": {"type": "ephemeral", "ttl": "5m"}},
    _IMAGE,
    {"type": "image", "source": {"type": "url", "url": "u"}},
    {
        "type": "document",
        "source": {"type": "text", "media_type": "text/plain", "data": "a"},
        "citations": {"enabled": 1},
    },
    {"type": "document", "source": {"type": "content", "content": [_IMAGE]}, "title": "t"},
    {"type": "image", "source": {"type": "file", "file_id": "f"}},
    {"type": "tool_use", "id": "t", "name": "n", "input": {"a": [1]}},
    {"type": "tool_result", "tool_use_id": "t", "content": [{"type": "text", "text": "a"}], "is_error": False},
    {"type": "redacted_thinking", "data": "AAAA"},
    {"type": "web_search_tool_result", "content": [{"type": "web_search_result", "encrypted_content": "AAAA"}]},
    {"type": "web_search_tool_result", "content": {"type": "web_search_tool_result_error", "error_code": "e"}},
    {"type": "web_fetch_tool_result", "content": {"type": "web_fetch_result", "content": _IMAGE}},
    {"type": "code_execution_tool_result", "content": {"stdout": "o", "content": [{"file_id": "f"}]}},
]

SAMPLES: dict[tuple[Format, Direction], dict[str, Any]] = {
    (Format.OPENAI_CHAT, Direction.REQUEST): {
        "model": "gpt-4o",
        "messages": [
            {"role": "user", "content": "a"},
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "a", "cache_control": {"type": "ephemeral"}},
                    {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA", "detail": "low"}},
                    {"type": "image_url", "image_url": "https://x.org/a"},
                    {"type": "input_audio", "input_audio": {"data": "AAAA", "format": "wav"}},
                    {"type": "file", "file": {"file_data": "data:application/pdf;base64,AAAA", "file_id": "f"}},
                    {"type": "hologram", "x": {"y": "data:image/png;base64,AAAA"}},
                ],
            },
            _ANSWER,
            {"role": "tool", "tool_call_id": "c", "content": '{"a": ["b", "{\\"c\\": \\"d\\"}"]}'},
        ],
        "tools": [
            {"type": "function", "function": {"name": "f", "description": "d", "parameters": _SCHEMA, "strict": True}},
            {"type": "code_interpreter", "container": {"type": "auto", "file_ids": ["f"]}},
            {"type": "file_search", "vector_store_ids": ["v"]},
        ],
        "functions": [{"name": "f", "parameters": _SCHEMA}],
        "tool_choice": {"type": "function", "function": {"name": "f"}},
        "response_format": {"type": "json_schema", "json_schema": {"name": "n", "schema": _SCHEMA}},
        "prediction": {"type": "content", "content": [{"type": "text", "text": "a"}]},
        "modalities": ["text"],
        "audio": {"voice": "alloy", "format": "wav"},
        "stream": True,
        "stream_options": {"include_usage": True},
        "reasoning_effort": "low",
        "web_search_options": {"user_location": {"type": "approximate"}},
        "metadata": {"a": "b"},
        "stop": ["a"],
        "previous_response_id": "r",
        "conversation": {"id": "c"},
        "unknown": [{"a": "b"}],
    },
    (Format.OPENAI_CHAT, Direction.RESPONSE): {
        "id": "i",
        "object": "chat.completion",
        "model": "gpt-4o",
        "choices": [
            {
                "index": 0,
                "message": _ANSWER,
                "finish_reason": "stop",
                "logprobs": {"content": [{"token": "a", "bytes": [1], "top_logprobs": [{"token": "a"}]}]},
            }
        ],
        "usage": {"prompt_tokens": 1},
        "error": {"message": "m"},
    },
    (Format.ANTHROPIC_MESSAGES, Direction.REQUEST): {
        "model": "claude-sonnet-4-5",
        "system": [{"type": "text", "text": "a"}],
        "messages": [{"role": "user", "content": _BLOCKS}, {"role": "assistant", "content": "a"}],
        "tools": [
            {"type": "custom", "name": "f", "description": "d", "input_schema": _SCHEMA},
            {"type": "web_search_20250305", "name": "w", "user_location": {"city": "c"}},
        ],
        "tool_choice": {"type": "tool", "name": "f"},
        "thinking": {"type": "enabled", "budget_tokens": 1},
        "metadata": {"user_id": "u"},
        "mcp_servers": [{"type": "url", "url": "u", "tool_configuration": {"allowed_tools": ["a"]}}],
        "container": {"id": "c", "skills": [{"type": "custom"}]},
        "output_config": {"effort": "low", "format": {"type": "json_schema", "schema": _SCHEMA}},
        "stop_sequences": ["a"],
        "stream": False,
    },
    (Format.ANTHROPIC_MESSAGES, Direction.RESPONSE): {
        "type": "message",
        "id": "i",
        "role": "assistant",
        "model": "claude-sonnet-4-5",
        "content": _BLOCKS,
        "stop_reason": "end_turn",
        "usage": {"input_tokens": 1},
        "error": {"type": "e", "message": "m"},
    },
    (Format.OPENAI_RESPONSES, Direction.REQUEST): {
        "model": "gpt-5",
        "instructions": "a",
        "input": [
            {"role": "user", "content": "a"},
            {
                "type": "message",
                "role": "user",
                "status": "completed",
                "content": [
                    {"type": "input_text", "text": "a"},
                    {"type": "input_image", "image_url": "data:image/png;base64,AAAA", "detail": "low"},
                    {"type": "input_file", "filename": "a", "file_data": "AAAA"},
                    {"type": "output_text", "text": "a", "annotations": [], "logprobs": [{"token": "a", "bytes": [1]}]},
                ],
            },
            {
                "type": "reasoning",
                "id": "r",
                "summary": [{"type": "summary_text", "text": "a"}],
                "encrypted_content": "AAAA",
            },
            {"type": "item_reference", "id": "i"},
            {"type": "function_call", "call_id": "c", "name": "f", "arguments": '{"a": "b"}', "status": "completed"},
            {"type": "function_call_output", "call_id": "c", "output": '{"a": ["b"]}'},
            {"type": "custom_tool_call_output", "call_id": "c", "output": [{"type": "input_text", "text": "a"}]},
            {"type": "computer_call_output", "output": {"type": "computer_screenshot", "file_id": "f"}},
            {"type": "image_generation_call", "id": "i", "result": "AAAA"},
            {"type": "code_interpreter_call", "container_id": "c", "outputs": [{"type": "image", "url": "u"}]},
            {"type": "shell_call", "action": {"commands": ["ls"]}},
            {"type": "mcp_list_tools", "server_label": "l", "tools": [{"name": "n", "input_schema": _SCHEMA}]},
            {"type": "mcp_call", "name": "n", "arguments": "{}", "output": "o"},
            {"type": "compaction", "encrypted_content": "AAAA"},
        ],
        "prompt": {"id": "p", "version": "1", "variables": {"a": "b", "c": {"type": "input_text", "text": "a"}}},
        "text": {"format": {"type": "json_schema", "name": "n", "schema": _SCHEMA}, "verbosity": "low"},
        "reasoning": {"effort": "low", "summary": "auto"},
        "tools": [
            {"type": "function", "name": "f", "parameters": _SCHEMA},
            {"type": "web_search", "search_context_size": "low", "user_location": {"type": "approximate", "city": "c"}},
            {"type": "namespace", "name": "n", "tools": [{"type": "function", "name": "f"}]},
            {"type": "shell", "environment": {"type": "container_auto", "file_ids": ["f"]}},
            {"type": "image_generation", "input_image_mask": {"image_url": "data:image/png;base64,AAAA"}},
        ],
        "tool_choice": {"type": "function", "name": "f"},
        "include": ["reasoning.encrypted_content"],
        "context_management": [{"type": "compaction", "compact_threshold": 1}],
        "previous_response_id": "r",
        "conversation": "c",
        "truncation": "auto",
        "stream": True,
        "stream_options": {"include_obfuscation": True},
        "metadata": {"a": "b"},
        "service_tier": "auto",
    },
    (Format.OPENAI_RESPONSES, Direction.RESPONSE): {
        "id": "r",
        "object": "response",
        "status": "completed",
        "model": "gpt-5",
        "output": [
            {"type": "reasoning", "id": "r", "summary": [{"type": "summary_text", "text": "a"}]},
            {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "a"}]},
            {"type": "function_call", "name": "f", "arguments": "{}"},
        ],
        "reasoning": {"effort": "low"},
        "incomplete_details": {"reason": "content_filter"},
        "error": {"message": "m"},
        "usage": {"input_tokens": 1},
    },
    (Format.OPENAI_EMBEDDINGS, Direction.REQUEST): {
        "model": "text-embedding-3-small",
        "input": ["a", [1, 2], {"image": "AAAA"}],
        "encoding_format": "float",
        "input_type": "query",
        "dimensions": 3,
        "user": "u",
    },
    (Format.OPENAI_EMBEDDINGS, Direction.RESPONSE): {
        "object": "list",
        "model": "text-embedding-3-small",
        "data": [{"object": "embedding", "index": 0, "embedding": [0.1]}, {"embedding": "A" * 80}],
        "usage": {"total_tokens": 1},
        "error": {"message": "m"},
    },
    (Format.GEMINI_GENERATE_CONTENT, Direction.REQUEST): {
        "model": "models/gemini-2.5-pro",
        "contents": [
            {
                "role": "user",
                "parts": [
                    {"text": "a", "thoughtSignature": "AAAA", "thought": True},
                    {"inlineData": {"mimeType": "image/png", "data": "AAAA", "displayName": "d"}},
                    {"inline_data": {"mime_type": "audio/wav", "data": "AAAA"}},
                    {"fileData": {"mimeType": "video/mp4", "fileUri": "gs://a"}, "videoMetadata": {"fps": 1}},
                    {"functionCall": {"id": "c", "name": "f", "args": {"a": ["b"]}}},
                    {"functionResponse": {"name": "f", "response": {"a": "b"}, "parts": [{"text": "a"}]}},
                    {"executableCode": {"language": "PYTHON", "code": "c"}},
                    {"codeExecutionResult": {"outcome": "OUTCOME_OK", "output": "o"}},
                ],
            },
            {"parts": {"text": "a"}},
        ],
        "systemInstruction": {"parts": [{"text": "a"}]},
        "tools": [
            {
                "functionDeclarations": [
                    {"name": "f", "description": "d", "parameters": _SCHEMA, "behavior": "BLOCKING"}
                ]
            },
            {"googleSearch": {"timeRangeFilter": {"startTime": "s"}}},
            {"retrieval": {"vertexRagStore": {"ragResources": [{"ragCorpus": "c"}]}}},
        ],
        "toolConfig": {"functionCallingConfig": {"mode": "ANY", "allowedFunctionNames": ["f"]}},
        "safetySettings": [{"category": "HARM_CATEGORY_HARASSMENT", "threshold": "BLOCK_NONE"}],
        "generationConfig": {
            "stopSequences": ["a"],
            "responseMimeType": "application/json",
            "responseSchema": _SCHEMA,
            "responseModalities": ["TEXT"],
            "thinkingConfig": {"thinkingLevel": "LOW"},
        },
        "cachedContent": "cachedContents/a",
        "labels": {"a": "b"},
    },
    (Format.GEMINI_GENERATE_CONTENT, Direction.RESPONSE): {
        "candidates": [
            {
                "content": {"role": "model", "parts": [{"text": "a"}]},
                "finishReason": "STOP",
                "safetyRatings": [{"category": "HARM_CATEGORY_HARASSMENT", "probability": "LOW", "blocked": False}],
                "citationMetadata": {"citationSources": [{"uri": "u"}]},
            }
        ],
        "promptFeedback": {"blockReason": "SAFETY"},
        "usageMetadata": {"promptTokenCount": 1, "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 1}]},
        "modelVersion": "gemini-2.5-pro",
        "error": {"message": "m", "details": [{"@type": "t"}]},
    },
    (Format.COHERE_CHAT, Direction.REQUEST): {
        "model": "command-a-03-2025",
        "message": "a",
        "messages": [
            {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "u", "detail": "auto"}}]},
            {"role": "assistant", "tool_plan": "p", "tool_calls": [_CALL], "citations": [{"text": "a"}]},
            {"role": "tool", "content": [{"type": "document", "document": {"id": "d", "data": {"a": "b"}}}]},
        ],
        "chat_history": [{"role": "USER", "message": "a", "tool_results": [{"call": {"name": "f"}, "outputs": [{}]}]}],
        "documents": ["a", {"id": "d", "data": {"a": "b"}}],
        "tools": [
            {"type": "function", "function": {"name": "f", "parameters": _SCHEMA}},
            {"name": "f", "parameter_definitions": {"a": {"type": "str", "description": "d"}}},
        ],
        "connectors": [{"id": "c"}],
        "conversation_id": "c",
        "response_format": {"type": "json_object", "schema": _SCHEMA},
        "citation_options": {"mode": "FAST"},
        "thinking": {"type": "enabled", "token_budget": 1},
        "stream": True,
    },
    (Format.COHERE_CHAT, Direction.RESPONSE): {
        "id": "i",
        "message": {"role": "assistant", "content": [{"type": "thinking", "thinking": "a"}], "tool_calls": [_CALL]},
        "text": "a",
        "chat_history": [{"role": "CHATBOT", "message": "a"}],
        "documents": [{"id": "d"}],
        "finish_reason": "COMPLETE",
        "meta": {"a": "b"},
    },
}
