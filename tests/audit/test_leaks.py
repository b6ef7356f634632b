"""The search for leaks finds them."""

import base64
import hashlib
import json
from pathlib import Path

import pytest

from tests.audit.leaks import find_leaks

VALUE = "김민수 mina.kim@example.com 900101-1234568"
DIGITS = "900101-1234568"


@pytest.mark.parametrize(
    "content",
    [
        VALUE.encode(),
        VALUE.upper().encode(),
        VALUE.encode("utf-16-le"),
        json.dumps({"x": VALUE}).encode(),
        base64.b64encode(VALUE.encode()),
        base64.b64encode(b"x" + VALUE.encode()),
        base64.b64encode(b"xy" + VALUE.encode() + b"z"),
        VALUE.encode().hex().encode(),
        hashlib.sha256(VALUE.encode()).hexdigest().encode(),
        hashlib.sha256(VALUE.encode()).digest(),
    ],
)
def test_every_guise_is_found(tmp_path: Path, content: bytes) -> None:
    """A value is found as it is, escaped, encoded, or as a bare hash."""
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "file").write_bytes(b"before" + content + b"after" if b"=" not in content else content)
    assert {("below/file", VALUE)} == {leak[:2] for leak in find_leaks(tmp_path, [VALUE, "absent value"])}


def test_separators_do_not_hide(tmp_path: Path) -> None:
    """A number is found without the separators it was sent with."""
    (tmp_path / "file").write_bytes(b"9001011234568")
    assert [("file", DIGITS, "plain")] == find_leaks(tmp_path, [DIGITS])


def test_names_of_files_are_searched(tmp_path: Path) -> None:
    """A value in a file's name is a leak."""
    (tmp_path / DIGITS).touch()
    assert {(DIGITS, DIGITS)} == {leak[:2] for leak in find_leaks(tmp_path, [DIGITS])}


def test_clean_folder(tmp_path: Path) -> None:
    """Nothing is found where nothing is."""
    (tmp_path / "file").write_bytes(bytes(range(256)) * 64)
    assert find_leaks(tmp_path, [VALUE, DIGITS]) == []
