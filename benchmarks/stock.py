"""The other side: Presidio as it comes, and the floor below it. The same model; nothing comes from the network."""

import os

os.environ["TLDEXTRACT_PUBLIC_SUFFIX_LIST_URLS"] = ""  # its shipped list; read when presidio_analyzer is imported

import logging

import spacy
from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import NlpEngineProvider
from presidio_anonymizer import AnonymizerEngine

from sidecar.detection.detector import DEFAULT_MODEL
from sidecar.detection.models import spacy_name

MODEL = spacy_name(DEFAULT_MODEL)
_NOT_FOR_NAMES = ("tok2vec", "tagger", "parser", "attribute_ruler", "lemmatizer", "senter")


class Stock:
    """`AnalyzerEngine` with its default recognizers, then `AnonymizerEngine`."""

    def __init__(self) -> None:
        logging.getLogger("presidio-analyzer").setLevel(logging.ERROR)  # it warns of labels that it does not map
        configuration = {"nlp_engine_name": "spacy", "models": [{"lang_code": "en", "model_name": MODEL}]}
        engine = NlpEngineProvider(nlp_configuration=configuration).create_engine()
        self.analyzer = AnalyzerEngine(nlp_engine=engine, supported_languages=["en"])
        self._anonymizer = AnonymizerEngine()  # type: ignore[no-untyped-call]  # theirs has no types

    def redact(self, text: str) -> str:
        """Return the text with everything replaced that was found."""
        found = self.analyzer.analyze(text, language="en")
        return self._anonymizer.anonymize(text, found).text  # type: ignore[arg-type]  # two classes of one shape


class Floor:
    """The forward pass for names, which whoever looks for names with this model must pay."""

    def __init__(self) -> None:
        self._pipeline = spacy.load(MODEL, exclude=list(_NOT_FOR_NAMES))

    def names(self, text: str) -> int:
        """Return how many names there are."""
        return len(self._pipeline(text).ents)
