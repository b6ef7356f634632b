"""Operators as a team would bring them, good ones and bad ones."""

from typing import Any

from presidio_anonymizer.operators import Operator, OperatorType


class Initials(Operator):
    """Leaves first letters."""

    def operate(self, text: str = "", params: dict[str, Any] | None = None) -> str:
        """Return them, and the class."""
        return ".".join(word[0] for word in text.split()) + f" ({(params or {})['data_class']})"

    def validate(self, params: dict[str, Any] | None = None) -> None:
        """Take anything."""

    def operator_name(self) -> str:
        """Return a name."""
        return "initials"

    def operator_type(self) -> OperatorType:
        """Return that it takes something out."""
        return OperatorType.Anonymize


class Keep(Initials):
    """Leaves everything."""

    def operate(self, text: str = "", params: dict[str, Any] | None = None) -> str:
        """Return the value among other words."""
        return f"about {text}!"


class Nothing(Initials):
    """Leaves nothing at all."""

    def operate(self, text: str = "", params: dict[str, Any] | None = None) -> str:
        """Return no text."""
        return ""


class Number(Initials):
    """Leaves what is no text."""

    def operate(self, text: str = "", params: dict[str, Any] | None = None) -> Any:  # noqa: ANN401 - a fault
        """Return a number."""
        return len(text)


class Broken(Initials):
    """Fails, and tells the value."""

    def operate(self, text: str = "", params: dict[str, Any] | None = None) -> str:
        """Fail."""
        raise ValueError(text)


class Wants(Initials):
    """Refuses its parameters."""

    def validate(self, params: dict[str, Any] | None = None) -> None:
        """Fail."""
        raise KeyError(params)


class Opens(Initials):
    """Is the other kind of operator."""

    def operator_type(self) -> OperatorType:
        """Return that it puts something back."""
        return OperatorType.Deanonymize


class Unmade(Initials):
    """Cannot be made."""

    def __init__(self) -> None:
        message = "no"
        raise RuntimeError(message)
