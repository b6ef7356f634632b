"""Maps between base64, in the ways that APIs take it, and what it stands for."""

import base64
import binascii
from typing import Final

_PLAIN: Final = str.maketrans("-_", "+/")


def octets(written: str) -> bytes | None:
    """Return the bytes that base64 stands for, in either alphabet, padded or not; None where it stands for none."""
    whole = written.rstrip("=").translate(_PLAIN)
    try:
        return base64.b64decode(whole + "=" * (-len(whole) % 4), validate=True)
    except binascii.Error:
        return None


def rewritten(text: str, like: str) -> str:
    """Write a text as base64, in the alphabet and with the padding that ``like`` has."""
    url = "-" in like or "_" in like
    written = (base64.urlsafe_b64encode if url else base64.b64encode)(text.encode()).decode()
    return written.rstrip("=") if not like.endswith("=") and len(like) % 4 else written
