"""What request bodies of several formats have in common: the model, the stream, tools."""

import re

from sidecar.payload.rules import Rule, base64, each, fields, free, link, mapping, words
from sidecar.payload.tape import ARRAY, OBJECT, SCALAR, STRING
from sidecar.payload.walk import Walk, is_media_type
from sidecar.types.content import Span

# A model's name is made of short words and dates. A key, an address or a number that hides here is longer, and is text.
_WORD = r"(?:[A-Za-z]{1,24}+(?![0-9])|[A-Za-z0-9]{1,19}+)"
_MODEL_NAME = re.compile(
    rf"(?=.*[A-Za-z])[~@]?{_WORD}(?:(?:[-._:/+]{{1,2}}|/@){_WORD}|@(?:[0-9]{{1,8}}|default|latest)){{0,15}}"
)
_DATE = re.compile(r"(?<![0-9])20[0-9]{2}-?[01][0-9]-?[0-3][0-9](?![0-9])")
_LONG_DIGITS = re.compile(r"(?:[0-9][-._/+]?){9}")

_HOSTED_TOOLS = (
    ("web_search", "web_search"),
    ("builtin_function", "web_search"),  # Moonshot has one, and this is it
    ("web_fetch", "web_fetch"),
    ("file_search", "file_search"),
    ("retrieval", "file_search"),
    ("code_interpreter", "code_interpreter"),
    ("code_execution", "code_execution"),
    ("image_generation", "image_generation"),
    ("mcp", "mcp"),
    ("tool_search", "tool_search"),
    ("computer_use", "computer_use"),
    ("programmatic_tool_calling", "code_execution"),
    ("shell", "code_execution"),
)
_VARIANT = re.compile(r"(?:_[a-z]{2,10}){0,3}(?:_20[0-9]{2}_?[0-9]{2}_?[0-9]{2})?")  # of a tool, and its version
_CLIENT_TOOLS = re.compile(
    r"|function|custom|namespace|computer|local_shell|apply_patch|(?:bash|computer|text_editor|memory)_[0-9]{8}"
)


cache_control = fields({"type": words("ephemeral"), "ttl": words("5m", "1h")})
"""Walks where a prefix of the prompt may be kept; what is written there has no text."""


def model(walk: Walk, row: int, pointer: str) -> None:
    """Remember where the model is named. What does not look like a model's name is text."""
    if walk.tape.kinds[row] != STRING:
        walk.refuse(pointer, "a string")
    walk.models.append(Span(walk.tape.starts[row], walk.tape.ends[row]))
    reported_model(walk, row, pointer)


def reported_model(walk: Walk, row: int, pointer: str) -> None:
    """Leave out a model's name."""
    name = walk.tape.texts[row] or ""
    if not _MODEL_NAME.fullmatch(name) or _LONG_DIGITS.search(_DATE.sub("", name)):
        walk.free(row, pointer)


def stream(walk: Walk, row: int, pointer: str) -> None:
    """Remember whether the reply is asked for as a stream."""
    walk.streaming = walk.streaming or walk.holds(row)
    if walk.tape.kinds[row] != SCALAR:
        walk.free(row, pointer)


def media_type(walk: Walk, row: int, pointer: str) -> None:
    """Leave out a media type that is one of the usual. Any other is text."""
    if not is_media_type(walk.tape.texts[row] or ""):
        walk.free(row, pointer)


def inlined(kind: str, declared: str = "") -> Rule:
    """Walk a part that is written here, as a data URL or as base64 alone. Any other address is text."""
    of_url, of_bytes = link(kind), base64(kind, declared)

    def rule(walk: Walk, row: int, pointer: str) -> None:
        (of_url if ":" in (walk.tape.texts[row] or ":") else of_bytes)(walk, row, pointer)

    return rule


def tools(tool: Rule) -> Rule:
    """Walk tool definitions, and remember that there are some."""
    every = each(tool)

    def rule(walk: Walk, row: int, pointer: str) -> None:
        walk.uses_tools = walk.uses_tools or walk.holds(row)
        every(walk, row, pointer)

    return rule


def tool_type(walk: Walk, row: int, pointer: str) -> None:
    """Walk a tool's type: one that the provider runs is remembered by our word for it."""
    kind = walk.tape.texts[row]
    if kind is None:
        walk.free(row, pointer)
        return
    start, known = next(((start, tool) for start, tool in _HOSTED_TOOLS if kind.startswith(start)), ("", ""))
    if known:
        walk.hosted_tools.add(known)
        if not _VARIANT.fullmatch(kind, len(start)):
            walk.free(row, pointer)
    elif not _CLIENT_TOOLS.fullmatch(kind):
        walk.hosted_tools.add("unknown")
        walk.free(row, pointer)


def used(rule: Rule = free) -> Rule:
    """Remember that tools are used where a member holds something, besides walking it."""

    def noting(walk: Walk, row: int, pointer: str) -> None:
        walk.uses_tools = walk.uses_tools or walk.holds(row)
        rule(walk, row, pointer)

    return noting


_TYPES = ("object", "array", "string", "number", "integer", "boolean", "null")
_SCHEMA_TYPES = words(*_TYPES, *map(str.upper, _TYPES))


def schema(walk: Walk, row: int, pointer: str) -> None:
    """Walk a JSON Schema: its own words are no text, names of properties and all else are."""
    kind = walk.tape.kinds[row]
    if kind == OBJECT:
        _SCHEMA(walk, row, pointer)
    elif kind == ARRAY:
        _SCHEMAS(walk, row, pointer)
    else:
        walk.free(row, pointer)


def _type(walk: Walk, row: int, pointer: str) -> None:
    (each(_SCHEMA_TYPES) if walk.tape.kinds[row] == ARRAY else _SCHEMA_TYPES)(walk, row, pointer)


_SCHEMAS = each(schema)
_SCHEMA = fields(
    {
        "type": _type,
        **dict.fromkeys(("properties", "patternProperties", "$defs", "definitions"), mapping(schema)),
        **dict.fromkeys(
            (
                "items", "prefixItems", "additionalProperties", "anyOf", "oneOf", "allOf", "not", "if", "then", "else",
                "any_of",
            ),
            schema,
        ),
        **dict.fromkeys(
            (
                "description", "title", "enum", "const", "default", "examples", "required", "format", "pattern", "$ref",
                "$schema", "$id", "$comment", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength",
                "maxLength", "minItems", "maxItems", "uniqueItems", "nullable", "multipleOf", "example",
                "propertyOrdering",
            ),
            free,
        ),
    }
)  # fmt: skip
