"""Says in words what a field takes: from the annotations that the parser itself uses."""

from datetime import date
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le
from pydantic import BaseModel, StringConstraints
from pydantic.fields import FieldInfo

_PLAIN = {bool: "true or false", int: "whole number", float: "number", str: "text", Path: "path", date: "day (YYYY-MM-DD)"}
_PATTERNS = {
    r"^[A-Z]{2}$": "country code",
    r"^[A-Z]{2}-[A-Z0-9]{1,3}$": "subdivision code",
    r"^https?://": "http(s) address",
}


def words(field: FieldInfo) -> str:
    """Return what a field takes, its limits included."""
    said = _words(field.annotation, tuple(field.metadata))
    return said + _limits(field.metadata)


def _words(annotation: Any, metadata: tuple[Any, ...] = ()) -> str:  # noqa: ANN401 - annotations are of every type
    if get_origin(annotation) is Annotated:
        inner, *more = get_args(annotation)
        return _words(inner, tuple(more))
    for one in metadata:
        pattern = getattr(one, "pattern", None)
        if (isinstance(one, StringConstraints) or type(one).__name__ == "_PydanticGeneralMetadata") and pattern:
            return _PATTERNS[str(pattern)]
    if annotation in _PLAIN:
        return _PLAIN[annotation]
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return " | ".join(f"`{word}`" for word in inner)
    if origin in {UnionType, Union}:
        kinds = [_words(one, metadata) for one in inner if one is not NoneType]
        return " or ".join(kinds)
    if origin in {tuple, list}:
        return f"list: {_words(inner[0])}"
    if origin is dict:
        return f"map: {_words(inner[0])} to {_words(inner[1])}"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return "record"
    message = f"no words for {annotation}"
    raise TypeError(message)


def _limits(metadata: list[Any]) -> str:
    told = [
        f"{word} {getattr(one, name):,}"
        for one in metadata
        for kind, name, word in ((Ge, "ge", "from"), (Gt, "gt", "above"), (Le, "le", "up to"))
        if isinstance(one, kind)
    ]
    return f", {' '.join(told)}" if told else ""
