"""The operators, as Presidio's: what stands in the place of a value.

The only place that knows ``presidio_anonymizer``. ``synthetic`` is accepted and as strong as ``pseudonym``; what it
writes is a pseudonym too, until stand-ins of every kind exist that can be told from real values when they come back.
"""

import re
from collections.abc import Mapping
from typing import Any

from presidio_anonymizer.operators import Operator, OperatorType

from sidecar.errors import PolicyAnswerRefused

# How much an operator takes away, strongest last. Among equals the later one wins, which cannot be undone.
STRENGTH: Mapping[str, int] = {"pseudonym": 1, "synthetic": 1, "hash": 1, "mask": 2, "generalize": 3, "remove": 4}
REVERSIBLE = frozenset({"pseudonym", "synthetic"})

_ORDER = list(STRENGTH)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_MASK = "*"
_LONGEST_MASK = 64  # of a whole document that was one finding, the length tells nothing worth its bytes


class _Anonymizer(Operator):
    """What all of ours have in common: a name, and the parameters they must be given."""

    name = ""
    needs: tuple[str, ...] = ()

    def validate(self, params: dict[str, Any] | None = None) -> None:
        """Refuse parameters that are not there.

        Raises:
            PolicyAnswerRefused: names what is missing.
        """
        missing = [name for name in self.needs if not isinstance((params or {}).get(name), str)]
        if missing:
            message = f"operator {self.name} was not given {', '.join(missing)}"
            raise PolicyAnswerRefused(message)

    def operator_name(self) -> str:
        """Return the word that decisions use."""
        return self.name

    def operator_type(self) -> OperatorType:
        """Return that it takes something out."""
        return OperatorType.Anonymize


class Pseudonym(_Anonymizer):
    """Puts the pseudonym that was assigned in the place of the value; can be undone."""

    name = "pseudonym"
    needs = ("pseudonym",)

    def operate(self, text: str = "", params: dict[str, Any] | None = None) -> str:  # noqa: ARG002 - Presidio's signature
        """Return the pseudonym."""
        self.validate(params)
        return str((params or {})["pseudonym"])


class Synthetic(Pseudonym):
    """Is a pseudonym by another name."""

    name = "synthetic"


class Hash(_Anonymizer):
    """Leaves a keyed digest: the same for the same value, and not to be undone."""

    name = "hash"
    needs = ("digest",)

    def operate(self, text: str = "", params: dict[str, Any] | None = None) -> str:  # noqa: ARG002 - Presidio's signature
        """Return the digest, marked as one."""
        self.validate(params)
        return f"[hash: {(params or {})['digest']}]"


class Mask(_Anonymizer):
    """Leaves as many asterisks as there were characters."""

    name = "mask"

    def operate(self, text: str = "", params: dict[str, Any] | None = None) -> str:  # noqa: ARG002 - Presidio's signature
        """Return the asterisks, at least one."""
        return _MASK * min(max(len(text), 1), _LONGEST_MASK)


class Generalize(_Anonymizer):
    """Leaves the year of a date, and of anything else its class."""

    name = "generalize"
    needs = ("entity", "data_class")

    def operate(self, text: str = "", params: dict[str, Any] | None = None) -> str:
        """Return the year or the class."""
        self.validate(params)
        given = params or {}
        years = _YEAR.findall(text) if "DATE" in given["entity"] else []
        return years[0] if len(years) == 1 else f"[general: {given['data_class']}]"


class Remove(_Anonymizer):
    """Leaves nothing but the class of what was there."""

    name = "remove"
    needs = ("data_class",)

    def operate(self, text: str = "", params: dict[str, Any] | None = None) -> str:  # noqa: ARG002 - Presidio's signature
        """Return the note."""
        self.validate(params)
        return f"[removed: {(params or {})['data_class']}]"


OPERATORS: Mapping[str, Operator] = {
    operator.name: operator for operator in (Pseudonym(), Synthetic(), Hash(), Mask(), Generalize(), Remove())
}


def rank(operator: str) -> tuple[int, int]:
    """Return how strong an operator is, for comparison.

    Raises:
        PolicyAnswerRefused: there is no such operator, and nothing weaker may stand in for it.
    """
    if operator not in STRENGTH:
        message = "redact: a class is to be redacted by an operator that does not exist"
        raise PolicyAnswerRefused(message)
    return STRENGTH[operator], _ORDER.index(operator)


def operate(operator: str, text: str, params: Mapping[str, str]) -> str:
    """Return what an operator leaves of a text."""
    return str(OPERATORS[operator].operate(text, dict(params)))
