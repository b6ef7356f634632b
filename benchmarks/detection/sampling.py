"""A profile of our detection: where the processor was, sampled by ``perf`` where that is installed."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import cycle, islice
from pathlib import Path

from benchmarks.detection.sides import detect
from benchmarks.pages import table
from benchmarks.texts import draw
from sidecar.detection.detector import WindowDetector

SECONDS, QUICK_SECONDS = 4.0, 0.5
LENGTHS = (300, 4_000)
_HERTZ = 1999
_LEAST = 0.005
_ATTACH_SECONDS = 0.5
_LINE = re.compile(r"\s*(\d+\.\d+)%\s+(\S+)\s+\[.\] (\S+)")
# What a function of a file belongs to, by the first pattern that fits.
_PARTS: Sequence[tuple[str, str, str]] = (
    ("matrix products", r"_network", r"tile_|apply|quantized_apply"),
    (
        "names, the rest: norms, 8-bit rows, decoding",
        r"_network",
        r"normalize|quantize|decode|decoder|network|step|embed|encode",
    ),
    ("words: cutting, hashing, looking up", r"_network", ""),
    ("patterns: RE2", r"_re2|libre2|libabsl", ""),
    ("patterns: `re`", r"python", r"sre_|pattern_|_validate"),
    ("Python itself", r"python|\[vdso\]|libc", ""),
    ("spaCy's tokenizer and what it stands on", r"cpython", ""),
)


def section(ours: Mapping[str, WindowDetector], *, quick: bool) -> str:
    """Sample, and return the profile as a section of a page."""
    title = "## Where the time goes"
    if shutil.which("perf") is None:
        return f"{title}\n\nNot sampled: `perf` is not installed here."
    columns, shares = ["part"], []
    for kind, one in ours.items():
        for length in LENGTHS:
            columns.append(f"{length:,} characters, {kind}")
            shares.append(_sample(one, length, QUICK_SECONDS if quick else SECONDS))
    parts = sorted({part for share in shares for part in share}, key=lambda part: -shares[-1][part])
    rows = [
        [part, *(f"{share[part]:.0%}" for share in shares)]
        for part in parts
        if any(share[part] >= _LEAST for share in shares)
    ]
    return "\n\n".join([title, _SAID, table(columns, rows)])


_SAID = f"""\
Samples of the processor at {_HERTZ:,} Hz while nothing but our detection ran, on light texts."""


def _sample(one: WindowDetector, length: int, seconds: float) -> dict[str, float]:
    """Return the share of each part."""
    texts = list(islice(draw(length, seed=1), 400))
    for text in texts[:40]:
        detect(one, text)
    with tempfile.TemporaryDirectory(prefix="sidecar-bench-") as folder:
        sampler = _start(Path(folder, "samples"))
        end = time.process_time() + seconds
        for text in cycle(texts[40:]):
            detect(one, text)
            if time.process_time() > end:
                break
        return _stop(sampler, Path(folder, "samples"))


def _start(kept: Path) -> subprocess.Popen[bytes]:
    record = ["perf", "record", "-q", "-e", "cpu-clock", "-F", str(_HERTZ), "-p", str(os.getpid()), "-o", str(kept)]
    sampler = subprocess.Popen(record, stderr=subprocess.DEVNULL)
    time.sleep(_ATTACH_SECONDS)
    return sampler


def _stop(sampler: subprocess.Popen[bytes], kept: Path) -> dict[str, float]:
    sampler.send_signal(signal.SIGINT)
    sampler.wait()
    report = ["perf", "report", "-i", str(kept), "--stdio", "--no-children", "-F", "overhead,dso,sym"]
    said = subprocess.run(report, capture_output=True, text=True, check=False).stdout
    shares: dict[str, float] = defaultdict(float)
    for line in said.splitlines():
        if found := _LINE.match(line):
            shares[_part(found[2], found[3])] += float(found[1])
    total = sum(shares.values())
    return defaultdict(float, {part: share / total for part, share in shares.items()})


def _part(file: str, function: str) -> str:
    for part, files, functions in _PARTS:
        if re.search(files, file) and re.search(functions, function):
            return part
    return "the kernel and the rest"
