"""Sitemaps, robots.txt, llms.txt, the description in OpenAPI: each against the application that they describe."""

from __future__ import annotations

import json
import re
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree as ET

import pytest

from server.pages import crawlers, openapi
from tests.server.conftest import BROWSER
from twinld import site

MAPS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
START = "http://127.0.0.1:8000/"
EXAMPLES = {
    "type_": "place",
    "filename": "twinld.css",
    "extension": "ttl",
    "release": "2022-11-30",
    "number": "1",
    "version": "0.2",
    "code": "us",
}
PATHS = {
    "/id/{type_}/{rest}": "/id/place/boston",
    "/place/{rest}": "/place/boston",
    "/country/{rest}": "/country/us",
    "/dumps/{release}/{name}": "/dumps/2022-11-30/twinld.nt",
    "/dumps/latest/{name}": "/dumps/latest/twinld.nt",
    "/vocab/{rest}": "/vocab/kind",
    "/graph/{rest}": "/graph/curated",
    "/search": "/search?q=boston",
    "/sparql": "/sparql?query=ASK{}",
    "/sparql.{extension}": "/sparql.json?query=ASK{}",
    "/shapes/cross-record/{id_}.rq": "/shapes/cross-record/A02.rq",
}
MORE = [
    ("/country/{rest}", "/country/us.csv"),
    ("/country/{rest}", "/country/us.geojson"),
    ("/dumps/{release}/", "/dumps/latest/"),
    ("/shapes.{extension}", "/shapes.html"),
    ("/statistics/{table}.{extension}", "/statistics/places.csv"),
    ("/statistics/{table}.{extension}", "/statistics/places.json"),
    ("/countries.{extension}", "/countries.csv"),
    ("/networks.{extension}", "/networks.json"),
    ("/chain", "/chain?from=boston&to=kyoto"),
    ("/chain.json", "/chain.json?from=boston&to=kyoto"),
    ("/pair/{rest}", "/pair/kyoto--boston"),
]
"""Addresses at which a route answers otherwise than at its first one."""


def addresses(released, path: str = "/sitemap.xml") -> list[str]:
    root = ET.fromstring(released.get(path).data)
    return [node.text for node in root.iter(f"{MAPS}loc")]


def test_the_index_names_sitemaps_and_these_name_pages(released):
    parts = addresses(released)
    pages = addresses(released, parts[0].replace(START, "/"))

    assert parts == [f"{START}sitemap-1.xml"]
    assert len(pages) == len(set(pages))
    assert pages[:2] == [START, f"{START}catalog"]
    assert {f"{START}{path}" for path in ("", "dataset", "place/boston", "vocab/kind", "vocab/kind-twinning")} <= set(
        pages
    )
    for page in pages:
        assert released.head(page.replace(START, "/"), headers=BROWSER).status_code == 200, page


def test_sitemaps_name_every_example_and_release(released):
    pages = addresses(released, "/sitemap-1.xml")
    examples = [f"{START}examples/{example.name}" for example in site.examples()]

    assert len(examples) > 20
    assert [page for page in pages if page.startswith(f"{START}examples/")] == examples
    assert [page for page in pages if page.startswith(f"{START}dumps/")] == [
        f"{START}dumps/",
        f"{START}dumps/2022-11-30/",
        f"{START}dumps/2021-06-01/",
    ]


def test_sitemaps_are_cut_into_parts_that_hold_every_page_once(released, monkeypatch):
    whole = addresses(released, "/sitemap-1.xml")
    monkeypatch.setattr(crawlers, "MOST", 7)
    parts = [addresses(released, part.replace(START, "/") + "?cut") for part in addresses(released, "/sitemap.xml?cut")]

    assert [page for part in parts for page in part] == whole
    assert {len(part) for part in parts[:-1]} == {7}


def test_a_sitemap_says_when_its_pages_changed(client):
    assert "<lastmod>2022-11-30</lastmod>" in client.get("/sitemap-1.xml").get_data(as_text=True)


def test_a_sitemap_that_is_not_there_is_not_found(released):
    assert released.get("/sitemap-0.xml").status_code == released.get("/sitemap-2.xml").status_code == 404


def test_robots_may_walk_pages_and_not_queries(released):
    robots = RobotFileParser()
    robots.parse(released.get("/robots.txt").get_data(as_text=True).splitlines())

    assert robots.site_maps() == [f"{START}sitemap.xml"]
    assert robots.can_fetch("anybot", f"{START}place/boston")
    assert not robots.can_fetch("anybot", f"{START}sparql?query=ASK{{}}")
    assert not robots.can_fetch("anybot", f"{START}search?q=a")
    assert robots.can_fetch("anybot", f"{START}chain")
    assert not robots.can_fetch("anybot", f"{START}chain?from=a&to=b")


def test_what_language_models_are_told_leads_somewhere(released):
    text = released.get("/llms.txt").get_data(as_text=True)
    links = re.findall(r"\]\((.*?)\)", text)

    assert text.startswith("# twinld: ")
    assert len(links) > 8
    for link in [*links, f"{START}place/boston", f"{START}place/boston.ttl"]:
        assert link in text
        assert released.head(link.replace(START, "/")).status_code == 200, link


# ---------------------------------------------------------------------------------------------- OpenAPI


@pytest.fixture
def description(released):
    answer = released.get("/openapi.json")
    assert answer.mimetype == "application/json"
    return json.loads(answer.data)


def test_every_route_is_described_with_its_methods(released, description):
    rules = released.application.url_map.iter_rules()
    routes = {(re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method)
              for rule in rules for method in rule.methods & {"GET", "POST", "PUT", "PATCH", "DELETE"}}  # fmt: skip
    described = {(path, method.upper()) for path, item in description["paths"].items() for method in item}

    assert len(routes) > 40
    assert described == routes
    assert {method for path, method in routes if path.startswith("/sparql")} == {"GET", "POST"}


def test_every_route_says_what_it_is(description):
    for path, item in description["paths"].items():
        for operation in item.values():
            assert len(operation["summary"]) > 10, path
            names = {row["name"] for row in operation["parameters"] if row["in"] == "path"}
            assert names == set(re.findall(r"{(\w+)}", path)), path


def test_names_of_operations_are_unique(description):
    names = [operation["operationId"] for item in description["paths"].values() for operation in item.values()]

    assert len(names) == len(set(names))


def test_the_table_names_real_routes(released):
    assert set(openapi.DETAILS) - {rule.endpoint for rule in released.application.url_map.iter_rules()} == set()


@pytest.mark.parametrize("accept", ["*/*", "text/html", "text/turtle", "application/x-nothing"])
def test_every_route_answers_as_it_is_described(released, description, accept):
    """No status and no media type comes that the description does not name."""
    asked = 0
    firsts = [
        (path, PATHS.get(path) or re.sub(r"{(\w+)}", lambda match: EXAMPLES.get(match[1], "boston"), path))
        for path in description["paths"]
    ]
    for path, address in [*firsts, *MORE]:
        answer = released.get(address, headers={"Accept": accept})
        responses = description["paths"][path]["get"]["responses"]
        assert str(answer.status_code) in responses, (address, answer.status_code)
        types = responses[str(answer.status_code)].get("content", {})
        if answer.status_code == 200 and "*/*" not in types:
            assert answer.mimetype in types, (address, answer.mimetype)
        asked += answer.status_code == 200
    assert asked > 10
