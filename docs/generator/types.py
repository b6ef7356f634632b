"""Says in words what a field takes: from the annotations that the parser itself uses."""

from datetime import date
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le
from pydantic import BaseModel
from pydantic.fields import FieldInfo

_PLAIN = {
    bool: "true or false",
    int: "whole number",
    float: "number",
    str: "text",
    Path: "path",
    date: "day (YYYY-MM-DD)",
}
_PATTERNS = {
    r"^[A-Z]{2}$": "country code",
    r"^[A-Z]{2}-[A-Z0-9]{1,3}$": "subdivision code",
    r"^https?://": "http(s) address",
    r"^[a-z][a-z0-9_]{0,63}$": "data class",
    r"^[A-Z][A-Z0-9_]{0,63}$": "entity",
    r"^[A-Za-z][A-Za-z0-9_]{0,63}$": "name",
}
_LIMITS = ((Ge, "ge", "from"), (Gt, "gt", "above"), (Le, "le", "up to"))


def words(field: FieldInfo) -> str:
    """Return what a field takes, its limits included.

    Raises:
        TypeError, KeyError: there are no words for it yet.
    """
    told = [
        f"{word} {getattr(one, name):,}"
        for one in field.metadata
        for kind, name, word in _LIMITS
        if isinstance(one, kind)
    ]
    return _words(field.annotation, field.metadata) + (f", {' '.join(told)}" if told else "")


def _words(annotation: Any, metadata: Any = ()) -> str:  # noqa: ANN401 - annotations are of every type
    pattern = next((one.pattern for one in metadata if getattr(one, "pattern", None)), None)
    if pattern is not None:
        return _PATTERNS[pattern]
    if annotation in _PLAIN:
        return _PLAIN[annotation]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return "record"
    return _composed(get_origin(annotation), get_args(annotation), metadata)


def _composed(origin: Any, inner: tuple[Any, ...], metadata: Any) -> str:  # noqa: ANN401 - as above
    if origin is Annotated:
        told = _words(inner[0], inner[1:])
    elif origin is Literal:
        told = " | ".join(f"`{word}`" for word in inner)
    elif origin in {UnionType, Union}:
        told = " or ".join(_words(one, metadata) for one in inner if one is not NoneType)
    elif origin in {tuple, list}:
        told = f"list: {_words(inner[0])}"
    elif origin is dict:
        told = f"map: {_words(inner[0])} to {_words(inner[1])}"
    else:
        message = f"no words for {origin}"
        raise TypeError(message)
    return told
