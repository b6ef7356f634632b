"""What the stories may ask of detection."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeVar

from sidecar.clock import Deadline
from sidecar.types.content import Inspection, Span
from sidecar.types.terms import Additions

T = TypeVar("T")


class Detector(Protocol):
    """Finds what matters in texts. Holds nothing of them afterwards, except spans and tokens under keyed hashes."""

    @property
    def revision(self) -> str:
        """Digest of engine, models, recognizers and thresholds."""
        ...

    @property
    def recognizers(self) -> Sequence[str]:
        """Names of all that are loaded, sorted."""
        ...

    @property
    def languages(self) -> Sequence[str]:
        """Languages that text is read in."""
        ...

    @property
    def models(self) -> Sequence[str]:
        """What names are read with, each with its version."""
        ...

    @property
    def ner_engine(self) -> str:
        """``native``, or ``spacy`` and after a colon why the compiled path is not used."""
        ...

    async def inspect(
        self,
        texts: Sequence[str],
        *,
        tenant: str,
        deadline: Deadline,
        hidden: Mapping[int, Sequence[Span]] | None = None,
        threads: Sequence[Sequence[int]] = (),
        additions: Additions | None = None,
    ) -> Inspection:
        """Look at every text.

        ``hidden`` spans (pseudonyms), by index of the text, are read as a neutral word and are never part of a
        finding. ``threads`` are lists of indices of texts that follow one another in a conversation: a value that is
        split over them is found too, as one finding for each of its parts. ``additions`` are the tenant's own.

        Findings carry the index of their text as ``segment``, are sorted by segment and start, lie within the text, and
        are at or above the threshold. What was not looked at makes it ``Partial``: nothing is skipped in silence.

        Raises:
            DetectionUnavailable: a worker was lost with this request.
            DeadlinePassed: the caller's deadline came first; the worker stops within a second.
        """
        ...

    async def healthy(self) -> bool:
        """Whether a worker answers."""
        ...


class Offload(Protocol):
    """Runs a picklable pure function in a worker: for what costs CPU per character, such as reading large bodies."""

    async def __call__(self, function: Callable[..., T], *arguments: object, deadline: Deadline) -> T:
        """Return what the function returns; a ``SidecarError`` raised in the worker is raised here.

        Raises:
            DetectionUnavailable: the worker was lost.
            DeadlinePassed: the caller's deadline came first.
        """
        ...
