"""What the documents say keeps its dates in every syntax and its sense under another base."""

from __future__ import annotations

import csv
import io
import re
import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from tests.queries import part
from twinld.formats import find_format
from twinld.layout import write_inventory
from twinld.pipeline import BuildOptions, build
from twinld.queries import query, with_prefixes
from twinld.site import write
from twinld.store import Store, open_store
from twinld.vocab import ID, OWL, TW, XSD

BLOG, COMPILATION = "twin-cities-blog", "sister-cities-compilation"


@pytest.fixture(scope="module")
def quads(release: Path) -> list[ox.Quad]:
    return part.part_of(release)


def asked(store: Store, text: str) -> list[dict[str, str]]:
    """The rows of a query without PREFIX lines; IRIs without our base."""
    rows = store.select(with_prefixes(text))
    return [{key: term.value.removeprefix(ID) for key, term in row.items()} for row in rows]


# ------------------------------------------------------------------------------------------------------ dates

DATES = [
    ("agreement/le-mans--paderborn--2", "start", "0836", "0835-12-31", "0837-01-01"),
    ("agreement/toledo-es--toledo-us", "start", "1931", "1930-12-31", "1932-01-01"),
    ("agreement/le-mans--paderborn", "start", "1967", "1966-12-31", "1968-01-01"),
]
DEBATE = f"{ID}event/lords-debate-2014"
MONTH = "2014-03"


@pytest.mark.parametrize("name", ["turtle", "jsonld", "nquads"])
def test_dates_come_back_from_every_syntax_as_they_were(quads: list[ox.Quad], name: str) -> None:
    row = find_format(name)
    chosen = [
        (str(q.subject), str(q.predicate), str(q.object), None)
        for q in quads
        if isinstance(q.object, ox.Literal) and q.object.datatype.value.endswith("EDTF-level1")
    ]
    graph = rdflib.Dataset(default_union=True)
    graph.parse(data=write(chosen, row), format=row.rdflib)
    back = {(str(s), str(o), str(o.datatype)) for s, _, o in graph.triples((None, None, None))}

    assert {(s[1:-1], *re.match(r'"(.*)"\^\^<(.*)>', o).groups()) for s, _, o, _ in chosen} == back
    assert {"0836", "1931", "1967", MONTH} <= {value for _, value, _ in back}


def test_dates_come_back_from_csv(store: Store) -> None:
    out = io.BytesIO()
    store.write(with_prefixes("SELECT ?start { GRAPH graph:curated { ?x tw:start ?start } }"), find_format("csv"), out)

    assert {"0836", "1931", "1967"} <= set(out.getvalue().decode().split())


@pytest.mark.parametrize(("thing", "name", "value", "before", "after"), DATES)
def test_a_range_finds_a_date_and_a_narrower_one_does_not(
    store: Store, thing: str, name: str, value: str, before: str, after: str
) -> None:
    text = f"""SELECT ?date {{
      <{ID}{thing}> tw:{name} ?date .
      <{ID}{thing}> tw:{name}Earliest ?earliest . FILTER(?earliest > "{before}"^^xsd:date)
      <{ID}{thing}> tw:{name}Latest ?latest . FILTER(?latest < "{after}"^^xsd:date)
    }}"""

    assert asked(store, text) == [{"date": value}]
    assert asked(store, text.replace(before, after)) == []


def test_the_month_of_a_debate_is_a_claim_beside_the_day_that_another_source_tells(store: Store) -> None:
    rows = asked(
        store,
        f"""SELECT ?date ?source {{ GRAPH ?g {{
          ?claim tw:claimSubject <{DEBATE}> .
          ?claim tw:claimPredicate tw:date .
          ?claim tw:claimValue ?date .
          ?claim tw:fromRecord ?record .
          ?record tw:statedIn ?source .
        }} }} ORDER BY ?date""",
    )

    assert rows == [
        {"date": MONTH, "source": f"source/{COMPILATION}"},
        {"date": "2014-03-26", "source": "source/hansard-2014"},
    ]
    assert asked(store, f"SELECT ?date {{ <{DEBATE}> tw:date ?date }}") == [{"date": "2014-03-26"}]


# ---------------------------------------------------------------------------------- another base, and no traps


OTHER = "http://data.example/"


@pytest.fixture(scope="module")
def elsewhere(root: Path, quads: list[ox.Quad], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release with another base, of the curated tables and the statements and labels of the places they need."""
    named = {f"{TW}wikidataItem", f"{TW}p190Item"}
    items = {quad.object.value.rpartition("/")[2] for quad in quads if quad.predicate.value in named}
    claims = (root / "data" / "curated" / "claims.csv").read_text("utf-8")
    with (root / "data" / "ids.csv").open(encoding="utf-8", newline="") as rows:
        named_there = (row["key"] for row in csv.DictReader(rows) if f"agreement:{row['slug']}" in claims)
        items |= {item for key in named_there for item in key.split("+")}
    folder = tmp_path_factory.mktemp("elsewhere")
    data = folder / "data"
    shutil.copytree(root / "data" / "curated", data / "curated")
    (data / "curated" / "verdicts.csv").unlink()  # its one row is about a statement that is not among these
    for name in ("ids.csv", "reconciliation.csv"):
        shutil.copy(root / "data" / name, data)
    for name in ("countries", "transcribed", "wikidata-crawl", "wikidata-cities"):
        copy = data / "sources" / name
        shutil.copytree(root / "data" / "sources" / name, copy)
        for path in copy.glob("*.csv") if name.startswith("wikidata") else ():
            header, *rows = path.read_text("utf-8").splitlines(keepends=True)
            path.write_text("".join([header, *(row for row in rows if row.split(",")[0] in items)]), "utf-8")
        write_inventory(copy)
    # the date of the whole release: some agreements of the documents are younger than these sources
    return build(BuildOptions(data=data, out=folder / "build", base=OTHER, date="2026-07-31")).folder


def test_with_another_base_no_iri_of_the_usual_one_is_left(elsewhere: Path) -> None:
    plain = [path for path in (elsewhere / "dumps").iterdir() if path.suffix not in {".gz", ".zst"}]
    left = [path.name for path in plain if "w3id.org/twinld" in path.read_text("utf-8")]
    assert len(plain) > 20
    store = open_store(elsewhere)
    quoted = f"ASK {{ GRAPH <{OTHER}graph/source/{BLOG}> {{ ?record <{OTHER}ns#quote> ?words }} }}"

    assert left == []
    assert store.ask(quoted)
    assert store.ask(query("cq09", OTHER))
    store.close()


def test_no_dump_holds_same_as_the_http_form_of_schema_org_or_a_gyear(release: Path) -> None:
    dumps = sorted((release / "dumps").glob("*.nq"))
    traps = [re.compile(trap) for trap in (rf"<{OWL}sameAs>", "<http://schema.org/", rf"{XSD}gYear")]
    found = []
    for path in dumps:
        with path.open(encoding="utf-8") as file:
            found += [line for line in file if any(trap.search(line) for trap in traps)]

    assert "twinld.nq" in {path.name for path in dumps}
    assert found == []
