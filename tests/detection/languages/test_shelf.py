"""Which languages are read, and what a wrong setting gets."""

from pathlib import Path

import pytest

from sidecar.detection.languages.shelf import LANGUAGES, Language, chosen, readers
from sidecar.errors import SettingsFault


def test_by_default_all_are_read() -> None:
    """What set-up installs is on where the setting does not say otherwise."""
    assert tuple(LANGUAGES) == chosen(None)


def test_the_setting_chooses() -> None:
    """In its order, each once."""
    assert ("zh", "en") == chosen(["zh", "en", "zh"])


def test_an_unknown_language_is_refused() -> None:
    """The fault names the field, and what is known."""
    with pytest.raises(SettingsFault, match=r"detection\.languages holds a language without a text model"):
        chosen(["en", "tlh"])


def test_what_is_missing_is_not_installed() -> None:
    """Neither without a package nor without a model."""
    assert not Language("", packages=("no_such_package",)).installed
    assert not Language("", models=("no-such.tensors",)).installed
    assert Language("").installed


def test_readers_of_a_language() -> None:
    """English has none: its model is read apart."""
    assert ["ChineseReader", "KoreanReader", "JapaneseReader"] == [
        reader.name for reader in readers(["en", "zh", "ko", "ja", "de"])
    ]


def test_a_broken_model_is_a_fault_of_the_settings(tmp_path: Path) -> None:
    """The start ends with the field and the language, and nothing foreign gets out."""
    for name in LANGUAGES["zh"].models:
        (tmp_path / name).write_bytes(b"\0" * 64)
    with pytest.raises(SettingsFault, match=r"detection\.languages \(zh\) cannot be loaded"):
        readers(["en", "zh"], tmp_path)
