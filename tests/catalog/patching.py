"""Applies a unified diff, as ``patch -p1`` does."""

import re
from pathlib import Path

_HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")


def patch(folder: Path, diff: str, *, suffix: str = "", only_new: bool = False) -> None:
    """Change the files of a folder; new ones get a suffix, so that several proposals have room."""
    for part in re.split(r"^(?=--- )", diff, flags=re.MULTILINE)[1:]:
        old, new, *lines = part.splitlines()
        source = "" if old == "--- /dev/null" else old.removeprefix("--- a/")
        target = folder / new.removeprefix("+++ b/")
        if source and only_new:
            continue
        before = (folder / source).read_text("utf-8").splitlines() if source else []
        if not source:
            target = target.with_name(f"{target.stem}{suffix}.yaml")
            target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text("\n".join(_patched(before, lines)) + "\n", "utf-8")


def _patched(before: list[str], lines: list[str]) -> list[str]:
    after: list[str] = []
    at = 0
    for line in lines:
        if match := _HUNK.match(line):
            start = max(0, int(match[1]) - 1)
            after += before[at:start]
            at = start
        elif line.startswith("+"):
            after.append(line[1:])
        else:
            assert before[at] == line[1:], "the diff does not fit"
            at += 1
            after += [line[1:]] if line.startswith(" ") else []
    return after + before[at:]
