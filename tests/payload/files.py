"""Files for the tests, as small as their formats let them be."""

import base64
import io
import zipfile
import zlib
from collections.abc import Mapping, Sequence

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def b64(content: bytes | str) -> str:
    """Write bytes, or the text that they are, as base64."""
    return base64.b64encode(content.encode() if isinstance(content, str) else content).decode()


def pdf(*pages: str, extra: Mapping[int, bytes] | None = None, catalog: bytes = b"", page: bytes = b"") -> bytes:
    """Write a PDF whose pages hold a line each; ``extra`` objects are numbered from 100."""
    kids = range(10, 10 + 2 * len(pages), 2)
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R%s>>" % catalog,
        2: b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(pages), b" ".join(b"%d 0 R" % kid for kid in kids)),
        3: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        **(extra or {}),
    }
    for kid, line in zip(kids, pages, strict=True):
        drawn = b"BT /F 12 Tf 72 720 Td (%s) Tj ET" % line.encode("cp1252") if line else b""
        objects[kid] = (
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents %d 0 R/Resources<</Font<</F 3 0 R>>>>%s>>"
            % (kid + 1, page)
        )
        objects[kid + 1] = stream(drawn)
    return _numbered(objects)


def stream(content: bytes, head: bytes = b"") -> bytes:
    """Write a stream, compressed."""
    packed = zlib.compress(content)
    return b"<<%s/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream" % (head, len(packed), packed)


def _numbered(objects: Mapping[int, bytes]) -> bytes:
    out, places = io.BytesIO(), {}
    out.write(b"%PDF-1.7\n")
    for number, content in sorted(objects.items()):
        places[number] = out.tell()
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    start, count = out.tell(), max(objects) + 1
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % count)
    for number in range(1, count):
        out.write(b"%010d 00000 %s \n" % (places.get(number, 0), b"n" if number in places else b"f"))
    out.write(b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (count, start))
    return out.getvalue()


def docx(*paragraphs: Sequence[str] | str, parts: Mapping[str, str | bytes] | None = None) -> bytes:
    """Write a DOCX; a paragraph is a text, or the runs that it is cut into."""
    written = "".join(
        f"<w:p>{''.join(f'<w:r><w:t>{run}</w:t></w:r>' for run in ([one] if isinstance(one, str) else one))}</w:p>"
        for one in paragraphs
    )
    document = f'<?xml version="1.0"?><w:document xmlns:w="{_WORD}"><w:body>{written}</w:body></w:document>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {"word/document.xml": document, **(parts or {})}.items():
            archive.writestr(name, content)
    return out.getvalue()
