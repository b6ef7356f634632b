"""Rebuilds from a record what was put to policy then: the nouns that facts are made of, and never a prompt."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, TypeAlias, cast

from pydantic import TypeAdapter, ValidationError

from sidecar import facts
from sidecar.candidates import Shortlist, shortlist
from sidecar.catalog.interface import Catalog
from sidecar.config import Operator
from sidecar.errors import NotRecalled
from sidecar.types.content import Direction, Needs
from sidecar.types.json import Document, Json
from sidecar.types.requests import Revisions
from sidecar.types.targets import Card, TargetName
from sidecar.types.tenants import Tenant

KEEP = 4096  # tenants and cards that are told apart by their digests

_CARDS, _TENANTS = TypeAdapter(Card), TypeAdapter(Tenant)
_write = json.JSONEncoder(sort_keys=True, allow_nan=False, separators=(",", ":")).encode
_REVISIONS, _OPERATORS, _NEEDS = TypeAdapter(Revisions), TypeAdapter(Operator), TypeAdapter(Needs)

ReadPart: TypeAlias = Callable[[Mapping[str, Json]], Mapping[str, Json]]
"""Returns facts without what a policy does not read of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalled:
    """One request as policy saw it."""

    half: facts.RequestHalf
    tenant: Tenant
    operator: Operator
    requested: Card
    alternatives: Shortlist
    revisions: Revisions


class Recollection:
    """Rebuilds records of one journal. Another catalog may take the place of the cards that were recorded."""

    def __init__(
        self,
        *,
        document: Callable[[str], Document | None],
        unknown: Catalog,
        operator: Operator,
        catalog: Catalog | None = None,
    ) -> None:
        """Prepare.

        Args:
            document: Finds what records name by digest.
            unknown: Gives the card of a target that no catalog knew: its words were not recorded.
            operator: For records that do not say who ran the gateway.
            catalog: The candidate; the recorded cards where it is None.
        """
        self._document = document
        self._unknown = unknown
        self._operator = operator
        self._catalog = catalog
        self._tenant = lru_cache(KEEP)(self._read_tenant)
        self._card = lru_cache(KEEP)(self._read_card)

    def recall(self, record: Mapping[str, Any]) -> Recalled:
        """Return what was asked.

        Raises:
            NotRecalled: the record does not tell.
        """
        try:
            digests = record["digests"]
            half = _half(record["request_half"])
            tenant = self._tenant(record["tenant"], digests["tenant"])
            known: Mapping[str, str] = digests["cards"]
            requested = self._target(record["requested_target"], known)
            order: Sequence[str] = record.get("candidates") or sorted(set(known) - {record["requested_target"]})
            cards = [self._target(name, known) for name in order]
            needs = _NEEDS.validate_python({**record["request_half"]["request"]["needs"]})
            tools: Sequence[str] = record["request_half"]["request"]["hosted_tools"]
            named = [(TargetName(card.model, card.provider, card.region), card) for card in cards]
            said = record.get("operator")
            return Recalled(
                half=half,
                tenant=tenant,
                operator=self._operator
                if said is None
                else _OPERATORS.validate_python({**said, "country": said["country"] or None}),
                requested=requested,
                alternatives=shortlist(named, requested, needs, tools, tenant),
                revisions=_REVISIONS.validate_python(record["revisions"]),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as exc:  # ValidationError is a ValueError
            message = "a record does not tell what was asked"
            raise NotRecalled(message) from exc

    def _target(self, name: str, known: Mapping[str, str]) -> Card:
        digest = known.get(name)
        return self._unknown.card(TargetName(name, "", "")) if digest is None else self._card(digest)

    def _read_tenant(self, name: str, digest: str) -> Tenant:
        document = dict(self._found(digest))
        return _TENANTS.validate_python({**document, "id": name}, strict=False)

    def _read_card(self, digest: str) -> Card:
        card = card_of(self._found(digest))
        return card if self._catalog is None else self._catalog.card(TargetName(card.model, card.provider, card.region))

    def _found(self, digest: str) -> Document:
        document = self._document(digest)
        if document is None:
            message = "a document that a record names is missing"
            raise NotRecalled(message)
        return document


def question_of(record: Mapping[str, Any], read_part: ReadPart) -> bytes:
    """Return a key of what a record puts to a policy: records of one key, all of which tell it, get one answer.

    What of the request nobody reads is left out, so that sizes and subjects tell no records apart. Where there are
    candidates, all of it counts: what they must be able to do follows from it.

    Raises:
        NotRecalled: the record does not tell.
    """
    try:
        half, digests, requested = record["request_half"], record["digests"], record["requested_target"]
        alone = not record.get("candidates") and set(digests["cards"]) <= {requested}
        asked = (read_part(half), half["date"]) if alone else half
        around = [record["tenant"], digests["tenant"], digests["cards"], requested, record["revisions"]]
        words = _write([asked, *around, record.get("candidates"), record.get("operator")])
    except (KeyError, TypeError, ValueError) as exc:
        message = "a record does not tell what was asked"
        raise NotRecalled(message) from exc
    return hashlib.sha256(words.encode()).digest()


def card_of(document: Mapping[str, Any]) -> Card:
    """Return the card that ``facts.card_document`` wrote down.

    Raises:
        NotRecalled: it is none.
    """
    try:
        licenses = [{**terms, "license_class": terms["class"]} for terms in document["license_facts"]]
        return _CARDS.validate_python({**document, "licenses": licenses})
    except (KeyError, TypeError, ValidationError) as exc:
        message = "a recorded card is of another form"
        raise NotRecalled(message) from exc


def _half(document: Mapping[str, Any]) -> facts.RequestHalf:
    return facts.RequestHalf(
        direction=Direction(document["direction"]),
        date=date.fromisoformat(document["date"]),
        request=cast("Document", document["request"]),
        caller=cast("Document", document["caller"]),
        content=cast("Document", document["content"]),
        counters=cast("Mapping[str, str]", document.get("counters", {})),
    )
