"""Estimates how many tokens a text is, cheaply: for fitting a target, never for a bill."""

import re

CHARACTERS_PER_TOKEN = 4  # of Latin text; what common tokenizers come to within a third
_IDEOGRAPHS = re.compile(
    "[\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]"
)


def quarters(text: str) -> int:
    """Return the estimate in quarters of a token: one for a letter, four for a Chinese, Japanese or Korean one."""
    if text.isascii():
        return len(text)
    return len(text) + (CHARACTERS_PER_TOKEN - 1) * (len(text) - len(_IDEOGRAPHS.sub("", text)))


def tokens(quarter_tokens: int) -> int:
    """Return whole tokens, rounded up."""
    return -(-quarter_tokens // CHARACTERS_PER_TOKEN)
