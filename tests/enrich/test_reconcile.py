"""Places of a list find their items: surely, or with the help of a person, and never by their name alone."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from twinld.cli import main
from twinld.cli.reconcile import COLUMNS, _read
from twinld.enrich import Client, Offline
from twinld.enrich.reconcile import Match, Wanted, reconcile
from twinld.errors import SourceError
from twinld.store import open_store

from .conftest import TestClock
from .front import Front, of_store
from .rdf_model import Entity, Fact, Item, Number, Point, Text
from .wikidata import Wikidata, add_places, rows

LANGUAGES = ("en", "de")
SWEDEN, SPAIN, USA = "Q34", "Q29", "Q30"


def town(
    wikidata: Wikidata,
    qid: str,
    name: str,
    country: str,
    latitude: str,
    longitude: str,
    people: str = "",
    *,
    twins: str = "",
) -> Entity:
    entity = wikidata.entity(qid)
    entity.labels["en"] = name
    entity.facts += [Fact(qid, "P17", Item(country)), Fact(qid, "P625", Point(latitude, longitude))]
    entity.facts.append(Fact(qid, "P31", Item("Q515")))
    if people:
        entity.facts.append(Fact(qid, "P1082", Number(people)))
    if twins:
        entity.facts.append(Fact(qid, "P190", Item(twins)))
    return entity


@pytest.fixture
def wikidata() -> Wikidata:
    made = Wikidata()
    town(made, "Q5836", "Toledo", SPAIN, "39.86", "-4.02", "84000", twins="Q49239").facts.append(
        Fact("Q5836", "P1566", Text("2510409"))
    )
    town(made, "Q49239", "Toledo", USA, "41.66", "-83.58", "270000", twins="Q5836")
    town(made, "Q2211", "Malmö", SWEDEN, "55.5833", "13.0333", "269349")
    town(made, "Q503361", "Malmö Municipality", SWEDEN, "55.57", "13.02", "320000", twins="Q1764")
    made.entity("Q2211").facts.append(Fact("Q2211", "P131", Item("Q503361")))
    town(made, "Q1", "Twin", SWEDEN, "60.0", "15.0", "100")
    town(made, "Q2", "Twin", SWEDEN, "60.01", "15.01", "100")
    made.entity("Q3").labels["en"] = "Alone"
    made.entity("Q3").facts.append(Fact("Q3", "P17", Item(SWEDEN)))
    return made


def matched(wikidata: Wikidata, tmp_path: Path, *wanted: Wanted) -> list[Match]:
    service = Offline(open_store(wikidata.write(tmp_path / "wikidata.nt")), "a file")
    try:
        return reconcile(wanted, service, LANGUAGES)
    finally:
        service.close()


CASES = [
    (Wanted("1", "anything", qid="Q64"), "matched", "Q64"),
    (Wanted("1", "another name", geonames="2510409"), "matched", "Q5836"),
    (Wanted("1", "Toledo", SPAIN, 39.85, -4.03, 85000), "matched", "Q5836"),
    (Wanted("1", "Toledo", USA, 41.65, -83.55), "matched", "Q49239"),
    (Wanted("1", "Toledo", USA, 41.6, -83.6), "review", "Q49239"),
    (Wanted("1", "Toledo", "", 41.66, -83.58), "matched", "Q49239"),
    (Wanted("1", "Toledo", SPAIN), "review", "Q5836"),
    (Wanted("1", "Toledo"), "review", "Q5836"),
    (Wanted("1", "Toledo", SPAIN, 41.66, -83.58), "unmatched", ""),
    (Wanted("1", "Toledo", SWEDEN), "unmatched", ""),
    (Wanted("1", "Twin", SWEDEN, 60.0, 15.0, 100), "review", "Q1"),
    (Wanted("1", "Nowhere", SWEDEN), "unmatched", ""),
    (Wanted("1", "Alone", SWEDEN, 60.0, 15.0), "unmatched", ""),
]


@pytest.mark.parametrize(("wanted", "state", "item"), CASES, ids=[f"{n} {row[1]}" for n, row in enumerate(CASES)])
def test_a_place_is_matched_only_when_its_score_is_high_and_alone(
    wikidata: Wikidata, tmp_path: Path, wanted: Wanted, state: str, item: str
) -> None:
    (match,) = matched(wikidata, tmp_path, wanted)

    assert (match.state, match.item) == (state, item)


def test_malmo_keeps_its_item_and_resolves_p190_to_its_municipality(wikidata: Wikidata, tmp_path: Path) -> None:
    malmo, toledo = matched(
        wikidata, tmp_path, Wanted("m", "Malmö", SWEDEN, 55.58, 13.03), Wanted("t", "Toledo", SPAIN, 39.86, -4.02)
    )

    assert (malmo.item, malmo.p190) == ("Q2211", "Q503361")
    assert (toledo.item, toledo.p190) == ("Q5836", "")


def test_natural_earth_finds_its_items_among_the_cities_of_2022(tmp_path: Path) -> None:
    """Two independent descriptions of one place: Natural Earth's name, point and population against Wikidata's."""
    wikidata = Wikidata()
    for row in rows("wikidata-cities/places.csv"):
        wikidata.entity(row["item"])
    add_places(wikidata, sources=("wikidata-cities",))
    codes = {row["iso_code"]: row["item"] for row in rows("countries/places.csv")}
    names = {row["item"]: row["label"] for row in rows("natural-earth/labels.csv") if row["language"] == "en"}
    wanted = [
        Wanted(
            row["item"], names[row["item"]], codes.get(row["country"], ""), float(row["latitude"]),
            float(row["longitude"]), int(row["population"] or 0) or None,
        )
        for row in rows("natural-earth/places.csv")
        if row["item"] in wikidata.entities and row["item"] in names and not row["row"]
    ]  # fmt: skip
    matches = matched(wikidata, tmp_path, *wanted)
    sure = [match for match in matches if match.state == "matched"]
    right = sum(match.item == match.wanted.id for match in sure)
    precision, recall = right / len(sure), right / len(wanted)
    print(f"\n{len(wanted)} pairs: precision {precision:.4f}, recall {recall:.4f}", Counter(m.state for m in matches))

    assert len(wanted) >= 600
    assert precision >= 0.995
    assert recall >= 0.90


def test_the_command_writes_matches_reviews_and_the_rest(
    wikidata: Wikidata, tmp_path: Path, release: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    listed = tmp_path / "places.csv"
    listed.write_text(
        "id,name,country,latitude,longitude,population,qid,geonames\n"
        "a,Toledo,ES,39.86,-4.02,,,\nb,Toledo,ES,,,,,\nc,Nowhere,,,,,,\nd,Malmö,SE,55.58,13.03,,,\n"
    )
    file, out = str(wikidata.write(tmp_path / "wikidata.nt")), tmp_path / "build"
    out.mkdir()
    (out / "releases").symlink_to(release.parent)
    (out / "current").symlink_to(release)
    assert main(["reconcile", str(listed), "--extract", file, "--out", str(out)]) == 0
    first = capsys.readouterr().out
    review = out / "reconcile" / "review.csv"
    review.write_text(review.read_text().replace("),\n", "),Q5836\n").replace(')",\n', ')",Q5836\n'))
    assert main(["reconcile", str(listed), "--extract", file, "--out", str(out), "--decisions", str(review)]) == 0

    assert first.splitlines() == ["matched\t2", "review\t1", "unmatched\t1", "twinnings on another item\t1"]
    assert capsys.readouterr().out.splitlines()[:2] == ["matched\t3", "review\t0"]
    with (out / "reconcile" / "mix-n-match.csv").open(newline="") as written:
        assert list(csv.reader(written)) == [
            ["id", "name", "desc", "url", "type", "q"],
            ["c", "Nowhere", "", "", "", ""],
        ]
    with (out / "reconcile" / "p190.csv").open(newline="") as written:
        assert [row[:3] for row in csv.reader(written)][1:] == [["Q503361", "Q2211", "p190"]]


BAD_ROWS = [
    ("a,Toledo,XX,,,,,", "country 'XX' is not a code of ISO 3166-1; write it as SE"),
    ("a,Toledo,ES,abc,,,,", "latitude 'abc' is no degrees; write a number from -90 to 90 such as 42.358"),
    ("a,Toledo,ES,nan,,,,", "latitude 'nan' is no degrees"),
    ("a,Toledo,ES,41.6,183.5,,,", "longitude '183.5' is no degrees; write a number from -180 to 180"),
    ("a,Toledo,ES,,,1e6,,", "population '1e6' is not a whole number; write it as 42000"),
    ("a,Toledo,ES,,,,,ES-TO", "geonames 'ES-TO' is not a whole number"),
    ("a,Toledo,ES,,,,Q05836,", "qid 'Q05836' is not a Wikidata item; write it as Q100"),
    (",Toledo,ES,,,,,", "id '' or name 'Toledo' is empty, or the id stands twice"),
]


@pytest.mark.parametrize(("row", "message"), BAD_ROWS)
def test_a_bad_row_of_a_list_is_refused_with_its_line(tmp_path: Path, row: str, message: str) -> None:
    listed = tmp_path / "places.csv"
    listed.write_text(f"{','.join(COLUMNS)}\n{row}\n")

    with pytest.raises(SourceError) as raised:
        _read(listed, {"ES": SPAIN}, {})
    assert f"places.csv:2: {message}" in str(raised.value)


def test_an_item_that_is_given_and_is_a_person_is_for_review(wikidata: Wikidata, tmp_path: Path) -> None:
    wikidata.add(Fact("Q42", "P31", Item("Q5")))
    given, other = matched(wikidata, tmp_path, Wanted("1", "Adams", qid="Q42"), Wanted("2", "Toledo", qid="Q5836"))

    assert (given.state, [(c.item, c.why) for c in given.candidates]) == ("review", [("Q42", "given, but a person")])
    assert other.state == "matched"


@pytest.fixture
def front(wikidata: Wikidata, tmp_path: Path) -> Iterator[Front]:
    with Front(of_store(open_store(wikidata.write(tmp_path / "served.nt")))) as serving:
        yield serving


def test_a_list_that_is_too_much_at_once_is_asked_for_in_parts(
    front: Front, wikidata: Wikidata, tmp_path: Path
) -> None:
    wanted = [Wanted("1", "Toledo", SPAIN, 39.85, -4.03, 85000), Wanted("2", "Malmö", SWEDEN, 55.58, 13.03)]
    front.faults.append("trace")
    service = Client(front.url, "test@example.org", clock=TestClock())

    assert reconcile(wanted, service, LANGUAGES) == matched(wikidata, tmp_path, *wanted)


def test_a_service_that_fails_ends_it_with_3_and_what_it_answered_is_not_asked_again(
    front: Front, tmp_path: Path, release: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    listed, out = tmp_path / "places.csv", tmp_path / "build"
    listed.write_text(f"{','.join(COLUMNS)}\na,Toledo,ES,39.86,-4.02,,,\n")
    out.mkdir()
    (out / "releases").symlink_to(release.parent)
    (out / "current").symlink_to(release)
    monkeypatch.setenv("TWINLD_CONTACT", "test@example.org")
    command = ["reconcile", str(listed), "--endpoint", front.url, "--out", str(out)]
    front.faults.extend(["ok", "ok", "status:403"])
    failed = main(command)
    said, asked = capsys.readouterr().err, front.requests
    done = main(command)
    again = front.requests - asked

    assert (failed, done, asked) == (3, 0, 3)
    assert said.startswith(f"twinld: {front.url}: refuses us (status 403")
    assert said.endswith("nothing was written. Its answers of today are kept: run it again\n")
    assert again == len(set(front.queries)) - 2
    assert not (out / "reconcile" / "review.csv").read_text().count("Toledo")
