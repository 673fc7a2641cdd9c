"""Bad rows in every raw form: what is found is told with its row and what would be right, and the rest is kept."""

from __future__ import annotations

import gzip
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.unit.resolve_data import DAY
from twinld import ingest
from twinld.files import folder
from twinld.ingest.takeover import TAKE_OVERS
from twinld.ingest.takeover.unpublished import UNPUBLISHED, read_unpublished
from twinld.iris import Ledger
from twinld.model import Finding, PlaceFacts, Record, Statement
from twinld.resolve import Decisions, resolve
from twinld.validate.records import check_records

ANSWER = "originlabel\tcountry\tlat\tlong\tpopulation\tsister\tlat\tlong\tpopulation\tcountry\tdist\teu\n"
RELATIONS = "wikidata/p190-2016-09/relations.tsv"
NAMES = "wikidata/p190-2016-09/names.tsv"
ANSWERS = "wikidata/wdqs-eu-2017/germany.tsv"
PAIRS = "wikipedia/twin_cities_raw-2026-02.csv.gz"
POINTS = "wikipedia/twin_cities_geocoded-2026-02.csv.gz"
PRINTED = "directory/agreements_transcribed.csv"
EARTH = "crosswalk/natural_earth_populated_places.csv"
CODES = "crosswalk/countries_owid.csv"
DATED = "wikidata/p190-dated-wikidata12k/p190_dated_train.tsv"
MONTREAL = "directory/city_diplomacy_montreal_2024.json"
SAMPLE = "wikidata/p190-2019-08-wd50k/p190_train.csv"
BODY = "wikidata/wdqs-json/body.eu.srj.json"
GRAPH = "wikidata/p190-2022-01-cities/sister_cities.gexf.gz"
PRINTED_HEAD = (
    "source_key,source_url,source_kind,side_a_as_printed,side_b_as_printed,country_b_as_printed,kind_as_printed,"
    "date_as_printed,status_as_printed,signatories_as_printed,themes_as_printed,remark\n"
)
EARTH_HEAD = (
    "wikidataid,GEONAMEID,ADM0NAME,ISO_A2,LATITUDE,LONGITUDE,POP_MAX,NAME_EN,NAME_DE,NAME_ES,NAME_FR,NAME_PT,NAME_RU,"
    "NAME_ZH\n"
)
PAIRS_HEAD = "city1,country1,city2,country2\n"
POINTS_HEAD = "city1,country1,lat1,lng1,city2,country2,lat2,lng2\n"
GERMANY_HEAD = (
    "gemeindename,plz,bundesland,latitude,longitude,partnergemeinde,land,kontinent,seit,form,latitude_partner,"
    "longitude_partner\n"
)
CODES_HEAD = "code,name,iso_alpha2,iso_alpha3,wikidata_uri,wikidata_label\n"
CSC_HEAD = "wikiDataId,name,country_code,latitude,longitude,population\n"
EMPTY = {MONTREAL: "[]", "directory/city_diplomacy_mexico_2024.json": "[]", BODY: '{"results": {"bindings": []}}',
         "wikidata/wdqs-json/body.de.srj.json": '{"results": {"bindings": []}}', NAMES: "", RELATIONS: "", SAMPLE: "",
         "wikidata/p190-2019-08-wd50k/context_statements.csv": "", PAIRS: PAIRS_HEAD, POINTS: POINTS_HEAD,
         EARTH: EARTH_HEAD}  # fmt: skip
"""Files that an adapter reads beside the one of the case."""

Fact = tuple[Any, ...]


def partner(**more: object) -> str:
    return json.dumps([{"lat": 45.7, "lng": 4.8, "name": "Lyon", "description": "Jumelage (1989)", "url": "u", **more}])


def answered(**more: str) -> str:
    cells = {"cityLabel": "Köln", "countryLabel": "Deutschland", "location": "Point(6.95 50.94)", **more}
    return json.dumps({"results": {"bindings": [{name: {"value": text} for name, text in cells.items()}]}})


def gexf(latitude: str, longitude: str, country: str = "Austria") -> str:
    facts = {"0": latitude, "1": longitude, "2": country, "3": "9"}
    values = "".join(f'<attvalue for="{key}" value="{value}"/>' for key, value in facts.items())
    titles = "".join(f'<attribute id="{n}" title="{t}"/>' for n, t in enumerate(("lat", "lon", "country", "pop")))
    node = f'<node id="Q1741" label="Vienna"><attvalues>{values}</attvalues></node>'
    return f'<gexf xmlns="http://www.gexf.net/1.2draft"><graph>{titles}{node}</graph></gexf>'


def entity(time: str, precision: int) -> str:
    date = {"time": time, "precision": precision}
    value = {"mainsnak": {"datavalue": {"value": {"id": "Q2"}}}, "id": "Q1$A-1", "rank": "normal",
             "qualifiers": {"P580": [{"datavalue": {"value": date}}]}}  # fmt: skip
    return json.dumps({"id": "Q1", "labels": {"en": {"value": "One"}}, "claims": {"P190": [value]}})


def read(tmp_path: Path, source: str, path: str, text: str) -> tuple[set[Fact], list[tuple[str, str]], list[Record]]:
    """The facts that a source gives of a raw file, and what is told of its rows: where, and what."""
    out = tmp_path / "out"
    if source in UNPUBLISHED:
        (tmp_path / path).write_bytes(gzip.compress(text.encode()) if path.endswith(".gz") else text.encode())
        out = read_unpublished(source, tmp_path / path, out)
    else:
        out.mkdir()
        for name, content in {**EMPTY, path: text}.items():
            place = tmp_path / "raw" / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(gzip.compress(content.encode()) if name.endswith(".gz") else content.encode())
        TAKE_OVERS[source](tmp_path / "raw", out)
        shutil.copy(folder("data") / "sources" / source / "source.toml", out)
    found = list(ingest.read(out, ingest.describe(out)))
    records, wrong = check_records(item for item in found if not isinstance(item, Finding))
    facts: set[Fact] = set()
    for record in records:
        if isinstance(record, Statement):
            dates = (str(date) for date in (record.start, record.end, record.point) if date is not None)
            facts.add((short(record.subject), short(record.obj), *dates))
        elif isinstance(record, PlaceFacts):
            point = (float(record.latitude), float(record.longitude or 0)) if record.latitude is not None else ()
            more = (value for value in (record.country, record.population) if value is not None)
            facts.add((short(record.item), *(text for _, text in record.labels), *point, *more))
    told = [(finding.focus, finding.message.partition(": ")[2] or finding.message)
            if finding.where.endswith("problems.csv") else (finding.where.rpartition("/")[2], finding.message)
            for finding in [*(item for item in found if isinstance(item, Finding)), *wrong]]  # fmt: skip
    return facts, told, records


def short(item: str) -> str:
    return item.partition(":")[2] or item


WIDE = "; write "
CASES: list[tuple[str, str, str, str, str, str, set[Fact]]] = [
    # case, source, file, text, where, what is told, what is kept
    ("too many", "wikidata-crawl", RELATIONS, "Q1\tQ2\tQ3\n", "relations.tsv:1",
     "3 cells, 'Q3' behind the last column; write 2: subject,object", {("Q1", "Q2")}),
    ("too many", "wikidata-crawl", NAMES, "Q1\tNew York\t\n", "names.tsv:1", "3 cells; write 2: item,label",
     {("Q1", "New York")}),
    ("too many", "wikidata-dated", DATED, "Q1\tP190\tQ2\t1991-##-##\t####-##-##\t5\n", "p190_dated_train.tsv:1",
     "6 cells, '5' behind the last column; write 5: subject,property,object,first,last", {("Q1", "Q2", "1991")}),
    ("too many", "wikidata-mmkb", "wikidata/p190-dated-mmkb/p190_dated_valid.tsv",
     "Q1\tP190\tQ2\toccurSince\t1975\tx\n", "p190_dated_valid.tsv:1",
     "6 cells, 'x' behind the last column; write 5: subject,property,object,when,year", {("Q1", "Q2", "1975")}),
    ("too many", "wd50k", SAMPLE, "Q1,P190,Q2,P2241\n", "p190_train.csv:1",
     "4 cells; write an item, a property and an item, then a property and an item for each qualifier", {("Q1", "Q2")}),
    ("too many", "wdqs-2017", ANSWERS,
     ANSWER + "Bonn\tGermany\t50.7\t7.1\t9\tOxford\t51.7\t-1.2\t8\tUnited Kingdom\t1\tEU\t?\n", "germany.tsv:2",
     "13 cells, '?' behind the last column; write 12: originc",
     {("Bonn|Germany", "Oxford|United Kingdom"), ("Bonn|Germany", "Bonn", 50.7, 7.1, "Germany", 9),
      ("Oxford|United Kingdom", "Oxford", 51.7, -1.2, "United Kingdom", 8)}),
    ("too many", "wikipedia", PAIRS, PAIRS_HEAD + "Berat,Albania,Bari,Apulia, Italy\n",
     "twin_cities_raw-2026-02.csv.gz:2",
     "5 cells, since country2 'Apulia, Italy' is not in quotes; put it in quotes",
     {("Berat|Albania", "Bari|Apulia, Italy"), ("Berat|Albania", "Berat", "Albania"),
      ("Bari|Apulia, Italy", "Bari", "Italy")}),
    ("too many", "transcribed", PRINTED, PRINTED_HEAD + "x,http://e.org/,page,Ulm,Sion,France,twin,1980,,,,,,\n",
     "agreements_transcribed.csv:2", "14 cells; write 12: source_key",
     {("Ulm", "Sion|France", "1980"), ("Ulm", "Ulm"), ("Sion|France", "Sion", "France")}),
    ("too many", "countries", CODES, CODES_HEAD + "AUT,Austria,AT,AUT,http://www.wikidata.org/entity/Q40,Austria,x\n",
     "countries_owid.csv:2", "7 cells, and wikidata_label can be read in several ways; write 6: code,name",
     {("Q40", "Austria")}),
    ("too many", "natural-earth", EARTH, EARTH_HEAD + "Q1741,1,Austria,AT,48.2,16.4,9,Vienna,,,,,,,\n",
     "natural_earth_populated_places.csv:2", "15 cells; write 14: wikidataid",
     {("Q1741", "Vienna", 48.2, 16.4, "AT", 9)}),
    ("too many", "germany-2015", "g.csv",
     GERMANY_HEAD + "Ulm,1,BW,48.4,9.9,Sion,Schweiz,Europa,1980,p,46.2,7.3,,\n", "g.csv:2",
     "14 cells; write 12: gemeindename",
     {("Ulm|Deutschland", "Sion|Schweiz", "1980"), ("Ulm|Deutschland", "Ulm", 48.4, 9.9, "Deutschland"),
      ("Sion|Schweiz", "Sion", 46.2, 7.3, "Schweiz")}),
    ("too many", "parliament-2025", "p.csv", "city_name,country,wikidata_id\nVienna,Austria,Q1741,Mayor\n", "p.csv:2",
     "4 cells, 'Mayor' behind the last column; write 3: city_name,country,wikidata_id",
     {("Q1741", "Vienna", "Austria")}),
    ("too many", "csc-2026", "c.csv", CSC_HEAD + "Q1741,Wien, Stadt,AT,48.2,16.4,9\n", "c.csv:2",
     "7 cells, since name 'Wien, Stadt' is not in quotes; put it in quotes",
     {("Q1741", "Wien, Stadt", 48.2, 16.4, "AT", 9)}),
    ("too few", "wdqs-2017", ANSWERS, ANSWER + "Bonn\tGermany\n", "germany.tsv:2", "2 cells; write 12: originc", set()),
    ("swapped", "wdqs-2017", ANSWERS,
     ANSWER + "Bonn\tGermany\t50.7\t7.1\t9\tOsaka\t135.5\t34.7\t\tJapan\t1\t\n", "germany.tsv:2",
     "135.5 34.7; latitude and longitude are swapped; write the latitude first",
     {("Bonn|Germany", "Osaka|Japan"), ("Bonn|Germany", "Bonn", 50.7, 7.1, "Germany", 9),
      ("Osaka|Japan", "Osaka", "Japan")}),
    ("swapped", "wdqs-2023", BODY, answered(location="Point(50.94 106.95)"), "body.eu.srj.json:1",
     "106.95 50.94; latitude and longitude are swapped; write the latitude first",
     {("Köln|Deutschland", "Köln", "Deutschland")}),
    ("swapped", "wikidata-cities", GRAPH, gexf("116.4", "48.2"), "places.csv:2",
     "latitude 116.4 is off the globe; it goes from -90 to 90; it is left out: latitude and longitude look swapped",
     {("Q1741", "Vienna", "Austria", 9)}),
    ("swapped", "natural-earth", EARTH, EARTH_HEAD + "Q60,,X,US,-173.9,40.7,9,New York,,,,,,\n", "places.csv:2",
     "latitude -173.9 is off the globe; it goes from -90 to 90; it is left out: latitude and longitude look swapped",
     {("Q60", "New York", "US", 9)}),
    ("swapped", "city-diplomacy", MONTREAL, partner(lat=145.7), "city_diplomacy_montreal_2024.json:1",
     "145.7 4.8; latitude and longitude are swapped; write the latitude first",
     {("Montréal|Canada", "Lyon", "1989"), ("Lyon", "Lyon"), ("Montréal|Canada", "Montréal", "Canada"),
      ("Mexico|Mexico", "Mexico", "Mexico")}),
    ("swapped", "eurocities-2025", "e.json", json.dumps({"members": [
        {"wikidata_id": "Q60", "name_on_website": "New York", "latitude": -173.9, "longitude": 40.7}]}), "e.json:1",
     "-173.9 40.7; latitude and longitude are swapped; write the latitude first", {("Q60", "New York")}),
    ("swapped", "csc-2026", "c.csv.gz", CSC_HEAD + "Q1741,Wien,AT,116.4,48.2,9\n", "c.csv.gz:2",
     "116.4 48.2; latitude and longitude are swapped; write the latitude first", {("Q1741", "Wien", "AT", 9)}),
    ("street", "wikipedia", PAIRS, PAIRS_HEAD + "Berat,Albania,Hauptstraße 5,Germany\n",
     "labels.csv:3", "label 'Hauptstraße 5' looks like a street; write the municipality",
     {("Berat|Albania", "Hauptstraße 5|Germany"), ("Berat|Albania", "Berat", "Albania"),
      ("Hauptstraße 5|Germany", "Hauptstraße 5", "Germany")}),
    ("street", "city-diplomacy", MONTREAL, partner(name="12 rue de la République"),
     "labels.csv:2", "label '12 rue de la République' looks like a street; write the municipality",
     {("Montréal|Canada", "12 rue de la République", "1989"), ("Montréal|Canada", "Montréal", "Canada"),
      ("12 rue de la République", "12 rue de la République", 45.7, 4.8), ("Mexico|Mexico", "Mexico", "Mexico")}),
    ("half a date", "transcribed", PRINTED, PRINTED_HEAD + "x,http://e.org/,page,Ulm,Sion,France,twin,May,,,,\n",
     "agreements_transcribed.csv:2", "'May' is no date that can be read for sure; write it as 1962-01-22",
     {("Ulm", "Sion|France"), ("Ulm", "Ulm"), ("Sion|France", "Sion", "France")}),
    ("half a date", "city-diplomacy", MONTREAL, partner(description="Jumelage (juillet)"),
     "city_diplomacy_montreal_2024.json:1",
     "'juillet' is no date that can be read for sure; write it as 1962-01-22, 1962-01, 1962 or 196X",
     {("Montréal|Canada", "Lyon"), ("Lyon", "Lyon", 45.7, 4.8), ("Montréal|Canada", "Montréal", "Canada"),
      ("Mexico|Mexico", "Mexico", "Mexico")}),
    ("half a date", "germany-2015", "g.csv", GERMANY_HEAD + "Ulm,1,BW,,,Sion,Schweiz,Europa,198,p,,\n", "g.csv:2",
     "198; write a year of four digits",
     {("Ulm|Deutschland", "Sion|Schweiz"), ("Ulm|Deutschland", "Ulm", "Deutschland"),
      ("Sion|Schweiz", "Sion", "Schweiz")}),
    ("half a date", "wikidata-entities", "wikidata/entities/Q1.json", entity("+1989-00-00T00:00:00Z", 11),
     "statements.csv:2", "start '1989-00-00': there is no month 00; write 01 to 12", {("Q1", "Q2"), ("Q1", "One")}),
    ("impossible date", "wikidata-entities", "wikidata/entities/Q1.json", entity("+1989-02-30T00:00:00Z", 11),
     "statements.csv:2", "start '1989-02-30': 1989-02 has 28 days", {("Q1", "Q2"), ("Q1", "One")}),
    ("impossible date", "wikidata-dated", DATED, "Q1\tP190\tQ2\t1991-13-##\t2016-##-##\n", "statements.csv:2",
     "start '1991-13': there is no month 13; write 01 to 12", {("Q1", "Q2", "2016")}),
    ("impossible date", "city-diplomacy", MONTREAL, partner(description="Jumelage (31 juin 1999)"),
     "city_diplomacy_montreal_2024.json:1", "'31 juin 1999': '1999-06-31': 1999-06 has 30 days; correct the date",
     {("Montréal|Canada", "Lyon"), ("Lyon", "Lyon", 45.7, 4.8), ("Montréal|Canada", "Montréal", "Canada"),
      ("Mexico|Mexico", "Mexico", "Mexico")}),
    ("two items", "wikidata-crawl", RELATIONS, "Q1\tQ2 Q3\n", "statements.csv:2",
     "object 'Q2 Q3' names 2 items; write one row for each", {("Q1", "Q2 Q3")}),
    ("two items", "natural-earth", EARTH, EARTH_HEAD + "Q1741;Q40,1,Austria,AT,48.2,16.4,9,,,,,,,\n",
     "places.csv:2", "item 'Q1741;Q40' names 2 items; write one row for each", {("Q1741 Q40", 48.2, 16.4, "AT", 9)}),
    ("two items", "csc-2026", "c.csv", CSC_HEAD + "Q1741 Q40,Wien,AT,48.2,16.4,9\n", "c.csv:2",
     "Q1741 Q40; write one item, such as Q100", {("Wien|AT", "Wien", 48.2, 16.4, "AT")}),
    ("two items", "eurocities-2025", "e.json", json.dumps({"members": [
        {"wikidata_id": "Q1741, Q40", "name_on_website": "Wien", "country": "Austria"}]}), "e.json:1",
     "Q1741, Q40; write one item, such as Q100", {("Wien|Austria", "Wien", "Austria")}),
    ("two items", "parliament-2025", "p.csv", 'city_name,country,wikidata_id\nWien,Austria,"Q1741, Q40"\n', "p.csv:2",
     "Q1741, Q40; write one item, such as Q100", {("Wien|Austria", "Wien", "Austria")}),
    ("HTML", "wikidata-crawl", NAMES, "Q1\t<b>New York</b>\n", "labels.csv:2",
     "label '<b>New York</b>' has HTML in it; write 'New York', which is taken", {("Q1", "New York")}),
    ("HTML", "transcribed", PRINTED, PRINTED_HEAD + "x,http://e.org/,page,Ulm,<i>Sion</i>,France,twin,1980,,,,\n",
     "agreements_transcribed.csv:2", "<i>Sion</i>; write 'Sion', which is taken",
     {("Ulm", "Sion|France", "1980"), ("Ulm", "Ulm"), ("Sion|France", "Sion", "France")}),
    ("HTML", "wdqs-2023", BODY, answered(cityLabel="K&ouml;ln"), "body.eu.srj.json:1",
     "K&ouml;ln; write 'Köln', which is taken", {("Köln|Deutschland", "Köln", 50.94, 6.95, "Deutschland")}),
    ("HTML", "germany-2015", "g.csv", GERMANY_HEAD + "<b>Ulm</b>,1,BW,48.4,9.9,Sion,Schweiz,Europa,1980,p,,\n",
     "g.csv:2", "<b>Ulm</b>; write 'Ulm', which is taken",
     {("Ulm|Deutschland", "Sion|Schweiz", "1980"), ("Ulm|Deutschland", "Ulm", 48.4, 9.9, "Deutschland"),
      ("Sion|Schweiz", "Sion", "Schweiz")}),
    ("HTML", "csc-2026", "c.csv", CSC_HEAD + "Q1741,<b>Wien</b>,AT,48.2,16.4,9\n", "c.csv:2",
     "<b>Wien</b>; write 'Wien', which is taken", {("Q1741", "Wien", 48.2, 16.4, "AT", 9)}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("source", "path", "text", "where", "said", "kept"),
    [case[1:] for case in CASES],
    ids=[f"{case[0]} in {case[1]}" for case in CASES],
)
def test_a_bad_row_is_told_with_its_row_and_what_is_right_and_the_rest_of_it_is_kept(
    tmp_path: Path, source: str, path: str, text: str, where: str, said: str, kept: set[Fact]
) -> None:
    facts, told, _ = read(tmp_path, source, path, text)

    assert [(place, message[: len(said)]) for place, message in told if message.startswith(said)] == [(where, said)], (
        told
    )
    assert facts == kept


UNKNOWN = [
    ("wdqs-2017", ANSWERS, ANSWER + "Bonn\tAtlantis\t50.7\t7.1\t9\tQ1\t51.7\t-1.2\t8\tUnited Kingdom\t1\tEU\n",
     ("Bonn|Atlantis", "Bonn", 50.7, 7.1, "Atlantis", 9)),
    ("wikipedia", PAIRS, PAIRS_HEAD + "Bonn,Atlantis,Q1,Italy\n", ("Bonn|Atlantis", "Bonn", "Atlantis")),
    ("transcribed", PRINTED, PRINTED_HEAD + "x,http://e.org/,page,Ulm,Bonn,Atlantis,twin,1980,,,,\n",
     ("Bonn|Atlantis", "Bonn", "Atlantis")),
    ("natural-earth", EARTH, EARTH_HEAD + "Q586,1,Atlantis,-99,50.7,7.1,9,Bonn,,,,,,\n",
     ("Q586", "Bonn", 50.7, 7.1, "Atlantis", 9)),
    ("wikidata-cities", GRAPH, gexf("48.2", "16.4", "Atlantis"), ("Q1741", "Vienna", 48.2, 16.4, "Atlantis", 9)),
    ("germany-2015", "g.csv", GERMANY_HEAD + "Ulm,1,BW,48.4,9.9,Bonn,Atlantis,Europa,1980,p,,\n",
     ("Bonn|Atlantis", "Bonn", "Atlantis")),
    ("parliament-2025", "p.csv", "city_name,country,wikidata_id\nBonn,Atlantis,\n",
     ("Bonn|Atlantis", "Bonn", "Atlantis")),
]  # fmt: skip


@pytest.mark.parametrize(("source", "path", "text", "kept"), UNKNOWN, ids=[case[0] for case in UNKNOWN])
def test_an_unknown_country_is_told_with_its_row_and_kept_in_its_own_words(
    tmp_path: Path, source: str, path: str, text: str, kept: Fact
) -> None:
    facts, _, records = read(tmp_path, source, path, text)
    places = [row for row in records if isinstance(row, PlaceFacts) and row.country == "Atlantis"]
    twin = Statement(source, "made", places[0].item, "Q1", "made:1")
    described = ingest.describe(tmp_path / "out" / (source if source in UNPUBLISHED else ""))
    result = resolve([*records, twin], {source: described}, Decisions(), Ledger(), DAY)

    assert kept in facts
    assert [(f.rule, f.severity, f.where, f.value) for f in result.findings if f.value == "Atlantis"] == [
        ("S04", "Warning", places[0].where, "Atlantis")
    ]
    assert places[0].where.startswith(f"{source}/places.csv:" if source in UNPUBLISHED else "out/places.csv:")
