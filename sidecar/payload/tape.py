"""A JSON document as a tape: one row for each value, in document order, with the span it stands at."""

from array import array
from collections.abc import Iterator

OBJECT, ARRAY, STRING, SCALAR = range(4)


class Tape:
    """Columns instead of a tree, so that a large document costs a few bytes for each value.

    A run of numbers and words (``true``, ``null``) in an array is one row: there is nothing in it to inspect as text.
    Spans are half-open, in code points of ``text``, and leave out the quotes of a string.
    """

    __slots__ = ("after", "ends", "key_ends", "key_starts", "keys", "kinds", "starts", "text", "texts")

    def __init__(self, text: str) -> None:
        self.text = text
        self.kinds = bytearray()
        self.starts = array("i")
        self.ends = array("i")
        self.after = array("i")
        """The row that follows a value and all within it."""
        self.keys: list[str | None] = []
        """The decoded key of a member, None elsewhere."""
        self.key_starts = array("i")
        self.key_ends = array("i")
        self.texts: list[str | None] = []
        """The decoded text of a string, None elsewhere."""

    def __len__(self) -> int:
        return len(self.kinds)

    def children(self, row: int) -> Iterator[int]:
        """Yield the rows right under a container."""
        child, end = row + 1, self.after[row]
        while child < end:
            yield child
            child = self.after[child]

    def elements(self, row: int) -> Iterator[tuple[int, int]]:
        """Yield index and row of an array's elements; a run of scalars comes once, with the index of its first."""
        index = 0
        for child in self.children(row):
            yield index, child
            index += (
                self.text.count(",", self.starts[child], self.ends[child]) + 1 if self.kinds[child] == SCALAR else 1
            )

    def member(self, row: int, key: str) -> int | None:
        """Return the row of an object's member."""
        return next((child for child in self.children(row) if self.keys[child] == key), None)

    def source(self, row: int) -> str:
        """Return a scalar as it is written."""
        return self.text[self.starts[row] : self.ends[row]]
