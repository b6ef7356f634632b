"""What was seen, as it is reported: with its class, by itself or because of what stands around it, or not at all."""

from collections.abc import Mapping, Sequence

from presidio_analyzer.predefined_recognizers import SpacyRecognizer

from sidecar.detection.recognizers.name_lists import NamePairScanner
from sidecar.detection.recognizers.persons import is_bare, is_in_code, trimmed_name
from sidecar.detection.seen import Seen
from sidecar.detection.spans import Sighting
from sidecar.detection.terms import AppliedTerms
from sidecar.detection.ties import is_tied

_NAMES_ALONE = (SpacyRecognizer, NamePairScanner)  # they do not read whose name it is
TIED_SCORE = 0.5  # so that what is somebody's by itself keeps its place


def reported(seen: Sequence[Seen], text: str, terms: AppliedTerms, tied: Mapping[str, str]) -> list[Sighting]:
    """Return what is somebody's. ``tied`` are the classes of what is only where it is tied to a person."""
    sightings = [
        sighting
        for one in seen
        if (sighting := _sighting(text, one, terms, terms.data_class(one.recognizer, one.entity)))
    ]
    loose = [one for one in seen if one.entity in tied]
    if loose:
        owners = sorted(
            (one for one in sightings if not one.bare and one.entity not in tied), key=lambda one: one.start
        )
        for one in loose:
            weak = one._replace(score=min(one.score, TIED_SCORE))
            if is_tied(one, text, owners) and (sighting := _sighting(text, weak, terms, tied[one.entity])):
                sightings.append(sighting)
    return sightings


def _sighting(text: str, seen: Seen, terms: AppliedTerms, data_class: str | None) -> Sighting | None:
    recognizer, entity, start, end, score, bare = seen
    if data_class is None or not terms.counts(recognizer, entity, score):
        return None
    if isinstance(recognizer, SpacyRecognizer):
        trimmed = trimmed_name(text, start, end)
        if trimmed is None:
            return None
        start, end = trimmed
    elif isinstance(recognizer, NamePairScanner) and is_in_code(text, start, end):
        return None
    if isinstance(recognizer, _NAMES_ALONE):
        bare = entity == "PERSON" and is_bare(text, start, end)
    sighting = Sighting(start, end, entity, data_class, round(score, 4), recognizer.name, bare=bare)
    return None if terms.lets_be(sighting, text) else sighting
