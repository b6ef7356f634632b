"""The operators, as Presidio's: what stands in the place of a value.

The only place that knows ``presidio_anonymizer``. A team may put operators of its own in the place of those that cannot
be undone. They are watched: what fails, or leaves the value in place, stops the request.
"""

import importlib
from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

from presidio_anonymizer.operators import Operator, OperatorType

from sidecar.actions.generalizing import generalized
from sidecar.errors import PolicyAnswerRefused, SettingsFault

# How much an operator takes away, strongest last. Among equals the later one wins, which cannot be undone.
STRENGTH: Mapping[str, int] = {"pseudonym": 1, "synthetic": 1, "hash": 1, "mask": 2, "generalize": 3, "remove": 4}
REVERSIBLE = frozenset({"pseudonym", "synthetic"})

Irreversible: TypeAlias = Literal["hash", "mask", "generalize", "remove"]
"""The words that another operator can stand for."""

_ORDER = list(STRENGTH)
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


class Synthetic(_Anonymizer):
    """Puts the synthetic value that was assigned in the place of the value; can be undone."""

    name = "synthetic"
    needs = ("synthetic",)

    def operate(self, text: str = "", params: dict[str, Any] | None = None) -> str:  # noqa: ARG002 - Presidio's signature
        """Return the synthetic value."""
        self.validate(params)
        return str((params or {})["synthetic"])


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
    """Leaves what may stay: the year of a date, the city of an address, a band of ages; else the class."""

    name = "generalize"
    needs = ("entity", "data_class")

    def operate(self, text: str = "", params: dict[str, Any] | None = None) -> str:
        """Return what may stay, or the class."""
        self.validate(params)
        given = params or {}
        return generalized(given["entity"], text) or f"[general: {given['data_class']}]"


class Remove(_Anonymizer):
    """Leaves nothing but the class of what was there."""

    name = "remove"
    needs = ("data_class",)

    def operate(self, text: str = "", params: dict[str, Any] | None = None) -> str:  # noqa: ARG002 - Presidio's signature
        """Return the note."""
        self.validate(params)
        return f"[removed: {(params or {})['data_class']}]"


SHIPPED: Mapping[str, Operator] = {
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


class Operators:
    """What each word of a decision does."""

    def __init__(self, own: Mapping[Irreversible, str] | None = None) -> None:
        """Take operators of one's own, ``package.module:Class`` by word, over those that ship.

        Raises:
            SettingsFault: one is none of Presidio's operators, or cannot be made; all faults are told.
        """
        faults: list[str] = []
        own = own or {}
        self._own: Mapping[str, Operator] = {word: _load(word, place, faults) for word, place in own.items()}
        if faults:
            message = "operators cannot be loaded"
            raise SettingsFault(message, faults=faults, field="actions.operators")

    def operate(self, word: str, text: str, params: dict[str, str]) -> str:
        """Return what an operator leaves of a text.

        Raises:
            PolicyAnswerRefused: an operator of one's own failed, or left the text where it was.
        """
        operator = self._own.get(word)
        if operator is None:
            return str(SHIPPED[word].operate(text, params))
        try:
            operator.validate(dict(params))
            left: object = operator.operate(text, dict(params))  # Presidio promises a text, its subclass may not
        except Exception:  # noqa: BLE001 - whatever it is: its message may hold the value
            message = f"redact: the operator that stands for {word} failed"
            raise PolicyAnswerRefused(message) from None
        if not isinstance(left, str) or not left or (text.strip() and text.strip() in left):
            message = f"redact: the operator that stands for {word} did not take the value out"
            raise PolicyAnswerRefused(message)
        return left


def _load(word: Irreversible, place: str, faults: list[str]) -> Operator:
    name = f"actions.operators.{word}"
    module, _, attribute = place.partition(":")
    try:
        operator = getattr(importlib.import_module(module), attribute)()
    except Exception as error:  # noqa: BLE001 - a module of one's own may raise anything
        faults.append(f"{name}: cannot be made ({type(error).__name__})")
        return SHIPPED["remove"]
    if not isinstance(operator, Operator) or operator.operator_type() is not OperatorType.Anonymize:
        faults.append(f"{name}: is no anonymizing Operator of presidio_anonymizer")
        return SHIPPED["remove"]
    return operator
