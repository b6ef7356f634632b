"""Draws an explanation as one picture: the question, the rules that spoke, the facts that made them, the ways out.

The picture holds everything it needs: no script, no font, no style sheet from elsewhere.
"""

import json
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

from sidecar.app.explaining import Explanation, Verdict

COLORS = {
    "block": "#b3261e",
    "denies": "#b3261e",
    "asks for redaction": "#9a6700",
    "redact": "#9a6700",
    "reroute": "#0b6e99",
    "waived": "#7a3e9d",
    "obliges": "#4a5568",
    "notes": "#4a5568",
    "allow": "#1a7f37",
    "passes": "#1a7f37",
}
FONT = 'font-family="sans-serif" font-size="12"'
INK = "#1f2328"
LINE, GAP, PAD = 16, 14, 8
WIDTHS = (260, 330, 430)  # of the three columns: question, rules, facts
BETWEEN = 50
WRAP = 7  # pixels that a letter takes, with some to spare


@dataclass(slots=True)
class _Box:
    lines: list[str]
    color: str
    children: list["_Box"] = field(default_factory=list)


def draw(record: Mapping[str, Any], explanation: Explanation) -> str:
    """Return an SVG document."""
    root = _Box(
        [record["action"], f"tenant {record['tenant']}", explanation.target, f"decision {record['decision_id']}"],
        COLORS[record["action"]],
        [_rule(verdict) for verdict in explanation.verdicts if verdict.word != "silent"],
    )
    silent = sum(verdict.word == "silent" for verdict in explanation.verdicts)
    root.children.append(_Box([f"{silent} rules had nothing to say"], COLORS["allow"]))
    for plan in explanation.plans:
        root.children.append(
            _Box(["it would pass, if one were to"], COLORS["passes"], [_Box(list(plan.changes), COLORS["passes"])])
        )
    parts: list[str] = []
    height = _place(root, 0, GAP, parts) + GAP
    width = sum(WIDTHS) + BETWEEN * len(WIDTHS)
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" {FONT} role="img">',
            f"<title>{escape(record['action'])}: {escape(explanation.target)}</title>",
            f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
            *parts,
            "</svg>",
        )
    )


def _rule(verdict: Verdict) -> _Box:
    box = _Box([verdict.code, verdict.word], COLORS[verdict.word])
    for spoken in verdict.spoken:
        lines = [spoken.reason.message, *([spoken.reason.clause] if spoken.reason.clause else [])]
        lines += [f"{fact.path} = {json.dumps(fact.value, ensure_ascii=False)}" for fact in spoken.facts]
        box.children.append(_Box(lines, COLORS[verdict.word]))
    box.children += [_Box([one.text, one.clause], COLORS["obliges"]) for one in verdict.obligations]
    box.children += [
        _Box([f"by {one.approver} until {one.expires}", one.reason], COLORS["waived"]) for one in verdict.waived
    ]
    return box


def _place(box: _Box, column: int, top: int, parts: list[str]) -> int:
    """Draw a box and what hangs on it, from ``top`` down; return where it ends."""
    lines = [line for text in box.lines for line in textwrap.wrap(text, WIDTHS[column] // WRAP) or [""]]
    height = LINE * len(lines) + 2 * PAD
    left = sum(WIDTHS[:column]) + BETWEEN * column + GAP
    middles, bottom = [], top
    for child in box.children:
        middles.append(bottom + PAD + LINE // 2)
        bottom = _place(child, column + 1, bottom, parts)
    parts.extend(_edges(left + WIDTHS[column], top + PAD + LINE // 2, middles))
    shape = f'x="{left}" y="{top}" width="{WIDTHS[column]}" height="{height}" rx="4"'
    parts.append(f'<rect {shape} fill="#ffffff" stroke="{box.color}"/>')
    for number, line in enumerate(lines):
        style = f'fill="{INK}"' if number else f'fill="{box.color}" font-weight="bold"'
        below = top + PAD + LINE * number + 12
        parts.append(f'<text x="{left + PAD}" y="{below}" {style}>{escape(line)}</text>')
    return max(bottom, top + height + GAP)


def _edges(left: int, top: int, middles: list[int]) -> Iterator[str]:
    for middle in middles:
        turn = left + BETWEEN // 2
        yield f'<path d="M{left} {top}H{turn}V{middle}H{left + BETWEEN}" fill="none" stroke="#8c959f"/>'
