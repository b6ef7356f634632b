"""What models make of pseudonyms, and what is still taken for one."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.actions.brackets import CLOSING, OPENING
from sidecar.actions.restore import ValueRestorer
from sidecar.types.content import Format
from tests.actions.fakes import arriving, cut

NAME, MAIL = "PERSON_7KQ2M4XA9D", "EMAIL_ADDRESS_0123456789"
VALUES = {f"<{NAME}>": "Ada", f"<{MAIL}>": "ada@example.com", "maria.keller@example.com": "eve@acme.test"}
RESTORER = ValueRestorer()


def restored(text: str, format: Format = Format.TEXT) -> str:  # noqa: A002
    """Return a restored reply."""
    return RESTORER.whole(format, text.encode(), VALUES)[0].decode()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"<{NAME.lower()}>", "Ada"),
        ("<Person_7kq2m4xa9d>", "Ada"),
        (NAME, "Ada"),
        (f"Dear {NAME}, hello", "Dear Ada, hello"),
        (f"{NAME}'s, ({NAME}) [{NAME}] x={NAME};", "Ada's, (Ada) [Ada] x=Ada;"),
        (f"请{NAME}来", "请Ada来"),
        *((f"a {opening}{NAME}{closing} b", "a Ada b") for opening, closing in zip(OPENING, CLOSING, strict=True)),
        (f"《{NAME.lower()}》", "Ada"),
        (f"&lt;{NAME}&gt;", "Ada"),
        (rf"\<{NAME}\>", "Ada"),
        (rf"\<{NAME}>", "\\Ada"),
        (r"<PERSON\_7KQ2M4XA9D>", "Ada"),
        (r"PERSON\_7KQ2M4XA9D", "Ada"),
        (r"**<EMAIL\_ADDRESS\_0123456789>**", "**ada@example.com**"),
        (f"**<{NAME}>**, *<{NAME}>*, `<{NAME}>`, **{NAME}**, `{NAME}`", "**Ada**, *Ada*, `Ada`, **Ada**, `Ada`"),
        (f"<<{NAME}>>", "<Ada>"),
        (f"《<{NAME}>》", "《Ada》"),
        (f"<b>{NAME}</b>", "<b>Ada</b>"),
        (f"<{NAME}> and <{MAIL.lower()}>", "Ada and ada@example.com"),
    ],
)
def test_a_paraphrase_is_restored(text: str, expected: str) -> None:
    """Case, brackets that are dropped, translated or escaped, marks of Markdown: it is still that word and code."""
    assert expected == restored(text)


@pytest.mark.parametrize(
    "text",
    [
        "<PERSON_7KQ2M4XA9E>",
        "《PERSON_7KQ2M4XA9E》",
        "<PARSON_7KQ2M4XA9D>",
        NAME.lower(),
        "Person_7KQ2M4XA9D",
        f"SALES{NAME}",
        f"_{NAME}",
        f"{NAME}0",
        f"{NAME}_",
        f"{NAME}s",
        f"<{NAME}",
        f"{NAME}>",
        f"《{NAME}",
        f"<{NAME} >",
        rf"<{NAME}\>",
        r"<PERSON\\\\\\\\\_7KQ2M4XA9D>",
        "7KQ2M4XA9D",
        "PERSON",
        "PERSON_1",
        "maria.keller@example.comx",
        "xmaria.keller@example.com",
        "Maria.Keller@example.com",
    ],
)
def test_what_could_be_something_else_stays(text: str) -> None:
    """Another code or word, a name in a longer word, half of its brackets: none of them is touched."""
    assert text == restored(text)


@pytest.mark.parametrize("levels", [1, 2, 3])
@pytest.mark.parametrize("ascii_only", [True, False])
@pytest.mark.parametrize(
    "text",
    [f"Hi\n{NAME}", f"《{NAME}》", f"请{NAME}", f"\\<{NAME}\\>", r"EMAIL\_ADDRESS\_0123456789", f"&lt;{NAME}&gt;",
     "to\nmaria.keller@example.com", "请maria.keller@example.com."],
)  # fmt: skip
def test_paraphrases_in_json(text: str, levels: int, ascii_only: bool) -> None:  # noqa: FBT001
    """The same in strings of JSON, however deep and in whatever way they are written."""
    document = text
    for _ in range(levels):
        document = json.dumps({"a": document}, ensure_ascii=ascii_only)
    got = restored(document, Format.OPENAI_CHAT)
    for _ in range(levels):
        got = json.loads(got)["a"]

    assert restored(text) == got


SIGNS = ["<", ">", "《", "》", "&lt;", "&gt;", "\\u003c", "\\u003E", "\\\\u003c", "\\", "\\_", "_", " ", '"', "\n"]
PARTS = [NAME, NAME.lower(), MAIL, "PERSON", "_7KQ2M4XA9D", "7KQ2", "x", "A", "é", *VALUES, "maria.", "@example.com"]


@given(
    st.lists(st.sampled_from([*SIGNS, *PARTS]), max_size=12),
    st.lists(st.integers(0, 400), max_size=12),
    st.sampled_from([Format.TEXT, Format.OPENAI_CHAT]),
)
async def test_no_chunking_makes_a_difference(parts: list[str], places: list[int], format: Format) -> None:  # noqa: A002
    """However marks, codes and half words meet and are cut, within characters too, the bytes are those of the whole."""
    body = "".join(parts).encode()
    pieces = [piece async for piece in RESTORER.stream(format, arriving(cut(body, places)), VALUES)]

    assert RESTORER.whole(format, body, VALUES)[0] == b"".join(pieces)


@pytest.mark.parametrize(
    "pieces",
    [["Dear Sir", ", P", "lease"], ["see 《", "the book》"], ["a\\", "b"], ["PERSON_8", "!"], ["\u00e9 m", "y"]],
)
async def test_only_the_beginning_of_a_pseudonym_waits(pieces: list[str]) -> None:
    """What has been held goes on with the piece that shows that it is none, and nothing else is late."""
    chunks = [piece.encode() for piece in pieces]
    got = [piece async for piece in RESTORER.stream(Format.TEXT, arriving(chunks), VALUES)]

    assert b"".join(chunks) == b"".join(got)
    assert len(got) == len(chunks)
    assert len(chunks[0]) - len(got[0]) in {0, 1, len("《".encode())}
