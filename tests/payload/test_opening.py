"""Files that are inlined in bodies: what they say, and what cannot be vouched for."""

import base64
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.payload.octets import octets, rewritten
from sidecar.payload.opening import is_document, opened, plain
from sidecar.payload.pdf import MAX_PAGES
from sidecar.types.content import Opened, Uninspected
from tests.payload.bodies import PATIENT
from tests.payload.files import b64, docx, pdf, stream

MAIL = "ann@example.org"


@PATIENT
@given(st.binary(), st.booleans(), st.booleans())
def test_base64_is_read_in_both_alphabets_with_and_without_padding(content: bytes, url: bool, padded: bool) -> None:  # noqa: FBT001
    """As APIs do."""
    written = (base64.urlsafe_b64encode if url else base64.b64encode)(content).decode()
    assert content == octets(written if padded else written.rstrip("="))


@PATIENT
@given(st.text().filter(str.isprintable), st.text())
def test_base64_is_written_as_it_was(text: str, other: str) -> None:
    """What is put in can be read by whoever read what was there."""
    for like in (b64(other), b64(other).rstrip("="), base64.urlsafe_b64encode(other.encode()).decode()):
        assert text.encode() == octets(rewritten(text, like))
        assert ("=" in rewritten(text, like)) <= (len(like) % 4 == 0)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (f"to {MAIL}\n", f"to {MAIL}\n"),
        ("\ufeffname,mail\r\nann,a@b.c\r\n", "\ufeffname,mail\r\nann,a@b.c\r\n"),
        ("김민수", "김민수"),
        ("<p>ann</p>", "<p>ann</p>"),
        ("to ann".encode("utf-16"), None),
        (b"caf\xe9", None),
        (b"a\x00b", None),
        (b"a" * 2000 + b"\x00", None),
        (b"\x89PNG\r\n\x1a\n", None),
        (r"{\rtf1 ann}", None),
        ("%PDF-1.7 ann", None),
        ("MIME-Version: 1.0\n\nYW5u", None),
    ],
)
def test_a_text_is_what_reads_as_utf_8(content: bytes | str, text: str | None) -> None:
    """And says what it says in letters; all else is not inspected."""
    assert text == plain(b64(content))


@pytest.mark.parametrize("written", ["a", "====", "ab=c", "!!!!"])
def test_what_is_no_base64_is_nothing(written: str) -> None:
    """It is no text and no document."""
    assert (None, False) == (plain(written) or None, is_document(written))


def test_a_pdf_is_its_pages() -> None:
    """Lines of its pages, in order."""
    assert is_document(b64(pdf(MAIL)))
    assert Opened(f"to {MAIL}\nand on") == opened(b64(pdf(f"to {MAIL}", "and on")))


def test_a_pdf_is_every_string_of_it() -> None:
    """Notes, values of fields, what it says of itself, addresses of links, metadata."""
    content = pdf(
        "page",
        extra={
            100: b"<</Type/Annot/Subtype/Text/Contents(note of ann)/M(D:20260101)/A<</S/URI/URI(mailto:a@b.c)>>>>",
            101: b"<</FT/Tx/T(name)/V<feff00c4006e006e>>>",
            102: stream(b"<x>ann</x>", b"/Type/Metadata/Subtype/XML"),
        },
        page=b"/Annots[100 0 R]",
        catalog=b"/AcroForm<</Fields[101 0 R]>>/Metadata 102 0 R/Lang(en)",
    )
    found = opened(b64(content))
    assert found is not None
    assert {"page", "note of ann", "mailto:a@b.c", "name", "Änn", "<x>ann</x>", "en"} == set(found.text.split("\n"))
    assert () == found.rest


@pytest.mark.parametrize(
    ("content", "kinds"),
    [
        (
            pdf(
                "page",
                extra={100: stream(b"\x00\x00\x00", b"/Type/XObject/Subtype/Image/Width 1/Height 1")},
                page=b"/Thumb 100 0 R",
            ),
            ["image"],
        ),
        (
            pdf("page", extra={100: stream(b"hidden", b"/Type/EmbeddedFile")}, catalog=b"/Names<</E[(a)100 0 R]>>"),
            ["unknown_part"],
        ),
        (pdf("page", extra={100: stream(b"<f/>")}, catalog=b"/AcroForm<</XFA[(a)100 0 R]>>"), ["unknown_part"]),
    ],
)
def test_what_is_no_text_in_a_pdf_is_told(content: bytes, kinds: list[str]) -> None:
    """Pictures and files within it are not inspected, though its text is."""
    found = opened(b64(content))
    assert found is not None
    assert "page" in found.text
    assert kinds == [part.kind for part in found.rest]


def test_a_page_that_is_only_drawn_is_a_picture() -> None:
    """A scan has no text to look at."""
    drawn = stream(b"0 0 m 10 10 l S")
    content = pdf(extra={10: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 100 0 R>>", 100: drawn}).replace(
        b"/Count 0/Kids[]", b"/Count 1/Kids[10 0 R]"
    )
    assert Opened("", (Uninspected("image", "", 0),)) == opened(b64(content))


def test_a_docx_is_its_words() -> None:
    """Runs of a paragraph are joined: formatting cuts a word anywhere. Notes, comments, links and authors count."""
    content = docx(
        ["ann@exa", "mple.org"],
        "second",
        parts={
            "word/comments.xml": '<c xmlns:w="w"><w:comment w:author="Bob"><w:p><w:t>psst</w:t></w:p></w:comment></c>',
            "word/_rels/document.xml.rels": '<Relationships><Relationship Target="mailto:a@b.c"/></Relationships>',
            "docProps/core.xml": "<p><creator>Carl</creator></p>",
            "word/styles.xml": "<not looked at",
        },
    )
    assert Opened("ann@example.org\nsecond\npsst\nBob\nmailto:a@b.c\nCarl") == opened(b64(content))


def test_pictures_in_a_docx_are_told() -> None:
    """And whatever else is no XML."""
    content = docx("text", parts={"word/media/a.png": b"\x89PNG", "word/embeddings/b.bin": b"12345"})
    rest = (Uninspected("image", "image/png", 4), Uninspected("unknown_part", "", 5))
    assert Opened("text", rest) == opened(b64(content))


def _bomb() -> bytes:
    return docx("text", parts={"word/comments.xml": b"<a>" + b" " * (1 << 25) + b"</a>"})


def _plain_zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", MAIL)
    return out.getvalue()


def _said_to_be_encrypted() -> bytes:
    content = bytearray(docx("text"))
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.find(signature)
        content[place + at] |= 1
    return bytes(content)


UNREADABLE = {
    "pdf-encrypted": pdf("page", extra={100: b"<</Filter/Standard/V 2/R 3/P -4/O(x)/U(x)>>"}).replace(
        b"/Root 1 0 R", b"/Root 1 0 R/Encrypt 100 0 R"
    ),
    "pdf-cut-short": pdf("page")[:150],
    "pdf-of-nothing": b"%PDF-1.7",
    "pdf-of-too-many-pages": pdf(*["x"] * (MAX_PAGES + 1)),
    "pdf-that-inflates": pdf(
        "x", extra={100: stream(b" " * (1 << 25), b"/Type/Metadata")}, catalog=b"/Metadata 100 0 R"
    ),
    "pdf-of-glyphs": pdf("a\\003b"),
    "docx-bomb": _bomb(),
    "docx-with-dtd": docx("x", parts={"word/a.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
    "docx-not-xml": docx("x", parts={"word/a.xml": "<a>"}),
    "docx-encrypted": _said_to_be_encrypted(),
    "docx-cut-short": docx("x")[:-30],
    "zip-of-something": _plain_zip(),
}


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_what_cannot_be_vouched_for_is_not_opened(content: bytes) -> None:
    """A file that is broken, encrypted, too large or shows what was not read says nothing."""
    assert None is opened(b64(content))


@PATIENT
@given(st.data())
def test_broken_files_break_nothing(draw: st.DataObject) -> None:
    """Whatever byte is another one, there is an answer."""
    content = bytearray(draw.draw(st.sampled_from([pdf("to ann", "on"), docx("to ann", parts={"word/a.png": b"1"})])))
    for _ in range(draw.draw(st.integers(1, 4))):
        content[draw.draw(st.integers(5, len(content) - 1))] = draw.draw(st.integers(0, 255))
    assert isinstance(opened(b64(bytes(content))), Opened | None)
