"""The release of this checkout, as people meet it: every IRI leads somewhere, real cases are right, clients can read.

`make iris` (TEST_IRIS=all) asks for every IRI, in about half an hour; `make test` for some of each kind.
"""

from __future__ import annotations

import json
import os
import random
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pyoxigraph
import pytest
import rdflib
from flask.testing import FlaskClient

from tests.server.conftest import BROWSER, browsing
from twinld.queries import with_prefixes
from twinld.vocab import BASE, GRAPH, ID, RDFS, TW, WD

ALL = os.environ.get("TEST_IRIS") == "all"
SAMPLE = 40
"""How many documents of each kind are asked for, unless all are."""
DOCUMENTS = {
    "dataset": 1,
    "graph": 36,
    "id/agreement": 22_517,
    "id/dataset": 2,
    "id/event": 17,
    "id/instrument": 7,
    "id/network": 10,
    "id/organisation": 10,
    "id/pair": 24_901,
    "id/person": 22,
    "id/place": 11_357,
    "id/record/100rc-page": 1,
    "id/record/acuto-2017": 1,
    "id/record/andiamo-2024": 2,
    "id/record/bostoday": 3,
    "id/record/boston-com-2014": 2,
    "id/record/boston-gov": 7,
    "id/record/busan-gov": 1,
    "id/record/city-diplomacy": 249,
    "id/record/countries": 276,
    "id/record/ecconseastafrica-2022": 1,
    "id/record/geonames": 2_195,
    "id/record/globe-2004": 1,
    "id/record/gyeonggi-gov": 2,
    "id/record/gyeonggido-korea": 3,
    "id/record/hansard-2014": 2,
    "id/record/historylink-3254": 1,
    "id/record/long-beach-services": 1,
    "id/record/mikhailova-2013": 20,
    "id/record/natural-earth": 2_834,
    "id/record/nature-networks": 1,
    "id/record/oeaed-page": 3,
    "id/record/paderborn-news-2017": 2,
    "id/record/primamedia-2017": 1,
    "id/record/seldon-amur": 2,
    "id/record/shenzhen-gov-kr": 1,
    "id/record/sister-cities-compilation": 48,
    "id/record/taichung-2019": 1,
    "id/record/teleport2001-2022": 1,
    "id/record/transcribed": 201,
    "id/record/transcribed-wikipedia": 52,
    "id/record/twin-cities-2018": 1,
    "id/record/twin-cities-blog": 36,
    "id/record/wachinawatch": 4,
    "id/record/wd50k": 4_614,
    "id/record/wdqs-2017": 34_380,
    "id/record/wdqs-2023": 469,
    "id/record/wikidata-cities": 12_748,
    "id/record/wikidata-crawl": 44_233,
    "id/record/wikidata-dated": 137,
    "id/record/wikidata-entities": 101,
    "id/record/wikidata-mmkb": 3,
    "id/record/wikipedia": 43_745,
    "id/record/wikipedia-sci": 1,
    "id/source": 43,
    "ns": 3,
    "vocab": 216,
}
"""How many documents of each kind the dumps name; a fragment belongs to the document of what is before its #."""
IRIS = 370_371
APART = {"city-diplomacy": 26, "geonames": 0, "transcribed-wikipedia": 3, "wd50k": 135, "wikipedia": 3_235}
"""Sources of another licence, and how many agreements no other source states."""
TURTLE = {"Accept": "text/turtle"}
KIND = re.compile(r"id/record/[^/]+(?=/)|id/[a-z]+(?=/)|(?:graph|vocab)(?=/)|ns\b|dataset$")
TERM = re.compile(rb'"(?:[^"\\]|\\.)*"|<(%s[^>]*)>' % re.escape(BASE).encode())
"""A literal, which may hold what looks like an IRI, or an IRI of ours."""


@dataclass
class Named:
    """What dumps name: `documents[kind][document]` are the IRIs of a document, `by_file` those of each dump.

    `graphs` are the graphs that each dump has quads of.
    """

    documents: dict[str, dict[str, set[str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))
    by_file: dict[str, set[str]] = field(default_factory=dict)
    graphs: dict[str, set[str]] = field(default_factory=dict)


@pytest.fixture(scope="module")
def named(release: Path) -> Named:
    found = Named()
    for path in sorted((release / "dumps").glob("*.nq")):
        terms: set[bytes] = set()
        graphs: set[bytes] = set()
        with path.open("rb") as lines:
            for line in lines:
                terms.update(TERM.findall(line))
                graphs.add(line.rsplit(b" ", 2)[1])
        found.by_file[path.name] = {term.decode() for term in terms if term}
        found.graphs[path.name] = {graph.decode()[1:-1] for graph in graphs}
    for iri in set[str]().union(*found.by_file.values()):
        document = iri.partition("#")[0]
        match = KIND.match(document.removeprefix(BASE))
        found.documents[match[0] if match else "other"][document].add(iri)
    return found


@pytest.fixture(scope="module")
def web(release: Path) -> Iterator[FlaskClient]:
    with browsing(release, workers=1) as client:
        yield client


def text_of(web: FlaskClient, path: str) -> str:
    """The words of a page: no markup, single spaces."""
    answer = web.get(path, headers=BROWSER)
    assert (answer.status_code, answer.mimetype) == (200, "text/html"), path
    main = answer.get_data(as_text=True).partition("<main")[2]
    return re.sub(r" ([.,;)])", r"\1", re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", main))))


def graph_of(web: FlaskClient, path: str) -> rdflib.Graph:
    """The Turtle of a document."""
    answer = web.get(path, headers=TURTLE, follow_redirects=True)
    assert (answer.status_code, answer.mimetype) == (200, "text/turtle"), path
    return rdflib.Graph().parse(data=answer.data, format="turtle")


# ------------------------------------------------------------------------------------------- IRIs of ours


def test_the_dumps_name_iris_of_every_kind(named: Named) -> None:
    documents = {"mikhailova-2013.nq", "sister-cities-compilation.nq", "twin-cities-blog.nq"}
    apart = {f"{name}.nq" for name in APART}
    assert set(named.by_file) == {"twinld.nq", "quotations.nq", *documents, *apart}
    assert {kind: len(documents) for kind, documents in sorted(named.documents.items())} == DOCUMENTS
    assert sum(len(iris) for documents in named.documents.values() for iris in documents.values()) == IRIS


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_every_iri_leads_to_data_and_to_a_page_that_name_it(named: Named, web: FlaskClient, kind: str) -> None:
    documents = named.documents[kind]
    chosen = sorted(documents)
    if not ALL and len(chosen) > SAMPLE:
        chosen = random.Random(kind).sample(chosen, SAMPLE)

    assert chosen
    assert [fault for document in chosen for fault in faults(web, document, documents[document])] == []


def faults(web: FlaskClient, document: str, iris: set[str]) -> list[str]:
    """What is wrong with the answers for a document: another status, a way that is not 303, an IRI not named."""
    path = document.removeprefix(BASE)
    hops = [303] if path.startswith(("id/", "ns")) else []
    found = []
    for accept, media_type in ((TURTLE, "text/turtle"), (BROWSER, "text/html")):
        answer = web.get(f"/{path}", headers=accept, follow_redirects=True)
        statuses = [*(step.status_code for step in answer.history), answer.status_code]
        if (statuses, answer.mimetype) != ([*hops, 200], media_type):
            found.append(f"{document}: {statuses} {answer.mimetype}, not {[*hops, 200]} {media_type}")
            continue
        if media_type == "text/html":
            page = unescape(answer.get_data(as_text=True))
            unnamed = [iri for iri in iris if shown(iri) not in page]
        else:
            triples = pyoxigraph.parse(answer.data, format=pyoxigraph.RdfFormat.TURTLE)
            nodes = {str(node) for triple in triples for node in (triple.subject, triple.predicate, triple.object)}
            unnamed = [iri for iri in iris if f"<{iri}>" not in nodes]
        found += [f"{iri} is not named in {media_type}" for iri in sorted(unnamed)]
    return found


def shown(iri: str) -> str:
    """How a page names an IRI: a fragment as an anchor, a version of the ontology by its number, others in full."""
    document, _, fragment = iri.partition("#")
    return f'id="{fragment}"' if fragment else document.removeprefix(f"{BASE}ns/")


# ------------------------------------------------------------------------------------------------- places


def test_boston_has_sixteen_twins(web: FlaskClient) -> None:
    answer = web.get("/id/place/boston", headers=TURTLE)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/place/boston")

    graph = graph_of(web, "/id/place/boston")
    twins = graph.objects(rdflib.URIRef(f"{ID}place/boston"), rdflib.URIRef(f"{TW}hasBeenTwinnedWith"))
    assert sorted(twin.removeprefix(f"{ID}place/") for twin in twins) == [
        "athens-gr",
        "barcelona-es",
        "beira",
        "belfast",
        "brasilia",
        "haifa",
        "hangzhou",
        "kyoto",
        "melbourne",
        "padua",
        "praia",
        "q311975",
        "santo-domingo",
        "sekondi-takoradi",
        "strasbourg",
        "taipei",
    ]


def test_a_wikidata_item_leads_to_its_place(web: FlaskClient) -> None:
    assert web.get("/id/place/Q100").headers["Location"] == "/place/boston"
    assert web.get("/id/place/Q503361").headers["Location"] == "/place/malmo"
    unknown = web.get("/place/q100")
    assert (unknown.status_code, unknown.json["near"][0]) == (404, "/place/boston")  # type: ignore[index]


def test_malmo_names_the_item_that_carries_its_twinnings(web: FlaskClient) -> None:
    malmo = rdflib.URIRef(f"{ID}place/malmo")
    graph = graph_of(web, "/place/malmo")

    assert [str(item) for item in graph.objects(malmo, rdflib.URIRef(f"{TW}wikidataItem"))] == [f"{WD}Q2211"]
    assert [str(item) for item in graph.objects(malmo, rdflib.URIRef(f"{TW}p190Item"))] == [f"{WD}Q503361"]
    assert "Wikidata item with the twinnings Q503361" in text_of(web, "/place/malmo")


def test_a_refuted_statement_is_shown_with_its_reason_and_is_no_twinning(web: FlaskClient) -> None:
    """The English Wikipedia states Rostock and Gothenburg all the same, and nobody has refuted that."""
    partners, _, refuted = text_of(web, "/place/rostock").partition("Stated, but refuted")
    free, _, licensed = partners.partition("Only under another licence")
    because = "Wikidata marked this statement as deprecated by 2019: WD50K, made from the dump of 2019-08-01"

    assert "Gothenburg" not in free
    assert "Gothenburg Municipality Sweden — presumed active not known Lists of twin towns of the English" in licensed
    assert "Rostock → Gothenburg Municipality, stated by WD50K, statements of August 2019" in refuted
    assert "Rostock → Gothenburg Municipality, stated by Wikidata, crawl of September 2016" in refuted
    assert "Rostock → Gothenburg Municipality, stated by Wikidata Query Service, twin towns of 21 countr" in refuted
    assert refuted.count(because) == 2
    quads = web.get("/place/rostock.nq").get_data(as_text=True).splitlines()
    graphs = {quad.split()[-2] for quad in quads if "gothenburg-municipality--rostock" in quad}
    assert graphs == {f"<https://w3id.org/twinld/graph/{name}/wikipedia>" for name in ("facts", "inferred")}


def test_a_name_in_an_unknown_language_is_shown_and_marked(web: FlaskClient) -> None:
    place = rdflib.URIRef(f"{ID}place/q1001505")
    labels = list(graph_of(web, "/place/q1001505").objects(place, rdflib.URIRef(f"{RDFS}label")))

    assert labels == [rdflib.Literal("Hallsberg", lang="und")]
    page = web.get("/place/q1001505", headers=BROWSER).get_data(as_text=True)
    assert '<h1><bdi lang="und" dir="auto">Hallsberg</bdi></h1>' in page


def test_a_bond_that_is_no_twinning_is_counted_apart(web: FlaskClient) -> None:
    text = text_of(web, "/place/paderborn")

    assert ") has nine twin cities and one other agreement in this release, stated by" in text
    assert "; 2 of 10 are dated." in text


def test_a_country_lists_its_places(web: FlaskClient) -> None:
    answer = web.get("/country/us")
    text = text_of(web, "/place/country-us")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/place/country-us")
    assert "United States is a country; this release knows 627 places in it." in text
    assert " Boise Boston Boulder " in text


# --------------------------------------------------------------------------------------------- agreements


def test_a_one_sided_agreement_says_who_is_silent(web: FlaskClient) -> None:
    assert "One side states it; Malmö does not." in text_of(web, "/agreement/adelaide--malmo")


def test_a_date_is_shown_with_its_record(web: FlaskClient) -> None:
    record = "/record/wikidata-entities/q64-38c3e6a1-ef40-49a6-b2ea-f50640eb7843"
    text = text_of(web, "/agreement/berlin--istanbul")

    assert "have been twinned since 17 November 1989, according to" in text
    assert "start 17 November 1989 1989-11-17 shown Wikidata, entity documents of 2014 to 2018 record" in text
    claims = web.get("/agreement/berlin--istanbul", headers=BROWSER).get_data(as_text=True).split('id="claims"')[1]
    assert f'<a class="record" href="{record}">' in claims
    assert "1989-11-17" in text_of(web, record)


def test_an_agreement_of_another_licence_says_so(web: FlaskClient) -> None:
    path = "/agreement/aalborg-municipality--riga"
    text = text_of(web, path)
    facts = {graph for *_, graph in nquads(web, path) if graph is not None}

    assert "are twinned, according to WD50K (statements of August 2019), CC BY 4.0;" in text
    assert "Licence CC BY 4.0 As data" in text
    assert facts == {GRAPH + name for name in ("curated", "facts/wd50k", "inferred/wd50k")}


# ------------------------------------------------------------------------------------------------ licences


def nquads(web: FlaskClient, path: str) -> list[tuple[str, str, str, str | None]]:
    """The quads of a document; a graph of None is the default graph."""
    quads = pyoxigraph.parse(web.get(f"{path}.nq").data, format=pyoxigraph.RdfFormat.N_QUADS)
    return [
        (
            str(quad.subject),
            str(quad.predicate),
            str(quad.object),
            None if isinstance(quad.graph_name, pyoxigraph.DefaultGraph) else quad.graph_name.value,
        )
        for quad in quads
    ]


def test_no_fact_of_another_licence_is_in_a_cc0_dump(named: Named, release: Path, web: FlaskClient) -> None:
    store = web.application.extensions["twinld"].store

    for name, count in APART.items():
        rows = store.select(with_prefixes(f"SELECT ?a {{ GRAPH <{GRAPH}facts/{name}> {{ ?a a tw:Agreement }} }}"))
        apart = {row["a"].value for row in rows}
        assert len(apart) == count, name
        assert apart <= named.by_file[f"{name}.nq"]
        assert apart & named.by_file["twinld.nq"] == set()
        assert {graph for graph in named.graphs["twinld.nq"] if graph.endswith(f"/{name}")} == set()
        assert {iri for iri in named.by_file["twinld.nq"] if iri.startswith(f"{ID}record/{name}/")} == set()
        kinds = ("facts", "inferred", "source")
        assert named.graphs[f"{name}.nq"] == {f"{GRAPH}{kind}/{name}" for kind in kinds}
    turtle = (release / "dumps" / "twinld.ttl").read_text(encoding="utf-8")
    assert "\nagreement:adelaide--malmo " in turtle
    assert "aalborg-municipality--riga" not in turtle


def test_the_quads_of_a_place_keep_licences_apart(web: FlaskClient) -> None:
    quads = nquads(web, "/place/aalborg-municipality")
    only_wd50k = re.compile(r"/place/riga>|--(?:racine|riga|varna)>")

    graphs = {graph for s, p, o, graph in quads if only_wd50k.search(f"{s} {o}") and p != f"<{RDFS}label>"}
    assert graphs == {f"{GRAPH}facts/wd50k", f"{GRAPH}inferred/wd50k"}
    licences = {o for s, p, o, _ in quads if s == f"<{BASE}place/aalborg-municipality>" and p.endswith("license>")}
    assert licences == {
        "<https://creativecommons.org/publicdomain/zero/1.0/>",
        "<https://creativecommons.org/licenses/by/4.0/>",
    }


def test_the_default_graph_has_no_fact_of_another_licence(web: FlaskClient) -> None:
    pattern = "place:aalborg-municipality tw:hasBeenTwinnedWith place:riga"

    def ask(where: str) -> bool:
        found: bool = json.loads(web.get(f"/sparql?query={quote(with_prefixes(f'ASK {{ {where} }}'))}").data)["boolean"]
        return found

    assert ask("place:aalborg-municipality tw:hasBeenTwinnedWith place:haifa")
    assert not ask(pattern)
    assert ask(f"GRAPH <{GRAPH}inferred/wd50k> {{ {pattern} }}")


def test_downloads_are_those_of_the_release_that_is_served(release: Path, web: FlaskClient) -> None:
    files = json.loads((release / "manifest.json").read_text(encoding="utf-8"))["files"]

    assert {row["name"] for row in files} >= {"twinld.nq", "twinld.ttl", "wd50k.nq"}
    for row in files:
        answer = web.open(f"/dumps/latest/{row['name']}", method="HEAD", follow_redirects=True)
        assert (answer.status_code, answer.headers["ETag"]) == (200, f'"{row["sha256"]}"'), row["name"]
        assert f'<{row["licence"]}>; rel="license"' in ", ".join(answer.headers.getlist("Link"))
