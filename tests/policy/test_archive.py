"""Archives: what is packed comes back, and nothing else is taken apart."""

import gzip
import io
import tarfile
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.errors import PolicyFault
from sidecar.policy import archive
from sidecar.policy.archive import MAX_FILES, MAX_UNPACKED, pack, unpack

FILES = {"data.json": b"{}", "sidecar/main/main.rego": b"package sidecar.main\n", ".manifest": b"{}"}
names = st.lists(st.text("abcXYZ019_-.", min_size=1, max_size=8), min_size=1, max_size=3).map("/".join)


def _tar(*entries: tuple[tarfile.TarInfo, bytes]) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as tar:
        for entry, content in entries:
            entry.size = len(content) if entry.isreg() else 0
            tar.addfile(entry, io.BytesIO(content))
    return gzip.compress(stream.getvalue())


def _named(*given_names: str) -> bytes:
    return _tar(*((tarfile.TarInfo(name), b"x") for name in given_names))


def _link(kind: bytes) -> bytes:
    entry = tarfile.TarInfo("data.json")
    entry.type, entry.linkname = kind, "/etc/passwd"
    return _tar((entry, b""))


def _header_of_a_header() -> bytes:
    entry = tarfile.TarInfo("x")
    entry.type, entry.size = tarfile.GNUTYPE_LONGNAME, 2
    return entry.tobuf(tarfile.GNU_FORMAT) + b"y".ljust(512, b"\0")


ATTACKS: dict[str, Callable[[], bytes]] = {
    "not gzipped": lambda: b"PK\x03\x04 this is something else",
    "empty": lambda: b"",
    "gzipped, and no tar": lambda: gzip.compress(b"x" * 2000),
    "truncated": lambda: pack(FILES)[:-20],
    "bytes after its end": lambda: pack(FILES) + b"more",
    "a second archive after its end": lambda: pack(FILES) + pack({"data.json": b'{"x":1}'}),
    "a bomb": lambda: gzip.compress(bytes(MAX_UNPACKED + 1)),
    "too many files": lambda: _tar(*((tarfile.TarInfo(f"f{number}"), b"") for number in range(MAX_FILES + 1))),
    "a way up": lambda: _named("../data.json"),
    "a way up inside": lambda: _named("sidecar/../../data.json"),
    "an absolute path": lambda: _named("/etc/cron.d/x"),
    "a dot": lambda: _named("./data.json"),
    "an empty part": lambda: _named("sidecar//main.rego"),
    "a backslash": lambda: _named("sidecar\\main.rego"),
    "a control character": lambda: _named("sidecar/\x07.rego"),
    "a letter that looks like another": lambda: _named("sidеcar/main.rego"),
    "a deep path": lambda: _named("/".join(["a"] * 40)),
    "a long name": lambda: _named("a" * 241),
    "a file twice": lambda: _named("data.json", "data.json"),
    "a file that is a folder": lambda: _named("sidecar", "sidecar/main.rego"),
    "a symbolic link": lambda: _link(tarfile.SYMTYPE),
    "a hard link": lambda: _link(tarfile.LNKTYPE),
    "a device": lambda: _link(tarfile.CHRTYPE),
    "a folder": lambda: _link(tarfile.DIRTYPE),
    "headers of headers without end": lambda: gzip.compress(_header_of_a_header() * 2000),
}


class TestUnpack:
    @given(st.dictionaries(names, st.binary(max_size=40), max_size=6))
    def test_what_was_packed_comes_back(self, files: dict[str, bytes]) -> None:
        """Every set of files with plain names is the same after packing and unpacking."""
        plain = {
            name: content
            for name, content in files.items()
            if not {".", ".."} & set(name.split("/")) and not any(other.startswith(f"{name}/") for other in files)
        }
        assert plain == unpack(pack(plain))

    def test_the_same_files_are_the_same_bytes(self) -> None:
        """An archive has neither time nor order of its own."""
        assert pack(FILES) == pack(dict(reversed(FILES.items())))

    @pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
    def test_nothing_else_is_taken_apart(self, attack: Callable[[], bytes]) -> None:
        """Whatever is not a whole archive of plain files is refused, by the name of the setting."""
        with pytest.raises(PolicyFault) as caught:
            unpack(attack())
        assert "policy.bundle" == caught.value.field

    def test_a_large_archive_is_not_even_inflated(self) -> None:
        """More bytes than any bundle has are refused as they are."""
        with pytest.raises(PolicyFault, match="has more than"):
            unpack(bytes(archive.MAX_PACKED + 1))
