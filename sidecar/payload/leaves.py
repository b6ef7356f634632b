"""Where the texts of a body stand: strings, keys and numbers, also inside JSON that is itself in a string."""

import re
from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import NamedTuple

from sidecar.errors import BodyTooLarge
from sidecar.payload.escapes import Ruler, decode
from sidecar.payload.octets import octets
from sidecar.payload.reader import NotJson, read
from sidecar.payload.tape import SCALAR, STRING, Tape

MAX_NESTING = 4  # JSON in a string in JSON …: deeper ones are read as plain text
MAX_LEAVES = 1 << 18  # texts of a body: more, of a few tokens each, fit no model, and cost seconds
_DOCUMENT = re.compile(r"[ \t\n\r]*[\[{]")
# Shorter ones are nobody's number. As in text, a fraction or an exponent does not hide one.
_LONG_NUMBER = re.compile(r"(?<![0-9.eE+-])-?[0-9]{8,}(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")


class Role(IntEnum):
    """What a leaf is in its document."""

    VALUE = 0
    KEY = 1
    NUMBER = 2
    WHOLE = 3
    """All of a document that is no JSON."""


class Coding(IntEnum):
    """How a document is written where it stands."""

    STRING = 0
    """As the content of a JSON string."""
    BASE64 = 1
    EXTRACTED = 2
    """As base64 of a file that only a parser can read, and nobody can write again."""


class Document(NamedTuple):
    """The body, or a document that is in a string of another. Spans are in code points of ``within``."""

    within: int
    """Index of the document that holds it; -1 for the body."""
    start: int
    end: int
    coding: Coding = Coding.STRING
    skipped: int = 0
    """Code points of the string before the document: the head of a data URL."""


class Leaf(NamedTuple):
    """One text that is inspected, by the span of its document where it is written."""

    document: int
    start: int
    end: int
    role: Role
    pointer: str
    in_key: bool


class Leaves:
    """Collects the leaves of one body in document order."""

    def __init__(self, length: int) -> None:
        self.documents = [Document(-1, 0, length)]
        self.found: list[Leaf] = []

    def key(self, tape: Tape, row: int, pointer: str) -> None:
        """Add the key of a member of the body."""
        if tape.keys[row]:
            self._add(Leaf(0, tape.key_starts[row], tape.key_ends[row], Role.KEY, pointer, in_key=True))

    def text(self, tape: Tape, row: int, pointer: str) -> None:
        """Add a string of the body, or what is in it where it holds JSON. An empty one has nothing to inspect."""
        text = tape.texts[row]
        if text and not self._opened(Document(0, tape.starts[row], tape.ends[row]), text, pointer, 1):
            self._add(Leaf(0, tape.starts[row], tape.ends[row], Role.VALUE, pointer, in_key=False))

    def head(self, tape: Tape, row: int, pointer: str, *, length: int) -> None:
        """Add the beginning of a string of the body."""
        start, end = tape.starts[row], tape.ends[row]
        end = start + Ruler(tape.text[start:end]).written(length)
        self._add(Leaf(0, start, end, Role.VALUE, pointer, in_key=False))

    def inlined(self, tape: Tape, row: int, pointer: str, *, skipped: int, text: str) -> None:
        """Add a text that is inlined as base64, or what is in it where it holds JSON."""
        place = self._inlined(tape, row, skipped, Coding.BASE64)
        if not self._opened(place, text, pointer, 1):
            self.documents.append(place)
            self._add(Leaf(len(self.documents) - 1, 0, len(text), Role.WHOLE, pointer, in_key=False))

    def enclosed(self, tape: Tape, row: int, *, skipped: int) -> tuple[int, int]:
        """Add a file that is yet to be opened; return its document, and where among the leaves its text will stand."""
        self.documents.append(self._inlined(tape, row, skipped, Coding.EXTRACTED))
        return len(self.documents) - 1, len(self.found)

    def _inlined(self, tape: Tape, row: int, skipped: int, coding: Coding) -> Document:
        start, end = tape.starts[row], tape.ends[row]
        before = Ruler(tape.text[start:end]).written(skipped) if skipped else 0
        return Document(0, start + before, end, coding, skipped)

    def numbers(self, tape: Tape, row: int, pointer: str, *, document: int = 0) -> None:
        """Add the long numbers of a scalar, or of a run of them: then ``pointer`` is that of the first."""
        start, end = tape.starts[row], tape.ends[row]
        parent, _, first = pointer.rpartition("/")
        in_run = document == 0 and tape.keys[row] is None
        index = int(first) if in_run else 0
        for number in _LONG_NUMBER.finditer(tape.text, start, end):
            index += tape.text.count(",", start, number.start())
            start = number.start()
            here = f"{parent}/{index}" if in_run else pointer
            self._add(Leaf(document, number.start(), number.end(), Role.NUMBER, here, in_key=False))

    def _add(self, leaf: Leaf) -> None:
        if len(self.found) >= MAX_LEAVES:
            msg = f"the body has more than {MAX_LEAVES} texts"
            raise BodyTooLarge(msg, field="body")
        self.found.append(leaf)

    def _opened(self, place: Document, text: str, pointer: str, level: int) -> bool:
        """Read a string as a document of its own where it is one; tell whether it was."""
        if level > MAX_NESTING or not _DOCUMENT.match(text):
            return False
        try:
            tape = read(text)
        except NotJson:
            return False
        if not any(tape.texts) and not any(tape.keys):
            return False  # brackets and numbers are looked at better as the text they are
        document = len(self.documents)
        self.documents.append(place)
        for row in range(len(tape)):
            if tape.keys[row]:
                self._add(Leaf(document, tape.key_starts[row], tape.key_ends[row], Role.KEY, pointer, in_key=False))
            if tape.kinds[row] == SCALAR:
                self.numbers(tape, row, pointer, document=document)
            elif tape.kinds[row] == STRING and (inner := tape.texts[row]):
                inside = Document(document, tape.starts[row], tape.ends[row])
                if not self._opened(inside, inner, pointer, level + 1):
                    self._add(Leaf(document, inside.start, inside.end, Role.VALUE, pointer, in_key=False))
        return True


class Sources:
    """The text of each document, and rulers over their strings; made when first asked for."""

    def __init__(self, body: str, documents: Sequence[Document], extracted: Mapping[int, str]) -> None:
        self._documents = documents
        self._texts: dict[int, str] = {0: body, **extracted}
        self._rulers: dict[tuple[int, int], Ruler] = {}

    def text(self, document: int) -> str:
        """Return a document's text, decoded as often as it is nested."""
        if document not in self._texts:
            written = self.written(document)
            self._texts[document] = (
                (octets(written) or b"").decode() if self._documents[document].coding is Coding.BASE64 else written
            )
        return self._texts[document]

    def written(self, document: int) -> str:
        """Return a document as it stands in its string."""
        place = self._documents[document]
        return decode(self.text(place.within)[place.start : place.end])

    def ruler(self, document: int, start: int, end: int) -> Ruler:
        """Return the ruler over a string that stands at a span of a document."""
        place = (document, start)
        if place not in self._rulers:
            self._rulers[place] = Ruler(self.text(document)[start:end])
        return self._rulers[place]
