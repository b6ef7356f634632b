"""What the stories may ask of actions."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from sidecar.types.content import Direction, Edit, Finding, Format, Segment, Span
from sidecar.types.decisions import Reason, Redaction
from sidecar.types.requests import Refusal


@dataclass(frozen=True, slots=True)
class Scope:
    """Within what the same value gets the same pseudonym."""

    tenant: str
    kind: str
    """``request``, ``session`` or ``tenant``."""
    name: str
    """The request's or session's id; empty for ``tenant``."""


@dataclass(frozen=True, slots=True)
class Rewriting:
    """Edits that take findings out, and what they put in."""

    edits: tuple[Edit, ...]
    operators: Mapping[int, str]
    """Operator by index of the finding in the sequence that was given; absent where it was left."""
    values: Mapping[str, str]
    """Original by stand-in, for what is reversible. Text: never logged, never recorded."""


class Redactor(Protocol):
    """Takes findings out of texts."""

    def known(self, tenant: str, segments: Sequence[Segment]) -> Mapping[int, tuple[Span, ...]]:
        """Return the spans of pseudonyms whose check holds for this tenant, by index of the segment."""
        ...

    def foreign(self, tenant: str, segments: Sequence[Segment]) -> Mapping[int, tuple[Span, ...]]:
        """Return the spans of pseudonyms that are not this tenant's, by index of the segment: the check does not hold.

        A word in brackets that only has the form is none: the code of a pseudonym has a digit.
        """
        ...

    def rewrite(
        self,
        segments: Sequence[Segment],
        findings: Sequence[Finding],
        redactions: Sequence[Redaction],
        *,
        scope: Scope,
        earlier: Mapping[str, str],
        direction: Direction = Direction.REQUEST,
    ) -> Rewriting:
        """Return the edits for all findings of the classes in ``redactions``.

        ``earlier`` holds the originals by stand-in of the session so far: one that comes back keeps its original.
        Spans that overlap become one, with the strongest operator. Look-alikes of pseudonyms are escaped where
        anything is replaced in a request: a reply goes to people. Findings that are ``fixed`` are left.
        """
        ...

    def written(self, segments: Sequence[Segment], rewriting: Rewriting) -> Mapping[int, tuple[Span, ...]]:
        """Return where a rewriting's texts stand afterwards, by index of the segment, in the text as it then is."""
        ...


class Sealer(Protocol):
    """Seals value maps for the gateway to hand back."""

    def seal(self, tenant: str, decision_id: str, values: Mapping[str, str]) -> bytes:
        """Return the sealed map; empty bytes where ``values`` is empty."""
        ...

    def open(self, tenant: str, decision_id: str | None, restoration: bytes) -> Mapping[str, str]:
        """Return the value map; empty where ``restoration`` is empty.

        ``decision_id`` None stands for any decision of this tenant: earlier restorations that are merged into a new
        one.

        Raises:
            RestorationRefused: expired, edited, truncated, of another tenant or decision.
        """
        ...


class Restorer(Protocol):
    """Puts values back into replies."""

    def whole(self, format: Format, body: bytes, values: Mapping[str, str]) -> tuple[bytes, int]:  # noqa: A002 - contract
        """Return the restored body, JSON or SSE or text, and how many pseudonyms were replaced."""
        ...

    def stream(
        self,
        format: Format,  # noqa: A002 - the contract's word
        chunks: AsyncIterator[bytes],
        values: Mapping[str, str],
    ) -> AsyncIterator[bytes]:
        """Restore as it streams; held back is only what can still become a pseudonym. No empty chunks."""
        ...


class Refuser(Protocol):
    """Says no in the words of the client's API."""

    def refusal(self, format: Format, reasons: Sequence[Reason], decision_id: str) -> Refusal:  # noqa: A002 - contract
        """Return what the gateway's client gets: codes and remedies, never a value."""
        ...
