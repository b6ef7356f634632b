"""Reads the text of a DOCX: body, headers, notes, comments, addresses of links, names of authors."""

import io
import zipfile
import zlib
from typing import Final
from xml.parsers import expat

from sidecar.payload.opened import MAX_TEXT, Unreadable, joined
from sidecar.types.content import Opened, Uninspected

MAX_PARTS: Final = 2000
MAX_RATIO: Final = 200  # of what a part becomes to what it is: text comes to a tenth, a bomb to a thousandth
_MEDIA: Final = {"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif", "bmp": "image/bmp"}
_BREAKS: Final = {"p": "\n", "br": "\n", "cr": "\n", "tr": "\n", "tc": "\t", "tab": "\t"}
# Attributes that hold what someone wrote; all others are measures and names of styles.
_SAID: Final = frozenset({"author", "initials", "descr", "title", "alt", "tooltip", "Target", "string", "href", "val"})
_WITHOUT_WORDS: Final = ("word/fonts/", "word/theme/", "word/styles", "word/fontTable", "word/webSettings")


def read(content: bytes) -> Opened:
    """Return the text, and the parts that hold none.

    Raises:
        Unreadable: it is no DOCX, encrypted, or larger than the caps.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if "word/document.xml" not in names or len(names) < len(parts) or len(parts) > MAX_PARTS:
                raise Unreadable
            return _read(archive, parts)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ValueError) as exc:
        raise Unreadable from exc


def _read(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> Opened:
    texts: list[str] = []
    rest: list[Uninspected] = []
    left = MAX_TEXT
    for part in parts:
        name = part.filename
        if name.endswith("/") or name.startswith(_WITHOUT_WORDS):
            continue
        if not name.endswith((".xml", ".rels")):
            ending = name.rpartition(".")[2].lower()
            media = _MEDIA.get(ending, "")
            rest.append(Uninspected("image" if media else "unknown_part", media, part.file_size))
            continue
        written = _inflated(archive, part, left)
        left -= len(written)
        texts.append(_text(written))
    return joined(texts, rest)


def _inflated(archive: zipfile.ZipFile, part: zipfile.ZipInfo, left: int) -> bytes:
    """Return a part's bytes. Its own word for their number is not believed."""
    most = min(left, max(1 << 16, part.compress_size * MAX_RATIO))
    with archive.open(part) as stream:
        written = stream.read(most + 1)
    if len(written) > most:
        raise Unreadable
    return written


def _text(written: bytes) -> str:
    """Return the words of a part. Runs within a paragraph are joined, since formatting cuts words anywhere."""
    pieces: list[str] = []
    said: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local in _BREAKS and local != "p":
            pieces.append(_BREAKS[local])
        said.extend(value for key, value in attributes.items() if _is_said(local, key.rpartition(":")[2]))

    def end(name: str) -> None:
        if name.rpartition(":")[2] == "p":
            pieces.append("\n")

    def refuse(*_: object) -> None:
        raise Unreadable  # a DTD can multiply a word into gigabytes; no DOCX has one

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = pieces.append
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(written, True)  # noqa: FBT003 - expat's
    except expat.ExpatError as exc:
        raise Unreadable from exc
    return "\n".join(filter(None, ("".join(pieces).strip(), *said)))


def _is_said(element: str, attribute: str) -> bool:
    # `val` is a measure almost everywhere, and what someone wrote where a field or a list of choices is defined.
    return attribute in _SAID and (
        attribute != "val" or element in {"default", "listItem", "alias", "tag", "statusText"}
    )
