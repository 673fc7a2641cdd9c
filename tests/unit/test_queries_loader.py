"""Our own questions are read from files."""

import pytest

from twinld import queries
from twinld.errors import NotFound
from twinld.store import open_store
from twinld.vocab import PREFIXES

TEXT = """# Which places are twinned with one place?
# (sorted)
PREFIX ex: <http://example.org/>
SELECT ?twin { ?place tw:hasBeenTwinnedWith ?twin ; ex:wd:x ?y . <http://xsd:1/> rdfs:label "geo" } ORDER BY ?twin
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "twins_of.rq").write_text(TEXT, encoding="utf-8")
    (tmp_path / "about.rq").write_text("SELECT * {}\n", encoding="utf-8")
    monkeypatch.setattr(queries, "FOLDER", tmp_path)
    queries.query.cache_clear()
    queries._text.cache_clear()
    yield tmp_path
    queries.query.cache_clear()
    queries._text.cache_clear()


def test_names_are_sorted(folder):
    assert queries.names() == ["about", "twins_of"]


def test_only_the_prefixes_in_use_are_put_before_the_text(folder):
    expected = "PREFIX tw: <https://w3id.org/twinld/ns#>\nPREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n" + TEXT

    assert expected == queries.query("twins_of")
    assert queries.query("about") == "SELECT * {}\n"


def test_another_base_is_put_in(folder):
    text = queries.query("twins_of", base="http://localhost/")

    assert text.startswith("PREFIX tw: <http://localhost/ns#>\n")


def test_a_file_is_read_once(folder):
    first = queries.query("twins_of")
    (folder / "twins_of.rq").write_text("changed")

    assert first is queries.query("twins_of")


def test_the_question_is_the_first_comment_line(folder):
    assert [queries.question(name) for name in ("twins_of", "about")] == [
        "Which places are twinned with one place?",
        "",
    ]


def test_a_competency_question_says_its_keywords_and_who_asks(folder):
    (folder / "questions").mkdir()
    (folder / "questions" / "cq01.rq").write_text("# Who?\n# keywords: twins, start\n# asked by: portals\nASK {}\n")

    assert queries.names() == ["about", "cq01", "twins_of"]
    assert queries.competency_questions() == ["cq01"]
    assert (queries.question("cq01"), queries.keywords("cq01"), queries.asked_by("cq01")) == (
        "Who?",
        ["twins", "start"],
        "portals",
    )
    assert (queries.keywords("about"), queries.asked_by("about")) == ([], "")


def test_an_unknown_name_names_the_nearest(folder):
    with pytest.raises(NotFound, match=r"^there is no query 'twin_of'; did you mean twins_of\?$"):
        queries.query("twin_of")


@pytest.mark.parametrize("prefix", PREFIXES)
def test_every_prefix_of_ours_can_be_used(folder, prefix):
    (folder / "any.rq").write_text(f"ASK {{ ?s ?p {prefix}:x }}")

    assert open_store().ask(queries.query("any")) is False
