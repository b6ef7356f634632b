"""Identifiers and credentials, in surroundings of every kind."""

from pathlib import Path

import pytest
import yaml

from tests.detection.fakes import Reader

TABLE = yaml.safe_load(Path("tests/data/detection/identifiers.yaml").read_text(encoding="utf-8"))
VALUES = [(entity, value) for entity, values in TABLE.items() for value in values]
SURROUNDINGS = {
    "plain": "Please note {} for the file.",
    "alone": "{}",
    "korean": "고객 값은{}이고 확인했습니다",
    "korean-particle": "등록된 값{}을 보내 주세요",
    "chinese": "客户资料为{}已绑定",
    "chinese-punctuation": "资料：{}，请处理。",
    "full-width-brackets": "（{}）「{}」",
    "comma-separated": "1,{},open",
    "json": '{{"note": "{}"}}',
    "escaped-line": "first line\\n{}\\tnext",
}


@pytest.mark.parametrize("surroundings", SURROUNDINGS.values(), ids=SURROUNDINGS)
@pytest.mark.parametrize(("entity", "value"), VALUES, ids=[f"{entity}-{value[:24]}" for entity, value in VALUES])
def test_found_with_exact_span(reader: Reader, entity: str, value: str, surroundings: str) -> None:
    """A value is found whole and nothing else is, whatever letters touch it."""
    text = surroundings.replace("{{", "{").replace("}}", "}").replace("{}", value)
    assert [(entity, value)] * surroundings.count("{}") == reader.found(text)
