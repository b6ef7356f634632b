"""Packs files into one archive, and takes an archive apart before anybody has said that it can be trusted."""

import gzip
import io
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NoReturn

from sidecar.errors import PolicyFault

MAX_PACKED = 32 * 1024 * 1024  # bytes; ours has about one
MAX_UNPACKED = 96 * 1024 * 1024  # bytes; ours has about seven
MAX_FILES = 5_000
MAX_NAME = 240
MAX_DEPTH = 16
_GZIP = 16 + zlib.MAX_WBITS
_FIELD = "policy.bundle"


def pack(files: Mapping[str, bytes]) -> bytes:
    """Return a gzipped tar of the files; the same files always give the same bytes."""
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name in sorted(files):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(files[name]), 0o644
            archive.addfile(entry, io.BytesIO(files[name]))
    return gzip.compress(tar.getvalue(), mtime=0)


def unpack(content: bytes) -> dict[str, bytes]:
    """Return the files of a gzipped tar, by name, in memory.

    Nothing is taken but plain files with plain relative names, each once, within fixed bounds.

    Raises:
        PolicyFault: it is not whole, not such an archive, too large, or holds anything else.
    """
    try:
        with tarfile.open(fileobj=io.BytesIO(_inflated(content)), mode="r:") as archive:
            files = _files(archive)
    except (tarfile.TarError, ValueError, OverflowError, RecursionError):  # headers of headers of headers
        _refuse("is not a tar archive, or not a whole one")
    if any(folder in files for name in files for folder in _folders(name)):
        _refuse("holds a name as a file and as a folder")
    return files


def lay_out(files: Mapping[str, bytes], folder: Path) -> None:
    """Write files into a folder, by their names."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _inflated(content: bytes) -> bytes:
    if len(content) > MAX_PACKED:
        _refuse(f"has more than {MAX_PACKED} bytes")
    stream = zlib.decompressobj(_GZIP)
    try:
        plain = stream.decompress(content, MAX_UNPACKED + 1)
    except zlib.error:
        _refuse("is not gzipped, or damaged")
    if len(plain) > MAX_UNPACKED:
        _refuse(f"unpacks to more than {MAX_UNPACKED} bytes")
    if not stream.eof:
        _refuse("is truncated")
    if stream.unused_data:
        _refuse("has bytes after its end")
    return plain


def _files(archive: tarfile.TarFile) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for count, entry in enumerate(archive, 1):
        if count > MAX_FILES:
            _refuse(f"holds more than {MAX_FILES} files")
        if not entry.isreg() or entry.issparse():
            _refuse("holds something other than plain files")
        if not _is_plain(entry.name):
            _refuse("holds a file whose name is not a plain relative path")
        if entry.name in files:
            _refuse("holds a file twice")
        reader = archive.extractfile(entry)
        inside = reader.read() if reader is not None else b""
        if len(inside) != entry.size:
            _refuse("is truncated")
        files[entry.name] = inside
    return files


def _is_plain(name: str) -> bool:
    parts = name.split("/")
    return (
        0 < len(name) <= MAX_NAME
        and len(parts) <= MAX_DEPTH
        and name.isascii()
        and name.isprintable()
        and "\\" not in name
        and not {"", ".", ".."}.intersection(parts)
    )


def _folders(name: str) -> Iterator[str]:
    parts = name.split("/")[:-1]
    return ("/".join(parts[: end + 1]) for end in range(len(parts)))


def _refuse(what: str) -> NoReturn:
    message = f"the bundle {what}"
    raise PolicyFault(message, field=_FIELD)
