"""The sides: stock Presidio as it comes, and the sidecar's detector, both with the same English model."""

import os

os.environ["TLDEXTRACT_PUBLIC_SUFFIX_LIST_URLS"] = ""  # its shipped list; read when presidio_analyzer is imported

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Protocol

import yaml
from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import NlpEngineProvider

from sidecar.clock import Deadline, SystemClock
from sidecar.detection.classes import load_classes
from sidecar.detection.detector import DEFAULT_MODEL, WindowDetector, start_detector
from sidecar.detection.models import spacy_name


@dataclass(frozen=True, slots=True)
class Found:
    """What a side found."""

    start: int
    end: int
    entity: str
    bare: bool = False
    """A person's name that nothing makes somebody's."""


class Side(Protocol):
    """Finds what is in a text."""

    name: str

    def find(self, text: str) -> Sequence[Found]:
        """Return what is found."""
        ...


class Stock:
    """`AnalyzerEngine` with its default recognizers, its default configuration, and our model in it."""

    name = "stock"

    def __init__(self) -> None:
        logging.getLogger("presidio-analyzer").setLevel(logging.ERROR)
        configuration = yaml.safe_load(resources.files("presidio_analyzer").joinpath("conf/default.yaml").read_bytes())
        configuration["models"][0]["model_name"] = spacy_name(DEFAULT_MODEL)
        engine = NlpEngineProvider(nlp_configuration=configuration).create_engine()
        self._analyzer = AnalyzerEngine(nlp_engine=engine, supported_languages=["en"])

    def find(self, text: str) -> Sequence[Found]:
        """Return what stock finds; every text is English to it."""
        return [Found(one.start, one.end, one.entity_type) for one in self._analyzer.analyze(text, language="en")]


class Sidecar:
    """The detector, in this process."""

    def __init__(self, name: str, loop: asyncio.AbstractEventLoop, *, everything: bool = False) -> None:
        """``everything``: what is seen and not reported by itself, such as a city, is reported too."""
        self.name = name
        self._loop = loop
        classes = dict.fromkeys(load_classes().ignored, "seen") if everything else None
        self._detector: WindowDetector = loop.run_until_complete(start_detector(classes=classes, workers=0))
        self._forever = Deadline(SystemClock(), None)

    def find(self, text: str) -> Sequence[Found]:
        """Return what it finds."""
        inspection = self._loop.run_until_complete(
            self._detector.inspect([text], tenant="accuracy", deadline=self._forever)
        )
        return [Found(one.start, one.end, one.entity, bare=one.bare) for one in inspection.findings]

    def close(self) -> None:
        """End it."""
        self._loop.run_until_complete(self._detector.aclose())


def timed(find: Callable[[str], Sequence[Found]], text: str) -> tuple[Sequence[Found], float]:
    """Return what is found, and the milliseconds of processor time that it took."""
    start = time.process_time()
    found = find(text)
    return found, (time.process_time() - start) * 1e3
