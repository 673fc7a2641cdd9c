"""The competency questions: two engines give the kept answer, and the whole release answers every one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph
import pytest
import rdflib

from tests.queries import part
from twinld.queries import asked_by, competency_questions, keywords, query, question
from twinld.store import Store
from twinld.store.query_text import form

QUESTIONS = competency_questions()
ASKERS = {"researchers", "Wikidata contributors", "portals"}
NO_ROWS = {"cq13": "every agreement has a source"}
"""Questions whose right answer has no rows, and why."""


@pytest.fixture(scope="module")
def quads(release: Path) -> list[pyoxigraph.Quad]:
    return part.part_of(release)


@pytest.fixture(scope="module")
def engine(quads: list[pyoxigraph.Quad], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = part.in_store(quads, tmp_path_factory.mktemp("part"))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def dataset(quads: list[pyoxigraph.Quad]) -> rdflib.Dataset:
    return part.in_rdflib(quads)


def test_the_45_questions_of_the_design_and_two_on_sources_and_status_are_there() -> None:
    assert [f"cq{number:02}" for number in range(1, 48)] == QUESTIONS
    assert sorted(path.stem for path in part.ANSWERS.glob("*.csv")) == QUESTIONS


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_says_what_it_asks_what_it_is_about_and_who_asks(name: str) -> None:
    assert re.fullmatch(r"[A-Z].*[?)]", question(name))
    assert keywords(name)
    assert asked_by(name) in ASKERS


@pytest.mark.parametrize("name", QUESTIONS)
def test_our_store_gives_the_kept_answer(engine: Store, name: str) -> None:
    assert part.answer(engine, name) == part.kept(name)


@pytest.mark.parametrize("name", QUESTIONS)
def test_rdflib_gives_the_kept_answer(dataset: rdflib.Dataset, name: str) -> None:
    assert part.rdflib_answer(dataset, name) == part.kept(name)


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_whole_release_answers(store: Store, name: str) -> None:
    text = query(name)

    if form(text) == "ASK":
        assert store.ask(text)
    else:
        assert bool(store.select(text)) == (name not in NO_ROWS)


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_kept_answer_has_rows_unless_the_right_answer_has_none(name: str) -> None:
    assert (len(part.kept(name)) > 1) == (name not in NO_ROWS)


def test_counts_over_time_tell_how_many_are_dated_of_all() -> None:
    over_time = [
        name for name in QUESTIONS if "COUNT" in query(name) and re.search(r"tw:(start|end|phase)", query(name))
    ]
    headers = {name: query(name).partition("WHERE {")[0] for name in over_time}

    assert over_time == ["cq03", "cq18", "cq31", "cq32", "cq37", "cq47"]
    assert [name for name in over_time if not re.search(r"\?(dated|withStart|undated)\b", headers[name])] == []
    assert [name for name in over_time if not re.search(r"\?(all|now)\b", headers[name])] == []
