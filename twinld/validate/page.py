"""A report as one HTML page: no script, nothing loaded from elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape
from typing import Final

from twinld.model import Finding

SHOWN: Final = 100
"""How many findings of a rule the page lists."""
_STYLE: Final = """
:root { color-scheme: light dark; --line: #8886; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 72rem; margin: 0 auto; padding: 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: start; padding: .25rem .75rem .25rem 0; vertical-align: top; }
tr { border-bottom: 1px solid var(--line); }
td, li { overflow-wrap: anywhere; }
.number { text-align: end; font-variant-numeric: tabular-nums; }
.scroll { overflow-x: auto; }
"""


def html_page(
    findings: Sequence[Finding], names: Mapping[str, str], severities: Sequence[str], fallbacks: Sequence[str]
) -> str:
    """The page; `names` are those of the rules by id, `severities` the words from the gravest down."""
    grave = {severity: number for number, severity in enumerate(severities)}
    groups: dict[tuple[int, str, str], list[Finding]] = {}
    for finding in findings:
        key = (grave.get(finding.severity, len(grave)), finding.severity, finding.rule)
        groups.setdefault(key, []).append(finding)
    by_severity = Counter(finding.severity for finding in findings)
    gravest = sorted(by_severity, key=lambda name: grave.get(name, len(grave)))
    told = ", ".join(f"{by_severity[name]:,} {name}{_s(by_severity[name])}" for name in gravest)
    verdict = "The data conforms." if not by_severity["Violation"] else "The data does not conform."
    parts = [
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>Validation report</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>",
        f"<h1>Validation report</h1>\n<p><strong>{verdict}</strong> {escape(told) or 'Nothing found'}.</p>",
    ]
    parts += [f"<p>Checked by pySHACL, node by node: {escape(reason)}.</p>" for reason in fallbacks]
    if groups:
        rows = "\n".join(
            f'<tr><td><a href="#{escape(rule)}">{escape(rule)}</a></td><td>{escape(names.get(rule, ""))}</td>'
            f'<td>{escape(severity)}</td><td class="number">{len(some):,}</td></tr>'
            for (_, severity, rule), some in sorted(groups.items())
        )
        parts.append(
            '<div class="scroll"><table>\n<thead><tr><th scope="col">Rule</th><th scope="col">Name</th>'
            f'<th scope="col">Severity</th><th scope="col" class="number">Times</th></tr></thead>\n<tbody>\n{rows}\n'
            "</tbody></table></div>"
        )
    for (_, severity, rule), some in sorted(groups.items()):
        parts.append(_section(rule, severity, names.get(rule, ""), some))
    return "\n".join([*parts, "</main>\n</body>\n</html>\n"])


def _section(rule: str, severity: str, name: str, findings: Sequence[Finding]) -> str:
    messages = sorted({finding.message for finding in findings})
    title = f"{rule} {severity}" + (f": {name}" if name else "")
    lines = [f'<section id="{escape(rule)}">', f"<h2>{escape(title)}</h2>"]
    if len(messages) == 1:
        lines.append(f"<p>{escape(messages[0].removeprefix(f'{rule}: '))}</p>")
    lines.append("<ul>")
    for finding in findings[:SHOWN]:
        place = ", ".join(part for part in (finding.source, finding.where) if part)
        value = f": {escape(finding.value)}" if finding.value else ""
        message = f" {escape(finding.message)}" if len(messages) > 1 else ""
        lines.append(f"<li>{_linked(finding.focus)}{value} ({escape(place)}){message}</li>")
    lines.append("</ul>")
    if len(findings) > SHOWN:
        lines.append(f"<p>... and {len(findings) - SHOWN:,} more.</p>")
    return "\n".join([*lines, "</section>"])


def _linked(focus: str) -> str:
    """A link where it is safe: nothing but http and https is one."""
    text = escape(focus)
    return f'<a href="{text}">{text}</a>' if focus.startswith(("http://", "https://")) else text


def _s(number: int) -> str:
    return "" if number == 1 else "s"
