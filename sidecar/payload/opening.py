"""Opens documents that are inlined as base64, by what they begin with: a declared media type is a stranger's word."""

import re
from typing import Final

from sidecar.payload import docx, pdf
from sidecar.payload.octets import octets
from sidecar.payload.opened import MAX_BYTES, Unreadable
from sidecar.types.content import Opened

_PDF: Final = b"%PDF-"
_ZIP: Final = b"PK\x03\x04"
_HEAD: Final = 1024  # within which a PDF may begin
# Formats whose letters are written in another way than they read.
_WRITTEN_OTHERWISE: Final = (b"{\\rtf", b"%!PS", b"MIME-Version:", b"Content-Type:")
_NO_TEXT: Final = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def plain(written: str) -> str | None:
    """Return the text that base64 stands for; None where it stands for none, or not for one in UTF-8."""
    head = octets(written[:_HEAD])
    if head is None or head.startswith(_WRITTEN_OTHERWISE) or _PDF in head or _NO_TEXT.search(head.decode("latin-1")):
        return None
    content = octets(written)
    try:
        text = (content or b"").decode()
    except UnicodeDecodeError:
        return None
    return None if _NO_TEXT.search(text) else text


def is_document(written: str) -> bool:
    """Tell whether base64 begins as a document that can be opened, and is no larger than one may be."""
    head = octets(written[:_HEAD]) or b""
    return len(written) * 3 // 4 <= MAX_BYTES and (_PDF in head or head.startswith(_ZIP))


def opened(written: str) -> Opened | None:
    """Return what a document says; None where it cannot be vouched for. Takes seconds: for a worker."""
    content = octets(written) or b""
    try:
        return docx.read(content) if content.startswith(_ZIP) else pdf.read(content)
    except (Unreadable, RecursionError, MemoryError):
        return None
