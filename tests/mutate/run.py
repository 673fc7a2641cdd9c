"""Does an example notice a mutant? Each is checked alone, as the only rule there is, first by its rule's examples."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.mutate.mutants import Mutant, graph_of, mutants
from tests.shapes.expected import EXAMPLES, Row, name_of, read_table
from twinld.validate import check_graph, load_rules, rules

ALWAYS: Final = "X08"
"""The rule that the engine decides itself, and so must know."""
EXPECTED: Final = read_table()
RULES: Final = dict(load_rules().by_id)


def survives(mutant: Mutant) -> bool:
    """Whether all examples say of the mutant what they say of its rule."""
    own = [path for path in EXAMPLES if path.parent.name == mutant.rule]
    others = [path for path in EXAMPLES if path.parent.name != mutant.rule]
    with alone(mutant):
        return all(_same(path, mutant.rule) for path in (*own, *others))


def _same(path: Path, rule: str) -> bool:
    expected: set[Row] = {row for row in EXPECTED.get(name_of(path), set()) if row[0] == rule}
    is_shape = RULES[rule].is_shape
    try:
        found = {
            (item.rule, item.severity, item.focus, "" if is_shape else item.value)
            for item in check_graph(path).findings
            if item.rule == rule
        }
    except Exception:
        return False
    return found == expected


@contextmanager
def alone(mutant: Mutant) -> Iterator[None]:
    """With the mutant as the only rule beside X08."""
    with TemporaryDirectory() as name:
        place = Path(name)
        (place / "cross-record").mkdir()
        (place / "one.ttl").write_text(mutant.turtle, encoding="utf-8")
        if mutant.rule != ALWAYS:
            (place / "two.ttl").write_text(graph_of(RULES[ALWAYS]).serialize(format="turtle"), encoding="utf-8")
        if mutant.query is not None:
            (place / "cross-record" / f"{mutant.rule}.rq").write_text(mutant.query, encoding="utf-8")
        before = rules.folder
        rules.folder = lambda _name: place
        load_rules.cache_clear()
        try:
            yield
        finally:
            rules.folder = before
            load_rules.cache_clear()


def all_mutants(only: tuple[str, ...] = ()) -> list[Mutant]:
    """The mutants of the rules that are named, or of all."""
    return [mutant for id_, rule in RULES.items() if not only or id_ in only for mutant in mutants(rule)]
