"""The network of LAC: our pass over many sentences against the textbook's over one."""

import struct
from pathlib import Path

import numpy as np
import pytest

from sidecar.detection.languages import tensors
from sidecar.detection.languages.chinese.convert import FILE, SHA256, main, parameter
from sidecar.detection.languages.chinese.network import BATCH, Network
from sidecar.detection.languages.chinese.words import Vocabulary, labels
from sidecar.detection.languages.sentences import LONGEST, sentences
from sidecar.detection.languages.shelf import MODELS
from sidecar.detection.languages.tensors import Array, NotTheFile, Tensors

SENTENCES = ["请联系李娜经理，她住在北京市朝阳区。", "我叫王小明", "好", "2024年iPhone发布会在深圳举行，马化腾出席。"]


@pytest.fixture(scope="module")
def file() -> Tensors:
    """The pinned file."""
    return tensors.read(MODELS / FILE, SHA256)


def textbook(file: Tensors, tokens: list[int]) -> Array:
    """Return the probabilities of the labels of one sentence, one step after another, all sums written out."""
    values = file.numbers("embedding")[tokens]
    for layer in "01":
        sides = []
        for side in (0, 1):
            weights, bias = file.numbers(f"input{layer}")[side], file.numbers(f"input_bias{layer}")[side]
            gates, candidate = file.numbers(f"gates{layer}")[side], file.numbers(f"candidate{layer}")[side]
            state = np.zeros(128, np.float32)
            states = []
            for value in values[:: 1 - 2 * side]:
                own = value @ weights + bias
                update, reset = np.split(1 / (1 + np.exp(-(own[:256] + state @ gates))), 2)
                state = (1 - update) * state + update * np.tanh(own[256:] + (reset * state) @ candidate)
                states.append(state)
            sides.append(np.array(states[:: 1 - 2 * side]))
        values = np.concatenate(sides, 1)
    emissions = values @ file.numbers("output") + file.numbers("output_bias")
    moves = file.numbers("moves")
    forward = [file.numbers("start") + emissions[0]]
    for emission in emissions[1:]:
        forward.append(np.logaddexp.reduce(forward[-1][:, None] + moves, 0) + emission)
    backward = [file.numbers("end")]
    for emission in emissions[:0:-1]:
        backward.append(np.logaddexp.reduce(moves + emission + backward[-1], 1))
    both = np.array(forward) + np.array(backward[::-1])
    beliefs: Array = np.exp(both - np.logaddexp.reduce(both, 1)[:, None])
    return beliefs


def test_many_sentences_at_once_are_read_like_one(file: Tensors) -> None:
    """Whatever stands beside a sentence in a batch, its probabilities are those of the textbook."""
    vocabulary = Vocabulary(file)
    tokens = [vocabulary.tokens(sentence)[0] for sentence in SENTENCES * (BATCH // 2)]
    read = Network(file).read(tokens)
    for place, sentence in enumerate(SENTENCES):
        expected = textbook(file, vocabulary.tokens(sentence)[0])
        for again in range(place, len(read), len(SENTENCES)):
            np.testing.assert_allclose(read[again], expected, atol=2e-4)


def test_words(file: Tensors) -> None:
    """Words cover the text; Latin letters and digits stay together where the network knows them together."""
    vocabulary = Vocabulary(file)
    for sentence in SENTENCES:
        numbers, lengths = vocabulary.tokens(sentence)
        assert (len(numbers), len(sentence)) == (len(lengths), sum(lengths))
    assert ([], []) == vocabulary.tokens("")
    assert [2, 2, 2, 1] == vocabulary.tokens("联系李娜经理。")[1]


def test_labels(file: Tensors) -> None:
    """Where a number has two names the first is taken; ``O`` is the last."""
    names = labels(file)
    assert (49, "nr-B", "O") == (len(names), names[16], names[-1])


def test_another_file_is_refused(tmp_path: Path) -> None:
    """A file with one other byte is not read."""
    path = tmp_path / FILE
    content = bytearray((MODELS / FILE).read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(NotTheFile, match="pinned"):
        tensors.read(path, SHA256)


def test_tensors_come_back(tmp_path: Path) -> None:
    """What is written is read again, and the hash is of the file."""
    path = tmp_path / "some.tensors"
    written = Tensors({"a": np.arange(6, dtype="<f4").reshape(2, 3), "b": np.ones(1, "<f2")}, {"words": "一\n二"})
    read = tensors.read(path, tensors.write(path, written))
    assert written.words == read.words
    assert {"a": [[0, 1, 2], [3, 4, 5]], "b": [1]} == {name: array.tolist() for name, array in read.arrays.items()}


def _parameter_file(numbers: list[float], shape: list[int], *, kind: int = 5, version: int = 0) -> bytes:
    described = bytes([8, kind]) + b"".join(bytes([16, size]) for size in shape)
    return struct.pack("<IQIi", version, 0, 0, len(described)) + described + struct.pack(f"<{len(numbers)}f", *numbers)


def test_parameters() -> None:
    """Paddle's files are numbers behind a description."""
    assert [[1.0, 2.0], [3.0, 4.0]] == parameter(_parameter_file([1, 2, 3, 4], [2, 2])).tolist()


@pytest.mark.parametrize("wrong", [{"kind": 6}, {"version": 1}])
def test_other_parameters_are_refused(wrong: dict[str, int]) -> None:
    """Of another type or version they are not read."""
    with pytest.raises(ValueError, match="not a"):
        parameter(_parameter_file([1], [1], **wrong))


def test_a_folder_that_is_not_the_model_is_refused(tmp_path: Path) -> None:
    """Without the files of the network nothing is made."""
    with pytest.raises(FileNotFoundError):
        main(tmp_path / "none", tmp_path / "made")
    assert [] == list((tmp_path / "made").iterdir())


def test_sentences_cover_a_text() -> None:
    """They stand one behind another, end at ends of sentences or pauses, and none is too long."""
    text = "一句话。" + "很长，" * 100 + "没有标点" * 100 + "！？\n\n末尾" + "an English quotation" + "引用|单元"
    pieces = list(sentences(text, 0, len(text)))
    assert text.replace("an English quotation", "") == "".join(text[slice(*piece)] for piece in pieces)
    assert ["末尾", "引用|", "单元"] == [text[slice(*piece)] for piece in pieces[-3:]]
    assert max(end - start for start, end in pieces) <= LONGEST
    assert (0, 4) == pieces[0]
    assert text[: pieces[1][1]].endswith("，")
