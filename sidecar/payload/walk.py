"""One walk over a JSON body: what it meets becomes leaves, parts that cannot be read, and needs."""

import re
from typing import NoReturn

from sidecar.errors import BadRequest, BodyTooLarge
from sidecar.payload.body import Attachment
from sidecar.payload.leaves import Leaves
from sidecar.payload.opening import is_document, plain
from sidecar.payload.tape import ARRAY, OBJECT, SCALAR, STRING, Tape
from sidecar.payload.tokens import CHARACTERS_PER_TOKEN, quarters, tokens
from sidecar.types.content import BodyNeed, Needs, Span, Uninspected

MAX_POINTERS = 1 << 27  # characters of all pointers: a huge key above many values would make them quadratic

_BASE64 = r"[A-Za-z0-9+/_-]*+={0,2}"
_PAYLOAD = re.compile(_BASE64)
_DATA_URL = re.compile(
    rf"data:([a-z0-9.+/-]{{0,80}})(?:;[a-z0-9.=_-]{{1,80}}){{0,4}};base64,({_BASE64})", re.IGNORECASE
)
_HEAD = re.compile(r"(?:;charset=(?:utf-8|us-ascii))?;base64,", re.IGNORECASE)
_MODALITIES: dict[str, BodyNeed] = {
    "image": "image",
    "audio": "audio",
    "video": "video",
    "document": "pdf",
    "file": "pdf",
}
MAX_FILES = 16  # that are opened: each may take its reader seconds
_TEXTUAL = frozenset({"document", "file"})
LONGEST_WORD = 64  # that may be base64 by accident
# Closed, since a media type stands in the record, where no word of a caller's may.
_MEDIA_TYPES = {
    "image": {"png", "jpeg", "jpg", "gif", "webp", "bmp", "tiff", "heic", "heif", "avif", "svg+xml"},
    "audio": {"wav", "x-wav", "mp3", "mpeg", "mp4", "ogg", "opus", "flac", "aac", "webm", "m4a"},
    "video": {"mp4", "webm", "mpeg", "quicktime", "x-matroska"},
    "text": {"plain", "csv", "html", "markdown", "xml"},
    "application": {
        "pdf",
        "json",
        "xml",
        "rtf",
        "msword",
        "zip",
        "vnd.ms-excel",
        "octet-stream",
        "vnd.openxmlformats-officedocument.wordprocessingml.document",
        "vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "vnd.openxmlformats-officedocument.presentationml.presentation",
    },
}


class Walk:
    """Holds what was met so far. Rules call its methods, in document order."""

    def __init__(self, text: str, tape: Tape) -> None:
        self.tape = tape
        self.leaves = Leaves(len(text))
        self.models: list[Span] = []
        """Where a model is named: in a batch, more than once."""
        self.streaming = False
        self.uses_tools = False
        self.uninspected: list[Uninspected] = []
        self.attachments: list[Attachment] = []
        self.hosted_tools: set[str] = set()
        self._modalities: set[BodyNeed] = set()
        self._state = False
        self._quarters = 0
        self._pointers = 0

    @property
    def needs(self) -> Needs:
        """What a target must be able to do, from all that was met."""
        context = tokens(self._quarters)
        return Needs(context, self.uses_tools, ("text", *sorted(self._modalities)), self._state)

    def needs_embedding(self) -> None:
        """Note that a vector is asked for, not text."""
        self._modalities.add("embedding")

    def refuse(self, pointer: str, expected: str) -> NoReturn:
        """Say that the body is not of its format. Only indices and the format's own words stand in ``pointer``."""
        msg = f"body: {pointer or 'the document'} must be {expected}"
        raise BadRequest(msg, field="body")

    def under(self, pointer: str, token: str | int) -> str:
        """Return the pointer of a member or an element."""
        if isinstance(token, str) and ("~" in token or "/" in token):
            token = token.replace("~", "~0").replace("/", "~1")
        here = f"{pointer}/{token}"
        self._pointers += len(here)
        if self._pointers > MAX_POINTERS:
            msg = "the keys of the body are too long for how many values they lead to"
            raise BodyTooLarge(msg, field="body")
        return here

    def word(self, row: int, key: str) -> str:
        """Return the string at a member of an object; empty where there is none."""
        child = self.tape.member(row, key) if self.tape.kinds[row] == OBJECT else None
        return (self.tape.texts[child] or "") if child is not None else ""

    def is_null(self, row: int) -> bool:
        """Tell whether a value is ``null``."""
        return self.tape.kinds[row] == SCALAR and self.tape.source(row) == "null"

    def holds(self, row: int) -> bool:
        """Tell whether a value says something: not null, false, zero, an empty string or list. An empty object does."""
        kind = self.tape.kinds[row]
        if kind == SCALAR:
            return self.tape.source(row) not in {"null", "false", "0"}
        return bool(self.tape.texts[row]) if kind == STRING else kind == OBJECT or self.tape.after[row] > row + 1

    def key(self, row: int, pointer: str) -> None:
        """Inspect the key of a member."""
        self._quarters += quarters(self.tape.keys[row] or "")
        self.leaves.key(self.tape, row, pointer)

    def text(self, row: int, pointer: str) -> None:
        """Inspect a string."""
        self._quarters += quarters(self.tape.texts[row] or "")
        self.leaves.text(self.tape, row, pointer)

    def free(self, row: int, pointer: str, *, numbers: bool = False) -> None:
        """Inspect all keys and strings within a value, and with ``numbers`` the long numbers too."""
        tape, kind = self.tape, self.tape.kinds[row]
        if kind == STRING:
            if not self._data_url(row, pointer, "file"):
                self.text(row, pointer)
        elif kind == SCALAR:
            if numbers:
                self.leaves.numbers(tape, row, pointer)
        elif kind == ARRAY:
            for index, child in tape.elements(row):
                if numbers or tape.kinds[child] != SCALAR:
                    self.free(child, self.under(pointer, index), numbers=numbers)
        else:
            for child in tape.children(row):
                here = self.under(pointer, tape.keys[child] or "")
                self.key(child, here)
                self.free(child, here, numbers=numbers)

    def payload(self, row: int, pointer: str, kind: str, media_type: str) -> None:
        """Walk a part that is written as base64; what is not base64 is inspected as the text it is."""
        written = self.tape.texts[row] or ""
        if not self.is_base64(row):
            self.part(kind, media_type, len(written))
            self.text(row, pointer)
        elif not self._read_inlined(row, pointer, 0, kind, media_type):
            self.part(kind, media_type, len(written))

    def _read_inlined(self, row: int, pointer: str, skipped: int, kind: str, media_type: str) -> bool:
        """Inspect a part that is a text, and keep a file for later that can be opened; tell whether all was read."""
        if kind not in _MODALITIES:
            return False
        written = (self.tape.texts[row] or "")[skipped:]
        text = plain(written)
        if text:
            self._quarters += quarters(text)
            self.leaves.inlined(self.tape, row, pointer, skipped=skipped, text=text)
            # A few letters that nobody calls a text may be a word as well, which reads as base64 by accident.
            named = bool(media_type) or len(written) > LONGEST_WORD
            if kind in _TEXTUAL and named:
                self._modalities.add(_MODALITIES[kind])
                return True
        elif len(self.attachments) < MAX_FILES and is_document(written):
            document, leaf = self.leaves.enclosed(self.tape, row, skipped=skipped)
            self.attachments.append(Attachment(document, leaf, len(self.uninspected), pointer))
        return False

    def tokens(self, row: int) -> None:
        """Note texts that are written as the numbers of their tokens: which letters they are only a model knows."""
        written = self.tape.source(row)
        self.part("tokens", size=len(written))
        self._quarters += CHARACTERS_PER_TOKEN * (written.count(",") + 1)

    def is_base64(self, row: int) -> bool:
        """Tell whether a string is base64."""
        return _PAYLOAD.fullmatch(self.tape.texts[row] or "") is not None

    def link(self, row: int, pointer: str, kind: str) -> None:
        """Walk a part that is in a data URL, or elsewhere: then the address is text."""
        if not self._data_url(row, pointer, kind):
            self.part(kind)
            self.text(row, pointer)

    def _data_url(self, row: int, pointer: str, kind: str) -> bool:
        """Walk a part that is in a data URL; tell whether it is one."""
        url = _DATA_URL.fullmatch(self.tape.texts[row] or "")
        if url is None:
            return False
        media_type = url[1].lower()
        kind = kind_of(media_type) or kind
        if not _HEAD.fullmatch(url[0], len("data:") + len(media_type), url.start(2)) or not is_media_type(media_type):
            self.leaves.head(self.tape, row, pointer, length=url.start(2))  # a name may stand there
        if not self._read_inlined(row, pointer, url.start(2), kind, media_type):
            self.part(kind, media_type, len(url[2]))
        return True

    def part(self, kind: str, media_type: str = "", size: int = 0) -> None:
        """Note a part that cannot be read."""
        media_type = media_type.lower()
        self.uninspected.append(Uninspected(kind, media_type if is_media_type(media_type) else "", size))
        if kind in _MODALITIES:
            self._modalities.add(_MODALITIES[kind])

    def stored(self, kind: str = "stored_context") -> None:
        """Note that the body leans on something that is kept at the provider."""
        self.part(kind)
        self._state = True


def is_media_type(media_type: str) -> bool:
    """Tell whether it is one of the usual, which may stand in a record."""
    family, _, name = media_type.partition("/")
    return name in _MEDIA_TYPES.get(family, ())


def kind_of(media_type: str) -> str:
    """Return the kind that a media type speaks for; empty where it speaks for none."""
    family = media_type.partition("/")[0]
    if family in {"image", "audio", "video"}:
        return family
    return "document" if family in {"text", "application"} and is_media_type(media_type) else ""
