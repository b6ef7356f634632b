"""One decision, rule by rule: what stood against it, where that is written, and what would make it pass."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sidecar.types.decisions import Obligation, Reason, Rejected
from sidecar.types.requests import Action, Outcome


@dataclass(frozen=True, slots=True)
class RuleSaid:
    """All that one rule said about one target."""

    code: str
    severity: str
    target: str
    classes: tuple[str, ...]
    """Data classes it is about; empty where redaction does not cure it."""
    message: str
    clauses: tuple[str, ...]
    remedies: tuple[str, ...]
    basis: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A decision taken apart."""

    decision_id: str
    action: Action
    rules: tuple[RuleSaid, ...]
    rejected: tuple[Rejected, ...]
    obligations: tuple[Obligation, ...]
    notices: tuple[RuleSaid, ...]


def explain(outcome: Outcome) -> Explanation:
    """Return why, rule by rule."""
    return Explanation(
        decision_id=outcome.decision_id,
        action=outcome.action,
        rules=_by_rule(outcome.reasons),
        rejected=outcome.rejected,
        obligations=outcome.obligations,
        notices=_by_rule(outcome.notices),
    )


def _by_rule(reasons: Sequence[Reason]) -> tuple[RuleSaid, ...]:
    """Fold reasons that differ only in the class, in the order they came."""
    groups: dict[tuple[str, str, str, str], list[Reason]] = {}
    for reason in reasons:
        groups.setdefault((reason.code, reason.severity, reason.target, reason.basis), []).append(reason)
    return tuple(
        RuleSaid(
            code=code,
            severity=severity,
            target=target,
            classes=tuple(sorted({reason.data_class for reason in group if reason.data_class})),
            message=group[0].message,
            clauses=_once(reason.clause for reason in group),
            remedies=_once(reason.remedy for reason in group),
            basis=(basis,) if basis else (),
        )
        for (code, severity, target, basis), group in groups.items()
    )


def _once(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in words if word))
