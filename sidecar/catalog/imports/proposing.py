"""Writes a proposal: a unified diff of the catalog's own files, for a person to read, correct and apply, or not."""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sidecar.catalog.editing import changed
from sidecar.catalog.imports.claims import Change
from sidecar.catalog.imports.stubs import Stub
from sidecar.catalog.writing import block

_NEW = "/dev/null"


@dataclass(frozen=True, slots=True)
class Proposal:
    """Files as they are and as they would be, by their path below the catalog's data or the overlay."""

    before: Mapping[str, str]
    after: Mapping[str, str]
    heading: tuple[str, ...]

    def __bool__(self) -> bool:
        """Whether anything is proposed."""
        return self.before != self.after

    def text(self) -> str:
        """Return it as ``patch -p1`` takes it; nothing where nothing is proposed."""
        if not self:
            return ""
        lines = [f"# {line}\n" for line in self.heading]
        for path in sorted(self.after):
            old = self.before.get(path)
            lines += difflib.unified_diff(
                (old or "").splitlines(keepends=True),
                self.after[path].splitlines(keepends=True),
                fromfile=_NEW if old is None else f"a/{path}",
                tofile=f"b/{path}",
            )
        return "".join(lines)


def propose(
    files: Mapping[str, str],
    changes: Iterable[Change],
    stubs: Mapping[str, Sequence[Stub]],
    *,
    source: str,
    day: str,
) -> tuple[Proposal, list[str]]:
    """Return the proposal, and the rows that stand in a form that no line of a diff can change.

    ``files`` are the catalog's texts, those of an overlay last; ``stubs`` are new rows by section.
    """
    after: dict[str, str] = {}
    left = []
    for change in changes:
        comment = f"{source} {change.where}, {day}: unverified"
        path, text = _edited({**files, **after}, change, comment)
        if path:
            after[path] = text
        else:
            fields = ", ".join(sorted(change.fields))
            left.append(f"{change.section} {change.row}: {source} has {fields} otherwise; that row is yours to change")
    for section, rows in stubs.items():
        if rows:
            path = _unused(f"{section}/_proposed.yaml", files)
            after[path] = _file(section, rows, f"Proposed from {source}, {day}. Nobody looked at these rows.")
    heading = (
        f"Proposed from {source}, {day}. Nothing here is in effect, and nobody looked at it.",
        "Read the source, correct the lines, apply what holds, and set verified and evidence by what you read.",
        "Then `sidecar catalog check` says whether the rows go together.",
    )
    after = {path: text for path, text in after.items() if text != files.get(path)}
    return Proposal({path: files[path] for path in after if path in files}, after, heading), left


def _edited(files: dict[str, str], change: Change, comment: str) -> tuple[str, str]:
    """Return the last file that a row stands in, and its text with the change; nothing where no line can be changed."""
    for path, text in reversed(files.items()):
        edited = changed(text, change.section, change.row, change.fields, comment) if change.row in text else None
        if edited is not None:
            return path, edited
    return "", ""


def _file(section: str, rows: Sequence[Stub], heading: str) -> str:
    blocks = ["\n".join(block(row, comments)) for row, comments in rows]
    return f"# {heading}\n{section}:\n" + "\n\n".join(blocks) + "\n"


def _unused(path: str, files: Mapping[str, str]) -> str:
    number, fresh = 1, path
    while fresh in files:
        number += 1
        fresh = path.replace(".yaml", f"-{number}.yaml")
    return fresh
