"""Makes the file of the Chinese network from the folder ``lac_model`` of LAC 2.1.2. Paddle is never imported.

``python -m sidecar.detection.languages.chinese.convert LAC_MODEL FOLDER`` writes it into a folder.
"""

import struct
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from sidecar.detection.languages import tensors
from sidecar.detection.languages.tensors import Array, Tensors

FILE = "lac-2.1.2.tensors"
SHA256 = "85d67789417ef3b763e339ebceb6585051c6833f7be69020c9ceba93e60dad72"  # of what is made

_FLOAT32 = 5  # in Paddle's list of types
_UNITS = 128


def convert(lac: Path) -> Tensors:
    """Return what the package's folder ``lac_model`` holds.

    Raises:
        ValueError: a file of it is not as expected.
        OSError: one cannot be read.
    """
    model, conf = lac / "model", lac / "conf"

    def one(name: str) -> Array:
        return parameter(Path(model, name).read_bytes())

    arrays = {"embedding": one("word_emb"), "output": one("fc_4.w_0"), "output_bias": one("fc_4.b_0").reshape(-1)}
    chain = one("crfw")
    arrays |= {"start": chain[0], "end": chain[1], "moves": chain[2:]}
    for layer in (0, 1):
        both = (2 * layer, 2 * layer + 1)
        recurrent = [one(f"gru_{number}.w_0").reshape(-1) for number in both]
        arrays |= {
            f"input{layer}": np.stack([one(f"fc_{number}.w_0") for number in both]),
            f"input_bias{layer}": np.stack(
                [(one(f"fc_{number}.b_0") + one(f"gru_{number}.b_0")).reshape(-1) for number in both]
            ),
            # Paddle keeps the two gates, then the candidate, in one flat row.
            f"gates{layer}": np.stack([row[: 2 * _UNITS * _UNITS].reshape(_UNITS, 2 * _UNITS) for row in recurrent]),
            f"candidate{layer}": np.stack([row[2 * _UNITS * _UNITS :].reshape(_UNITS, _UNITS) for row in recurrent]),
        }
    return Tensors(
        {name: np.ascontiguousarray(array, "<f4") for name, array in arrays.items()},
        {path.stem: path.read_text(encoding="utf-8") for path in sorted(conf.glob("*.dic"))},
    )


def parameter(content: bytes) -> Array:
    """Return the array of one of Paddle's parameter files.

    Raises:
        ValueError: it is none.
    """
    version, levels = struct.unpack_from("<IQ", content)
    tensor_version, described = struct.unpack_from("<Ii", content, 12)
    if (version, levels, tensor_version) != (0, 0, 0):
        message = "not a parameter file of a known version"
        raise ValueError(message)
    begin = 20
    kind, shape = 0, []
    for field, number in _fields(content[begin : begin + described]):
        if field == 1:
            kind = number
        else:
            shape.append(number)
    if kind != _FLOAT32:
        message = "not an array of 32-bit numbers"
        raise ValueError(message)
    return np.frombuffer(content, "<f4", offset=begin + described).reshape(shape)


def _fields(message: bytes) -> Iterator[tuple[int, int]]:
    """Go through the numbers of a protobuf message, packed or not, each with its field."""
    place = 0

    def varint() -> int:
        nonlocal place
        value = shift = 0
        while True:
            byte = message[place]
            place += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:  # noqa: PLR2004 - the bit that says: more follows
                return value

    while place < len(message):
        field, wire = divmod(varint(), 8)
        if wire == 0:
            yield field, varint()
        else:
            end = varint() + place
            while place < end:
                yield field, varint()


def main(source: Path, folder: Path) -> None:
    """Write the file into a folder.

    Raises:
        ValueError: what came out is not what was pinned, or a file is not as expected.
        OSError: a file cannot be read or written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{FILE}.part"
    if tensors.write(part, convert(source)) != SHA256:
        message = "the network is not the one that was pinned"
        raise ValueError(message)
    part.replace(folder / FILE)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
