"""A sample of the mutants of the shapes is noticed by an example; which ones rotates with the commit.

`make mutate` takes all of them.
"""

from __future__ import annotations

import os
import random
import subprocess
from pathlib import Path

from tests.mutate.equivalent import EQUIVALENT
from tests.mutate.mutants import mutants
from tests.mutate.run import RULES, survives

SAMPLE = 24
"""Mutants a run: about 2 CPU seconds."""


def seed() -> str:
    """MUTATE_SEED, else the commit that is checked out, else a word."""
    given = os.environ.get("MUTATE_SEED")
    if given:
        return given
    command = ["git", "-C", str(Path(__file__).parent), "rev-parse", "HEAD"]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    return found.stdout.strip() or "none"


def test_a_sample_of_mutants_is_noticed() -> None:
    chosen = seed()
    print(f"MUTATE_SEED={chosen}")
    choice = random.Random(chosen)
    rules = choice.sample(sorted(RULES), SAMPLE)
    sample = [choice.choice(list(mutants(RULES[id_]))) for id_ in rules]
    sample = [mutant for mutant in sample if (mutant.rule, mutant.what) not in EQUIVALENT]

    assert len(sample) > SAMPLE / 2
    assert [(mutant.rule, mutant.what) for mutant in sample if survives(mutant)] == []


def test_a_rule_that_is_left_as_it_is_survives() -> None:
    first = next(mutants(RULES["X02"]))
    same = type(first)("X02", "nothing", _turtle("X02"), RULES["X02"].query)

    assert survives(same)
    assert not survives(first)


def test_what_is_called_equivalent_is_a_mutant_and_has_a_reason() -> None:
    ids = sorted({rule for rule, _ in EQUIVALENT})
    known = {(id_, mutant.what) for id_ in ids for mutant in mutants(RULES[id_])}

    assert set(EQUIVALENT) <= known
    assert all(EQUIVALENT.values())


def _turtle(id_: str) -> str:
    from tests.mutate.mutants import graph_of

    return graph_of(RULES[id_]).serialize(format="turtle")
