"""What a body holds: texts, findings, and what could not be looked at."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, TypeAlias


class Format(StrEnum):
    """What a body is. The words are those of the command line and of the facts."""

    TEXT = "text"
    OPENAI_CHAT = "openai.chat"
    OPENAI_RESPONSES = "openai.responses"
    OPENAI_EMBEDDINGS = "openai.embeddings"
    ANTHROPIC_MESSAGES = "anthropic.messages"
    GEMINI_GENERATE_CONTENT = "gemini.generate_content"
    COHERE_CHAT = "cohere.chat"


class Direction(StrEnum):
    """Which way a body travels."""

    REQUEST = "request"
    RESPONSE = "response"


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open, in code points of a segment's text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that was recognized. The text itself is not a field."""

    segment: int
    """Index of the segment in its body."""
    start: int
    end: int
    entity: str
    """The recognizer's word, such as EMAIL_ADDRESS."""
    data_class: str
    """The class that policy sees, such as contact."""
    score: float
    recognizer: str
    bare: bool = False
    """Of a person's name: no title, role or relation to the writer stands around it."""
    fixed: bool = False
    """No operator can reach it: it stands in an inlined file."""


@dataclass(frozen=True, slots=True)
class Uninspected:
    """A part of the body that is not text, or text that is kept elsewhere."""

    kind: str
    """image, audio, video, document, file, stored_context, encrypted_reasoning, tokens, unknown_part."""
    media_type: str
    size: int
    """Bytes in the body; 0 where the part is kept elsewhere."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What a file says that is inlined in a body, and what in it is no text."""

    text: str
    rest: tuple[Uninspected, ...] = ()


@dataclass(frozen=True, slots=True)
class Missing:
    """Text that was not looked at, and by whom."""

    segment: int
    start: int
    end: int
    detector: str


@dataclass(frozen=True, slots=True)
class Complete:
    """All text was looked at by every detector."""

    findings: tuple[Finding, ...]
    """In order of segment, then start."""
    languages: tuple[str, ...] = ()
    unsupported_languages: tuple[str, ...] = ()
    markings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Partial:
    """Some text was not looked at. Never cached, never read as clean."""

    findings: tuple[Finding, ...]
    missing: tuple[Missing, ...]
    languages: tuple[str, ...] = ()
    unsupported_languages: tuple[str, ...] = ()
    markings: tuple[str, ...] = ()


Inspection: TypeAlias = Complete | Partial

BodyNeed: TypeAlias = Literal["text", "image", "audio", "video", "pdf", "embedding"]


@dataclass(frozen=True, slots=True)
class Needs:
    """What a target must be able to do to take this body."""

    context: int
    """Tokens, estimated."""
    tools: bool
    modalities: tuple[BodyNeed, ...]
    state: bool
    """The body leans on context that is stored at the provider."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One inspectable text: a string, a key, or a string inside JSON inside a string."""

    pointer: str
    """JSON pointer of the outermost string in the body; of the value where ``in_key``; empty for plain text."""
    in_key: bool
    text: str
    """Fully decoded; a lone surrogate reads as U+FFFD."""
    fixed: bool = False
    """It comes out of an inlined file, where nothing can be put in its place."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Put ``text`` in the place of a span of a segment."""

    segment: int
    start: int
    end: int
    text: str
