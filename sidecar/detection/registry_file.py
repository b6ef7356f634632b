"""Reads a recognizer registry as Presidio writes it: which of its recognizers run here, and what they tell ours.

A predefined recognizer that is named as it stands, and finds only what ours find, does not run beside them; its
thresholds and context words go over to ours. One that is given arguments of its own runs. So do all custom ones.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import regex
import yaml
from presidio_analyzer import EntityRecognizer, PatternRecognizer
from presidio_analyzer.predefined_recognizers import SpacyRecognizer
from presidio_analyzer.recognizer_registry import RecognizerRegistryProvider
from presidio_analyzer.recognizer_registry.recognizers_loader_utils import RecognizerListLoader

from sidecar.detection.classes import Classes
from sidecar.detection.fence import Fenced
from sidecar.errors import SettingsFault

SETTING = "detection.recognizers"
_FLAGS = 26  # DOTALL, MULTILINE, IGNORECASE: Presidio's default
# What ours call the entities of recognizers that they replace, where the names differ.
_OURS = {"US_BANK_NUMBER": "BANK_ACCOUNT", "US_DRIVER_LICENSE": "DRIVER_LICENSE", "US_PASSPORT": "PASSPORT"}
# What a row may say of a predefined recognizer without making it another one.
_PLAIN = frozenset(
    {
        "name",
        "class_name",
        "type",
        "enabled",
        "supported_language",
        "supported_languages",
        "country_code",
        "context",
        "score_thresholds",
    }
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a row wants of recognizers that are there already."""

    entities: frozenset[str]
    context: Sequence[str]
    thresholds: Mapping[str, float]

    def grant(self, recognizer: EntityRecognizer) -> None:
        """Let a recognizer have the words and thresholds that are meant for what it finds."""
        meant = self.entities.intersection(recognizer.supported_entities)
        if not meant:
            return
        recognizer.context = [*recognizer.context, *(word for word in self.context if word not in recognizer.context)]
        stated = {entity: least for entity, least in self.thresholds.items() if entity in meant}
        recognizer.score_thresholds = {**recognizer.score_thresholds, **stated}


@dataclass(frozen=True, slots=True)
class RegistryFile:
    """What a file comes to."""

    recognizers: tuple[Fenced, ...] = ()
    wishes: tuple[Wish, ...] = ()
    left_out: tuple[str, ...] = ()
    """Names of recognizers for other languages than the file's own."""


def read_registry(path: Path, known: frozenset[str], classes: Classes, language: str) -> RegistryFile:
    """Read a file; ``known`` are the entities that ours find, ``language`` that of a file that states none.

    Raises:
        SettingsFault: it cannot be read, or Presidio does not take it; the recognizer is named.
    """
    document = _read(path)
    languages = document["supported_languages"] = document.get("supported_languages") or [language]
    countries = document.pop("supported_countries", None)
    recognizers: list[EntityRecognizer] = []
    wishes: list[Wish] = []
    left_out: list[str] = []
    for place, written in enumerate(document["recognizers"]):
        try:
            row, made = _make({**document, "recognizers": [written]}, countries)
        except Exception as error:  # Presidio's checks, and a recognizer's own code, raise whatever they meet
            raise _refused(written.get("name", place) if isinstance(written, dict) else place, error) from error
        if row["enabled"] and not set(languages).intersection(_languages(row, languages)):
            left_out.append(row["name"])
        for one in made:
            entities = frozenset(_OURS.get(entity, entity) for entity in one.supported_entities)
            if isinstance(one, SpacyRecognizer) or (_is_plain(row) and entities <= known):
                wishes.append(Wish(entities, _context(row), _thresholds(one, entities)))
            elif any(classes.of(entity) or entity in classes.markings for entity in one.supported_entities):
                recognizers.append(one)
    return RegistryFile(tuple(map(_fenced, _merged(recognizers))), tuple(wishes), tuple(left_out))


def _read(path: Path) -> dict[str, Any]:
    try:
        document = yaml.safe_load(path.read_bytes())
    except OSError as error:
        message = "detection.recognizers names a file that cannot be read"
        raise SettingsFault(message, field=SETTING) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        message = "detection.recognizers is not YAML"
        raise SettingsFault(message, field=SETTING, advice=type(error).__name__) from None
    rows = document.get("recognizers") if isinstance(document, dict) else None
    if not isinstance(rows, list) or not rows:
        message = "detection.recognizers is not a registry: it has no list of recognizers"
        raise SettingsFault(message, field=SETTING)
    # A name by itself is a predefined recognizer; Presidio checks it, and then forgets it.
    named = [{"name": row, "type": "predefined"} if isinstance(row, str) else row for row in rows]
    return {"global_regex_flags": _FLAGS, **document, "recognizers": named}


def _make(document: dict[str, Any], countries: Any) -> tuple[Mapping[str, Any], Sequence[EntityRecognizer]]:  # noqa: ANN401 - as written
    """Return the row of a document as Presidio reads it, and the recognizers it stands for; none where it is off."""
    configuration = RecognizerRegistryProvider(registry_configuration=document).configuration
    rows, languages = configuration["recognizers"], configuration["supported_languages"]
    return rows[0], list(RecognizerListLoader.get(rows, languages, configuration["global_regex_flags"], countries))


def _fenced(recognizer: EntityRecognizer) -> Fenced:
    try:
        return Fenced(recognizer)
    except (ValueError, TypeError, regex.error) as error:
        raise _refused(recognizer.name, error) from error


def _refused(name: object, error: Exception) -> SettingsFault:
    message = f"recognizer {name} of detection.recognizers is not one that Presidio takes"
    return SettingsFault(message, field=SETTING, advice=type(error).__name__)


def _languages(row: Mapping[str, Any], default: Sequence[str]) -> Iterator[str]:
    if row.get("supported_language"):
        yield row["supported_language"]
        return
    for one in row.get("supported_languages") or default:
        yield one if isinstance(one, str) else one["language"]


def _thresholds(recognizer: EntityRecognizer, entities: Iterable[str]) -> dict[str, float]:
    """Return the thresholds that a row states, by what ours call the entities."""
    stated = {_OURS.get(entity, entity): least for entity, least in recognizer.score_thresholds.items()}
    return {
        entity: stated.get(entity, stated.get("default", 0.0))
        for entity in entities
        if {entity, "default"} & set(stated)
    }


def _is_plain(row: Mapping[str, Any]) -> bool:
    return row["type"] == "predefined" and not any(value is not None for key, value in row.items() if key not in _PLAIN)


def _context(row: Mapping[str, Any]) -> list[str]:
    """Return the context words that a row states itself."""
    words = list(row.get("context") or ())
    for one in row.get("supported_languages") or ():
        words += (one.get("context") or ()) if isinstance(one, dict) else ()
    return words


def _merged(recognizers: Sequence[EntityRecognizer]) -> list[EntityRecognizer]:
    """Return recognizers with those made one that differ only in their language: here each reads every text."""
    first: dict[object, EntityRecognizer] = {}
    for one in recognizers:
        patterns = (
            tuple((each.name, each.regex, each.score) for each in one.patterns)
            if isinstance(one, PatternRecognizer)
            else id(one)
        )
        same = first.setdefault((type(one), one.name, tuple(one.supported_entities), patterns), one)
        if same is not one:
            same.context = [*same.context, *(word for word in one.context if word not in same.context)]
    return list(first.values())
