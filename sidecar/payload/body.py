"""A JSON body that was read once: its texts, and how to put others in their place."""

from collections.abc import Sequence
from dataclasses import dataclass

from sidecar.payload.escapes import decode, encode
from sidecar.payload.leaves import Document, Leaf, Role, Sources
from sidecar.payload.splicing import patched, spliced
from sidecar.types.content import Edit, Format, Needs, Segment, Span, Uninspected


@dataclass(frozen=True, slots=True)
class Traits:
    """What a body asks for, besides its texts."""

    uninspected: tuple[Uninspected, ...]
    needs: Needs
    hosted_tools: tuple[str, ...]
    streaming: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """All that reading a body came to: what of it is pickled."""

    format: Format
    raw: bytes
    documents: tuple[Document, ...]
    leaves: tuple[Leaf, ...]
    models: tuple[Span, ...]
    """Where a model is named, in order."""
    traits: Traits


class JsonBody:
    """See :class:`sidecar.payload.interface.Body`. Texts are decoded when first asked for, and are not pickled."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._known_sources: Sources | None = None
        self._known_segments: tuple[Segment, ...] | None = None

    def __reduce__(self) -> tuple[type["JsonBody"], tuple[Reading]]:
        return JsonBody, (self._reading,)

    @property
    def format(self) -> Format:
        """What it is."""
        return self._reading.format

    @property
    def raw(self) -> bytes:
        """Its bytes."""
        return self._reading.raw

    @property
    def segments(self) -> Sequence[Segment]:
        """Its texts, in document order of their pointers, keys before values."""
        if self._known_segments is None:
            sources = self._sources
            self._known_segments = tuple(
                Segment(leaf.pointer, leaf.in_key, decode(sources.text(leaf.document)[leaf.start : leaf.end]))
                for leaf in self._reading.leaves
            )
        return self._known_segments

    @property
    def uninspected(self) -> Sequence[Uninspected]:
        """What is not text, or is kept elsewhere."""
        return self._reading.traits.uninspected

    @property
    def needs(self) -> Needs:
        """What a target must be able to do."""
        return self._reading.traits.needs

    @property
    def hosted_tools(self) -> Sequence[str]:
        """Sorted words for tools that the provider would run."""
        return self._reading.traits.hosted_tools

    @property
    def streaming(self) -> bool:
        """Whether the reply is asked for as a stream."""
        return self._reading.traits.streaming

    def splice(self, edits: Sequence[Edit]) -> bytes:
        """Return the body with the edits made, every other byte as it was.

        Raises:
            ValueError: edits overlap or lie outside their segment.
        """
        if not edits:
            return self._reading.raw
        return spliced(self._sources, self._reading.documents, self._reading.leaves, self.segments, edits).encode()

    def with_model(self, name: str) -> bytes:
        """Return the bytes with the ``model`` field naming another model; the same bytes where there is none."""
        if not self._reading.models:
            return self._reading.raw
        changes = ((place.start, place.end, encode(name)) for place in self._reading.models)
        return patched(self._sources.text(0), changes).encode()

    def place(self, segment: int, span: Span) -> Span:
        """Map a span of a segment to code points of the string at its pointer after one JSON decoding."""
        document, start, end, role, *_ = self._reading.leaves[segment]
        first, last = span.start, span.end
        while document != 0:
            ruler = None if role is Role.NUMBER else self._sources.ruler(document, start, end)
            first = start + (ruler.written(first) if ruler else first)
            last = start + (ruler.written(last) if ruler else last)
            document, start, end = self._reading.documents[document]
            role = Role.VALUE
        return Span(first, last)

    @property
    def _sources(self) -> Sources:
        if self._known_sources is None:
            self._known_sources = Sources(self._reading.raw.decode(), self._reading.documents)
        return self._known_sources
