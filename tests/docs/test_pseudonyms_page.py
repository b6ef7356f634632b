"""The chat that docs/design/pseudonyms.md shows is what redaction makes of it."""

import re
from pathlib import Path

import pytest

from sidecar.actions.interface import Scope
from sidecar.actions.operators import Operators
from sidecar.actions.pseudonyms import Pseudonyms
from sidecar.actions.redact import SpanRedactor
from sidecar.actions.restore import ValueRestorer
from sidecar.types.content import Finding, Format, Segment
from sidecar.types.decisions import Redaction
from tests.actions.fakes import keyring, spliced

PAGE = Path(__file__).parents[2] / "docs" / "design" / "pseudonyms.md"
_BLOCK = re.compile(r"^```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_ROW = re.compile(r"^\| `([^`]+)` \| `([A-Z_]+)` \|$", re.MULTILINE)


@pytest.mark.parametrize("operator", ["pseudonym", "synthetic"])
def test_the_chat_there_and_back(operator: str) -> None:
    """What the user wrote, what the model reads and says, and what the user reads, for either operator."""
    page = PAGE.read_text("utf-8")
    written, *shown = _BLOCK.findall(page)
    read, said, given = shown[:3] if operator == "pseudonym" else shown[3:6]
    segment = Segment("", in_key=False, text=written)
    findings = [
        Finding(0, place.start(), place.end(), entity, "c", 0.9, "page")
        for value, entity in _ROW.findall(page)
        for place in re.finditer(re.escape(value), written)
    ]
    redactor = SpanRedactor(Pseudonyms(keyring()), Operators())
    rewriting = redactor.rewrite(
        [segment], findings, [Redaction("c", operator)], scope=Scope("acme", "session", "docs"), earlier={}
    )

    assert read == spliced(segment, rewriting.edits)
    assert given == ValueRestorer().whole(Format.TEXT, said.encode(), rewriting.values)[0].decode()
