"""Reads the text of a PDF: its pages, and every string that stands in one of its objects."""

import io
import logging
import re
from collections.abc import Iterator
from typing import Any, Final

from sidecar.payload.opened import MAX_TEXT, Unreadable, joined
from sidecar.types.content import Opened, Uninspected

MAX_PAGES: Final = 300  # tens of milliseconds each
MAX_OBJECTS: Final = 200_000
# Glyphs without a letter, or with one of the font's own: a page shows something else than what was read.
_GLYPHS: Final = re.compile("[\x00-\x08\x0e-\x1f\ufffd\ue000-\uf8ff\U000f0000-\U0010ffff]")
_PICTURE: Final = re.compile(rb"\bBI\b[^\x80-\xff]{1,400}?\bID\s")  # written among the commands of a page
_LIMITS: Final[dict[str, Any]] = {
    **dict.fromkeys(
        (
            "zlib_maximum_output_length",
            "lzw_maximum_output_length",
            "run_length_maximum_output_length",
            "brotli_maximum_output_length",
            "array_based_stream_maximum_output_length",
        ),
        MAX_TEXT,
    ),
    "stream_decoding_work_maximum_length": 8 * MAX_TEXT,
    "jbig2dec_binary": None,  # no other program is started
}
_SET_BY_MACHINES: Final = frozenset({"/ID", "/CreationDate", "/ModDate", "/M", "/Registry", "/Ordering", "/CharSet"})


def read(content: bytes) -> Opened:
    """Return the text, and the pictures and files that are in it.

    Raises:
        Unreadable: it is no PDF, encrypted, larger than the caps, or shows what was not read.
    """
    import pypdf  # noqa: PLC0415 - half a second that only a worker spends, and only for its first document

    logging.getLogger("pypdf").setLevel(logging.CRITICAL + 1)  # it would quote the document
    try:
        with pypdf.apply_configuration(**_LIMITS):
            return _read(pypdf.PdfReader(io.BytesIO(content)))
    except Unreadable:
        raise
    except Exception as exc:  # of any kind: these are a stranger's bytes, and what is said of them may be, too
        raise Unreadable from exc


def _read(reader: Any) -> Opened:  # noqa: ANN401 - pypdf is not loaded until it is used
    if reader.is_encrypted or len(reader.pages) > MAX_PAGES:
        raise Unreadable
    texts: list[str] = []
    rest: list[Uninspected] = []
    for page in reader.pages:
        text, drawn = page.extract_text(), _drawn(page)
        if _GLYPHS.search(text):
            raise Unreadable
        if _PICTURE.search(drawn) or (drawn.strip() and not text.strip()):
            rest.append(Uninspected("image", "", 0))  # letters may be drawn as shapes, too
        texts.append(text)
    for key, value in _reachable(reader.trailer):
        if isinstance(value, str):
            texts.append(value)
        elif value.get("/Type") == "/Metadata":
            texts.append(value.get_data().decode("utf-8", "replace"))
        elif kind := _kind(key, value):
            rest.append(Uninspected(kind, "", int(value.get("/Length", 0))))
    return joined(texts, rest)


def _kind(key: str, stream: Any) -> str:  # noqa: ANN401 - as above
    """Return what a stream is that a reader may be shown, and we cannot read; empty where it is none."""
    if stream.get("/Subtype") == "/Image":
        return "image"
    return "unknown_part" if stream.get("/Type") == "/EmbeddedFile" or key in {"/XFA", "/JS"} else ""


def _drawn(page: Any) -> bytes:  # noqa: ANN401 - as above
    contents = page.get_contents()
    return b"" if contents is None else bytes(contents.get_data())


def _reachable(trailer: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - as above
    """Go through the strings and streams that can be reached, each with the key that it stands under."""
    from pypdf import generic  # noqa: PLC0415 - as above

    seen: set[int] = set()
    waiting: list[tuple[str, Any]] = [("", trailer)]
    while waiting:
        key, value = waiting.pop()
        if isinstance(value, generic.IndirectObject):
            if value.idnum in seen:
                continue
            seen.add(value.idnum)
            value = value.get_object()
        if len(waiting) > MAX_OBJECTS:
            raise Unreadable
        if isinstance(value, str) and not isinstance(value, generic.NameObject):
            yield key, str(value)
        elif isinstance(value, generic.ByteStringObject):
            yield key, value.decode("latin-1")
        elif isinstance(value, generic.ArrayObject):
            waiting += [(key, child) for child in reversed(value)]
        elif isinstance(value, generic.DictionaryObject):
            if isinstance(value, generic.StreamObject):
                yield key, value
            waiting += [(name, value.raw_get(name)) for name in reversed(value) if name not in _SET_BY_MACHINES]
