"""Decides what comes in the place of each span that goes."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from sidecar.actions.cuts import Cut
from sidecar.actions.interface import Scope
from sidecar.actions.operators import REVERSIBLE, Operators
from sidecar.actions.pseudonyms import Pseudonyms
from sidecar.actions.standins import Synthetics
from sidecar.types.content import Edit, Segment

_OF_A_WORD = re.compile(r"[0-9A-Za-z]")


class Filler:
    """Fills cuts: assigns stand-ins where they can be undone, and lets the operators write."""

    def __init__(self, pseudonyms: Pseudonyms, operators: Operators) -> None:
        self._pseudonyms = pseudonyms
        self._operators = operators

    def fill(
        self, segments: Sequence[Segment], cuts: Sequence[Cut], scope: Scope, earlier: Mapping[str, str]
    ) -> tuple[tuple[Edit, ...], Mapping[str, str]]:
        """Return the edits, and the original by stand-in; cuts come in order.

        Raises:
            PolicyAnswerRefused: an operator failed.
        """
        if any(cut.operator == "synthetic" for cut in cuts):
            cuts = list(_readable(cuts, segments))
        texts = [segments[cut.segment].text[cut.start : cut.end] for cut in cuts]
        asked: dict[str, list[tuple[str, str]]] = {operator: [] for operator in REVERSIBLE}
        for text, cut in zip(texts, cuts, strict=True):
            if cut.operator in asked:
                asked[cut.operator].append((text, cut.entity))
        synthetics: Mapping[str, str] = {}
        if asked["synthetic"]:
            synthetics = Synthetics(self._pseudonyms, scope, segments, earlier).assign(asked["synthetic"])
        without = [pair for pair in asked["synthetic"] if pair[0] not in synthetics]
        pseudonyms = self._pseudonyms.assign(scope, [*asked["pseudonym"], *without])
        values: dict[str, str] = {}
        edits = []
        for text, cut in zip(texts, cuts, strict=True):
            operator, params = cut.operator, {"entity": cut.entity, "data_class": cut.data_class}
            if operator in REVERSIBLE:
                operator = "synthetic" if operator == "synthetic" and text in synthetics else "pseudonym"
                params[operator] = standin = (synthetics if operator == "synthetic" else pseudonyms)[text]
                values.setdefault(standin, earlier.get(text, text))
            elif operator == "hash":
                params["digest"] = self._pseudonyms.digest(scope, text, cut.entity)
            edits.append(Edit(cut.segment, cut.start, cut.end, self._operators.operate(operator, text, params)))
        return tuple(edits), values


def _readable(cuts: Sequence[Cut], segments: Sequence[Segment]) -> Iterator[Cut]:
    """Go through the cuts; one that a letter, a digit or another cut touches gets no synthetic value but a pseudonym.

    On the way back a synthetic value is known by being a word of its own.
    """
    starts = {(cut.segment, cut.start) for cut in cuts}
    ends = {(cut.segment, cut.end) for cut in cuts}
    for cut in cuts:
        text = segments[cut.segment].text
        touched = (
            (cut.segment, cut.start) in ends
            or (cut.segment, cut.end) in starts
            or _OF_A_WORD.match(text[max(0, cut.start - 1) : cut.start])
            or _OF_A_WORD.match(text, cut.end)
        )
        yield replace(cut, operator="pseudonym") if touched and cut.operator == "synthetic" else cut
