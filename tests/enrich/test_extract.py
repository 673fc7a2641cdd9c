"""What Wikidata says becomes rows: dates keep their precision, every rank is kept, bad values are problems."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from rdflib.plugins.sparql import prepareQuery

import twinld.queries
from twinld.enrich import Offline, Run, enrich
from twinld.enrich.extract import edtf_of
from twinld.ingest import describe, read
from twinld.model import Statement
from twinld.store import open_store

from .conftest import TestClock
from .rdf_model import EARTH, Fact, Item, Number, Point, Special, Text, Time, Url
from .wikidata import Wikidata

MOON = EARTH.replace("Q2", "Q405")
JULIAN = EARTH.replace("Q2", "Q1985786")
TIMES = [
    ("1989-11-17T00:00:00Z", "11", "1989-11-17"),
    ("+1989-11-17T00:00:00Z", "11", "1989-11-17"),
    ("1989-11-17T00:00:00Z", "10", "1989-11"),
    ("1989-01-01T00:00:00Z", "9", "1989"),
    ("1989-01-01T00:00:00Z", "8", "198X"),
    ("1989-01-01T00:00:00Z", "7", "19XX"),
    ("1989-01-01T00:00:00Z", "6", None),
    ("0836-01-01T00:00:00Z", "9", "0836"),
    ("-0044-03-15T00:00:00Z", "9", "-0044"),
    ("00000001624-01-01T00:00:00Z", "9", "1624"),
    ("2016-06-31T00:00:00Z", "11", None),
    ("1989-00-00T00:00:00Z", "11", None),
    ("yesterday", "11", None),
    ("1989-11-17T12:30:00Z", "14", "1989-11-17"),
]


@pytest.mark.parametrize(("time", "precision", "expected"), TIMES)
def test_a_time_keeps_its_precision(time: str, precision: str, expected: str | None) -> None:
    assert edtf_of(time, precision) == expected


def folder_of_queries() -> Path:
    return Path(twinld.queries.__file__).parent


def rows(folder: Path, name: str) -> list[tuple[str, ...]]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return [tuple(row) for row in csv.reader(file)][1:]


def extracted(wikidata: Wikidata, tmp_path: Path, *items: str) -> Path:
    """The extract of some items of a Wikidata, asked as a file."""
    service = Offline(open_store(wikidata.write(tmp_path / "wikidata.nt")), "a file")
    folder = tmp_path / "wikidata-live"
    try:
        enrich(Run(items, folder, tmp_path / "work", ("en", "de")), service, TestClock())
    finally:
        service.close()
    return folder


def test_berlin_has_eighteen_statements_of_seventeen_cities_to_the_day_with_references(
    documents: Wikidata, tmp_path: Path
) -> None:
    folder = extracted(documents, tmp_path, "Q64")
    berlin = [row for row in rows(folder, "statements.csv") if row[0] == "Q64"]
    referenced = {row[1] for row in rows(folder, "references.csv") if row[3] == "P854"}

    assert len(berlin) == 18
    assert {"Q239", "Q9005"} <= {row[1] for row in berlin}  # Brussels is there as city and as region
    assert {len(row[4]) for row in berlin} == {len("1989-11-17")}
    assert ("Q64", "Q406", "q64$38C3E6A1-EF40-49A6-B2EA-F50640EB7843", "", "1989-11-17", "", "", "") in berlin
    assert len([row for row in berlin if row[2] in referenced]) == 18


def test_karlsruhe_keeps_years_and_a_month_and_its_redirect(documents: Wikidata, tmp_path: Path) -> None:
    folder = extracted(documents, tmp_path, "Q32063953")
    starts = {row[1]: row[4] for row in rows(folder, "statements.csv") if row[0] == "Q1040"}

    assert rows(folder, "redirects.csv") == [("Q32063953", "Q1040")]
    assert (starts["Q40898"], sorted({len(start) for start in starts.values()})) == ("1955", [4, 7])


ONE, TWO = "Q1001", "Q1002"


def place(*facts: Fact, labels: dict[str, str] | None = None) -> Wikidata:
    wikidata = Wikidata()
    for qid in (ONE, TWO):
        wikidata.entity(qid).labels = {"en": qid}
    wikidata.entity(ONE).labels |= labels or {}
    for fact in facts:
        wikidata.add(fact)
    return wikidata


KEPT = [
    (Fact(ONE, "P625", Point("52.5", "13.4")), "52.5 13.4"),
    (Fact(ONE, "P1082", Number("+3644826")), "3644826"),
    (Fact(ONE, "P1082", Number("0")), "0"),
    (Fact(ONE, "P17", Item("Q183")), "Q183"),
    (Fact(ONE, "P17", Special("somevalue")), "somevalue"),
    (Fact(ONE, "P17", Special("novalue")), "novalue"),
    (Fact(ONE, "P571", Time("1237-10-28", 11)), "1237-10-28"),
    (Fact(ONE, "P571", Time("1200-00-00", 7)), "12XX"),
    (Fact(ONE, "P571", Special("somevalue")), "somevalue"),
    (Fact(ONE, "P856", Url("https://www.berlin.de/")), "https://www.berlin.de/"),
    (Fact(ONE, "P281", Text("10115\u201314199")), "10115\u201314199"),
    (Fact(ONE, "P1566", Text("2950159")), "2950159"),
    (Fact(ONE, "P190", Special("novalue")), "novalue"),
    (Fact(ONE, "P190", Special("somevalue")), "somevalue"),
]


@pytest.mark.parametrize(("fact", "expected"), KEPT, ids=[f"{row[0].prop} {row[1]}" for row in KEPT])
def test_a_value_is_kept(tmp_path: Path, fact: Fact, expected: str) -> None:
    folder = extracted(place(fact), tmp_path, ONE, TWO)

    assert rows(folder, "values.csv") == [(ONE, fact.prop, expected, fact.id, "", "", "", "")]
    assert rows(folder, "problems.csv") == []


PROBLEMS = [
    (Fact(ONE, "P625", Point("52.5", "13.4", MOON)), "W03", "a point on Q405", "a point on Earth (Q2)"),
    (
        Fact(ONE, "P625", Point("95", "13.4")),
        "W03",
        "95 13.4",
        "a latitude up to 90 and a longitude up to 180 degrees",
    ),
    (Fact(ONE, "P1082", Number("1000000000000")), "W04", "1000000000000", "a whole number from 0 to 2000000000"),
    (Fact(ONE, "P1082", Number("-5")), "W04", "-5", "a whole number from 0 to 2000000000"),
    (Fact(ONE, "P1082", Number("1.5")), "W04", "1.5", "a whole number from 0 to 2000000000"),
    (
        Fact(ONE, "P190", Item("http://www.wikidata.org/entity/X5")),
        "W01",
        "http://www.wikidata.org/entity/X5",
        "a Wikidata item, Q100",
    ),
    (
        Fact(ONE, "P190", Item("http://elsewhere.example/Q5")),
        "W01",
        "http://elsewhere.example/Q5",
        "a Wikidata item, Q100",
    ),
    (
        Fact(ONE, "P571", Time("2016-06-31", 11)),
        "W06",
        "2016-06-31T00:00:00Z",
        "a date from century to day, with its precision",
    ),
    (
        Fact(ONE, "P571", Time("0001-01-01", 6)),
        "W06",
        "0001-01-01T00:00:00Z",
        "a date from century to day, with its precision",
    ),
    (Fact(ONE, "P856", Text("a page")), "W07", "a page", "an http(s) address without blanks and quotes"),
    (Fact(ONE, "P1566", Text("29/50")), "W01", "29/50", "a GeoNames number"),
    (Fact(ONE, "P281", Text("10\u0007115")), "W05", "10\ufffd115", "a text of visible letters"),
    (Fact(ONE, "P31", Item("Q5")), "W02", "this item is a person", "a place"),
]


@pytest.mark.parametrize(
    ("fact", "rule", "found", "right"), PROBLEMS, ids=[f"{row[0].prop} {row[2]}" for row in PROBLEMS]
)
def test_a_bad_value_is_a_problem_and_no_data(tmp_path: Path, fact: Fact, rule: str, found: str, right: str) -> None:
    folder = extracted(place(fact), tmp_path, ONE, TWO)

    problems = rows(folder, "problems.csv")
    assert [(row[0], row[1], row[3], row[4], row[5]) for row in problems] == [(ONE, fact.prop, rule, found, right)]
    assert [row for row in rows(folder, "values.csv") if row[1] != "P31"] == []
    assert rows(folder, "statements.csv") == []


def test_a_label_with_control_characters_is_a_problem(tmp_path: Path) -> None:
    folder = extracted(place(labels={"de": "Ber\u0000lin"}), tmp_path, ONE, TWO)

    assert [row[:5] for row in rows(folder, "problems.csv")] == [(ONE, "label", "", "W05", "Ber\ufffdlin")]
    assert [row for row in rows(folder, "labels.csv") if row[2] == "de"] == []


def test_a_statement_that_leads_to_a_person_is_a_problem_and_no_twinning(tmp_path: Path) -> None:
    fact = Fact(ONE, "P190", Item("Q42"))
    wikidata = place(fact, Fact("Q42", "P31", Item("Q5")))
    folder = extracted(wikidata, tmp_path, ONE, TWO)

    assert rows(folder, "statements.csv") == []
    assert (ONE, "P190", fact.id, "W02", "Q42 is a person", "a place") in rows(folder, "problems.csv")
    assert [row for row in rows(folder, "labels.csv") if row[0] == "Q42"] == []


def twinning(*qualifiers: tuple[str, object], rank: str = "normal") -> Fact:
    return Fact(ONE, "P190", Item(TWO), rank=rank, qualifiers=qualifiers)  # type: ignore[arg-type]


TWINNINGS = [
    (twinning(), ("", "", "", "", "")),
    (twinning(("P580", Time("1983-00-00", 9))), ("", "1983", "", "", "")),
    (twinning(("P580", Time("1983-05-00", 10))), ("", "1983-05", "", "", "")),
    (twinning(("P580", Time("1983-05-04", 11)), ("P582", Time("2016-00-00", 9))), ("", "1983-05-04", "2016", "", "")),
    (twinning(("P580", Time("1991-00-00", 9)), ("P582", Time("1991-00-00", 9))), ("", "", "", "1991", "")),
    (twinning(("P585", Time("1991-00-00", 9))), ("", "", "", "1991", "")),
    (twinning(("P580", Special("somevalue"))), ("", "", "", "", "P580=somevalue")),
    (twinning(("P582", Special("somevalue"))), ("", "", "", "", "P582=somevalue")),
    (twinning(("P580", Special("novalue"))), ("", "", "", "", "")),
    (twinning(rank="deprecated"), ("deprecated", "", "", "", "")),
    (twinning(rank="preferred"), ("preferred", "", "", "", "")),
    (twinning(("P2241", Item("Q21655367"))), ("deprecated", "", "", "", "P2241=Q21655367")),
    (twinning(("P580", Time("0836-00-00", 9, JULIAN))), ("", "0836", "", "", "P580.calendar=Q1985786")),
]


@pytest.mark.parametrize(("fact", "expected"), TWINNINGS, ids=[str(row[1]) for row in TWINNINGS])
def test_a_twinning_has_its_rank_its_dates_and_what_is_known_to_be_unknown(
    tmp_path: Path, fact: Fact, expected: tuple[str, ...]
) -> None:
    folder = extracted(place(fact), tmp_path, ONE, TWO)

    assert rows(folder, "statements.csv") == [(ONE, TWO, fact.id, *expected)]


UNKNOWN_END = [
    ((("P582", Special("somevalue")),), "ended"),
    ((("P582", Time("2016-00-00", 9)), ("P582", Special("somevalue"))), None),
    ((("P580", Special("somevalue")),), None),
    ((("P582", Special("novalue")),), None),
]


@pytest.mark.parametrize(("qualifiers", "status"), UNKNOWN_END)
def test_an_end_that_exists_and_is_unknown_is_an_end(
    tmp_path: Path, qualifiers: tuple[tuple[str, object], ...], status: str | None
) -> None:
    folder = extracted(place(twinning(*qualifiers)), tmp_path, ONE, TWO)
    (statement,) = (record for record in read(folder, describe(folder)) if isinstance(record, Statement))

    assert statement.status == status


def test_references_are_kept_with_their_parts(tmp_path: Path) -> None:
    url, read, imported = ("P854", Url("https://a.example/")), ("P813", Time("2020-05-04", 11)), ("P143", Item("Q328"))
    fact = Fact(ONE, "P190", Item(TWO), references=((url, read), (imported,)))
    folder = extracted(place(fact), tmp_path, ONE, TWO)

    parts = {(row[3], row[4]) for row in rows(folder, "references.csv")}
    assert parts == {("P854", "https://a.example/"), ("P813", "2020-05-04"), ("P143", "Q328")}
    assert len({row[2] for row in rows(folder, "references.csv")}) == 2


def test_the_day_that_a_reference_was_read_is_no_more_exact_than_wikidata_has_it(tmp_path: Path) -> None:
    year = (("P854", Url("https://a.example/")), ("P813", Time("2020-00-00", 9)))
    unknown = (("P854", Url("https://b.example/")), ("P813", Special("somevalue")))
    vague = (("P854", Url("https://c.example/")), ("P813", Time("2000-00-00", 6)))
    folder = extracted(place(Fact(ONE, "P190", Item(TWO), references=(year, unknown, vague))), tmp_path, ONE, TWO)

    assert [row[4] for row in rows(folder, "references.csv") if row[3] == "P813"] == ["2020"]
    assert [row[3:5] for row in rows(folder, "problems.csv")] == [("W06", "2000-01-01T00:00:00Z of precision 6")]


def test_labels_of_other_languages_are_not_asked_for_and_an_alias_is_no_label(tmp_path: Path) -> None:
    wikidata = place(labels={"de": "Eins", "fr": "Un"})
    wikidata.entity(ONE).aliases = {("de", "Eins"), ("de", "Erste"), ("fr", "Premier")}
    folder = extracted(wikidata, tmp_path, ONE)

    assert rows(folder, "labels.csv") == [(ONE, "", "de", "Eins"), (ONE, "", "en", ONE)]
    assert rows(folder, "aliases.csv") == [(ONE, "de", "Erste")]


QUESTIONS = sorted(path.stem for path in (folder_of_queries()).glob("wikidata_*.rq"))


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_is_plain_sparql_that_declares_its_prefixes(name: str) -> None:
    """Any engine has to answer: rdflib reads the text, and no prefix is taken for known."""
    text = (folder_of_queries() / f"{name}.rq").read_text(encoding="utf-8")

    assert len(QUESTIONS) == 8
    declared = set(re.findall(r"^PREFIX (\w+):", text, re.MULTILINE))
    body = re.sub(r'^(PREFIX|#).*$|<[^>]*>|"[^"]*"', "", text, flags=re.MULTILINE)

    prepareQuery(text)
    assert set(re.findall(r"\b(\w+):", body)) == declared
    assert not re.search(r"SERVICE|wikibase:label|wikibase:around|\bhint:|\bbd:|\bmwapi:", text)


def test_an_item_without_a_label_is_read_all_the_same(tmp_path: Path) -> None:
    wikidata = place(Fact(ONE, "P190", Item(TWO)))
    wikidata.entity(TWO).labels.clear()
    folder = extracted(wikidata, tmp_path, ONE, TWO)

    assert [row[0] for row in rows(folder, "labels.csv")] == [ONE]
    assert [row[:2] for row in rows(folder, "statements.csv")] == [(ONE, TWO)]
    assert rows(folder, "problems.csv") == []


def test_a_partner_of_ours_is_read_and_its_own_partners_are_not(tmp_path: Path) -> None:
    wikidata = place(
        Fact(ONE, "P190", Item(TWO)), Fact(TWO, "P190", Item("Q1003")), Fact("Q1003", "P190", Item("Q1004"))
    )
    wikidata.entity("Q1004")
    folder = extracted(wikidata, tmp_path, ONE)

    assert [row[:2] for row in rows(folder, "statements.csv")] == [(ONE, TWO)]
    assert [(row[0], row[2]) for row in rows(folder, "values.csv")] == [(TWO, "Q1003")]
    assert [(row[0], row[1], row[5]) for row in rows(folder, "revisions.csv")] == [
        (ONE, "read", "0"),
        (TWO, "read", "1"),
    ]
