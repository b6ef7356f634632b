"""What a bundle says of itself: read off the bundle where it is ours, asked of OPA where it is somebody else's."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sidecar.errors import PolicyAnswerRefused
from sidecar.policy.answer import Word
from sidecar.policy.bundle import EVERY, Bundle


@dataclass(frozen=True, slots=True)
class Described:
    """Revision and rules; every answer is held against them."""

    revision: str
    rules: tuple[str, ...]
    shadow_rules: tuple[str, ...]
    """``code`` for all tenants, else ``tenant:code``."""

    @classmethod
    def by_bundle(cls, bundle: Bundle) -> "Described":
        """Return what is known of a bundle of our own."""
        return cls(bundle.revision, bundle.rules.codes, _shadow_rules(bundle.shadow))

    @classmethod
    def by_data(cls, bundle: object, shadow: object) -> "Described":
        """Return what an OPA answered about ``data.sidecar.bundle`` and ``data.sidecar.config.shadow``.

        The latter may be undefined: then nothing is in shadow.

        Raises:
            PolicyAnswerRefused: it holds no bundle of ours.
        """
        try:
            said = _Answer.model_validate(bundle).result
            watched = _Shadow.model_validate(shadow).result
        except ValidationError:
            message = "data.sidecar.bundle or data.sidecar.config.shadow is not there, or not as it must be"
            raise PolicyAnswerRefused(message) from None
        if said.rules != sorted(set(said.rules)):
            message = "data.sidecar.bundle.rules: a rule twice, or not sorted"
            raise PolicyAnswerRefused(message)
        return cls(said.revision, tuple(said.rules), _shadow_rules(watched))


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True)  # OPA adds fields of its own beside `result`


class _Bundle(_Strict):
    revision: Word
    rules: Annotated[list[Word], Field(min_length=1)]
    hard: list[Word]
    directions: dict[str, list[Literal["request", "response"]]]


class _Answer(_Strict):
    result: _Bundle


class _Shadow(_Strict):
    result: dict[str, list[Word]] = Field(default_factory=dict)


def _shadow_rules(shadow: Mapping[str, tuple[str, ...]] | Mapping[str, list[str]]) -> tuple[str, ...]:
    return tuple(sorted(code if who == EVERY else f"{who}:{code}" for who, codes in shadow.items() for code in codes))
