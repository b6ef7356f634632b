"""All recognizers of one detector, in the order in which they are asked while a window's work lasts.

What does most harm comes first, what costs most comes last, and what is not ours after that.
"""

from pathlib import Path

import regex
from presidio_analyzer import EntityRecognizer, RecognizerRegistry
from presidio_analyzer.predefined_recognizers import CryptoRecognizer, SpacyRecognizer, UsItinRecognizer
from presidio_analyzer.recognizer_registry import RecognizerRegistryProvider

from sidecar.detection.fence import Fenced
from sidecar.detection.recognizers.card import CardScanner
from sidecar.detection.recognizers.email import EmailScanner
from sidecar.detection.recognizers.iban import IbanScanner
from sidecar.detection.recognizers.identifiers import load_identifiers
from sidecar.detection.recognizers.network import IpScanner, MacScanner
from sidecar.detection.recognizers.persons import PersonScanner
from sidecar.detection.recognizers.phone import PhoneScanner
from sidecar.detection.recognizers.secrets import load_secrets
from sidecar.errors import SettingsFault

LANGUAGE = "en"  # what Presidio is told of every text; ours read any

# Presidio's recognizers that are kept. The rest of its English ones are replaced by ours (card, e-mail, IBAN, IP, MAC,
# phone, SSN, NHS, passport, bank, license: stricter, linear, language-neutral) or find nobody's data (Url, Date, Uuid).
STOCK = (CryptoRecognizer, UsItinRecognizer)


def build_registry(path: Path | None) -> RecognizerRegistry:
    """Return the registry, with the custom recognizers of a Presidio registry file added.

    Raises:
        SettingsFault: the file cannot be read, or Presidio does not take it.
    """
    ours: list[EntityRecognizer] = [
        *load_secrets(),
        CardScanner(),
        IbanScanner(),
        *load_identifiers(),
        EmailScanner(),
        IpScanner(),
        MacScanner(),
        PersonScanner(),
        PhoneScanner(),
        SpacyRecognizer(supported_language=LANGUAGE),
    ]
    stock = [Fenced(recognizer()) for recognizer in STOCK]
    return RecognizerRegistry(recognizers=[*ours, *stock, *_custom(path)], supported_languages=[LANGUAGE])


def _custom(path: Path | None) -> list[Fenced]:
    if path is None:
        return []
    if not path.is_file():
        message = "detection.recognizers names a file that cannot be read"
        raise SettingsFault(message, field="detection.recognizers")
    try:
        registry = RecognizerRegistryProvider(conf_file=path).create_recognizer_registry()
        return [
            Fenced(recognizer) for recognizer in registry.recognizers if not isinstance(recognizer, SpacyRecognizer)
        ]
    except (ValueError, TypeError, KeyError, AttributeError, ImportError, OSError, regex.error) as error:
        message = "detection.recognizers is not a registry that Presidio takes"
        raise SettingsFault(message, field="detection.recognizers", advice=type(error).__name__) from error
