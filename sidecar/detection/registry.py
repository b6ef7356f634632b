"""All recognizers of one detector, in the order in which they are asked while a window's work lasts.

What does most harm comes first, what costs most comes last, and what is not ours after that.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from presidio_analyzer import EntityRecognizer
from presidio_analyzer.predefined_recognizers import CryptoRecognizer, SpacyRecognizer, UsItinRecognizer

from sidecar.detection.classes import Classes
from sidecar.detection.fence import Fenced
from sidecar.detection.languages.shelf import readers
from sidecar.detection.plugins import load_plugins
from sidecar.detection.recognizers.address import AddressScanner
from sidecar.detection.recognizers.card import CardScanner
from sidecar.detection.recognizers.columns import ColumnScanner
from sidecar.detection.recognizers.dates import AgeScanner, DateScanner
from sidecar.detection.recognizers.email import EmailScanner
from sidecar.detection.recognizers.iban import IbanScanner
from sidecar.detection.recognizers.identifiers import load_identifiers
from sidecar.detection.recognizers.name_lists import NamePairScanner
from sidecar.detection.recognizers.network import IpScanner, MacScanner
from sidecar.detection.recognizers.persons import PersonScanner
from sidecar.detection.recognizers.phone import PhoneScanner
from sidecar.detection.recognizers.secrets import load_secrets
from sidecar.detection.registry_file import RegistryFile, read_registry

LANGUAGE = "en"  # what Presidio is told of every text; ours read any

# Presidio's recognizers that are kept. The rest of its English ones are replaced by ours (card, e-mail, IBAN, IP, MAC,
# phone, SSN, NHS, passport, bank, license: stricter, linear, language-neutral) or find nobody's data (Url, Date, Uuid).
STOCK = (CryptoRecognizer, UsItinRecognizer)


@dataclass(frozen=True, slots=True)
class Registry:
    """What is asked about a window."""

    recognizers: tuple[EntityRecognizer, ...]
    left_out: tuple[str, ...]
    """Names of those in the operator's file that are for other languages."""


def build_registry(path: Path | None, classes: Classes, languages: Sequence[str] = ()) -> Registry:
    """Return all recognizers: ours, Presidio's, those of a Presidio registry file, those of installed packages.

    Raises:
        SettingsFault: a recognizer of the file or of a package, or the model of a language, cannot be had.
    """
    ours: list[EntityRecognizer] = [
        *load_secrets(),
        CardScanner(),
        IbanScanner(),
        *load_identifiers(),
        AddressScanner(),
        AgeScanner(),
        DateScanner(),
        EmailScanner(),
        IpScanner(),
        MacScanner(),
        PersonScanner(),
        ColumnScanner(),
        NamePairScanner(),
        PhoneScanner(),
        SpacyRecognizer(supported_language=LANGUAGE),
        *readers(languages),
    ]
    ours += [Fenced(recognizer()) for recognizer in STOCK]
    known = frozenset(entity for one in ours for entity in one.supported_entities)
    file = RegistryFile() if path is None else read_registry(path, known, classes, LANGUAGE)
    for wish in file.wishes:
        for one in ours:
            wish.grant(one)
    return Registry((*ours, *file.recognizers, *load_plugins()), file.left_out)
