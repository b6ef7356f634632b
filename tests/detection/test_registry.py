"""Recognizers that the operator adds, and what is wrong with some."""

from dataclasses import replace
from pathlib import Path

import pytest

from sidecar.detection.classes import load_classes
from sidecar.detection.engine import Engine, Gap
from sidecar.errors import SettingsFault
from tests.detection.fakes import Reader, settings

DATA = Path("tests/data/detection")


@pytest.fixture(scope="module")
def custom() -> Reader:
    """An engine with the operator's recognizers."""
    return Reader(
        replace(
            settings(), recognizers=DATA / "recognizers.yaml", classes=load_classes({"STAFF_NUMBER": "employee_record"})
        )
    )


def test_patterns_read_every_text(custom: Reader) -> None:
    """A pattern works in English and glued to Korean, whatever language it was declared for."""
    assert [("STAFF_NUMBER", "EMP-004217")] == custom.found("Staff EMP-004217 asked.")
    assert [("STAFF_NUMBER", "EMP-004217")] == custom.found("사번은EMP-004217입니다")
    assert [("PROJECT", "무궁화")] == custom.found("the 무궁화 project")


def test_context_words_of_the_file(custom: Reader) -> None:
    """A weak pattern counts only beside its words."""
    assert [("BADGE", "4217")] == custom.found("badge 4217")
    assert [] == custom.found("in 4217 years")


def test_classes_of_the_operator(custom: Reader) -> None:
    """The settings say which class an entity is; the rest is unclassified."""
    sightings = custom.sightings("EMP-004217, badge 4217")
    assert [("employee_record", "StaffNumber"), ("unclassified", "BadgeNumber")] == [
        (one.data_class, one.recognizer) for one in sightings
    ]


def test_predefined_recognizers_are_presidios_own() -> None:
    """A file may name any recognizer of Presidio, those too that ours stand beside; each is found by its name."""
    classes = load_classes({"URL": "online_id"})
    reader = Reader(replace(settings(), recognizers=DATA / "recognizers-predefined.yaml", classes=classes))
    text = "See https://example.com/x and mail jane.doe@example.com, voter KSD1287349"
    assert [
        ("URL", "https://example.com/x"),
        ("EMAIL_ADDRESS", "jane.doe@example.com"),
        ("IN_VOTER", "KSD1287349"),
    ] == [one for one in reader.found(text) if one[0] != "PERSON"]


def test_values_on_borders_of_pieces(custom: Reader) -> None:
    """A value is found once wherever it lies in a long text."""
    for shift in range(0, 3_000, 97):
        text = "x" * shift + " EMP-004217 " + "y" * 2_500
        assert [("STAFF_NUMBER", "EMP-004217")] == custom.found(text)


def test_a_pattern_that_never_ends_is_told() -> None:
    """A pattern that is given up on is among what is missing; the others are heard."""
    reader = Reader(replace(settings(), recognizers=DATA / "recognizers-that-never-end.yaml"))
    (reading,) = reader.readings("ab" * 60 + " jane.doe@example.com")
    assert ((Gap("NeverEnds", 0, 141),), ["EMAIL_ADDRESS"]) == (
        reading.missing,
        [one.entity for one in reading.sightings],
    )


def test_revision_covers_the_file(custom: Reader, reader: Reader) -> None:
    """Other recognizers or classes are another revision; the same settings are the same."""
    assert custom.engine.card.revision != reader.engine.card.revision
    assert Engine(settings()).card == reader.engine.card


@pytest.mark.parametrize("name", ["not-yaml", "unknown-predefined", "bad-pattern", "missing-file"])
def test_faults_name_the_setting(name: str) -> None:
    """A file that cannot be taken stops the start and names the setting."""
    with pytest.raises(SettingsFault) as caught:
        Engine(replace(settings(), recognizers=DATA / f"recognizers-{name}.yaml"))
    assert "detection.recognizers" == caught.value.field


@pytest.mark.parametrize("model", ["no_such_model_here", "tests/data/detection"])
def test_a_missing_model_names_the_setting(model: str) -> None:
    """A model that is not there stops the start; nothing is downloaded."""
    with pytest.raises(SettingsFault) as caught:
        Engine(replace(settings(), model=model))
    assert "detection.model" == caught.value.field
