"""Plain text: one segment, no escapes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sidecar.payload.escapes import whole
from sidecar.payload.splicing import ordered, patched
from sidecar.payload.tokens import quarters, tokens
from sidecar.types.content import Edit, Format, Needs, Opened, Segment, Span, Uninspected


@dataclass(frozen=True, slots=True)
class TextBody:
    """See :class:`sidecar.payload.interface.Body`."""

    raw: bytes

    @property
    def format(self) -> Format:
        """What it is."""
        return Format.TEXT

    @property
    def segments(self) -> Sequence[Segment]:
        """The text, with the empty pointer."""
        return (Segment("", in_key=False, text=self.raw.decode()),)

    @property
    def uninspected(self) -> Sequence[Uninspected]:
        """Nothing: all of it is text."""
        return ()

    @property
    def needs(self) -> Needs:
        """What a target must be able to do."""
        return Needs(tokens(quarters(self.raw.decode())), tools=False, modalities=("text",), state=False)

    @property
    def hosted_tools(self) -> Sequence[str]:
        """None."""
        return ()

    @property
    def streaming(self) -> bool:
        """Plain text asks for nothing."""
        return False

    @property
    def attachments(self) -> Sequence[str]:
        """None: base64 in a text is text."""
        return ()

    @property
    def files(self) -> Mapping[str, Opened | None]:
        """None."""
        return {}

    def with_files(self, files: Mapping[str, Opened | None]) -> "TextBody":  # noqa: ARG002 - there are none
        """Return the same body."""
        return self

    def splice(self, edits: Sequence[Edit]) -> bytes:
        """Return the text with the edits made.

        Raises:
            ValueError: edits overlap or lie outside the text.
        """
        segments = self.segments
        changes = [(edit.start, edit.end, whole(edit.text)) for edit in ordered(edits, segments).get(0, ())]
        return patched(segments[0].text, changes).encode()

    def with_model(self, name: str) -> bytes:  # noqa: ARG002 - text names no model
        """Return the same bytes."""
        return self.raw

    def place(self, segment: int, span: Span) -> Span:  # noqa: ARG002 - there is one
        """Return the same span."""
        return span
