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


PHONES = {
    "Fax: 345-899-3560x4587": "345-899-3560x4587",
    "call (212) 555-0123 ext. 12 now": "(212) 555-0123 ext. 12",
    "Phone: 0490 75 40 81": "0490 75 40 81",
    "电话：6123 4567": "6123 4567",
    "Reach me at 98765 43210": "98765 43210",
    "전화번호 02)345-6789": "02)345-6789",
    "我的手机号是一三八零零一三八零零零，晚上打": "一三八零零一三八零零零",
    "제 번호는 공일공 일이삼사 오육칠팔이에요": "공일공 일이삼사 오육칠팔",
    "번호는 공일공-1234-5678이고": "공일공-1234-5678",
}
NO_PHONES = (
    "Build 20261124 1530 passed",
    "In 2025 10 20 30 calls were made",
    "lot 1234567, part 7654321",
    "1732448404123",
)


@pytest.mark.parametrize(("text", "value"), PHONES.items())
def test_told_phone(reader: Reader, text: str, value: str) -> None:
    """A word for a telephone right before makes groups of digits one, extension included."""
    assert [("PHONE_NUMBER", value)] == reader.found(text)


@pytest.mark.parametrize("text", NO_PHONES)
def test_no_phone(reader: Reader, text: str) -> None:
    """Digits without such a word or a shape are none."""
    assert [] == reader.found(text)


UNCHECKED = {
    "card number 1234 5678 9012 3456": "CREDIT_CARD",
    "IBAN: DE12 3456 7890 1234 5678 90": "IBAN_CODE",
    "身份证号440308199901011235": "CN_RESIDENT_ID",
    "주민등록번호 9001011234567": "KR_RRN",
    "Aadhaar 2345 6789 0123": "IN_AADHAAR",
    "SSN 123456789": "US_SSN",
}


@pytest.mark.parametrize(("text", "entity"), UNCHECKED.items())
def test_told_without_check(reader: Reader, text: str, entity: str) -> None:
    """A value whose check digit does not hold counts where a word says what it is, and nowhere else."""
    assert [entity] == [found for found, _ in reader.found(text)]
    value = "".join(letter for letter in text if letter in "DE0123456789 ").strip()
    assert [] == [found for found, _ in reader.found(f"ref {value} end") if found == entity]
