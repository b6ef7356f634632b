"""Writes docs/settings.md from the models that read the settings."""

import json
from collections.abc import Iterator
from typing import TypeGuard, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from docs.generator.tables import page, table
from docs.generator.types import words
from sidecar.config import ENVIRONMENT_PREFIX, Settings

_INTRODUCTION = """\
One YAML file: `--config FILE`, or the file that `SIDECAR_CONFIG` names. Without one, every setting has its
default. Relative paths in the file are relative to the file; those in the environment too, or to the working
directory where there is no file. A key that is not listed here stops the start, and all faults of a file are
told together.

The environment comes after the file: each key below names its variable. Lists and maps are given as JSON
(`SIDECAR_DETECTION__LANGUAGES='["en"]'`), and words that are not JSON are taken as they stand.

SIGHUP, or a change of the file, reads all of it anew. Changes of `tenants`, `catalog`, `operator`, `policy`,
`attributes` and `routing` take effect for the next request; `server`, `detection`, `keys`, `audit`, `limits`
and `actions` need a restart, and a reload that changes them is refused and told by `GetStatus`. So is a reload
with a fault: what was in effect stays."""


def render() -> str:
    """Return the page."""
    parts = []
    for name, field in Settings.model_fields.items():
        section = _model(field)
        rows = [
            (f"`{path}`", words(inner), _default(inner), f"{inner.description or ''} `{_variable(path)}`")
            for path, inner in _keys(name, section)
        ]
        parts += [
            f"## `{name}`",
            (section.__doc__ or "").strip(),
            table(("key", "takes", "default", "what it does"), rows),
            *(part for path, inner in _keys(name, section) for part in _records(path, inner)),
        ]
    return page("settings", "# Settings", _INTRODUCTION, *parts)


def _records(path: str, field: FieldInfo) -> Iterator[str]:
    """Go through the heading and table of the record that a list or map holds."""
    for row in (inner for inner in get_args(field.annotation) if _is_model(inner)):
        yield f"### A record of `{path}`"
        yield (row.__doc__ or "").strip()
        yield record(row)


def record(row: type[BaseModel]) -> str:
    """Return the table of a record's fields."""
    return table(
        ("field", "takes", "default", "what it says"),
        (
            (
                f"`{one.alias or name}`",
                words(one),
                "must be given" if one.is_required() else _default(one),
                one.description or "",
            )
            for name, one in row.model_fields.items()
        ),
    )


def _keys(prefix: str, section: type[BaseModel]) -> Iterator[tuple[str, FieldInfo]]:
    for name, field in section.model_fields.items():
        path = f"{prefix}.{name}"
        inner = _section(field)
        if inner is None:
            yield path, field
        else:
            yield from _keys(path, inner)


def _section(field: FieldInfo) -> type[BaseModel] | None:
    if get_origin(field.annotation) in {tuple, dict}:
        return None  # records, as many as there are
    return next((kind for kind in (field.annotation, *get_args(field.annotation)) if _is_model(kind)), None)


def _is_model(kind: object) -> TypeGuard[type[BaseModel]]:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _model(field: FieldInfo) -> type[BaseModel]:
    model = _section(field)
    if model is None:
        message = "a setting stands outside of the sections"
        raise TypeError(message)
    return model


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "must be given where the section is"
    if field.default_factory is not None and field.default_factory is not dict:
        return "see there"
    value = {} if field.default_factory is dict else field.default
    return "none" if value is None else f"`{json.dumps(value)}`"


def _variable(path: str) -> str:
    return ENVIRONMENT_PREFIX + path.upper().replace(".", "__")
