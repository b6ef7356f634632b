"""Puts texts in the place of others, inside out through every level of JSON in strings."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sidecar.payload.escapes import encode, whole
from sidecar.payload.leaves import Coding, Document, Leaf, Role, Sources
from sidecar.payload.octets import rewritten
from sidecar.payload.reader import read
from sidecar.payload.tape import OBJECT
from sidecar.types.content import Edit, Segment

Change = tuple[int, int, str]  # a span of a document, and what is written there instead


def spliced(
    sources: Sources,
    documents: Sequence[Document],
    leaves: Sequence[Leaf],
    segments: Sequence[Segment],
    edits: Sequence[Edit],
) -> str:
    """Return the body with the edits made, escaped as deep as each is nested; all else as it is written."""
    wanted = ordered(edits, segments)
    _number_equal_keys(sources, leaves, segments, wanted)
    changes: dict[int, list[Change]] = defaultdict(list)
    for segment, of_segment in wanted.items():
        leaf = leaves[segment]
        changes[leaf.document].extend(_written(sources, leaf, segments[segment].text, of_segment))
    for document in range(len(documents) - 1, 0, -1):  # a document comes after the one that holds it
        if document in changes:
            within, start, end, coding, _ = documents[document]
            if coding is Coding.BASE64:
                text = patched(sources.text(document), sorted(changes.pop(document)))
                changes[within].append((start, end, rewritten(text, sources.written(document))))
                continue
            ruler = sources.ruler(within, start, end)
            changes[within].extend(
                (start + ruler.written(first), start + ruler.written(last), encode(text))
                for first, last, text in changes.pop(document)
            )
    return patched(sources.text(0), sorted(changes[0]))


def ordered(edits: Iterable[Edit], segments: Sequence[Segment]) -> dict[int, list[Edit]]:
    """Return the edits by segment, in order of start.

    Raises:
        ValueError: they overlap, lie outside their segment, or in one that is fixed.
    """
    wanted: dict[int, list[Edit]] = defaultdict(list)
    for edit in edits:
        if not 0 <= edit.segment < len(segments):
            msg = "an edit of no segment"
            raise ValueError(msg)
        if segments[edit.segment].fixed:
            msg = "an edit of a segment that is fixed"
            raise ValueError(msg)
        wanted[edit.segment].append(edit)
    for segment, of_segment in wanted.items():
        of_segment.sort(key=lambda edit: (edit.start, edit.end))
        done = 0
        for position, edit in enumerate(of_segment):
            if not done <= edit.start <= edit.end <= len(segments[segment].text):
                msg = "edits overlap or lie outside their segment"
                raise ValueError(msg)
            if position and edit.start == edit.end == of_segment[position - 1].start == of_segment[position - 1].end:
                msg = "two edits insert at one place"
                raise ValueError(msg)
            done = edit.end
    return dict(wanted)


def patched(text: str, changes: Iterable[Change]) -> str:
    """Return text with the changes made, which come in order and do not overlap."""
    pieces: list[str] = []
    done = 0
    for start, end, put in changes:
        pieces += (text[done:start], put)
        done = end
    pieces.append(text[done:])
    return "".join(pieces)


def _written(sources: Sources, leaf: Leaf, text: str, edits: Sequence[Edit]) -> list[Change]:
    """Return the changes of one leaf as its document writes them. A number becomes a string."""
    if leaf.role is Role.NUMBER:
        return [(leaf.start, leaf.end, f'"{encode(_edited(text, edits))}"')]
    if leaf.role is Role.WHOLE:
        return [(edit.start, edit.end, whole(edit.text)) for edit in edits]
    ruler = sources.ruler(leaf.document, leaf.start, leaf.end)
    return [
        (leaf.start + ruler.written(edit.start), leaf.start + ruler.written(edit.end), encode(edit.text))
        for edit in edits
    ]


def _edited(text: str, edits: Sequence[Edit]) -> str:
    return whole(patched(text, ((edit.start, edit.end, edit.text) for edit in edits)))


def _number_equal_keys(
    sources: Sources, leaves: Sequence[Leaf], segments: Sequence[Segment], wanted: dict[int, list[Edit]]
) -> None:
    """Add a number to edited keys that would become equal to another key of their object."""
    renamed: dict[int, dict[int, int]] = defaultdict(dict)
    for segment in wanted:
        if leaves[segment].role is Role.KEY:
            renamed[leaves[segment].document][leaves[segment].start] = segment
    for document, at in renamed.items():
        tape = read(sources.text(document))
        for row in range(len(tape)):
            if tape.kinds[row] != OBJECT:
                continue
            members = list(tape.children(row))
            here = [at[tape.key_starts[child]] for child in members if tape.key_starts[child] in at]
            if here:
                kept = {tape.keys[child] or "" for child in members if tape.key_starts[child] not in at}
                _number(here, kept, segments, wanted)


def _number(here: Sequence[int], taken: set[str], segments: Sequence[Segment], wanted: dict[int, list[Edit]]) -> None:
    numbers: dict[str, int] = {}
    for segment in here:
        key = name = _edited(segments[segment].text, wanted[segment])
        while name in taken:
            number = numbers.get(key, 2)
            numbers[key] = number + 1
            name = f"{key}_{number}"
        taken.add(name)
        if name != key:
            _append(wanted[segment], segment, len(segments[segment].text), name[len(key) :])


def _append(edits: list[Edit], segment: int, end: int, suffix: str) -> None:
    last = edits[-1]
    if last.end == end:
        edits[-1] = Edit(segment, last.start, end, last.text + suffix)
    else:
        edits.append(Edit(segment, end, end, suffix))
