"""A registry as Presidio and its users write it is accepted as it is."""

from collections import Counter
from dataclasses import replace
from importlib import resources
from pathlib import Path

import pytest

from sidecar.detection.classes import load_classes
from sidecar.detection.registry import build_registry
from sidecar.errors import SettingsFault
from tests.detection.fakes import Reader, settings

DATA = Path("tests/data/detection")
SHIPPED = Path(str(resources.files("presidio_analyzer").joinpath("conf/default_recognizers.yaml")))


@pytest.fixture(scope="module")
def team() -> Reader:
    """An engine with a team's file."""
    return Reader(replace(settings(), recognizers=DATA / "recognizers-of-a-team.yaml"))


def test_presidios_own_file_changes_nothing(reader: Reader) -> None:
    """What it names is found by ours already, or is nothing that is reported; other languages are left out."""
    shipped = Reader(replace(settings(), recognizers=SHIPPED))
    names = Counter(one.name for one in build_registry(SHIPPED, load_classes()).recognizers)
    assert {1} == set(names.values())
    assert (reader.engine.card.recognizers, True) == (
        shipped.engine.card.recognizers,
        {"EsNifRecognizer", "ItFiscalCodeRecognizer"} <= set(shipped.engine.card.left_out),
    )
    text = "card 4111 1111 1111 1111, jane.doe@example.com, https://example.com, DE89 3704 0044 0532 0130 00"
    assert [reader.sightings(text)] == [shipped.sightings(text)]


@pytest.mark.parametrize("mapped", ["URL", "UUID"])
def test_what_is_mapped_to_a_class_runs(mapped: str) -> None:
    """A recognizer whose entity the operator gives a class is loaded."""
    before = {one.name for one in build_registry(SHIPPED, load_classes()).recognizers}
    after = {one.name for one in build_registry(SHIPPED, load_classes({mapped: "online_id"})).recognizers}
    assert {f"{mapped.capitalize()}Recognizer"} == after - before


def test_a_teams_file(team: Reader) -> None:
    """Patterns, words, context and thresholds count as they are written, whatever language they are for."""
    assert [("INVOICE", "INV-00412"), ("SITE", "Werk Nord"), ("SITE", "Halle 7")] == team.found(
        "INV-00412 at Werk Nord, Halle 7; r00412 and R00412 and HALLE 7"
    )
    assert [("INVOICE", "R00412")] == team.found("the invoice R00412")
    assert [("INVOICE", "R00413")] == team.found("zur rechnung R00413")


def test_thresholds_of_the_file_come_first(team: Reader, reader: Reader) -> None:
    """A recognizer's own threshold stands over the setting's, up and down; ours take the one of what they replace."""
    ours = next(one for one in reader.sightings("jane.doe@example.com"))
    assert (0.35, []) == (team.sightings("INV-00412")[0].score, team.found("x jane.doe@example.com"))
    assert ours.score < 0.99


def test_words_of_the_file_go_to_ours() -> None:
    """The context words of a recognizer that ours replace are ours then."""
    recognizers = build_registry(DATA / "recognizers-of-a-team.yaml", load_classes()).recognizers
    (card,) = (one for one in recognizers if "CREDIT_CARD" in one.supported_entities)
    assert {"plastic", "tarjeta"} <= set(card.context)


def test_none_runs_twice_and_arguments_make_another(team: Reader, reader: Reader) -> None:
    """Plain names stand for ours; one with arguments runs beside them; what differs in language alone is one."""
    assert {"FleetPhone", "Invoice", "Sites"} == set(team.engine.card.recognizers) - set(reader.engine.card.recognizers)
    assert ("EsNifRecognizer",) == team.engine.card.left_out
    names = [one.name for one in build_registry(DATA / "recognizers-of-a-team.yaml", load_classes()).recognizers]
    assert (1, 1) == (names.count("Invoice"), names.count("CryptoRecognizer"))


def test_what_is_off_in_the_file_stays_on_here(team: Reader) -> None:
    """A file adds: it does not turn off what finds accounts."""
    assert [("IBAN_CODE", "DE89 3704 0044 0532 0130 00")] == team.found("DE89 3704 0044 0532 0130 00")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("recognizers: [CryptoRecognizer, Nobody]", "recognizer Nobody of detection.recognizers"),
        (
            "recognizers: [{name: A, supported_entity: B, patterns: [{name: p, regex: '(', score: 0.5}]}]",
            "detection.rec",
        ),
        ("recognizers: []", "no list of recognizers"),
        ("[a]", "no list of recognizers"),
        ("recognizers: {a: b}", "no list of recognizers"),
        ("recognizers: [A, 7]", "recognizer A of"),
        ("recognizers: [7]", "recognizer 0 of"),
        ("recognizers: [a, b", "not YAML"),
        (
            "recognizers: [{name: A, supported_entity: B, deny_list: [c], score_thresholds: {default: 7}}]",
            "detection.rec",
        ),
    ],
)
def test_faults_name_the_recognizer(tmp_path: Path, text: str, told: str) -> None:
    """What Presidio does not take stops the start."""
    path = tmp_path / "recognizers.yaml"
    path.write_text(text)
    with pytest.raises(SettingsFault, match=told) as caught:
        build_registry(path, load_classes())
    assert "detection.recognizers" == caught.value.field


def test_countries_are_honored(tmp_path: Path) -> None:
    """``supported_countries``, which the shipped file shows and Presidio's check refuses, keeps out other countries."""
    path = tmp_path / "recognizers.yaml"
    path.write_text(
        "supported_countries: [ng]\nrecognizers: [NgVehicleRegistrationRecognizer, ZaTrafficRegisterNumberRecognizer]"
    )
    base = {one.name for one in build_registry(None, load_classes()).recognizers}
    assert {"NgVehicleRegistrationRecognizer"} == {
        one.name for one in build_registry(path, load_classes()).recognizers
    } - base
