"""A base of the crawl of 2016 alone, enriched from a local Wikidata over HTTP, and built: what it gains."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from twinld.files import folder
from twinld.pipeline import BuildOptions, build
from twinld.store import Store, open_store
from twinld.store.oxigraph import bulk_load
from twinld.vocab import CURATED, ID, REVIEW, TW, TWV, WIKIDATA

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parents[2]
BASE_SOURCES = ("wikidata-crawl", "countries")
SHARES = {
    "located": "?p <http://www.w3.org/2003/01/geo/wgs84_pos#lat> ?v",
    "country": f"?p <{TW}country> ?v",
    "population": f"?p <{TW}population> ?v",
}


@dataclass(frozen=True)
class Done:
    """The base, what `twinld enrich` wrote, and the enriched release; `wikidata` is the address of the service."""

    before: Store
    after: Store
    extract: Path
    folder: Path
    said: str
    command: list[str]
    environment: dict[str, str]


@pytest.fixture(scope="module")
def served(whole_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The local Wikidata behind our own SPARQL endpoint, in a process of its own."""
    place = tmp_path_factory.mktemp("store") / "store"
    bulk_load(place, [(whole_file, None)])
    command = [sys.executable, "-m", "twinld", "serve", "--store", str(place), "--port", "0"]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    line = server.stdout.readline()
    yield line.split(" at ")[1].strip() + "sparql"
    server.terminate()
    server.communicate(timeout=30)


def twinld(command: list[str], environment: dict[str, str], name: str) -> str:
    """What a command says on stdout when it ends well."""
    whole = [*command[:3], name, *command[3:]]
    ran = subprocess.run(whole, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.fixture(scope="module")
def done(served: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Done]:
    """Build the base, enrich it by the command line, build again."""
    place = tmp_path_factory.mktemp("done")
    data, out = place / "data", place / "build"
    for name in BASE_SOURCES:
        (data / "sources").mkdir(parents=True, exist_ok=True)
        (data / "sources" / name).symlink_to(folder("data") / "sources" / name)
    base = build(BuildOptions(data=data, out=out)).folder
    environment = {**os.environ, "TWINLD_CONTACT": "test@example.org", "TWINLD_WIKIDATA_ENDPOINT": served}
    command = [sys.executable, "-m", "twinld", "--data", str(data), "--out", str(out)]
    said = twinld(command, environment, "enrich")
    enriched = build(BuildOptions(data=data, out=out)).folder
    before, after = open_store(base), open_store(enriched)
    yield Done(before, after, data / "sources" / "wikidata-live", enriched, said, command, environment)
    before.close()
    after.close()


def count(store: Store, pattern: str) -> int:
    query = f"SELECT (COUNT(DISTINCT ?p) AS ?n) WHERE {{ ?p <{TW}p190Item> ?i . {pattern} }}"
    return int(store.select(query)[0]["n"].value)


def test_the_base_reaches_the_shares_that_the_full_build_has_from_files(
    done: Done, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the local Wikidata holds is what the file of its cities has; other files know more of the places."""
    base = f"GRAPH <https://w3id.org/twinld/graph/source/wikidata-crawl> {{ ?r <{TW}recordOf> ?p }}"
    cities = "GRAPH <https://w3id.org/twinld/graph/source/wikidata-cities>"
    shares = {}
    for name, pattern in SHARES.items():
        said = f"{pattern} . {base} {cities} {{ ?c <{TW}claimSubject> ?p ; <{TW}claimPredicate> {pattern.split()[1]} }}"
        built = (count(of, f"{pattern} . {base}") for of in (done.before, done.after))
        shares[name] = (*built, count(store, said))
    with capsys.disabled():
        print("\nof 10,055 places: before, after, the full build:", shares)

    assert count(done.before, base) == count(done.after, base) == 10055
    assert shares["located"][0] == 0
    assert shares["located"][1] >= 0.43 * 10055
    for before, after, full in shares.values():
        assert before == 0
        assert after >= 0.99 * full


def test_curated_is_as_it_was(done: Done) -> None:
    known = set(done.before.construct(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{CURATED}> {{ ?s ?p ?o }} }}"))
    now = set(done.after.construct(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{CURATED}> {{ ?s ?p ?o }} }}"))
    refuted = {triple for triple in known - now if "rostock" in triple[0] or "q2861--q52502" in triple[0]}

    assert known - now == refuted
    assert len(refuted) == 4  # the agreement of Rostock and Gothenburg: class, kind, two parties
    assert {subject for subject, _, _ in now - known} == {f"<{ID}source/wikidata-live>"}


def test_berlin_has_seventeen_partner_cities_since_a_day(done: Done) -> None:
    rows = done.after.select(
        f"""SELECT ?a ?start ?i WHERE {{
          ?berlin <{TW}wikidataItem> <http://www.wikidata.org/entity/Q64> .
          ?a <{TW}party> ?berlin, ?other ; <{TW}start> ?start . ?other <{TW}wikidataItem> ?i
          FILTER(?other != ?berlin) FILTER(STRLEN(STR(?start)) = 10) }}"""
    )

    with (done.extract / "statements.csv").open(encoding="utf-8", newline="") as file:
        berlin = [row for row in csv.DictReader(file) if row["subject"] == "Q64"]
    with (done.extract / "references.csv").open(encoding="utf-8", newline="") as file:
        referenced = {row["statement"] for row in csv.DictReader(file) if row["property"] == "P854"}
    items = {row["i"].value.rpartition("/")[2] for row in rows}

    assert [len(row["start"]) for row in berlin] == [len("1989-11-17")] * 18
    assert {row["statement"] for row in berlin} <= referenced
    assert len(items - {"Q9005"}) == 17  # Q9005 is Brussels once more, as region
    assert {"Q406", "Q1490", "Q239"} <= items


def test_karlsruhe_keeps_a_month_a_month(done: Done) -> None:
    rows = done.after.select(
        f"""SELECT ?start WHERE {{ ?k <{TW}wikidataItem> <http://www.wikidata.org/entity/Q1040> .
          ?a <{TW}party> ?k ; <{TW}start> ?start }} ORDER BY ?start"""
    )
    starts = [row["start"].value for row in rows]

    assert [start for start in starts if len(start) == 7] == ["1998-10"]
    assert {len(start) for start in starts} == {4, 7}


def test_rostock_and_gothenburg_are_refuted(done: Done) -> None:
    rows = done.after.select(
        f"""SELECT ?record ?by WHERE {{ GRAPH <{REVIEW}> {{
          ?record <{TW}verdict> <{TWV}verdict-refuted> ; <{TW}accordingTo> ?by }} }}"""
    )
    verdicts = {(row["record"].value.split("/")[-2], row["by"].value.rpartition("/")[2]) for row in rows}
    parties = f"""ASK {{ ?a <{TW}party> ?x, ?y . ?x <{TW}p190Item> <http://www.wikidata.org/entity/Q2861> .
      ?y <{TW}p190Item> <http://www.wikidata.org/entity/Q52502> }}"""

    assert verdicts == {("wikidata-crawl", "wikidata-live"), ("wikidata-live", "wikidata-live")}
    assert (done.before.ask(parties), done.after.ask(parties)) == (True, False)


def test_every_filled_triple_leads_to_its_revision_and_its_moment(done: Done) -> None:
    told = done.after.construct(
        f"""CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <https://w3id.org/twinld/graph/source/wikidata-live> {{
          ?c <{TW}claimSubject> ?s ; <{TW}claimPredicate> ?p ; <{TW}claimValue>|<{TW}claimObject> ?o ;
             <{TW}fromRecord> ?r . ?r <https://schema.org/version> ?v ; <{TW}retrievedAt> ?t }} }}"""
    )
    filled = done.after.construct(
        f"""CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{WIKIDATA}> {{ ?s ?p ?o }}
          FILTER(?p NOT IN (<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>, <{TW}kind>, <{TW}party>,
            <{TW}wikidataItem>, <{TW}p190Item>))
          FILTER NOT EXISTS {{ ?s a <{TW}Statistic> }} }}"""
    )
    assert len(filled) > 30_000
    assert set(filled) - set(told) == set()
    of_record = f"""GRAPH <{WIKIDATA}> {{ ?s <{TW}accordingTo> ?r ; <{TW}about> ?place }}
      GRAPH <https://w3id.org/twinld/graph/source/wikidata-live> {{
        ?r <https://schema.org/version> ?version ; <{TW}retrievedAt> ?t .
        ?c <{TW}fromRecord> ?r ; <{TW}claimSubject> ?place ; <{TW}claimPredicate> <{TW}population> ;
           <{TW}claimValue> ?v }}"""
    select = (
        f"SELECT (COUNT(DISTINCT ?s) AS ?n) WHERE {{ GRAPH <{WIKIDATA}> {{ ?s a <{TW}Statistic> ; <{TW}value> ?v }}"
    )
    statistics, traced = (
        done.after.select(f"{select} {more} }}")[0]["n"].value  # the whole of them, and those that lead to a record
        for more in ("", of_record)
    )
    assert int(statistics) == int(traced) > 0
    reference = done.after.ask(
        f"""ASK {{ GRAPH <https://w3id.org/twinld/graph/source/wikidata-live> {{
          ?r <{TW}locator> "Q64 P190 Q406" ; <{TW}sourceStatement> ?st ;
             <http://www.w3.org/ns/prov#wasDerivedFrom>/<http://www.wikidata.org/prop/reference/P854> ?url }} }}"""
    )

    assert reference


def test_the_release_says_how_much_agreed(done: Done) -> None:
    manifest = json.loads((done.folder / "manifest.json").read_text())

    assert [row for row in manifest["findings"] if row["severity"] == "Violation"] == []
    assert manifest["date"] == (done.extract / "source.toml").read_text().split('extracted = "')[1][:10]


def test_only_what_has_a_reference_with_its_day_is_proposed(done: Done) -> None:
    """None of the documents' references says when it was read, so nothing is proposed; the lists say where to look."""
    first, second = (twinld(done.command, done.environment, "contribute") for _ in range(2))
    day = (done.extract / "source.toml").read_text().split('extracted = "')[1][:10]
    lists = done.folder.parents[1] / "contribute"
    with (lists / "one-sided.csv").open(encoding="utf-8", newline="") as file:
        cases = list(csv.DictReader(file))

    assert f"edits proposed now\t0\textract of {day}" in first.splitlines()
    assert first == second
    assert list((lists / "quickstatements").iterdir()) == []
    assert {(row["extract"], row["query"][:6]) for row in cases} == {(day, "SELECT")}
    assert {row["referenced"] for row in cases} == {"yes", "no", "ask the live service"}
