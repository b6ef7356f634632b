"""Languages are told by scripts, several at a time."""

import pytest

from sidecar.detection.scripts import languages

CASES = {
    "Hello": {"en"},
    "Grüße": {"en"},
    "안녕하세요 Kim": {"ko", "en"},
    "你好": {"zh"},
    "你好 世界 hello": {"zh", "en"},
    "今日は天気がいい": {"ja"},
    "データ": {"ja"},
    "Привет": {"ru"},
    "مرحبا": {"ar"},
    "नमस्ते": {"hi"},
    "שלום": {"he"},
    "สวัสดี": {"th"},
    "Γειά": {"el"},
    "12 + 3 = 15 ・ × ÷": set(),
    "": set(),
}


@pytest.mark.parametrize(("text", "expected"), CASES.items())
def test_by_script(text: str, expected: set[str]) -> None:
    """Every script that occurs counts; Han letters beside kana are Japanese."""
    assert expected == languages(text)
