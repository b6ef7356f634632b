"""What the stories may do with a body."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from sidecar.types.content import Direction, Edit, Format, Needs, Opened, Segment, Span, Uninspected


class Body(Protocol):
    """A body that was read once. Immutable and picklable: it may come from a worker process."""

    @property
    def format(self) -> Format:
        """What it is."""
        ...

    @property
    def raw(self) -> bytes:
        """Its bytes."""
        ...

    @property
    def segments(self) -> Sequence[Segment]:
        """Its texts, in document order of their pointers, keys before values."""
        ...

    @property
    def uninspected(self) -> Sequence[Uninspected]:
        """What is not text, or is kept elsewhere."""
        ...

    @property
    def needs(self) -> Needs:
        """What a target must be able to do."""
        ...

    @property
    def hosted_tools(self) -> Sequence[str]:
        """Sorted words for tools that the provider would run, such as ``web_search``."""
        ...

    @property
    def streaming(self) -> bool:
        """Whether the reply is asked for as a stream."""
        ...

    @property
    def attachments(self) -> Sequence[str]:
        """Files inlined as base64, as they are written; until they are opened they are told as not inspected."""
        ...

    def with_files(self, files: Mapping[str, Opened | None]) -> "Body":
        """Return the body with the texts of its attachments as segments that are fixed.

        None stands for one that could not be opened, which stays told as not inspected.
        """
        ...

    @property
    def files(self) -> Mapping[str, Opened | None]:
        """What came of its attachments."""
        ...

    def splice(self, edits: Sequence[Edit]) -> bytes:
        """Return the body with the edits made, every other byte as it was.

        Edits may come in any order and must not overlap. Inside JSON the new text is escaped, as deep as it is
        nested. Keys that would become equal to another of their object are numbered.
        """
        ...

    def with_model(self, name: str) -> bytes:
        """Return the bytes with the ``model`` field naming another model; the same bytes where there is none."""
        ...

    def place(self, segment: int, span: Span) -> Span:
        """Map a span of a segment to code points of the string at its pointer after one JSON decoding."""
        ...


class Payloads(Protocol):
    """Reads bodies of every format."""

    def read(self, format: Format, direction: Direction, raw: bytes) -> Body:  # noqa: A002 - the contract's word
        """Read a body. Picklable as a bound method, so that it can run in a worker.

        Raises:
            AmbiguousBody: it is not one well-formed document (``field`` is ``body``); the message says where, never
            what. BadRequest: the document is not of the format.
        """
        ...

    def opened(self, attachment: str) -> Opened | None:
        """Return what an attachment says; None where it cannot be vouched for. Takes seconds: for a worker."""
        ...

    def refusal(self, format: Format, code: str, message: str, decision_id: str) -> bytes:  # noqa: A002 - as above
        """Return the error document that a client of this API expects on HTTP 403."""
        ...
