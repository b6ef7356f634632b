"""Turns OPA's answer into a decision, or refuses it.

Nothing here repairs or guesses. An answer that contradicts itself, the question, or the bundle it should come from is
refused, since a decision nobody understands must not let a body out. Messages name fields, never what stood in them.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import assert_never

from pydantic import ValidationError

from sidecar.errors import PolicyAnswerRefused
from sidecar.policy.answer import Answer, ReasonPart, WaivedPart
from sidecar.types.decisions import Allow, Block, Decision, Grounds, Redact, Reroute
from sidecar.types.json import Document, Json

RANKED = "ranked"  # the one code of `rejected` that is no rule: permitted too, and another candidate came first
MAX_FAULTS = 5  # told at once; a wrong answer is often wrong in every row


@dataclass(frozen=True, slots=True)
class Question:
    """What the answer must fit: from the facts that were sent, and the bundle that was asked."""

    requested: str
    candidates: frozenset[str]
    fixed: frozenset[str]
    """Classes that no operator reaches."""
    rules: tuple[str, ...]
    revision: str

    @classmethod
    def of(cls, facts: Document, *, rules: tuple[str, ...], revision: str) -> "Question":
        """Read it out of the facts."""
        content, candidates = facts.get("content"), facts.get("candidates")
        fixed = content.get("fixed") if isinstance(content, Mapping) else None
        return cls(
            requested=_target_id(facts.get("target")),
            candidates=frozenset(map(_target_id, candidates if isinstance(candidates, list | tuple) else ())),
            fixed=frozenset(str(name) for name in (fixed if isinstance(fixed, list | tuple) else ())),
            rules=rules,
            revision=revision,
        )


def parse_decision(body: object, question: Question) -> Decision:
    """Read the decision out of the whole body of OPA's answer.

    Raises:
        PolicyAnswerRefused: there is no result, or it is not an acceptable decision on this question.
    """
    if not isinstance(body, Mapping) or "result" not in body:
        message = "the decision is undefined: no rule is loaded, or main is not where it should be"
        raise PolicyAnswerRefused(message)
    try:
        answer = Answer.model_validate(body["result"])
    except ValidationError as error:
        raise PolicyAnswerRefused(_explain(error)) from None
    faults = [*_strangers(answer, question), *_disorder(answer), *_CONTRADICTIONS[answer.action](answer, question)]
    if faults:
        raise PolicyAnswerRefused("; ".join(faults[:MAX_FAULTS]))
    return _decision(answer)


def _decision(answer: Answer) -> Decision:
    grounds = Grounds(
        reasons=tuple(reason.noun() for reason in answer.reasons),
        rejected=tuple(rejected.noun() for rejected in answer.rejected),
        obligations=tuple(obligation.noun() for obligation in answer.obligations),
        notices=tuple(notice.noun() for notice in answer.notices),
        shadow=tuple(reason.noun() for reason in answer.shadow),
        waived=tuple(waived.noun() for waived in answer.waived),
    )
    redactions = tuple(redaction.noun() for redaction in answer.redact)
    target = answer.target or ""  # it is there wherever it is used: see _CONTRADICTIONS
    match answer.action:
        case "allow":
            return Allow(target, grounds)
        case "redact":
            return Redact(target, redactions, grounds)
        case "reroute":
            return Reroute(target, redactions, grounds)
        case "block":
            return Block(grounds)
        case _:
            assert_never(answer.action)


def _strangers(answer: Answer, question: Question) -> Iterator[str]:
    """Tell what the answer speaks of that neither the question nor the bundle knows."""
    if answer.revision != question.revision:
        yield "revision: not that of the bundle"
    if tuple(answer.ruled_by) != question.rules:
        yield "ruled_by: not the rules of the bundle"
    rules, targets = set(question.rules), question.candidates | {question.requested}
    reasons: list[ReasonPart | WaivedPart] = [*answer.reasons, *answer.notices, *answer.shadow, *answer.waived]
    if not {reason.code for reason in reasons} | {duty.code for duty in answer.obligations} <= rules:
        yield "code: not a rule of the bundle"
    if not {code for row in answer.rejected for code in row.codes} <= rules | {RANKED}:
        yield "rejected: a code that is not a rule of the bundle"
    if not {reason.target for reason in reasons} <= targets:
        yield "target of a reason: neither the requested one nor a candidate"
    if not {row.target for row in answer.rejected} <= question.candidates:
        yield "rejected: not a candidate"


def _disorder(answer: Answer) -> Iterator[str]:
    """Tell what stands in the wrong list, or not in its order."""
    if "target" in answer.model_fields_set and answer.target is None:
        yield "target: null is not a target"
    if any(reason.severity == "notice" for reason in answer.reasons):
        yield "reasons: a notice is not one"
    if any(notice.severity != "notice" for notice in answer.notices):
        yield "notices: holds what is not one"
    classes = [redaction.data_class for redaction in answer.redact]
    if classes != sorted(set(classes)):
        yield "redact: a class twice, or not sorted"
    if any(row.codes != sorted(set(row.codes)) for row in answer.rejected):
        yield "rejected: a code twice, or not sorted"


def _allow(answer: Answer, question: Question) -> Iterator[str]:
    if answer.target != question.requested:
        yield "target: an allow is for the requested one"
    if answer.redact:
        yield "redact: an allow changes nothing"
    if answer.reasons:
        yield "reasons: an allow has none"


def _redact(answer: Answer, question: Question) -> Iterator[str]:
    if answer.target != question.requested:
        yield "target: a redact is for the requested one"
    if not answer.redact:
        yield "redact: empty"
    cured = {redaction.data_class for redaction in answer.redact} - question.fixed
    if any(reason.data_class not in cured for reason in _denials(answer)):
        yield "reasons: one denies what no redaction of the answer cures"


def _reroute(answer: Answer, question: Question) -> Iterator[str]:
    if answer.target not in question.candidates or answer.target == question.requested:
        yield "target: a reroute is to a candidate"
    if not _denials(answer):
        yield "reasons: a reroute needs one that denies"


def _block(answer: Answer, question: Question) -> Iterator[str]:
    if answer.target is not None:
        yield "target: a block has none"
    if answer.redact:
        yield "redact: a block changes nothing"
    if not _denials(answer):
        yield "reasons: a block needs one that denies"
    if any(reason.target != question.requested for reason in answer.reasons):
        yield "reasons: a block speaks of the requested target"


_CONTRADICTIONS: Mapping[str, Callable[[Answer, Question], Iterator[str]]] = {
    "allow": _allow,
    "redact": _redact,
    "reroute": _reroute,
    "block": _block,
}


def _denials(answer: Answer) -> list[ReasonPart]:
    return [reason for reason in answer.reasons if reason.severity == "deny"]


def _target_id(target: Json) -> str:
    return str(target.get("id", "")) if isinstance(target, Mapping) else ""


def _explain(error: ValidationError) -> str:
    faults = []
    for detail in error.errors(include_input=False, include_url=False, include_context=False)[:MAX_FAULTS]:
        known = detail["loc"][:-1] if detail["type"] == "extra_forbidden" else detail["loc"]
        place = ".".join(map(str, known)) or "decision"
        faults.append(f"{place}: {'an unknown field' if detail['type'] == 'extra_forbidden' else detail['msg']}")
    return "; ".join(faults)
