"""Writes a matrix as one HTML page that can be filed: no script, no style, no font from elsewhere; it prints well."""

from collections import Counter
from collections.abc import Sequence
from html import escape

from sidecar.app.mapping import Row

_STYLE = """
body { font: 14px/1.4 sans-serif; margin: 2em auto; max-width: 110em; padding: 0 1em; color: #1f2328; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; padding: .5em 0; }
th, td { border: 1px solid #d0d7de; padding: .3em .5em; text-align: left; vertical-align: top; }
th { background: #f6f8fa; }
.allow { color: #1a7f37; } .redact { color: #9a6700; } .reroute { color: #0b6e99; } .block { color: #b3261e; }
td.verdict { font-weight: bold; }
dt { font-weight: bold; }
@media print { body { margin: 0; font-size: 10px; } thead { display: table-header-group; } tr { break-inside: avoid; } }
"""
COLUMNS = ("model", "provider", "verdict", "redacted", "against it", "clauses", "with data in it", "what would open it")


def page(rows: Sequence[Row], *, tenant: str, day: str, classes: Sequence[str], revisions: dict[str, str]) -> str:
    """Return the page. Every word in it is escaped."""
    counts = Counter(row.verdict for row in rows)
    facts = {
        "Customer": tenant,
        "Day": day,
        "Content": ", ".join(classes) or "none in particular",
        **revisions,
        "Targets": ", ".join(f"{counts[word]} {word}" for word in ("allow", "redact", "block") if counts[word]),
    }
    head = "".join(f"<dt>{escape(name)}</dt><dd>{escape(told)}</dd>" for name, told in facts.items())
    columns = "".join(f'<th scope="col">{escape(column)}</th>' for column in COLUMNS)
    return "\n".join(
        (
            "<!doctype html>",
            '<html lang="en"><head><meta charset="utf-8">',
            f"<title>Models for {escape(tenant)}, {escape(day)}</title>",
            f"<style>{_STYLE}</style></head><body>",
            f"<h1>Which models {escape(tenant)} may use, and where</h1>",
            f"<dl>{head}</dl>",
            "<table><caption>Judged by the policy itself, target by target.</caption>",
            f"<thead><tr>{columns}</tr></thead>",
            "<tbody>",
            *(_row(row) for row in rows),
            "</tbody></table></body></html>",
        )
    )


def _row(row: Row) -> str:
    cells = (row.redact, row.against, row.clauses, row.with_data, row.unlock)
    told = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
    verdict = f'<td class="verdict {escape(row.verdict)}">{escape(row.verdict)}</td>'
    return f"<tr><td>{escape(row.model)}</td><td>{escape(row.provider)}</td>{verdict}{told}</tr>"
