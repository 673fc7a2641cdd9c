"""Sources are read row by row: good rows as records, bad rows as findings that say where and what is right."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest

from twinld import ingest
from twinld.errors import NotFound, SourceError
from twinld.files import folder
from twinld.layout import AGREEMENTS, PLACES, STATEMENTS, write_file, write_inventory
from twinld.model import Finding, PlaceFacts, Record, Redirect, Source, Statement

TOML = """\
name = "{name}"
title = "Test"
publisher = "Nobody"
homepage = "https://example.org/"
licence = "https://creativecommons.org/publicdomain/zero/1.0/"
attribution = ""
extracted = "2016-09-10"
description = "For a test."
rank = 1
directed = true
lists_all = true
"""
HEADER = ",".join(STATEMENTS)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    place = tmp_path / "sources" / "mine"
    place.mkdir(parents=True)
    (place / "source.toml").write_text(TOML.format(name="mine"), encoding="utf-8")
    return place


def statements(place: Path, *rows: str, inventory: bool = False, encoding: str = "utf-8") -> None:
    (place / "statements.csv").write_text("\n".join([HEADER, *rows]) + "\n", encoding=encoding)
    if inventory:
        write_inventory(place)


def read(place: Path) -> tuple[list[Record], list[Finding]]:
    items = list(ingest.read(place, ingest.describe(place)))
    return [i for i in items if not isinstance(i, Finding)], [i for i in items if isinstance(i, Finding)]


def real(name: str) -> tuple[Source, list[Record], list[Finding]]:
    place = folder("data") / "sources" / name
    return ingest.describe(place), *read(place)


def test_the_real_sources_have_exactly_the_rows_that_were_counted() -> None:
    found = {}
    for name in ingest.source_folders(folder("data")):
        source, records, _ = real(name)
        counts = Counter(type(record).__name__ for record in records)
        found[name] = (source.open, counts["Statement"], counts["PlaceFacts"], counts["Redirect"])

    assert found == {
        "city-diplomacy": (False, 132, 117, 0),
        "countries": (True, 0, 276, 0),
        "geonames": (False, 0, 2195, 0),
        "natural-earth": (True, 0, 7096, 0),
        "transcribed": (True, 99, 118, 0),
        "transcribed-wikipedia": (False, 24, 28, 0),
        "wd50k": (False, 4412, 202, 0),
        "wdqs-2017": (True, 22108, 12299, 0),
        "wdqs-2023": (True, 0, 475, 0),
        "wikidata-cities": (True, 8182, 4566, 0),
        "wikidata-crawl": (True, 34178, 10055, 0),
        "wikidata-dated": (True, 137, 0, 0),
        "wikidata-entities": (True, 93, 7, 1),
        "wikidata-mmkb": (True, 3, 0, 0),
        "wikipedia": (False, 26111, 17820, 0),
    }


def test_the_real_sources_have_no_bad_row() -> None:
    bad = [f for name in ingest.source_folders(folder("data")) for f in real(name)[2] if f.severity == "Violation"]

    assert bad == []


def test_the_crawl_states_34178_distinct_statements_of_10055_places() -> None:
    _, records, _ = real("wikidata-crawl")
    pairs = [(r.subject, r.obj) for r in records if isinstance(r, Statement)]

    assert (len(set(pairs)), len({frozenset(pair) for pair in pairs})) == (34178, 17401)
    assert len({item for pair in pairs for item in pair}) == 10055


def test_a_date_of_an_entity_document_keeps_its_precision() -> None:
    _, records, _ = real("wikidata-entities")
    dates = {(r.subject, r.obj): str(r.start) for r in records if isinstance(r, Statement) and r.start}

    assert dates["Q64", "Q406"] == "1989-11-17"
    assert dates["Q60", "Q1490"] == "1960"  # written +00000001960-01-01 with precision 9 in the form of 2014


def test_equal_start_and_end_is_a_point_in_time() -> None:
    _, records, _ = real("wikidata-dated")
    vladivostok = next(r for r in records if isinstance(r, Statement) and (r.subject, r.obj) == ("Q959", "Q16552"))

    assert (vladivostok.start, vladivostok.end, str(vladivostok.point)) == (None, None, "1991")


def test_a_redirect_of_the_karlsruhe_document_is_read() -> None:
    _, records, _ = real("wikidata-entities")

    assert [(r.item, r.target) for r in records if isinstance(r, Redirect)] == [("Q32063953", "Q1040")]


def test_labels_come_with_their_language_and_und_where_it_is_not_known() -> None:
    _, crawl, _ = real("wikidata-crawl")
    _, entities, _ = real("wikidata-entities")
    boston = next(r for r in crawl if isinstance(r, PlaceFacts) and r.item == "Q311975")
    berlin = next(r for r in entities if isinstance(r, PlaceFacts) and r.item == "Q64")

    assert boston.labels == (("und", "Boston"),)
    assert dict(berlin.labels)["ja"] == "ベルリン"
    assert len(berlin.labels) > 200


@pytest.mark.parametrize(
    ("row", "found", "right"),
    [
        ("Q1,Q2x,,,,,,", "object 'Q2x' is not a Wikidata item", "write it as Q100"),
        ("Q0,Q2,,,,,,", "subject 'Q0' is not a Wikidata item", "write it as Q100"),
        ("Q1,Q2,,best,,,,", "rank 'best' is not a rank", "ranks:"),
        ("Q1,other:berlin,,,,,,", "object 'other:berlin' is not a Wikidata item", "write it as Q100"),
        ("Q1,Q2", "2 cells", "write 8: subject,object"),
        ("a,b,c,d,e,f,g,h,i", "9 cells", "write 8: subject,object"),
    ],
)
def test_a_broken_row_is_a_finding_and_the_others_are_kept(source: Path, row: str, found: str, right: str) -> None:
    statements(source, "Q10,Q11,,,,,,", row, "Q12,Q13,,,,,,")

    records, findings = read(source)

    assert [record.key for record in records] == ["q10-q11", "q12-q13"]
    assert [(f.rule, f.severity, f.where) for f in findings] == [("S01", "Violation", "mine/statements.csv:3")]
    assert found in findings[0].message
    assert right in findings[0].message


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ("Q1,Q2,,,1989-13,,,", "start '1989-13': there is no month 13; write 01 to 12"),
        ("Q1,Q2,,,,2023-02-30,,", "end '2023-02-30': 2023-02 has 28 days"),
        ("Q1,Q2,,,1989,19-,,", "end '19-' is not a date; write 1962-01-22"),
    ],
)
def test_a_date_that_is_none_is_a_finding_and_the_rest_of_the_row_is_kept(source: Path, row: str, found: str) -> None:
    statements(source, row)

    records, findings = read(source)

    assert [(r.subject, r.obj, r.end) for r in records if isinstance(r, Statement)] == [("Q1", "Q2", None)]
    assert [(f.rule, f.severity, f.where) for f in findings] == [("S08", "Warning", "mine/statements.csv:2")]
    assert found in findings[0].message


@pytest.mark.parametrize(
    ("row", "found", "kept"),
    [
        ("Q1,,48.2,16.4a,AT,9,,", "longitude '16.4a' is not a number; write it as 42.358", (None, None, "AT", 9)),
        (
            "Q1,,48.2,16.4,AT,about 9,,",
            "population 'about 9' is not a number; write it as 42",
            (48.2, 16.4, "AT", None),
        ),
        ("Q1,,48.2,16.4,Q40 Q183,9,,", "country 'Q40 Q183' names 2 items", (48.2, 16.4, None, 9)),
        ("Q1,,48.2,16.4,<b>AT</b>,9,,", "country '<b>AT</b>' has HTML in it; write 'AT'", (48.2, 16.4, "AT", 9)),
        ("Q1,,48.2,16.4,Cura&ccedil;ao,9,,", "HTML in it; write 'Curaçao'", (48.2, 16.4, "Curaçao", 9)),
        ("Q1,,48.2,16.4,AT,9,,,,", "10 cells; write 8: item,row,latitude", (48.2, 16.4, "AT", 9)),
        ("Q1,,48.2,16.4,AT,9,,,x", "9 cells, 'x' behind the last column; write 8: item", (48.2, 16.4, "AT", 9)),
        ("Q1,,37.5,127,Korea, South,9,,", "country 'Korea, South' is not in quotes", (37.5, 127, "Korea, South", 9)),
        ("Q1,,48.2,16.4,AT,1,234,,", "population and geonames can be read in several ways", (48.2, 16.4, "AT", None)),
    ],
)
def test_a_cell_that_is_wrong_is_left_out_and_the_others_are_kept(
    source: Path, row: str, found: str, kept: tuple[object, ...]
) -> None:
    (source / "places.csv").write_text(f"{','.join(PLACES)}\n{row}\n", encoding="utf-8")

    records, findings = read(source)

    (place,) = records
    assert isinstance(place, PlaceFacts)
    point = tuple(value and float(value) for value in (place.latitude, place.longitude))
    assert (*point, place.country, place.population) == kept
    assert [(f.rule, f.where) for f in findings] == [("S08", "mine/places.csv:2")]
    assert found in findings[0].message


def test_a_place_of_a_source_without_items_is_named_by_the_source(source: Path) -> None:
    write_file(source, "places.csv", [("mine:서울|한국", "", "37.5", "127", "KR", "", "", "")])
    write_file(source, "labels.csv", [("mine:서울|한국", "", "ko", "서울")])
    write_file(source, "levels.csv", [("mine:서울|한국", "", "city")])
    write_file(source, "statements.csv", [("mine:서울|한국", "mine:부산|한국", "", "", "", "", "", "")])

    records, findings = read(source)

    assert findings == []
    assert [(r.item, r.level, r.labels) for r in records if isinstance(r, PlaceFacts)] == [
        ("mine:서울|한국", "city", (("ko", "서울"),))
    ]
    assert [(r.subject, r.obj) for r in records if isinstance(r, Statement)] == [("mine:서울|한국", "mine:부산|한국")]
    assert len({r.key for r in records}) == 2


def test_an_agreement_in_words_is_read_and_a_wrong_word_is_left_out(source: Path) -> None:
    row = "Q1,Q2,,friendship,1989-10-24,,,2,sister-city,culture;sprot,ended,p. 3,ok"
    (source / "agreements.csv").write_text(f"{','.join(AGREEMENTS)}\n{row}\n", encoding="utf-8")

    records, findings = read(source)

    (found,) = records
    assert isinstance(found, Statement)
    assert (found.kind, str(found.start), found.relation, found.local_term) == (
        "friendship", "1989-10-24", 2, "sister-city",
    )  # fmt: skip
    assert (found.themes, found.status, found.locator, found.quote) == (("culture",), "ended", "p. 3", "ok")
    assert [(f.rule, f.where) for f in findings] == [("S08", "mine/agreements.csv:2")]
    assert "theme 'sprot' is not a concept; did you mean sport" in findings[0].message


def test_a_row_that_stands_twice_is_refused_once(source: Path) -> None:
    statements(source, "Q1,Q2,,,,,,", "Q1,Q2,,,,,,", "Q1,Q2,,,1989,,,")

    records, findings = read(source)

    assert [record.key for record in records] == ["q1-q2", "q1-q2-f560e63c"]
    assert [(f.where, f.message) for f in findings] == [
        ("mine/statements.csv:3", "Q1 Q2 stands twice; write each row once")
    ]


def test_a_byte_that_is_not_utf8_costs_only_its_row(source: Path) -> None:
    statements(source, "Q1,Q2,,,,,,Qé", "Q3,Q4,,,,,,", encoding="latin-1")

    records, findings = read(source)

    assert [record.key for record in records] == ["q3-q4"]
    assert findings[0].where == "mine/statements.csv:2"
    assert "is not UTF-8" in findings[0].message


@pytest.mark.parametrize("cut", [lambda text: text[:-8], lambda text: text[: text.rindex("Q12")]])
def test_a_file_that_was_cut_is_refused_even_at_a_line_end(source: Path, cut: object) -> None:
    statements(source, "Q10,Q11,,,,,,", "Q12,Q13,,,,,,", inventory=True)
    path = source / "statements.csv"
    path.write_text(cut(path.read_text(encoding="utf-8")), encoding="utf-8")  # type: ignore[operator]

    with pytest.raises(SourceError, match=r"mine/statements.csv:\d+: the file ends after \d rows.*files.csv says 2"):
        read(source)


def test_a_file_of_as_many_rows_that_was_changed_is_read_with_a_warning(source: Path) -> None:
    statements(source, "Q10,Q11,,,,,,", "Q12,Q13,,,,,,", inventory=True)
    path = source / "statements.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("Q13", "Q14"), encoding="utf-8")

    records, findings = read(source)

    assert len(records) == 2
    assert [(f.rule, f.severity) for f in findings] == [("S02", "Warning")]


def test_a_missing_column_names_what_is_near(source: Path) -> None:
    (source / "statements.csv").write_text("subject,objekt,statement,rank,start,end,point_in_time,qualifiers\n")

    with pytest.raises(
        SourceError, match=r"statements.csv:1: column object is missing .*did you mean objekt or subject\?"
    ):
        read(source)


def test_a_missing_file_of_the_inventory_is_named(source: Path) -> None:
    statements(source, "Q10,Q11,,,,,,", inventory=True)
    (source / "statements.csv").unlink()

    with pytest.raises(SourceError, match=r"mine/statements.csv: there is no such file; files.csv lists 1 rows"):
        read(source)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text.replace('title = "Test"\n', ""), "title is missing"),
        (lambda text: text + 'licens = "x"\n', "'licens' is not a key; did you mean licence"),
        (lambda text: text.replace("2016-09-10", "2016-99"), "extracted: "),
        (lambda text: text + "[", "source.toml: "),
    ],
)
def test_a_source_description_must_be_whole(source: Path, change: object, said: str) -> None:
    path = source / "source.toml"
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")  # type: ignore[operator]

    with pytest.raises(SourceError, match=said):
        ingest.describe(source)


def test_choosing_sources_by_name_and_path(source: Path, tmp_path: Path) -> None:
    other = tmp_path / "elsewhere"
    shutil.copytree(source, other)

    assert ingest.choose_sources(tmp_path, ["mine"]) == {"mine": source}
    assert ingest.choose_sources(tmp_path, [f"other={other}"]) == {"other": other}
    with pytest.raises(NotFound, match="'mnie' is not a source; did you mean mine"):
        ingest.choose_sources(tmp_path, ["mnie"])
    with pytest.raises(NotFound, match=r"no source.toml in this folder"):
        ingest.choose_sources(tmp_path, [f"other={tmp_path}"])


def test_an_empty_data_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no source here"):
        ingest.source_folders(tmp_path)


def test_files_of_the_layout_are_sorted_by_number_and_each_row_once(tmp_path: Path) -> None:
    rows = [("Q10", "", "de", "b"), ("Q9", "", "en", "a"), ("Q10", "", "de", "b")]
    write_file(tmp_path, "labels.csv", rows)

    assert (tmp_path / "labels.csv").read_text(encoding="utf-8") == "item,row,language,label\nQ9,,en,a\nQ10,,de,b\n"


def test_taking_over_again_gives_the_committed_bytes(shared: Path, tmp_path: Path) -> None:
    from twinld.ingest.takeover.__main__ import run

    run(shared / "data", [], tmp_path)

    committed = sorted((folder("data") / "sources").glob("*/*.csv"))
    assert len(committed) >= 20
    for path in committed:
        assert (tmp_path / "sources" / path.parent.name / path.name).read_bytes() == path.read_bytes(), path


def test_a_take_over_that_loses_rows_changes_nothing_unless_it_is_meant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from twinld.ingest.takeover import TAKE_OVERS
    from twinld.ingest.takeover.__main__ import run

    rows = [("Q1", "Q2"), ("Q3", "Q4")]
    monkeypatch.setitem(TAKE_OVERS, "mine", lambda _raw, out: write_file(out, "redirects.csv", rows))
    place = tmp_path / "sources" / "mine"
    run(tmp_path, ["mine"], tmp_path)
    whole = {path.name: path.read_bytes() for path in place.iterdir()}
    rows.pop()  # as of a raw file that was cut at a line end

    with pytest.raises(SourceError, match=r"^mine/redirects\.csv: the raw extract gives 1 rows, before it gave 2; "):
        run(tmp_path, ["mine"], tmp_path)
    assert {path.name: path.read_bytes() for path in place.iterdir()} == whole

    run(tmp_path, ["mine"], tmp_path, fewer=True)
    assert (place / "redirects.csv").read_text() == "item,target\nQ1,Q2\n"
    assert [path.name for path in place.parent.iterdir()] == ["mine"]


def test_a_fact_between_what_are_no_items_is_refused(source: Path) -> None:
    (source / "facts.csv").write_text("subject,property,object\nQ1,P17,Q2\nParis,P17,Q2\nQ3,17,Q2\n", "utf-8")

    records, findings = read(source)

    assert [(record.where, record.key) for record in records] == [("mine/facts.csv:2", "q1-p17")]
    assert [(finding.where, finding.message) for finding in findings] == [
        ("mine/facts.csv:3", "subject 'Paris' is not a Wikidata item; write it as Q100"),
        ("mine/facts.csv:4", "property '17' is not a Wikidata property; write it as P17"),
    ]
