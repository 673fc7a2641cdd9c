"""What differs between two sorted files of quads: each thing once, with old and new values."""

from __future__ import annotations

import csv
import gzip
import io
import json
import tempfile
from pathlib import Path

import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

from twinld.cli import main
from twinld.errors import InputError, NotFound
from twinld.publish import diff
from twinld.publish.change_forms import FORMS, short
from twinld.publish.changes import Change, Changes, Field
from twinld.publish.diff import difference
from twinld.publish.sides import Side, find_side
from twinld.vocab import AS, GRAPH, ID, RDF, RDFS, TW

A, L = f"<{RDF}type>", f"<{RDFS}label>"


def quads(path: Path, *lines: str) -> Path:
    """A file of quads: each line is `subject property object graph` in short names."""
    short_names = {"a": A, "label": L, "party": f"<{TW}party>", "country": f"<{TW}country>", "start": f"<{TW}start>",
                   "Place": f"<{TW}Place>", "Agreement": f"<{TW}Agreement>", "member": f"<{TW}member>"}  # fmt: skip

    def term(name: str) -> str:
        return short_names.get(name) or (name if name.startswith('"') else f"<{ID}{name}>")

    rows = [line.split(" ") for line in lines]
    whole = sorted((f"<{GRAPH}{g}>", f"{term(s)} {term(p)} {term(o)}") for s, p, o, g in rows)
    path.write_text("".join(f"{triple} {graph} .\n" for graph, triple in whole), encoding="utf-8")
    return path


BOSTON = ("place/boston a Place curated", 'place/boston label "Boston"@en curated',
          "place/boston country place/country-us curated")  # fmt: skip
KYOTO = ("place/kyoto a Place curated", 'place/kyoto label "京都市"@ja curated',
         'place/kyoto label "Kyoto"@en curated', "place/kyoto country place/country-jp curated")  # fmt: skip
TWINS = ("agreement/boston--kyoto a Agreement curated", "agreement/boston--kyoto party place/boston curated",
         "agreement/boston--kyoto party place/kyoto curated")  # fmt: skip


def told(old: Side, new: Side) -> tuple[list[Change], Changes]:
    with difference(old, new) as found:
        return list(found.changes()), found.told()


def compared(tmp_path: Path, old: tuple[str, ...], new: tuple[str, ...], ids: str = "") -> list[Change]:
    ledger = tmp_path / "ids.csv"
    ledger.write_text("type,slug,key,minted_in,state,replaced_by\n" + ids)
    sides = (
        Side("old", (quads(tmp_path / "old.nq", *old),)),
        Side("new", (quads(tmp_path / "new.nq", *new),), ids=ledger),
    )
    return told(*sides)[0]


def test_what_is_the_same_has_no_changes(tmp_path: Path) -> None:
    assert compared(tmp_path, (*BOSTON, *KYOTO, *TWINS), (*BOSTON, *KYOTO, *TWINS)) == []


def test_a_changed_date_comes_with_old_and_new_and_the_names_of_unchanged_parties(tmp_path: Path) -> None:
    rest = (*BOSTON, *KYOTO, *TWINS)
    (change,) = compared(
        tmp_path, (*rest, 'agreement/boston--kyoto start "1959" curated'),
        (*rest, 'agreement/boston--kyoto start "1958" curated'),
    )  # fmt: skip

    assert change == Change(
        f"{ID}agreement/boston--kyoto", "agreement", "boston--kyoto", "changed", "Boston – Kyoto", ("JP", "US"),
        (f"{ID}place/boston", f"{ID}place/kyoto"),
        (f"{ID}agreement/boston--kyoto", f"{ID}place/boston", f"{ID}place/kyoto"), None,
        (Field(f"{TW}start", "curated", "", ('"1959"',), ('"1958"',)),),
    )  # fmt: skip


def test_things_are_added_merged_and_removed(tmp_path: Path) -> None:
    changes = compared(
        tmp_path,
        (*BOSTON, "place/boston-us a Place curated", "place/atlantis a Place curated"),
        (*BOSTON, *KYOTO),
        "place,boston-us,Q9,2020-01-01,merged,boston\nplace,atlantis,Q8,2020-01-01,gone,\n",
    )

    assert [(change.change, change.slug, change.successor, change.label) for change in changes] == [
        ("removed", "atlantis", None, "atlantis"),
        ("merged", "boston-us", f"{ID}place/boston", "boston-us"),
        ("added", "kyoto", None, "Kyoto"),
    ]
    assert changes[2].countries == ("JP",)
    assert len(changes[2].fields) == 3, "an added thing has all its values: type, labels, country"


def test_a_fact_that_moves_to_another_licence_is_told_graph_by_graph(tmp_path: Path) -> None:
    (change,) = compared(
        tmp_path,
        (*BOSTON, 'place/boston label "Bostonia"@la facts/sample'),
        (*BOSTON, 'place/boston label "Bostonia"@la curated'),
    )

    assert (change.change, change.fields) == (
        "changed",
        (
            Field(f"{RDFS}label", "curated", "", (), ('"Bostonia"@la',)),
            Field(f"{RDFS}label", "facts/sample", "", ('"Bostonia"@la',), ()),
        ),
    )


def test_a_thing_of_one_licence_less_is_changed_and_not_removed(tmp_path: Path) -> None:
    (change,) = compared(tmp_path, (*BOSTON, "place/boston a Place facts/sample"), BOSTON)

    assert change.change == "changed"


def test_a_part_of_a_network_concerns_its_member(tmp_path: Path) -> None:
    (change,) = compared(
        tmp_path,
        (*BOSTON, "network/oeaed a Place curated"),
        (*BOSTON, "network/oeaed a Place curated", "network/oeaed#boston member place/boston curated"),
    )

    assert (change.type, change.slug, change.change, change.countries) == ("network", "oeaed", "changed", ("US",))
    assert change.concerns == (f"{ID}network/oeaed", f"{ID}place/boston")
    assert change.fields[0].part == "boston"


def test_quads_of_every_graph_are_counted(tmp_path: Path) -> None:
    old = Side("old", (quads(tmp_path / "old.nq", *BOSTON, "record/a/b a Place source/a"),))
    new = Side("new", (quads(tmp_path / "new.nq", *KYOTO, "record/a/b a Place source/b"),))
    _, document = told(old, new)

    assert document.graphs == (
        {"graph": "curated", "added": 4, "removed": 3},
        {"graph": "source/a", "added": 0, "removed": 1},
        {"graph": "source/b", "added": 1, "removed": 0},
    )


def test_graphs_of_several_files_are_read_as_one(tmp_path: Path) -> None:
    one = Side(
        "one", (quads(tmp_path / "all.nq", *BOSTON, "place/kyoto a Place facts/sample", "record/a/b a Place source/a"),)
    )
    first = quads(tmp_path / "first.nq", *BOSTON, "record/a/b a Place source/a")
    second = quads(tmp_path / "second.nq", "place/kyoto a Place facts/sample")

    assert told(one, Side("two", (first, second)))[0] == []


def test_many_lines_go_through_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_memory = compared(tmp_path, (*BOSTON, *TWINS), (*KYOTO, *TWINS))
    monkeypatch.setattr(diff, "_CHUNK", 2)

    assert compared(tmp_path, (*BOSTON, *TWINS), (*KYOTO, *TWINS)) == in_memory
    assert [change.change for change in in_memory] == ["removed", "added"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<a> <b> <c> <g> .\n<a> <b> <b> <g> .\n", r"new.nq:2: out of order or twice"),
        ("<a> <b> <c> <g> .\n<a> <b> <d> <g", r"new.nq:2: this is no whole line of sorted N-Quads"),
        ("<a> <b> <c> <g> .\n<a> <b> <c> <f> .\n", r"new.nq:2: graph f comes after g"),
        ("<a> <b>\n", r"new.nq:1: this is no whole line"),
        (" <a> <b> <c> <g> .\n", r"new.nq:1: a line of sorted N-Quads begins with < or _:"),
        ("<a> <b> <c> <g> .\n# <h> .\n", r"new.nq:2: a line of sorted N-Quads begins with < or _:"),
    ],
)
def test_a_file_that_is_cut_or_unsorted_is_refused_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "new.nq").write_text(text)

    with pytest.raises(InputError, match=said):
        told(Side("old", (quads(tmp_path / "old.nq", *BOSTON),)), Side("new", (tmp_path / "new.nq",)))


def test_a_packed_file_that_is_cut_is_refused(tmp_path: Path) -> None:
    old = quads(tmp_path / "old.nq", *BOSTON)
    packed = gzip.compress(old.read_bytes())
    (tmp_path / "whole.nq.gz").write_bytes(packed)
    (tmp_path / "cut.nq.gz").write_bytes(packed[:-12])

    assert told(Side("old", (old,)), find_side(tmp_path, str(tmp_path / "whole.nq.gz")))[0] == []
    with pytest.raises(InputError, match=r"cut.nq.gz:\d+: cannot be read"):
        told(Side("old", (old,)), find_side(tmp_path, str(tmp_path / "cut.nq.gz")))


def test_what_is_no_release_and_no_file_is_not_compared(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text("")

    with pytest.raises(NotFound, match="release '2020-01-01' is not here"):
        find_side(tmp_path, "2020-01-01")
    with pytest.raises(InputError, match="only sorted files can be compared"):
        find_side(tmp_path, str(tmp_path / "a.ttl"))
    with pytest.raises(InputError, match="share no thing"):
        told(Side("old", base="http://localhost/"), Side("new"))


def test_every_form_tells_the_same(tmp_path: Path) -> None:
    old = Side("old", (quads(tmp_path / "old.nq", *BOSTON, *TWINS, 'agreement/boston--kyoto start "1959" curated'),))
    new = Side("new", (quads(tmp_path / "new.nq", *KYOTO, *TWINS),), date="2022-11-30")
    written = {}
    for name, form in FORMS.items():
        with difference(old, new) as found:
            written[name] = "".join(form(found.told()))

    assert written["text"].splitlines() == [
        "new after old: 1 agreement changed, 1 place added, 1 place removed",
        "  graph curated: 4 quads added, 4 removed",
        "changed  agreement boston--kyoto (Boston – Kyoto)",
        "         tw:start: - 1959 (curated)",
        "removed  place boston (Boston)",
        "added    place kyoto (Kyoto)",
    ]
    assert [
        (row["change"], row["iri"], row["property"], row["old"]) for row in csv.DictReader(io.StringIO(written["csv"]))
    ] == [
        ("changed", f"{ID}agreement/boston--kyoto", f"{TW}start", "1959"),
        ("removed", f"{ID}place/boston", "", ""),
        ("added", f"{ID}place/kyoto", "", ""),
    ]
    document = json.loads(written["json"])
    assert Changes.read(document).changes == tuple(told(old, new)[0])
    graph = rdflib.Graph().parse(data=written["ttl"], format="turtle")
    activities = {
        (str(graph.value(a, rdflib.RDF.type)), str(o)) for a, o in graph.subject_objects(rdflib.URIRef(f"{AS}object"))
    }
    assert activities == {
        (f"{AS}Update", f"{ID}agreement/boston--kyoto"),
        (f"{AS}Delete", f"{ID}place/boston"),
        (f"{AS}Create", f"{ID}place/kyoto"),
    }


def test_a_term_in_short(tmp_path: Path) -> None:
    assert [short(f"<{ID}place/boston>"), short("<http://example.org/a>"), short(f"<{ID}place/a/b>")] == [
        "place:boston", "http://example.org/a", "place:a/b",
    ]  # fmt: skip


def test_the_command_compares_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = quads(tmp_path / "old.nq", *BOSTON), quads(tmp_path / "new.nq", *BOSTON)

    assert main(["diff", str(old), str(new)]) == 0
    assert capsys.readouterr().out == "new.nq holds what old.nq holds\n"


SUBJECTS = ("place/a", "place/a#part", "place/a-b", "agreement/a--b", "network/n#a", "record/a/b", "pair/a--b")
LINES = st.sets(
    st.builds(
        lambda subject, name, value, graph: (f"{GRAPH}{graph}", f'<{ID}{subject}> <{TW}{name}> "{value}"'),
        st.sampled_from(SUBJECTS), st.sampled_from("pq"), st.sampled_from("12"),
        st.sampled_from(["curated", "facts/a", "source/a"]),
    )
)  # fmt: skip


@given(LINES, LINES)
def test_the_old_with_its_changes_is_the_new(old: set[tuple[str, str]], new: set[tuple[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / name for name in ("old.nq", "new.nq")]
        for path, lines in zip(paths, (old, new), strict=True):
            path.write_text("".join(f"{triple} <{graph}> .\n" for graph, triple in sorted(lines)))
        changes, document = told(Side("old", (paths[0],)), Side("new", (paths[1],)))

    assert {f"{GRAPH}{row['graph']}": (row["added"], row["removed"]) for row in document.graphs} == {
        graph: tuple(sum(line[0] == graph for line in lines) for lines in (new - old, old - new))
        for graph in {graph for graph, _ in old ^ new}
    }  # fmt: skip
    removed, added = (
        {
            (f"{GRAPH}{item.graph}", f"<{change.iri}{'#' if item.part else ''}{item.part}> <{item.property}> {term}")
            for change in changes
            for item in change.fields
            for term in getattr(item, side)
        }
        for side in ("old", "new")
    )
    things = {line for line in old | new if not line[0].endswith("source/a") and "/id/record/" not in line[1]}
    things = {line for line in things if "/id/pair/" not in line[1]}
    assert (old & things) - removed | added == new & things
    assert [change.iri for change in changes] == sorted({change.iri for change in changes})
