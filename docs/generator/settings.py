"""Writes docs/settings.md from the models that read the settings."""

import json
from collections.abc import Iterator

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
        ]
    return page("settings", "# Settings", _INTRODUCTION, *parts)


def _keys(prefix: str, section: type[BaseModel]) -> Iterator[tuple[str, FieldInfo]]:
    for name, field in section.model_fields.items():
        path = f"{prefix}.{name}"
        inner = _section(field)
        if inner is None:
            yield path, field
        else:
            yield from _keys(path, inner)


def _section(field: FieldInfo) -> type[BaseModel] | None:
    kinds = (field.annotation, *getattr(field.annotation, "__args__", ()))
    return next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)), None)


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
