"""``python -m benchmarks.restore``: what the way there and back costs, in megabytes a second of CPU.

With ``--write`` the results are kept in ``benchmarks/RESTORE.md``.
"""

import argparse
import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median

from benchmarks.texts import draw
from sidecar.actions.interface import Scope
from sidecar.actions.matching import Values
from sidecar.actions.operators import Operators
from sidecar.actions.pseudonyms import Pseudonyms
from sidecar.actions.redact import SpanRedactor
from sidecar.actions.streaming import pump_for
from sidecar.keys import Keyring, init_keys
from sidecar.types.content import Finding, Format, Segment
from sidecar.types.decisions import Redaction

PAGE = Path(__file__).with_name("RESTORE.md")
SIZE, QUICK = 4_000_000, 40_000
LENGTHS = (4_000, 40_000, 400_000, 4_000_000)
CHUNK = 4096  # bytes, as a gateway reads them from a socket
PIECE = 12  # characters of a delta: two or three tokens
ROUNDS = 5

_HEAD = """\
# What the way back costs

Written by `python -m benchmarks.restore --write`; part of `make bench`.

Megabytes a second of CPU time in one process, the best of {rounds} rounds: what took longer was disturbed.
The replies hold no stand-in, as most do not; the value map holds forty. *Plain* values read the same inside JSON,
*quoted* ones must be escaped there, so that the depth of every place must be known; *synthetic* are words without
brackets.
"""

_EVENTS = """
Text and documents pass at {text:,.0f} and {json:,.0f} MB/s; the aim is 50. Events are slower by the megabyte, since a
delta of {piece} characters comes in some 150 bytes of JSON that say where it belongs: these are {events:,.0f} events a
second, where a model writes a hundred. Quoted and synthetic values need every event read: they miss the aim.
"""


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print, and on demand keep."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.restore", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="short texts: only to see that it runs")
    parser.add_argument("--write", action="store_true", help="keep the results in benchmarks/RESTORE.md")
    parser.add_argument("--keys", type=Path, default=Path(".cache", "bench", "keys"), help="folder for keys of its own")
    asked = parser.parse_args(arguments)
    page = page_of(QUICK if asked.quick else SIZE, LENGTHS[:2] if asked.quick else LENGTHS, _keys(asked.keys))
    print(page)
    if asked.write:
        PAGE.write_text(page, "utf-8")


def page_of(size: int, lengths: Sequence[int], keys: Keyring) -> str:
    """Measure, and return the page."""
    text = re.sub(r"[<&]", " ", next(draw(size)))
    bodies = {"text": text.encode(), "JSON": _document(text), "events": _events(text[: size // 10])}
    rows, speeds = [], {}
    for kind, values in _maps().items():
        for name, body in bodies.items():
            speeds[kind, name] = _speed(Format.TEXT if name == "text" else Format.OPENAI_CHAT, body, values)
        rows.append(f"| {kind} | {' | '.join(f'{speeds[kind, name]:,.0f}' for name in bodies)} |")
    events = speeds["plain", "events"] * 1e6 * (size // 10 / PIECE) / len(bodies["events"])
    told = _EVENTS.format(text=speeds["plain", "text"], json=speeds["plain", "JSON"], piece=PIECE, events=events)
    columns = f"| values | {' | '.join(bodies)} |\n| --- | {' | '.join('---:' for _ in bodies)} |"
    there = "\n".join(_redaction(length, keys) for length in lengths)
    return f"""{_HEAD.format(rounds=ROUNDS)}
{columns}
{chr(10).join(rows)}
{told}
## Redaction

Microseconds of CPU for each value that is taken out, and for each kilobyte of a text that holds little else: both
stay about what they are as texts grow a thousandfold.

| characters | values | µs a value | µs a KB |
| ---: | ---: | ---: | ---: |
{there}
"""


def _maps() -> Mapping[str, Values]:
    codes = [f"7KQ2M4XA{first}{second}" for first in "23456789" for second in "ABCDE"]
    plain = {f"<PERSON_{code}>": "Ada Lovelace" for code in codes}
    quoted = plain | {f"<STREET_ADDRESS_{codes[0]}>": "5 Elm Street\nSpringfield"}
    synthetic = {f"maria.keller{number:02}@example.com": "ada@acme.test" for number in range(len(codes))}
    return {"plain": Values(plain), "quoted": Values(quoted), "synthetic": Values(synthetic)}


def _speed(format: Format, body: bytes, values: Values) -> float:  # noqa: A002 - the contract's word
    def restore() -> None:
        pump = pump_for(format, values)
        for start in range(0, len(body), CHUNK):
            pump.feed(body[start : start + CHUNK])
        pump.feed(b"", last=True)

    return len(body) / 1e6 / min(_seconds(restore) for _ in range(ROUNDS))


def _document(text: str) -> bytes:
    return json.dumps({"id": "1", "choices": [{"index": 0, "message": {"content": text}}]}).encode()


def _events(text: str) -> bytes:
    head = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    pieces = [text[start : start + PIECE] for start in range(0, len(text), PIECE)]
    documents = [head | {"choices": [{"index": 0, "delta": {"content": piece}}]} for piece in pieces]
    return "".join(f"data: {json.dumps(document)}\n\n" for document in documents).encode()


def _redaction(length: int, keys: Keyring) -> str:
    text = "".join(f"Ada{n} Byron wrote to a{n}@acme.test on the day after that. " for n in range(length // 60))
    segment = Segment("", in_key=False, text=text)
    found = re.finditer(r"(Ada\d+ Byron)|\S+@acme.test", text)
    findings = [
        Finding(0, one.start(), one.end(), "PERSON" if one[1] else "EMAIL_ADDRESS", "c", 0.9, "") for one in found
    ]
    redactor, scope = SpanRedactor(Pseudonyms(keys), Operators()), Scope("acme", "session", "s")
    asked = [Redaction("c", "pseudonym")]
    took = (
        median(
            _seconds(lambda: redactor.rewrite([segment], findings, asked, scope=scope, earlier={})) for _ in range(3)
        )
        * 1e6
    )
    return f"| {len(text):,} | {len(findings):,} | {took / len(findings):,.0f} | {took * 1000 / len(text):,.0f} |"


def _seconds(run: Callable[[], object]) -> float:
    start = time.process_time()
    run()
    return time.process_time() - start


def _keys(folder: Path) -> Keyring:
    if not folder.is_dir():
        init_keys(folder)
    return Keyring.open(folder)


if __name__ == "__main__":
    main()
