"""Gemini generateContent, at both of Google's APIs.

Their JSON takes each name in camel case and in snake case, and one object for a list of one.
"""

import re
from collections.abc import Mapping
from typing import Final

from sidecar.payload.common import media_type, model, reported_model, schema, tools, used
from sidecar.payload.rules import (
    Rule,
    arguments,
    base64,
    each,
    encrypted,
    fields,
    free,
    hosted,
    mapping,
    objects,
    stored,
    string_or,
    words,
)
from sidecar.payload.tape import OBJECT
from sidecar.payload.walk import Walk, kind_of

_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")


def _both(known: Mapping[str, Rule]) -> dict[str, Rule]:
    """Return the rules under the names in both cases."""
    return {**{_HUMP.sub("_", name).lower(): rule for name, rule in known.items()}, **known}


def _object(known: Mapping[str, Rule]) -> Rule:
    return fields(_both(known))


def _one_or_more(of: Rule) -> Rule:
    several = objects(of)

    def rule(walk: Walk, row: int, pointer: str) -> None:
        (of if walk.tape.kinds[row] == OBJECT else several)(walk, row, pointer)

    return rule


def _blob(walk: Walk, row: int, pointer: str) -> None:
    declared = walk.word(row, "mimeType") or walk.word(row, "mime_type")
    content = base64(kind_of(declared) or "file", declared)
    _object({"mimeType": media_type, "data": content, "displayName": free})(walk, row, pointer)


def _part(walk: Walk, row: int, pointer: str) -> None:
    """Walk a part. One that holds nothing of what is known cannot be vouched for."""
    if not any(walk.tape.keys[child] in _HELD for child in walk.tape.children(row)):
        walk.part("unknown_part")
    _PART(walk, row, pointer)


_PARTS = _one_or_more(_part)
_OUTCOMES = (f"OUTCOME_{word}" for word in ("UNSPECIFIED", "OK", "FAILED", "DEADLINE_EXCEEDED"))
_RESOLUTION = words(*(f"MEDIA_RESOLUTION_{size}" for size in ("UNSPECIFIED", "LOW", "MEDIUM", "HIGH", "ULTRA_HIGH")))
_HELD: Final = _both(
    {
        "text": free,
        "inlineData": _blob,
        "fileData": _object({"mimeType": media_type, "fileUri": stored("file"), "displayName": free}),
        "functionCall": used(_object({"id": free, "name": free, "args": arguments, "partialArgs": arguments})),
        "functionResponse": used(
            _object({"id": free, "name": free, "response": arguments, "parts": _PARTS, "willContinue": free})
        ),
        "executableCode": fields({"id": free, "language": words("LANGUAGE_UNSPECIFIED", "PYTHON"), "code": free}),
        "codeExecutionResult": fields({"id": free, "outcome": words(*_OUTCOMES), "output": free}),
        "toolCall": _object({"id": free, "toolType": free, "args": arguments}),
        "toolResponse": _object({"id": free, "toolType": free, "response": arguments}),
    }
)
_PART = _object(
    {
        **_HELD,
        "thought": free,
        "thoughtSignature": encrypted,
        "videoMetadata": _object(dict.fromkeys(("startOffset", "endOffset", "fps"), free)),
        "mediaResolution": string_or(_RESOLUTION, fields({"level": _RESOLUTION})),
    }
)
_CONTENT = fields({"role": words("user", "model", "function", "system"), "parts": _PARTS})

_FUNCTION = _object(
    {
        "name": free,
        "description": free,
        "behavior": words("UNSPECIFIED", "BLOCKING", "NON_BLOCKING"),
        **dict.fromkeys(("parameters", "parametersJsonSchema", "response", "responseJsonSchema"), schema),
    }
)
_STORES = _object(
    {**dict.fromkeys(("fileSearchStoreNames", "ragResources", "ragCorpora", "datastore", "engine"), stored("file"))}
)
_RETRIEVAL = _object(
    {"vertexAiSearch": _STORES, "vertexRagStore": _STORES, "externalApi": free, "disableAttribution": free}
)
_TOOL = _object(
    {
        "functionDeclarations": _one_or_more(_FUNCTION),
        **dict.fromkeys(("googleSearch", "googleSearchRetrieval", "enterpriseWebSearch"), hosted("web_search")),
        "codeExecution": hosted("code_execution"),
        "urlContext": hosted("web_fetch"),
        "googleMaps": hosted("google_maps"),
        "computerUse": hosted("computer_use"),
        "mcpServers": hosted("mcp"),
        "fileSearch": hosted("file_search", _STORES),
        "retrieval": hosted("file_search", _RETRIEVAL),
    }
)
_TOOL_CONFIG = _object(
    {
        "functionCallingConfig": _object(
            {"mode": words("MODE_UNSPECIFIED", "AUTO", "ANY", "NONE", "VALIDATED"), "allowedFunctionNames": free}
        ),
        "retrievalConfig": _object({"latLng": arguments, "languageCode": free}),
        "includeServerSideToolInvocations": free,
    }
)
_CATEGORIES = words(
    "HARM_CATEGORY_UNSPECIFIED",
    "HARM_CATEGORY_HARASSMENT",
    "HARM_CATEGORY_HATE_SPEECH",
    "HARM_CATEGORY_SEXUALLY_EXPLICIT",
    "HARM_CATEGORY_DANGEROUS_CONTENT",
    "HARM_CATEGORY_CIVIC_INTEGRITY",
)
_THRESHOLDS = words(
    "HARM_BLOCK_THRESHOLD_UNSPECIFIED",
    "BLOCK_LOW_AND_ABOVE",
    "BLOCK_MEDIUM_AND_ABOVE",
    "BLOCK_ONLY_HIGH",
    "BLOCK_NONE",
    "OFF",
)
_RATED = words("HARM_PROBABILITY_UNSPECIFIED", "NEGLIGIBLE", "LOW", "MEDIUM", "HIGH")
_MODALITIES = words("MODALITY_UNSPECIFIED", "TEXT", "IMAGE", "AUDIO", "VIDEO", "DOCUMENT", "Text", "Image", "Audio")
_LEVELS = words("THINKING_LEVEL_UNSPECIFIED", "MINIMAL", "LOW", "MEDIUM", "HIGH", "minimal", "low", "medium", "high")

_GENERATION = _object(
    {
        "responseMimeType": words("text/plain", "application/json", "text/x.enum"),
        **dict.fromkeys(("responseSchema", "responseJsonSchema"), schema),
        "responseModalities": each(_MODALITIES),
        "thinkingConfig": _object({"includeThoughts": free, "thinkingBudget": free, "thinkingLevel": _LEVELS}),
        "mediaResolution": _RESOLUTION,
        **dict.fromkeys(
            (
                "stopSequences", "candidateCount", "maxOutputTokens", "temperature", "topP", "topK", "seed",
                "presencePenalty", "frequencyPenalty", "responseLogprobs", "logprobs", "enableEnhancedCivicAnswers",
            ),
            free,
        ),
    }
)  # fmt: skip

REQUEST: Final[Rule] = _object(
    {
        "model": model,
        "contents": _one_or_more(_CONTENT),
        "systemInstruction": string_or(free, _CONTENT),
        "tools": tools(_TOOL),
        "toolConfig": _TOOL_CONFIG,
        "safetySettings": _one_or_more(
            fields({"category": _CATEGORIES, "threshold": _THRESHOLDS, "method": words("SEVERITY", "PROBABILITY")})
        ),
        "generationConfig": _GENERATION,
        "cachedContent": stored(),
        "labels": mapping(arguments),
    }
)
REQUIRED_OF_REQUEST: Final = ("contents",)

_RATINGS = each(
    _object({"category": _CATEGORIES, "probability": _RATED, **dict.fromkeys(("blocked", "probabilityScore"), free)})
)
_FINISHES = words(
    "FINISH_REASON_UNSPECIFIED",
    "STOP",
    "MAX_TOKENS",
    "SAFETY",
    "RECITATION",
    "LANGUAGE",
    "OTHER",
    "BLOCKLIST",
    "PROHIBITED_CONTENT",
    "SPII",
    "MALFORMED_FUNCTION_CALL",
    "UNEXPECTED_TOOL_CALL",
)
_COUNTS = each(_object({"modality": _MODALITIES, "tokenCount": free}))
_USAGE = _object(
    {
        **dict.fromkeys(
            (
                "promptTokenCount", "candidatesTokenCount", "totalTokenCount", "thoughtsTokenCount",
                "cachedContentTokenCount", "toolUsePromptTokenCount",
            ),
            free,
        ),
        **dict.fromkeys(
            (
                "promptTokensDetails", "candidatesTokensDetails", "cacheTokensDetails", "toolUsePromptTokensDetails",
            ),
            _COUNTS,
        ),
        "trafficType": words("ON_DEMAND", "PROVISIONED_THROUGHPUT"),
    }
)  # fmt: skip

RESPONSE: Final[Rule] = _object(
    {
        "candidates": _one_or_more(
            _object(
                {
                    "content": _CONTENT,
                    "finishReason": _FINISHES,
                    "safetyRatings": _RATINGS,
                    **dict.fromkeys(
                        (
                            "index",
                            "avgLogprobs",
                            "tokenCount",
                            "finishMessage",
                            "citationMetadata",
                            "groundingMetadata",
                        ),
                        free,
                    ),
                }
            )
        ),
        "promptFeedback": _object({"blockReason": _FINISHES, "safetyRatings": _RATINGS}),
        "usageMetadata": _USAGE,
        "modelVersion": reported_model,
        "error": fields(dict.fromkeys(("code", "message", "status", "details"), free)),
        **dict.fromkeys(("responseId", "createTime"), free),
    }
)
REQUIRED_OF_RESPONSE: Final = ("candidates", "promptFeedback", "prompt_feedback", "usageMetadata", "error")
