"""Languages are told by scripts and small words, several at a time."""

import re

import pytest

from sidecar.detection.scripts import HAN, HANGUL, KANA, languages

HAN_LETTERS = "漢字\uf900\U00020000"
CASES = {
    "Hello": {"en"},
    "Grüße": {"de"},
    "Citroën": {"en"},
    "Bitte schicken Sie die Unterlagen an unsere Adresse.": {"de"},
    "Je m'appelle Dupont et j'habite à Lyon.": {"fr"},
    "Hola, me llamo María y vivo en Sevilla.": {"es"},
    "Buongiorno, mi chiamo Rossi, abito a Torino e vorrei un appuntamento.": {"it"},
    "Olá, o meu nome é João e não tenho conta.": {"pt"},
    "Ik heet Jan en woon in Utrecht; mijn nummer staat hieronder.": {"nl"},
    "Ich heiße Jürgen": {"de"},
    "Translate this for me, please: Ich habe das Paket nicht erhalten.": {"en", "de"},
    "The el Niño effect and the de facto standard of El Paso": {"en"},
    "SELECT name FROM users WHERE id = 1": {"en"},
    "안녕하세요 Kim": {"ko", "en"},
    "你好": {"zh"},
    "你好 世界 hello": {"zh", "en"},
    "今日は天気がいい": {"ja"},
    "データ": {"ja"},
    "他们喜欢看ドラマ，每个周末都去电影院和图书馆，从来不迟到，也不吃零食。": {"zh", "ja"},
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


def test_letters_of_scripts_do_not_overlap() -> None:
    """No letter is of two scripts."""
    scripts = [re.compile(f"[{letters}]") for letters in (HAN, HANGUL, KANA, "A-Za-z")]
    for letter in map(chr, range(0x11000)):
        assert sum(script.match(letter) is not None for script in scripts) <= 1, letter
    assert HAN_LETTERS == "".join(re.findall(f"[{HAN}]", HAN_LETTERS + "가나ひカabc，"))
