"""Numbers of all countries: what is told to be one, what its own check tells, and what is none."""

import random
import re

import pytest

from sidecar.detection.recognizers.checksums import compact, named
from sidecar.detection.recognizers.context import LEAST
from sidecar.detection.recognizers.identifiers import rows
from tests.detection.fakes import Reader
from tests.detection.numbers import Form, forms

FORMS = forms()
IDS = [f"{one.entity}-{one.form}" for one in FORMS]
DRAWN = 4
GLUED = "是{}吧"
SHAPE_IS_ENOUGH = {row.entity for row in rows() if (row.unchecked or 0.0) >= LEAST}
CHECK_DIGIT = {"au_medicare": 8, "sg_nric": 7, "ru_snils": 9, "vin": 8}
EXAMPLES = {  # published ones
    "au_medicare": "2123456701",
    "de_health_insurance": "A123456780",
    "de_social_security": "15070649C103",
    "hk_id": "A1234563",
    "mx_clabe": "032180000118359719",
    "pl_id_card": "ABS123456",
    "ru_snils": "11223344595",
    "sg_nric": "S1234567D",
    "tw_national_id": "A123456789",
    "us_dea": "AB1234563",
    "us_npi": "1234567893",
    "vin": "1M8GDM9AXKP042788",
}


def test_what_is_told_is_found(reader: Reader) -> None:
    """Of numbers drawn at random, 98 % are found whole, as what they are, with letters touching them or not."""
    rng = random.Random(20261124)
    missed = []
    for form in FORMS:
        for surroundings in ("{}", GLUED) * DRAWN:
            number = form.draw(rng)
            text = form.told.replace("{}", surroundings.replace("{}", number))
            if (form.entity, number) not in reader.found(text):
                missed.append((text, reader.found(text)))
    assert len(missed) <= 0.02 * len(FORMS) * 2 * DRAWN, missed


@pytest.mark.parametrize("form", [one for one in FORMS if one.alone], ids=lambda one: f"{one.entity}-{one.form}")
def test_alone(reader: Reader, form: Form) -> None:
    """A number that only its own kind looks like, and whose check holds, needs no word."""
    number = form.draw(random.Random(1))
    assert [(form.entity, number)] == reader.found(f"we got {number} today")


@pytest.mark.parametrize("form", FORMS, ids=IDS)
def test_wrong_alone(reader: Reader, form: Form) -> None:
    """A number whose check does not hold, or that needs a word, is nothing without one."""
    if form.entity in SHAPE_IS_ENOUGH or (form.alone and form.check == "always"):
        return
    rng = random.Random(2)
    number = form.draw(rng) if form.check == "always" else form.draw_wrong(rng)
    assert form.entity not in [entity for entity, _ in reader.found(f"we got {number} today")]


@pytest.mark.parametrize("form", FORMS, ids=IDS)
def test_wrong_told(reader: Reader, form: Form) -> None:
    """A number with a wrong digit is still somebody's where a word says what it is."""
    rng = random.Random(3)
    number = form.draw(rng) if form.check == "always" else form.draw_wrong(rng)
    text = form.told.replace("{}", number)
    start = text.index(number)
    assert any(one.start <= start and start + len(number) <= one.end for one in reader.sightings(text)), text


@pytest.mark.parametrize(("check", "number"), EXAMPLES.items())
def test_check(check: str, number: str) -> None:
    """Our own checks hold for published examples, and with no other digit in the check digit's place."""
    place = CHECK_DIGIT.get(check, len(number) - 1)
    others = [number[:place] + digit + number[place + 1 :] for digit in "0123456789" if digit != number[place]]
    assert [True] + [False] * len(others) == [named(check)(one) for one in (number, *others)]


def test_no_check_fails_on_what_its_pattern_lets_through() -> None:
    """No check raises: a recognizer that does would leave its text unread."""
    rng = random.Random(4)
    text = "; ".join(form.draw_any(rng) for form in FORMS for _ in range(3))
    for row in rows():
        for match in re.finditer(row.pattern.replace("(?i)", ""), text, re.IGNORECASE):
            named(row.check)(match[0] if row.reads_separators else compact(match[0]))
            named(row.valid)(compact(match[0]))
