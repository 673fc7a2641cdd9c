"""What a check found, counted, and written as text, JSON, CSV or a SHACL report in Turtle."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Final

from twinld import terms
from twinld.errors import UsageError, nearest
from twinld.model import Finding
from twinld.store.binding import to_text
from twinld.validate.page import html_page
from twinld.validate.results import Result
from twinld.validate.rules import SEVERITIES, load_rules
from twinld.vocab import BASE, SH, XSD

EXAMPLES: Final = 3
"""How many findings of a rule the text shows."""
COLUMNS: Final = ("rule", "severity", "source", "focus", "value", "where", "message")


@dataclass(frozen=True)
class Report:
    """The findings of a check, sorted, each once.

    Other stages' findings can be in it too: a rule of theirs that isn't in `shapes/` is shown by its messages.
    """

    findings: tuple[Finding, ...] = ()
    results: tuple[Result, ...] = ()
    """The same as SHACL has it, with path and component, where shapes of others were checked."""
    fallbacks: tuple[str, ...] = ()
    """Why pySHACL had to check some shapes: these have no SELECT."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "findings", tuple(sorted(set(self.findings))))

    @property
    def violations(self) -> tuple[Finding, ...]:
        """The findings of severity Violation."""
        return tuple(finding for finding in self.findings if finding.severity == "Violation")

    @property
    def conforms(self) -> bool:
        """Whether there is no Violation; Warnings and Infos change nothing."""
        return not self.violations

    @property
    def counts(self) -> dict[tuple[str, str, str], int]:
        """How many findings, by (source, rule, severity), in this order."""
        return dict(sorted(Counter((f.source, f.rule, f.severity) for f in self.findings).items()))

    def write(self, format_name: str) -> str:
        """The report in a format of WRITERS, ending with a line feed; UsageError when there is none of it."""
        writer = WRITERS.get(format_name)
        if writer is None:
            raise UsageError(f"{format_name!r} is no format of a report; {nearest(format_name, WRITERS, 'formats')}")
        return writer(self)


def text(report: Report) -> str:
    """For a person: each rule with how often it is broken, what to do, and the first examples."""
    notes = "".join(f"Checked by pySHACL, node by node: {reason}.\n" for reason in report.fallbacks)
    if not report.findings:
        return f"{notes}Nothing found.\n"
    by_severity = Counter(finding.severity for finding in report.findings)
    blocks = [
        ", ".join(f"{by_severity[name]:,} {name}{_s(by_severity[name])}" for name in _gravest(by_severity)) + "\n"
    ]
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in report.findings:
        groups.setdefault((finding.severity, finding.rule), []).append(finding)
    for (severity, rule), findings in sorted(groups.items(), key=lambda item: (_grave(item[0][0]), item[0][1])):
        known = load_rules().by_id.get(rule)
        title = f"{rule} {severity}, {len(findings):,} time{_s(len(findings))}"
        lines = [f"{title}: {known.name}" if known else title]
        messages = {finding.message for finding in findings}
        if len(messages) == 1:
            lines.append(f"  {_sentence(messages.pop(), rule)}")
        lines += [_example(finding, bool(messages)) for finding in findings[:EXAMPLES]]
        if len(findings) > EXAMPLES:
            lines.append(f"  ... and {len(findings) - EXAMPLES:,} more")
        blocks.append("\n".join(lines) + "\n")
    return notes + "\n".join(blocks)


def _example(finding: Finding, with_message: bool) -> str:
    line = f"  - {finding.focus}"
    if finding.value:
        line += f": {finding.value}"
    line += f" ({', '.join(part for part in (finding.source, finding.where) if part)})"
    return f"{line}\n    {_sentence(finding.message, finding.rule)}" if with_message else line


def _sentence(message: str, rule: str) -> str:
    message = message.removeprefix(f"{rule}: ")
    return message[:1].upper() + message[1:]


def _s(number: int) -> str:
    return "" if number == 1 else "s"


def _grave(severity: str) -> int:
    return SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES)


def _gravest(by_severity: Counter[str]) -> list[str]:
    return sorted(by_severity, key=lambda name: (_grave(name), name))


def json_(report: Report) -> str:
    """An object: conforms, counts (source, rule, severity, count) and findings, each an object."""
    document = {
        "conforms": report.conforms,
        "counts": [
            {"source": source, "rule": rule, "severity": severity, "count": count}
            for (source, rule, severity), count in report.counts.items()
        ],
        "findings": [asdict(finding) for finding in report.findings],
    }
    if report.fallbacks:
        document["checked by pySHACL"] = list(report.fallbacks)
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def csv_(report: Report) -> str:
    """One row a finding, with the columns of COLUMNS."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([getattr(finding, column) for column in COLUMNS] for finding in report.findings)
    return out.getvalue()


def ttl(report: Report) -> str:
    """A sh:ValidationReport (SHACL 1.0, section 3.6): there sh:conforms is false for any result, Warnings too.

    A value that is an IRI is the sh:value; the text of a literal stands in the message.
    """
    results = [_result(result) for result in report.results] or [
        f"[ a sh:ValidationResult ;\n    sh:focusNode {_node(finding.focus)} ;\n"
        + (f"    sh:value {_node(finding.value)} ;\n" if _is_iri(finding.value) else "")
        + f"    sh:sourceShape {terms.iri(f'{BASE}shapes#{finding.rule}')} ;\n"
        f"    sh:sourceConstraintComponent {terms.iri(f'{BASE}shapes#AnyConstraint')} ;\n"
        f"    sh:resultSeverity {terms.iri(SH + finding.severity)} ;\n"
        f"    sh:resultMessage {terms.lang(_message(finding), 'en')} ]"
        for finding in report.findings
    ]
    conforms = terms.boolean(not results)
    return (
        f"@prefix sh: <{SH}> .\n@prefix xsd: <{XSD}> .\n\n[] a sh:ValidationReport ;\n  sh:conforms {conforms}"
        + "".join(f"{' ;' if number == 0 else ' ,'}\n  {'sh:result ' if number == 0 else ''}{result}"
                  for number, result in enumerate(results))
        + " .\n"
    )  # fmt: skip


def _result(result: Result) -> str:
    """A result as an engine gave it."""
    lines = [f"sh:focusNode {_written(result.focus)}"]
    if result.path.startswith("<") and result.path.count("<") == 1:
        lines.append(f"sh:resultPath {result.path}")
    if result.value is not None:
        lines.append(f"sh:value {_written(result.value)}")
    if result.shape.kind == "iri":
        lines.append(f"sh:sourceShape {terms.iri(result.shape.value)}")
    lines.append(f"sh:sourceConstraintComponent {terms.iri(result.component)}")
    lines.append(f"sh:resultSeverity {terms.iri(result.severity)}")
    lines += [f"sh:resultMessage {terms.text(message)}" for message in result.messages]
    return "[ a sh:ValidationResult ;\n    " + " ;\n    ".join(lines) + " ]"


def _written(term: terms.Term) -> str:
    return f"_:x{term.value}" if term.kind == "bnode" else to_text(term)


def _message(finding: Finding) -> str:
    place = ", ".join(part for part in (finding.source, finding.where) if part)
    found = f" Found: {finding.value}" if finding.value and not _is_iri(finding.value) else ""
    return f"{finding.message}{found} ({place})" if place else f"{finding.message}{found}"


def _is_iri(text: str) -> bool:
    try:
        return text.startswith(("http://", "https://")) and bool(terms.iri(text))
    except ValueError:
        return False


def _node(text: str) -> str:
    return terms.iri(text) if _is_iri(text) else terms.text(text)


def html(report: Report) -> str:
    """A page of its own, for people: each rule with its name, how often it is broken, what to do and examples."""
    names = {id_: rule.name for id_, rule in load_rules().by_id.items()}
    return html_page(report.findings, names, SEVERITIES, report.fallbacks)


WRITERS: Final[dict[str, Callable[[Report], str]]] = {
    "text": text,
    "json": json_,
    "csv": csv_,
    "ttl": ttl,
    "html": html,
}
"""The formats of a report; a new one is a new row."""
