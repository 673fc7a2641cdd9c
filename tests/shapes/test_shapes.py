"""Every rule has examples that satisfy it and examples that break it, each for the reason in its second line.

The first line of an example names the rules that it breaks, as `# expect: A02`, or `# expect: none`.
"""

from pathlib import Path

import pytest

from tests.shapes.expected import EXAMPLES, found_in, name_of, read_table
from twinld.validate import load_rules

NAMES = [name_of(path) for path in EXAMPLES]
FINDINGS = read_table()


def expected(path: Path) -> set[str]:
    """The rules that the first line of an example names."""
    head, _, ids = path.read_text("utf-8").split("\n", 1)[0].partition(":")
    assert head == "# expect", f"{path}: the first line is not `# expect: ...`"
    return set(ids.split()) - {"none"}


def test_the_examples_were_found():
    assert len(EXAMPLES) >= 2 * len(load_rules().by_id)
    assert set(FINDINGS) <= set(NAMES)


@pytest.mark.parametrize("path", EXAMPLES, ids=NAMES)
def test_an_example_breaks_just_the_rules_it_names(path):
    found = found_in(path)

    assert {rule for rule, *_ in found} == expected(path)
    assert found == FINDINGS.get(name_of(path), set())


@pytest.mark.parametrize("path", EXAMPLES, ids=NAMES)
def test_an_example_is_of_its_rule_and_gives_a_reason(path):
    first, second = path.read_text("utf-8").split("\n", 2)[:2]

    kind = "valid" if first.endswith("none") else "invalid"
    assert path.name.startswith(f"{kind}-")
    assert path.parent.name in load_rules().by_id
    assert kind == "valid" or path.parent.name in expected(path)
    assert second.startswith("# ")
    assert second.endswith(".")


@pytest.mark.parametrize("rule", load_rules().by_id)
def test_a_rule_has_both_kinds_of_example(rule):
    names = [path.name for path in EXAMPLES if path.parent.name == rule]

    assert {name.partition("-")[0] for name in names} == {"valid", "invalid"}
