"""Recognizers that installed packages bring, by entry point."""

from collections.abc import Iterable
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from presidio_analyzer import EntityRecognizer

from sidecar.detection.fence import Fenced
from sidecar.detection.recognizers.scanner import ViewArtifacts
from sidecar.detection.view import to_ascii
from sidecar.errors import SettingsFault

GROUP = "inspection_sidecar.recognizers"
_TRIAL = "Jane Miller, jane.miller@example.com, +49 30 901820, card 4111 1111 1111 1111, staff EMP-004217"


def load_plugins() -> list[Fenced]:
    """Load the recognizers of all entry points, by name, and try each once.

    An entry point names a class or function that is called without arguments and gives one of Presidio's
    ``EntityRecognizer``, or several.

    Raises:
        SettingsFault: one cannot be loaded, is something else, or fails where it is tried; the entry point is named.
    """
    return [recognizer for entry in _entries() for recognizer in _load(entry)]


def plugin_versions() -> list[tuple[str, ...]]:
    """Return what tells one set of entry points from another."""
    return [
        (entry.name, entry.value, entry.dist.name if entry.dist else "", entry.dist.version if entry.dist else "")
        for entry in _entries()
    ]


def _entries() -> list[EntryPoint]:
    return sorted(entry_points(group=GROUP), key=lambda entry: (entry.name, entry.value))


def _load(entry: EntryPoint) -> list[Fenced]:
    try:
        made: Any = entry.load()()
        recognizers = list(made) if isinstance(made, Iterable) else [made]
    except Exception as error:  # anybody's code: it may raise anything, and its text may say anything
        raise _refused(entry, f"cannot be loaded ({type(error).__name__})") from error
    if not recognizers or not all(isinstance(one, EntityRecognizer) for one in recognizers):
        raise _refused(entry, "gives something else than recognizers of Presidio's")
    fenced = []
    try:
        for one in recognizers:
            fenced.append(Fenced(one))
            fenced[-1].analyze(_TRIAL, one.supported_entities, ViewArtifacts(to_ascii(_TRIAL)))
    except Exception as error:  # as above
        raise _refused(entry, f"fails when it is tried ({type(error).__name__})") from error
    return fenced


def _refused(entry: EntryPoint, why: str) -> SettingsFault:
    message = f"the recognizer of entry point {entry.name} ({entry.value}) {why}"
    return SettingsFault(message, field=f"{GROUP}.{entry.name}", advice="mend or remove the package that brings it")
