"""What a document of each format is: one body, or a batch of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sidecar.errors import BadRequest
from sidecar.payload import (
    anthropic_messages,
    cohere_chat,
    gemini_generate_content,
    openai_chat,
    openai_embeddings,
    openai_responses,
)
from sidecar.payload.rules import Rule, fields, free, words
from sidecar.payload.tape import ARRAY, OBJECT
from sidecar.payload.walk import Walk
from sidecar.types.content import Direction, Format

_ENVELOPED = ("body", "params", "request")  # of OpenAI's, Anthropic's and Google's batches


@dataclass(frozen=True, slots=True)
class Grammar:
    """What one body is: the rule of its root, and members of which one must be there."""

    format: Format
    root: Rule
    required: Sequence[str]

    def document(self, walk: Walk) -> None:
        """Walk a body, a list of bodies, or a document that holds that list as its ``requests``.

        Raises:
            BadRequest: it is not of the format.
        """
        tape = walk.tape
        batch = tape.member(0, "requests") if tape.kinds[0] == OBJECT and not self._is_body(walk, 0) else None
        if batch is not None and tape.kinds[batch] == ARRAY:
            fields({"requests": self._several})(walk, 0, "")
        else:
            (self._several if tape.kinds[0] == ARRAY else self._body)(walk, 0, "")

    def _several(self, walk: Walk, row: int, pointer: str) -> None:
        """Walk a list of bodies, each of which may be in an envelope."""
        if walk.tape.after[row] == row + 1:
            walk.refuse(pointer, "an object, or a list of objects")
        for index, child in walk.tape.elements(row):
            here = walk.under(pointer, index)
            envelope = None if self._is_body(walk, child) else self._envelope(walk, child)
            (envelope or self._body)(walk, child, here)

    def _envelope(self, walk: Walk, row: int) -> Rule | None:
        """Return how to walk an object that holds a body and says which one it is; None where it holds none."""
        named = {name: walk.tape.member(row, name) for name in _ENVELOPED} if walk.tape.kinds[row] == OBJECT else {}
        held = next((name for name, child in named.items() if child is not None and self._is_body(walk, child)), None)
        if held is None:
            return None
        return fields({"custom_id": free, "method": words("POST"), "url": free, "metadata": free, held: self.root})

    def _body(self, walk: Walk, row: int, pointer: str) -> None:
        if walk.tape.kinds[row] != OBJECT:
            walk.refuse(pointer, "an object")
        if not self._is_body(walk, row):
            wanted = " or ".join(f"{pointer}/{name}" for name in self.required)
            msg = f"body: {wanted} is missing, so it is not {self.format}"
            raise BadRequest(msg, field="body")
        self.root(walk, row, pointer)

    def _is_body(self, walk: Walk, row: int) -> bool:
        kind = walk.tape.kinds[row]
        return kind == OBJECT and any(walk.tape.member(row, name) is not None for name in self.required)


_ROOMS: Final = {
    Format.OPENAI_CHAT: openai_chat,
    Format.OPENAI_RESPONSES: openai_responses,
    Format.OPENAI_EMBEDDINGS: openai_embeddings,
    Format.ANTHROPIC_MESSAGES: anthropic_messages,
    Format.GEMINI_GENERATE_CONTENT: gemini_generate_content,
    Format.COHERE_CHAT: cohere_chat,
}
GRAMMARS: Final[Mapping[tuple[Format, Direction], Grammar]] = {
    **{
        (format_, Direction.REQUEST): Grammar(format_, of.REQUEST, of.REQUIRED_OF_REQUEST)
        for format_, of in _ROOMS.items()
    },
    **{
        (format_, Direction.RESPONSE): Grammar(format_, of.RESPONSE, of.REQUIRED_OF_RESPONSE)
        for format_, of in _ROOMS.items()
    },
}
