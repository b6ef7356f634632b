"""``python -m benchmarks.bodies``: what reading and redacting a body costs, beside what detection in it costs.

CPU time in one process; every text is new, and the two take turns on it.
"""

import argparse
import json
import time
from collections.abc import Callable, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.pages import spread, table
from benchmarks.texts import draw
from sidecar.actions.interface import Scope
from sidecar.actions.operators import Operators
from sidecar.actions.pseudonyms import Pseudonyms
from sidecar.actions.redact import SpanRedactor
from sidecar.detection.classes import load_classes
from sidecar.detection.detector import DEFAULT_MODEL
from sidecar.detection.engine import Engine, EngineSettings
from sidecar.detection.windows import cut, packed
from sidecar.keys import Keyring, init_keys
from sidecar.payload.interface import Body
from sidecar.payload.shipped import ShippedPayloads
from sidecar.types.content import Direction, Finding, Format
from sidecar.types.decisions import Redaction

PAGE: Final = Path(__file__).with_name("BODIES.md")
PIECE: Final = 500  # characters of a message
SIZES: Final = {4_000: 24, 64_000: 6, 1_000_000: 3, 4_000_000: 3}
QUICK: Final = {4_000: 2}
DETECTED: Final = 64_000  # longer texts only cost detection time: it is linear
FOUND_EVERY: Final = 360  # characters: as in business chat, see texts.py


def _chat(pieces: Sequence[str]) -> object:
    return {"model": "m", "messages": [{"role": "user", "content": piece} for piece in pieces]}


def _calls(pieces: Sequence[str]) -> object:
    calls = [
        {"id": "c", "type": "function", "function": {"name": "f", "arguments": json.dumps({"text": piece})}}
        for piece in pieces
    ]
    return {"model": "m", "messages": [{"role": "assistant", "tool_calls": calls}]}


def _gemini(pieces: Sequence[str]) -> object:
    return {"contents": [{"role": "user", "parts": [{"text": piece}]} for piece in pieces]}


KINDS: Final[dict[str, tuple[Format, Callable[[Sequence[str]], object]]]] = {
    "openai.chat": (Format.OPENAI_CHAT, _chat),
    "openai.chat, in tool arguments": (Format.OPENAI_CHAT, _calls),
    "openai.responses": (Format.OPENAI_RESPONSES, lambda pieces: {"input": _chat(pieces)["messages"]}),  # type: ignore[index]
    "openai.embeddings": (Format.OPENAI_EMBEDDINGS, lambda pieces: {"input": pieces}),
    "anthropic.messages": (Format.ANTHROPIC_MESSAGES, _chat),
    "gemini.generate_content": (Format.GEMINI_GENERATE_CONTENT, _gemini),
    "cohere.chat": (Format.COHERE_CHAT, _chat),
}

_ABOUT: Final = """\
Microseconds of CPU for each thousand characters, medians. A body is read, one value in each 360 characters is replaced
by its pseudonym, and what that gives is read again. The share is that of all this in what detection of the same texts
costs, text by text, in brackets the quartiles.

The cost is to be linear, and is. The share is to be a tenth at 4,000 characters, and is missed. At that length half of
the cost is reading twice (two thirds where texts stand in tool arguments, as JSON in JSON), a third or less is naming
the values, the rest is splicing. When the aim was set, detection cost three times what it does now."""


class Work:
    """Both sides, warm."""

    def __init__(self, keys: Keyring) -> None:
        settings = EngineSettings(model=DEFAULT_MODEL, recognizers=None, classes=load_classes(), languages=("en",))
        self._engine = Engine(settings)
        self._engine.warm_up()
        self._payloads = ShippedPayloads()
        self._redactor = SpanRedactor(Pseudonyms(keys), Operators({}))

    def detect(self, pieces: Sequence[str]) -> None:
        """Look at texts."""
        for job in packed(cut(pieces, {})):
            self._engine.read(job)

    def redact(self, form: Format, raw: bytes) -> bytes:
        """Read a body, take values out, and read what that gives: all that redaction does beside detection."""
        body = self._read(form, raw)
        edits = self._redactor.rewrite(
            body.segments,
            _findings(body),
            (Redaction("contact", "pseudonym"),),
            scope=Scope("t", "tenant", ""),
            earlier={},
        ).edits
        after = body.splice(edits)
        self._read(form, after)
        return after

    def _read(self, form: Format, raw: bytes) -> Body:
        body = self._payloads.read(form, Direction.REQUEST, raw)
        list(body.segments)
        return body


def _findings(body: Body) -> list[Finding]:
    """Return as many as there are in business chat, at words of the texts."""
    return [
        Finding(index, start, start + 12, entity="EMAIL_ADDRESS", data_class="contact", score=1.0, recognizer="r")
        for index, segment in enumerate(body.segments)
        for start in range(20, len(segment.text) - 20, FOUND_EVERY)
    ]


def section(sizes: dict[int, int]) -> str:
    """Measure, and return the results as a page."""
    with TemporaryDirectory() as folder:
        init_keys(Path(folder) / "keys")
        work = Work(Keyring.open(Path(folder) / "keys"))
        rows = [_row(work, name, size, count) for name in KINDS for size, count in sizes.items()]
    return "\n".join(
        (
            "# What reading and redacting a body costs",
            "",
            _ABOUT,
            "",
            table(("body", "characters", "read and redact, µs", "detect, µs", "share, %"), rows),
        )
    )


def _row(work: Work, name: str, size: int, count: int) -> tuple[str, ...]:
    form, write = KINDS[name]
    took: list[tuple[float, float | None]] = []
    for text in islice(draw(size), count + 1):
        pieces = [text[start : start + PIECE] for start in range(0, size, PIECE)]
        raw = json.dumps(write(pieces)).encode()
        took.append(
            (
                _microseconds(partial(work.redact, form, raw)),
                _microseconds(partial(work.detect, pieces)) if size <= DETECTED else None,
            )
        )
    own = [one for one, _ in took[1:]]
    beside = [(one, other) for one, other in took[1:] if other is not None]
    return (
        name,
        f"{size:,}",
        f"{median(own) * 1000 / size:.1f}",
        f"{median(other for _, other in beside) * 1000 / size:,.0f}" if beside else "",
        spread([100 * one / other for one, other in beside]) if beside else "",
    )


def _microseconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return (time.process_time() - start) * 1e6


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print the page, and keep it where that is asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bodies", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one short length: only to see that it runs")
    parser.add_argument("--write", action="store_true", help=f"keep the results in benchmarks/{PAGE.name}")
    asked = parser.parse_args(arguments)
    page = section(QUICK if asked.quick else SIZES)
    print(page)
    if asked.write:
        PAGE.write_text(page + "\n", "utf-8")


if __name__ == "__main__":
    main()
