"""Recognizers of installed packages: loaded and tried before anything is served, and never in the way."""

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sidecar.clock import Deadline
from sidecar.detection.detector import start_detector
from sidecar.detection.engine import Gap
from sidecar.detection.plugins import GROUP, load_plugins, plugin_versions
from sidecar.errors import SettingsFault
from sidecar.types.content import Complete, Missing, Partial
from tests.detection.fakes import Reader, settings
from tests.detection.packages import calls, install


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that packages can be installed in."""
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path
    sys.modules.pop("fleet_recognizers", None)
    importlib.invalidate_caches()


def test_classes_and_factories_are_loaded(site: Path, reader: Reader) -> None:
    """An entry point may name a class, or a function that gives several; what they find is found like anything else."""
    install(site, {"fleet": "Fleet", "plates": "plates"})
    own = Reader(settings())
    assert {"Fleet", "Plates"} == set(own.engine.card.recognizers) - set(reader.engine.card.recognizers)
    assert [("FLEET_ID", "truck 9"), ("PLATE", "XX-123")] == own.found("take truck 9, XX-123")
    assert ["unclassified"] * 2 == [one.data_class for one in own.sightings("take truck 9, XX-123")]
    assert own.engine.card.revision != reader.engine.card.revision


@pytest.mark.parametrize("word", ["stumble", "stray"])
def test_a_recognizer_that_fails_makes_it_partial(site: Path, word: str) -> None:
    """What it raises, or tells of places that are not there, is a gap; the others are heard."""
    install(site, {"fleet": "Fleet"})
    text = f"{word}: jane.doe@example.com"
    (reading,) = Reader(settings()).readings(text)
    assert ((Gap("Fleet", 0, len(text)),), ["EMAIL_ADDRESS"]) == (
        reading.missing,
        [one.entity for one in reading.sightings],
    )


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("broken", "cannot be loaded (KeyError)"),
        ("Missing", "cannot be loaded (AttributeError)"),
        ("nothing", "gives something else than recognizers of Presidio's"),
        ("Fragile", "fails when it is tried (ValueError)"),
    ],
)
def test_a_broken_one_is_named(site: Path, target: str, told: str) -> None:
    """The entry point is named, and nothing that the package says."""
    install(site, {"fleet": target})
    with pytest.raises(SettingsFault) as caught:
        load_plugins()
    assert (f"the recognizer of entry point fleet (fleet_recognizers:{target}) {told}", f"{GROUP}.fleet") == (
        str(caught.value),
        caught.value.field,
    )


def test_versions_tell_packages_apart(site: Path) -> None:
    """Another release of a package is another detector."""
    install(site, {"fleet": "Fleet"}, version="2.0")
    assert [("fleet", "fleet_recognizers:Fleet", "fleet-recognizers", "2.0")] == plugin_versions()


async def test_everything_is_loaded_and_tried_before_the_first_request(site: Path, never: Deadline) -> None:
    """When the detector is there, its recognizers have been asked already, in the process that workers come from."""
    install(site, {"fleet": "Fleet"})
    async with await start_detector(workers=1) as detector:
        before = calls(site)
        assert ("Fleet" in detector.recognizers, True) == (True, before >= 2)
        found = await detector.inspect(["take truck 9"], tenant="t", deadline=never)
        assert (["FLEET_ID"], Complete) == ([one.entity for one in found.findings], type(found))
        lost = await detector.inspect(["stumble"], tenant="t", deadline=never)
        assert isinstance(lost, Partial)
        assert (Missing(0, 0, 7, "Fleet"),) == lost.missing


async def test_a_broken_one_stops_the_start(site: Path) -> None:
    """Workers do not come up without a recognizer that was installed to protect somebody; the fault comes through."""
    install(site, {"fleet": "broken"})
    with pytest.raises(SettingsFault, match="entry point fleet"):
        await start_detector(workers=1)
