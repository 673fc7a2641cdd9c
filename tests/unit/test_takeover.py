"""What single take-overs make of the rows that are hard to read, on small raw files in the form of the real ones."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path

import pytest

from twinld.errors import SourceError
from twinld.ingest.takeover import city_diplomacy, geonames, labelled_pairs, query_answers, transcribed
from twinld.ingest.takeover.named import Problems
from twinld.ingest.takeover.raw import dicts

HEADER = (
    "source_key,source_url,source_kind,side_a_as_printed,side_b_as_printed,country_b_as_printed,kind_as_printed,"
    "date_as_printed,status_as_printed,signatories_as_printed,themes_as_printed,remark"
)
COLUMNS = "originlabel\tcountry\tlat\tlong\tpopulation\tsister\tlat\tlong\tpopulation\tcountry\tdist\teu"


def rows(out: Path, name: str) -> list[dict[str, str]]:
    with (out / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def raw(tmp_path: Path, name: str, text: str) -> Path:
    path = tmp_path / "raw" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    data = text.encode()
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    (tmp_path / "out").mkdir(exist_ok=True)
    return tmp_path / "raw"


TRANSCRIBED = [
    (
        "official memorandum",
        "wachinawatch,http://e.org/,page,Seattle,Chongqing,China,memorandum of understanding on sister city,1982,,,,",
        ("", "", "1982", "", "", ""),
    ),
    (
        "Korean",
        "shenzhen-gov-kr,http://e.org/,page,시애틀,충칭,중국,자매 도시,1983년 6월 3일,,,,",
        ("twinning", "1983-06-03", "", "jamae-dosi", "", ""),
    ),
    (
        "ended",
        "fcgov,http://e.org/,page,Fort Collins,X,Brazil,Sister City,In the 1970s,replaced by another,,,",
        ("twinning", "197X", "", "sister-city", "", "ended"),
    ),
    (
        "themes",
        'x,http://e.org/,page,Busan,Y,Japan,administrative cooperative exchanges,"October 24, 1989",,,sports; economy,',
        ("cooperation", "1989-10-24", "", "", "economy;sport", ""),
    ),
    (
        "a date that is none",
        "seldon-amur,http://e.org/,page,Belogorsk,Suihua,China,sworn brothers,31 June 1999,,,,",
        ("twinning", "", "", "", "", ""),
    ),
]


@pytest.mark.parametrize(("row", "expected"), [case[1:] for case in TRANSCRIBED], ids=[case[0] for case in TRANSCRIBED])
def test_a_printed_agreement_is_read_as_far_as_its_words_go(
    tmp_path: Path, row: str, expected: tuple[str, ...]
) -> None:
    folder = raw(tmp_path, "directory/agreements_transcribed.csv", f"{HEADER}\n{row}\n")
    transcribed.take_over_facts(folder, tmp_path / "out")

    (found,) = rows(tmp_path / "out", "agreements.csv")
    columns = ("kind", "start", "point_in_time", "local_term", "themes", "status")
    assert tuple(found[column] for column in columns) == expected


def test_a_date_that_no_calendar_has_is_named_with_its_row_and_the_agreement_is_kept(tmp_path: Path) -> None:
    folder = raw(tmp_path, "directory/agreements_transcribed.csv", f"{HEADER}\n{TRANSCRIBED[4][1]}\n")
    transcribed.take_over_facts(folder, tmp_path / "out")

    assert [(row["statement"], row["found"]) for row in rows(tmp_path / "out", "problems.csv")] == [
        ("agreements_transcribed.csv:2", "'31 June 1999': '1999-06-31': 1999-06 has 30 days")
    ]


def test_rows_from_wikipedia_are_a_source_of_their_own(tmp_path: Path) -> None:
    row = "zhwiki-taoyuan,http://e.org/,CC BY-SA,桃園市,哈特福縣,美国 康乃狄克州,姐妹城市,2016.09.07[註 1],,,,"
    folder = raw(tmp_path, "directory/agreements_transcribed.csv", f"{HEADER}\n{TRANSCRIBED[0][1]}\n{row}\n")
    transcribed.take_over_wikipedia(folder, tmp_path / "out")

    (found,) = rows(tmp_path / "out", "agreements.csv")
    assert (found["subject"], found["start"]) == ("transcribed-wikipedia:桃園市|Taiwan", "2016-09-07")
    assert {row["item"]: row["level"] for row in rows(tmp_path / "out", "levels.csv")} == {
        "transcribed-wikipedia:哈特福縣|美国": "county",
        "transcribed-wikipedia:桃園市|Taiwan": "city",
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Lettre d'intention (juillet 1997)", [("cooperation", "", "1997-07", "")]),
        ("Jumelage (1987)", [("twinning", "1987", "", "jumelage")]),
        ("Jumelage ou partenariat (formel ou informel)", [("", "", "", "")]),
        ("Jumelage et protocole de coopération (juin 1995)", [("twinning", "", "1995-06", "jumelage")]),
        (
            "Jumelage (1993) et Mémorandum d'accord (2010)",
            [("cooperation", "", "2010", ""), ("twinning", "1993", "", "jumelage")],
        ),
        ("Accord d'amitié et de coopération (1999)", [("friendship", "", "1999", "")]),
    ],
)
def test_french_text_is_split_into_papers_with_their_dates(
    tmp_path: Path, text: str, expected: list[tuple[str, ...]]
) -> None:
    partner = {"lat": "36.7", "lng": 3.2, "name": "Wilaya d'Alger", "description": text, "url": "https://e.org/"}
    folder = raw(tmp_path, "directory/city_diplomacy_montreal_2024.json", json.dumps([partner]))
    raw(tmp_path, "directory/city_diplomacy_mexico_2024.json", "[]")
    city_diplomacy.take_over(folder, tmp_path / "out")

    found = rows(tmp_path / "out", "agreements.csv")
    assert sorted((r["kind"], r["start"], r["point_in_time"], r["local_term"]) for r in found) == expected
    assert [r["label"] for r in rows(tmp_path / "out", "labels.csv")] == ["Mexico", "Montréal", "Alger"]


def test_labels_that_several_places_share_are_told_apart_by_position(tmp_path: Path) -> None:
    lines = [
        COLUMNS,
        "Münster\tGermany\t51.97\t7.63\t310039\tOrléans\t47.9\t1.9\t\tFrance\t1\tEU",
        "Münster\tGermany\t49.92\t8.87\t14055\tQ123\t190.5\t1.9\t\tFrance\t1\tEU",
        "Münster\tGermany\t51.96\t7.62\t\tMünster\tGermany\t\t\t\t1\tEU".replace(
            "\tGermany\t\t\t\t", "\t51.97\t7.63\t\tGermany\t"
        ),
    ]
    folder = raw(tmp_path, "wikidata/wdqs-eu-2017/germany.tsv", "\n".join(lines) + "\n")
    labelled_pairs.take_over_2017(folder, tmp_path / "out")

    assert [(r["subject"], r["object"]) for r in rows(tmp_path / "out", "statements.csv")] == [
        ("wdqs-2017:Münster 49.9 8.9|Germany", "Q123"),
        ("wdqs-2017:Münster 52.0 7.6|Germany", "wdqs-2017:Orléans|France"),
    ]
    assert [(r["statement"], r["found"]) for r in rows(tmp_path / "out", "problems.csv")] == [
        ("germany.tsv:4", "Münster / Münster")
    ]


def test_html_a_point_off_the_globe_and_a_missing_name_are_problems_and_the_rest_is_kept(tmp_path: Path) -> None:
    text = 'city1,country1,city2,country2\nBerat,Albania,<i>Bari</i>,"Apulia, Italy"\nBerat,Albania,,France\n'
    folder = raw(tmp_path, "wikipedia/twin_cities_raw-2026-02.csv.gz", text)
    head = "city1,country1,lat1,lng1,city2,country2,lat2,lng2\n"
    raw(tmp_path, "wikipedia/twin_cities_geocoded-2026-02.csv.gz", f"{head}Berat,Albania,119.9,40.7,x,y,1,1\n")
    labelled_pairs.take_over_wikipedia(folder, tmp_path / "out")

    assert [(r["subject"], r["object"]) for r in rows(tmp_path / "out", "statements.csv")] == [
        ("wikipedia:Berat|Albania", "wikipedia:Bari|Apulia, Italy")
    ]
    assert {r["item"]: (r["latitude"], r["country"]) for r in rows(tmp_path / "out", "places.csv")} == {
        "wikipedia:Bari|Apulia, Italy": ("", "Italy"),
        "wikipedia:Berat|Albania": ("", "Albania"),
    }
    problems = {(r["statement"][-1], r["property"], r["right"]) for r in rows(tmp_path / "out", "problems.csv")}
    assert problems == {
        ("2", "label", "write 'Bari', which is taken"),
        ("2", "point", "latitude and longitude are swapped; write the latitude first"),
        ("3", "label", "write the name of the place"),
        ("3", "point", "latitude and longitude are swapped; write the latitude first"),
    }


HEAD = "city1,country1,city2,country2\n"


@pytest.mark.parametrize(
    ("name", "data", "found"),
    [
        ("p.csv", f"{HEAD}Köln,Germany,Lille,France\n".encode("latin-1"), "can't decode byte 0xf6"),
        ("p.csv.gz", gzip.compress(f"{HEAD}Köln,Germany,Lille,France\n".encode("latin-1")), "can't decode byte 0xf6"),
        ("p.csv.gz", gzip.compress(HEAD.encode())[:-12], "end-of-stream"),
        ("p.csv.gz", gzip.compress(HEAD.encode())[:10] + b"\xff" * 20, "Error -3 while decompressing"),
        ("p.csv.gz", HEAD.encode(), "Not a gzipped file"),
        ("p.csv", f'{HEAD}"{"Bonn,Germany,Lille,France,," * 6000}'.encode(), "field larger than field limit"),
        ("q.csv", HEAD.encode(), "No such file or directory"),
    ],
    ids=["not UTF-8", "packed and not UTF-8", "cut", "broken", "not packed", "an open quote", "missing"],
)
def test_a_raw_file_that_is_no_table_stops_the_take_over(tmp_path: Path, name: str, data: bytes, found: str) -> None:
    (tmp_path / name.replace("q", "p")).write_bytes(data)

    with pytest.raises(SourceError, match=rf"{name}: cannot be read \(.*{found}"):
        list(dicts(tmp_path / name, Problems()))


def test_answers_of_the_query_service_write_longitude_first(tmp_path: Path) -> None:
    cells = {
        "article": "https://de.wikipedia.org/wiki/K%C3%B6ln", "cityLabel": "Köln", "countryLabel": "Deutschland",
        "location": "Point(6.95 50.94)", "inhabitants": "1073096",
    }  # fmt: skip
    bare = {"cityLabel": "Q2074197", "location": "Point(20.4)", "inhabitants": "many"}
    answer = {"results": {"bindings": [{key: {"value": value} for key, value in row.items()} for row in (cells, bare)]}}
    folder = raw(tmp_path, "wikidata/wdqs-json/body.eu.srj.json", json.dumps(answer))
    raw(tmp_path, "wikidata/wdqs-json/body.de.srj.json", json.dumps(answer))
    query_answers.take_over(folder, tmp_path / "out")

    assert [tuple(r.values())[:6] for r in rows(tmp_path / "out", "places.csv")] == [
        ("Q2074197", "", "", "", "", ""),
        ("wdqs-2023:Köln|Deutschland", "", "50.94", "6.95", "Deutschland", "1073096"),
    ]
    assert {(r["property"], r["found"]) for r in rows(tmp_path / "out", "problems.csv")} == {
        ("point", "Point(20.4)"),
        ("population", "many"),
    }


def test_of_geonames_only_places_with_twins_are_taken(tmp_path: Path) -> None:
    folder = raw(tmp_path, "wikidata/p190-2016-09/relations.tsv", "Q100\tQ34600\n")
    raw(tmp_path, "crosswalk/natural_earth_populated_places.csv", "wikidataid,GEONAMEID\nQ100,4930956\nQ64,2950159\n")
    head = "geonameid\tname\tlatitude\tlongitude\tcountrycode\tpopulation\n"
    table = f"{head}4930956\tBoston\t42.36\t-71.06\tUS\t650706\n2950159\tBerlin\t52.52\t13.41\tDE\t0\n"
    raw(tmp_path, "geonames/cities15000.tsv.gz", table)
    geonames.take_over(folder, tmp_path / "out")

    assert [tuple(r.values()) for r in rows(tmp_path / "out", "places.csv")] == [
        ("geonames:4930956", "", "42.36", "-71.06", "US", "650706", "4930956", "")
    ]
