"""The documentation of the rules: made from `shapes/` and from the examples that keep and break each rule."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from twinld.errors import NotFound, SourceError, nearest
from twinld.files import folder
from twinld.texts import later
from twinld.validate import load_rules
from twinld.validate.rules import SEVERITIES, Rule, shape_files
from twinld.vocab import BASE, rebase

EXAMPLES: Final = "tests/shapes"
"""The folder of the examples: one folder a rule (docs/shapes.md)."""
SUFFIXES: Final = (".trig", ".ttl")
GROUPS: Final = {
    "A": later("Agreements"),
    "D": later("Dates"),
    "E": later("Activities and signings"),
    "G": later("Geography"),
    "I": later("Identifiers and addresses"),
    "L": later("Names"),
    "M": later("Description of the data set"),
    "N": later("Networks"),
    "P": later("Sources, records and claims"),
    "Q": later("Figures"),
    "X": later("Parties, pairs and shortcuts"),
}
"""What the rules of a letter are about."""
_PREFIX: Final = re.compile(r"@(?:prefix|base) [^\n]*\n")


@dataclass(frozen=True)
class Example:
    """A small file that keeps a rule or breaks it, and why; `text` is without its prefixes.

    `breaks` has the ids of all rules that it breaks, none where it keeps them all.
    """

    name: str
    why: str
    breaks: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class RulePart:
    """One rule as the page shows it: what it says and how it is written, in SPARQL where there is a query."""

    rule: Rule
    advice: str
    code: str
    good: tuple[Example, ...]
    bad: tuple[Example, ...]


@dataclass(frozen=True)
class ShapesPage:
    """All rules, grouped by what they are about, and how many there are of each severity, the gravest first."""

    groups: tuple[tuple[str, tuple[RulePart, ...]], ...]
    counts: tuple[tuple[str, int], ...]
    examples: int


@functools.cache
def shapes_page(base: str = BASE) -> ShapesPage:
    """The rules by group and id; SourceError for a rule that is in no group."""
    groups: dict[str, list[RulePart]] = {title: [] for title in GROUPS.values()}
    counts: dict[str, int] = {}
    for rule in load_rules(base).by_id.values():
        if rule.id[0] not in GROUPS:
            raise SourceError(f"{rule.file}: {rule.id} starts with none of {', '.join(GROUPS)}; name its group")
        examples = _examples(rule.id, base)
        good = tuple(example for example in examples if not example.breaks)
        bad = tuple(example for example in examples if example.breaks)
        advice = rule.message.removeprefix(f"{rule.id}: ")
        advice = f"{advice[0].upper()}{advice[1:]}"
        part = RulePart(rule, advice, rule.query.strip() if rule.query else _turtle(rule, base), good, bad)
        groups[GROUPS[rule.id[0]]].append(part)
        counts[rule.severity] = counts.get(rule.severity, 0) + 1
    graded = tuple((severity, counts[severity]) for severity in SEVERITIES if severity in counts)
    held = tuple((title, tuple(parts)) for title, parts in groups.items() if parts)
    return ShapesPage(held, graded, sum(len(part.good) + len(part.bad) for _, parts in held for part in parts))


def shapes_turtle(base: str = BASE) -> str:
    """All shapes and rules for data in Turtle, as they are written, file after file."""
    place = folder("shapes")
    return rebase("\n".join((place / name).read_text("utf-8") for name in shape_files(place)), base)


def shapes_query(id_: str, base: str = BASE) -> str:
    """The query of a rule over several records; NotFound when the rule has none."""
    queries = {rule.id: rule.query for rule in load_rules(base).by_id.values() if rule.query is not None}
    if id_ not in queries:
        raise NotFound(f"no rule {id_!r} has a query; {nearest(id_, queries, 'rules')}")
    return queries[id_]


def _turtle(rule: Rule, base: str) -> str:
    """The Turtle of a rule, with the comments before it."""
    text = rebase((folder("shapes") / Path(rule.file).name).read_text("utf-8"), base)
    found = re.search(rf"(?m)(?:^#.*\n)*^tws:{rule.id} [\s\S]*?(?=\n\n|\n*\Z)", text)
    return found[0] if found else ""


def _examples(id_: str, base: str) -> list[Example]:
    """The examples of a rule by name; none where the installation has no examples."""
    try:
        place = folder(EXAMPLES) / id_
    except SourceError:
        return []
    found = []
    for path in sorted(path for path in place.glob("*") if path.suffix in SUFFIXES):
        expect, why, text = path.read_text("utf-8").split("\n", 2)
        breaks = tuple(id_ for id_ in expect.partition(":")[2].split() if id_ != "none")
        name = path.stem.removeprefix("valid-").removeprefix("invalid-").replace("-", " ")
        found.append(Example(name, why.removeprefix("# "), breaks, rebase(_PREFIX.sub("", text), base).strip()))
    return found
