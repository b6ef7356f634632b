"""Reads Hugging Face's answers about models: one, or a list of them."""

from sidecar.catalog.imports.foreign import Foreign
from sidecar.catalog.imports.interface import Entry, Harvest

_OTHER = "other"  # the license has a name of its own


def read_huggingface(document: Foreign) -> Harvest:
    """Return what model cards claim. None of it may change by itself."""
    cards = document.each() if isinstance(document.value, list) else (document,)
    return Harvest(entries=tuple(entry for card in cards if (entry := _entry(card)) is not None))


def _entry(card: Foreign) -> Entry | None:
    name = card.get("id").text() or card.get("modelId").text(needed=True)
    if not name:
        return None
    metadata = card.get("cardData")
    if not metadata.missing and not isinstance(metadata.value, dict):
        metadata.wrong("must be a map")
    licenses, bases = metadata.get("license").words(), metadata.get("base_model").words()
    license_name = licenses[0] if len(licenses) == 1 else ""
    named = metadata.get("license_name").text()
    return Entry(
        where=name,
        names=(name,),
        aliases=(("huggingface", name),),
        claims={"open_weights": True},
        license=named or license_name if license_name.casefold() == _OTHER else license_name,
        base=bases[0] if len(bases) == 1 else "",
    )
