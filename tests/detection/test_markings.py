"""Legends of confidentiality and export control."""

import pytest

from tests.detection.fakes import Reader

CASES: dict[str, set[str]] = {
    "CONFIDENTIAL - do not distribute": {"confidential"},
    "Strictly confidential: board minutes": {"confidential"},
    "For internal use only.": {"confidential"},
    "内部资料，禁止外传": {"confidential"},
    "이 문서는 대외비입니다": {"confidential"},
    "社外秘": {"confidential"},
    "This drawing contains technical data and is ITAR controlled.": {"export_controlled"},
    "Subject to the Export Administration Regulations, ECCN 3A001": {"export_controlled"},
    "该技术受出口管制": {"export_controlled"},
    "전략물자 해당 품목": {"export_controlled"},
    "He spoke in a confidential tone about exports.": set(),
}


@pytest.mark.parametrize(("text", "expected"), CASES.items())
def test_marking(reader: Reader, text: str, expected: set[str]) -> None:
    """A legend is a word among the markings; export control is a finding besides, confidentiality is not."""
    (reading,) = reader.readings(text)
    assert expected == reading.markings
    classes = {one.data_class for one in reading.sightings if one.entity != "PERSON"}
    assert ({"export_controlled"} if "export_controlled" in expected else set()) == classes
