"""The shipped model's recognizer, and its compiled pass."""

import pytest
import spacy
from spacy.language import Language

from sidecar.detection.detector import DEFAULT_MODEL
from sidecar.detection.models import spacy_name
from sidecar.detection.names import UNUSED_PIPES
from sidecar.detection.native.ner import NativeNer
from tests.detection.native.twin import loaded


@pytest.fixture(scope="session")
def english() -> Language:
    """The pipeline as detection loads it: nothing but ``ner``."""
    return spacy.load(spacy_name(DEFAULT_MODEL), exclude=list(UNUSED_PIPES))


@pytest.fixture(scope="session")
def native(english: Language) -> NativeNer:
    """Its compiled pass, with the best instructions of this processor."""
    return loaded(english)
