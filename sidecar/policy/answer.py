"""The answer as it must stand on the wire: every field present, of its type, and none besides."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from sidecar.types.decisions import Obligation, Reason, Redaction, Rejected, Severity, Waived

Word = Annotated[str, StringConstraints(min_length=1)]


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class ReasonPart(_Part):
    """A reason; ``class`` is no name in Python."""

    code: Word
    severity: Literal["deny", "redact", "notice"]
    data_class: str = Field(alias="class")
    target: str
    message: str
    clause: str
    remedy: str
    basis: str

    def noun(self) -> Reason:
        """Return it as one of our own."""
        return Reason(**{**self.model_dump(), "severity": Severity(self.severity)})


class RedactionPart(_Part):
    """A class and the operator that takes it out."""

    data_class: Word = Field(alias="class")
    operator: Literal["pseudonym", "synthetic", "hash", "mask", "generalize", "remove"]

    def noun(self) -> Redaction:
        """Return it as one of our own."""
        return Redaction(self.data_class, self.operator)


class RejectedPart(_Part):
    """A candidate and the codes against it."""

    target: Word
    codes: Annotated[list[Word], Field(min_length=1)]

    def noun(self) -> Rejected:
        """Return it as one of our own."""
        return Rejected(self.target, tuple(self.codes))


class ObligationPart(_Part):
    """What is owed."""

    code: Word
    text: str
    clause: str
    basis: str

    def noun(self) -> Obligation:
        """Return it as one of our own."""
        return Obligation(**self.model_dump())


class WaivedPart(_Part):
    """What a waiver took back."""

    code: Word
    severity: Literal["deny", "redact"]
    data_class: str = Field(alias="class")
    target: Word
    clause: str
    basis: str
    reason: Word
    approver: Word
    expires: Word

    def noun(self) -> Waived:
        """Return it as one of our own."""
        return Waived(**{**self.model_dump(), "severity": Severity(self.severity)})


class Answer(_Part):
    """The whole of ``data.sidecar.main.decision``."""

    action: Literal["allow", "redact", "reroute", "block"]
    target: Word | None = None
    redact: list[RedactionPart]
    reasons: list[ReasonPart]
    rejected: list[RejectedPart]
    obligations: list[ObligationPart]
    notices: list[ReasonPart]
    shadow: list[ReasonPart]
    waived: list[WaivedPart] = Field(default_factory=list)
    ruled_by: list[Word]
    revision: Word
