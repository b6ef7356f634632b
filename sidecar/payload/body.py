"""A JSON body that was read once: its texts, and how to put others in their place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sidecar.payload.escapes import decode, encode
from sidecar.payload.leaves import Coding, Document, Leaf, Role, Sources
from sidecar.payload.splicing import patched, spliced
from sidecar.payload.tokens import quarters, tokens
from sidecar.types.content import Edit, Format, Needs, Opened, Segment, Span, Uninspected


@dataclass(frozen=True, slots=True)
class Traits:
    """What a body asks for, besides its texts."""

    uninspected: tuple[Uninspected, ...]
    needs: Needs
    hosted_tools: tuple[str, ...]
    streaming: bool


@dataclass(frozen=True, slots=True)
class Attachment:
    """An inlined file that is yet to be opened, and where what comes of it will stand."""

    document: int
    leaf: int
    part: int
    """Index among what is not inspected: where it is told that the file is not."""
    pointer: str


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
    attachments: tuple[Attachment, ...] = ()
    extracted: Mapping[int, str] = field(default_factory=dict)
    """Texts of opened files, by document."""


class JsonBody:
    """See :class:`sidecar.payload.interface.Body`. Texts are decoded when first asked for, and are not pickled."""

    def __init__(self, reading: Reading, files: Mapping[str, Opened | None] | None = None) -> None:
        self._reading = reading
        self._files = files or {}
        self._known_sources: Sources | None = None
        self._known_segments: tuple[Segment, ...] | None = None

    def __reduce__(self) -> tuple[type["JsonBody"], tuple[Reading, Mapping[str, Opened | None]]]:
        return JsonBody, (self._reading, self._files)

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
            sources, extracted = self._sources, self._reading.extracted
            self._known_segments = tuple(
                Segment(leaf.pointer, leaf.in_key, _text(sources, leaf), leaf.document in extracted)
                for leaf in self._reading.leaves
            )
        return self._known_segments

    @property
    def attachments(self) -> Sequence[str]:
        """Files inlined as base64, as they are written."""
        return tuple(self._sources.written(one.document) for one in self._reading.attachments)

    @property
    def files(self) -> Mapping[str, Opened | None]:
        """What came of its attachments."""
        return self._files

    def with_files(self, files: Mapping[str, Opened | None]) -> "JsonBody":
        """Return the body with the texts of its attachments; None stands for one that could not be opened."""
        reading = self._reading
        leaves, parts = list(reading.leaves), list(reading.traits.uninspected)
        extracted: dict[int, str] = {}
        quarters_more = 0
        for one, written in reversed(list(zip(reading.attachments, self.attachments, strict=True))):
            file = files[written]
            if file is None:
                continue
            parts[one.part : one.part + 1] = file.rest
            if file.text:
                extracted[one.document] = file.text
                whole = Leaf(one.document, 0, len(file.text), Role.WHOLE, one.pointer, in_key=False)
                leaves.insert(one.leaf, whole)
                quarters_more += quarters(file.text)
        needs = replace(reading.traits.needs, context=reading.traits.needs.context + tokens(quarters_more))
        traits = replace(reading.traits, uninspected=tuple(parts), needs=needs)
        return JsonBody(replace(reading, leaves=tuple(leaves), traits=traits, extracted=extracted), files)

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
            ruler = None if role in {Role.NUMBER, Role.WHOLE} else self._sources.ruler(document, start, end)
            first = start + (ruler.written(first) if ruler else first)
            last = start + (ruler.written(last) if ruler else last)
            if self._reading.documents[document].coding is not Coding.STRING:
                return self._place_in_base64(document, Span(first, last))
            document, start, end, *_ = self._reading.documents[document]
            role = Role.VALUE
        return Span(first, last)

    def _place_in_base64(self, document: int, span: Span) -> Span:
        """Map a span of an inlined text to the letters that its bytes have a part in; of a file it is all of them."""
        place, length = self._reading.documents[document], len(self._sources.written(document))
        first, last = 0, length
        if place.coding is Coding.BASE64:
            text = self._sources.text(document)
            first = len(text[: span.start].encode()) // 3 * 4
            last = min(length, -(len(text[: span.end].encode()) // -3) * 4)
        return Span(place.skipped + first, place.skipped + last)

    @property
    def _sources(self) -> Sources:
        if self._known_sources is None:
            reading = self._reading
            self._known_sources = Sources(reading.raw.decode(), reading.documents, reading.extracted)
        return self._known_sources


def _text(sources: Sources, leaf: Leaf) -> str:
    written = sources.text(leaf.document)[leaf.start : leaf.end]
    return written if leaf.role is Role.WHOLE else decode(written)
