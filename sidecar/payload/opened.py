"""What comes of opening a document that is inlined in a body."""

from collections.abc import Iterable
from typing import Final

from sidecar.types.content import Opened, Uninspected

MAX_BYTES: Final = 8 << 20  # of a document: APIs take more, but its parser then needs longer than its reader waits
MAX_TEXT: Final = 16 << 20  # of what a document becomes: a book has one


class Unreadable(Exception):
    """The document cannot be vouched for: not of its kind, encrypted, or larger than the caps."""


def joined(texts: Iterable[str], rest: Iterable[Uninspected]) -> Opened:
    """Return pieces of a document as one text.

    Raises:
        Unreadable: there is more of it than a document has.
    """
    text = "\n".join(filter(None, texts))
    if len(text) > MAX_TEXT:
        raise Unreadable
    return Opened(text, tuple(rest))
