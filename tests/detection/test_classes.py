"""The table of classes, and the operator's words over it."""

import pytest

from sidecar.detection.classes import load_classes
from sidecar.errors import SettingsFault
from tests.detection.fakes import Reader


def test_overrides() -> None:
    """The operator's table goes over the shipped one, turns on what is ignored, and leaves the unknown unclassified."""
    classes = load_classes({"LOCATION": "contact", "EMPLOYEE_ID": "employee_record"})
    assert ["contact", "employee_record", "kr_rrn", None, "unclassified"] == [
        classes.of(entity) for entity in ("LOCATION", "EMPLOYEE_ID", "KR_RRN", "DATE_TIME", "SOMETHING_ELSE")
    ]


def test_thresholds() -> None:
    """A threshold may be one number, or one for each entity."""
    assert 0.5 == load_classes(threshold=0.5).threshold("X")
    by_entity = load_classes(threshold={"PERSON": 0.9})
    assert [0.9, 0.4] == [by_entity.threshold("PERSON"), by_entity.threshold("X")]


def test_faults_are_told_together() -> None:
    """Every wrong threshold and class is named, in one go."""
    with pytest.raises(SettingsFault) as caught:
        load_classes({"A": ""}, {"default": 2.0, "B": -1.0})
    assert (
        "detection.threshold.default: must lie between 0 and 1",
        "detection.threshold.B: must lie between 0 and 1",
        "detection.classes.A: must name a class",
    ) == caught.value.faults


def test_every_shipped_entity_has_a_class(reader: Reader) -> None:
    """No recognizer of ours reports what the table does not know."""
    classes = load_classes()
    entities = {entity for recognizer in reader.engine._recognizers for entity in recognizer.supported_entities}
    assert set() == {entity for entity in entities if classes.of(entity) == "unclassified"}
