"""Files of numbers and words: a length, a JSON header, raw little-endian numbers. The layout is that of safetensors."""

import hashlib
import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

_LENGTH = struct.Struct("<Q")
_WORDS = "__metadata__"
_TYPES: Final[Mapping[str, np.dtype[Any]]] = {"F32": np.dtype("<f4"), "F16": np.dtype("<f2")}
_NAMES: Final = {dtype: name for name, dtype in _TYPES.items()}


class NotTheFile(ValueError):
    """The bytes are not those of the file that was pinned."""


@dataclass(frozen=True, slots=True)
class Tensors:
    """What such a file holds."""

    arrays: Mapping[str, NDArray[Any]]
    words: Mapping[str, str]

    def numbers(self, name: str) -> Array:
        """Return an array as 32-bit numbers."""
        return np.ascontiguousarray(self.arrays[name], dtype=np.float32)


def write(path: Path, tensors: Tensors) -> str:
    """Write a file and return its SHA-256; the same content gives the same bytes."""
    header: dict[str, Any] = {_WORDS: dict(sorted(tensors.words.items()))}
    parts = []
    place = 0
    for name, array in sorted(tensors.arrays.items()):
        part = array.tobytes()
        header[name] = {
            "dtype": _NAMES[array.dtype],
            "shape": list(array.shape),
            "data_offsets": [place, place + len(part)],
        }
        parts.append(part)
        place += len(part)
    head = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    head += b" " * (-len(head) % 8)
    content = b"".join((_LENGTH.pack(len(head)), head, *parts))
    path.write_bytes(content)
    return hashlib.sha256(content).hexdigest()


def pinned(content: bytes, sha256: str) -> bytes:
    """Return a file's bytes, if they are those whose hash is known.

    Raises:
        NotTheFile: they are not.
    """
    if hashlib.sha256(content).hexdigest() != sha256:
        message = "the file is not the one that was pinned"
        raise NotTheFile(message)
    return content


def read(path: Path, sha256: str) -> Tensors:
    """Read a file whose hash is known.

    Raises:
        OSError: it cannot be read.
        NotTheFile: it is another file.
    """
    content = pinned(path.read_bytes(), sha256)
    (length,) = _LENGTH.unpack_from(content)
    header = json.loads(content[_LENGTH.size : _LENGTH.size + length])
    base = _LENGTH.size + length
    words = header.pop(_WORDS, {})
    return Tensors({name: _array(content, base, one) for name, one in header.items()}, words)


def _array(content: bytes, base: int, described: Mapping[str, Any]) -> NDArray[Any]:
    first, last = described["data_offsets"]
    return np.frombuffer(content[base + first : base + last], _TYPES[described["dtype"]]).reshape(described["shape"])
