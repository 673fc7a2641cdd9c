"""What releases changed, over HTTP: pages, JSON, RDF, valid feeds; a release that is gone leads to its successor."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
import rdflib
from flask.testing import FlaskClient

from server import create_app
from server.app import close_app
from server.context import NAME, Shared
from server.swap import FollowLink, Watcher
from tests.pipeline.conftest import small_data
from tests.server.conftest import BROWSER, browsing
from twinld.cli import main
from twinld.layout import write_inventory
from twinld.pipeline import BuildOptions, build
from twinld.publish.seal import held
from twinld.settings import Settings
from twinld.site.feed import Entry, atom
from twinld.store import open_store
from twinld.vocab import AS, ID, TW

A = "{http://www.w3.org/2005/Atom}"
LINE = "Q6602,Q34600,,,1965,,,\n"


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three releases of which two are kept: an agreement comes and goes, Boston grows."""
    folder = tmp_path_factory.mktemp("changes")
    data, out = small_data(folder), folder / "out"
    source = data / "sources" / "crawl"
    places, statements = source / "places.csv", source / "statements.csv"
    build(BuildOptions(data=data, out=out, date="2020-01-01", keep=2))
    places.write_text(places.read_text().replace("692600", "700000"))
    statements.write_text(statements.read_text() + LINE)
    write_inventory(source)
    build(BuildOptions(data=data, out=out, date="2020-02-01", keep=2))
    statements.write_text(statements.read_text().replace(LINE, ""))
    write_inventory(source)
    build(BuildOptions(data=data, out=out, date="2020-03-01", keep=2))
    return out


@pytest.fixture(scope="module")
def changed(out: Path) -> Iterator[FlaskClient]:
    with browsing((out / "current").resolve(), url="http://twins.example/") as client:
        yield client


def feed(client: FlaskClient, path: str) -> ElementTree.Element:
    """A feed, after what RFC 4287 asks of every feed and entry was checked."""
    answer = client.get(path)
    assert (answer.status_code, answer.content_type) == (200, "application/atom+xml; charset=utf-8")
    root = ElementTree.fromstring(answer.data)
    assert root.tag == f"{A}feed"
    for element in (root, *root.iter(f"{A}entry")):
        assert [len(element.findall(f"{A}{name}")) for name in ("id", "title", "updated")] == [1, 1, 1]
    assert len(root.findall(f"{A}author/{A}name")) == 1, "entries need no author when the feed has one"
    (own,) = [link for link in root.findall(f"{A}link") if link.get("rel") == "self"]
    assert own.get("href") == f"http://twins.example{path}"
    for entry in root.iter(f"{A}entry"):
        assert entry.find(f"{A}content") is not None
    ids = [element.findtext(f"{A}id") for element in (root, *root.iter(f"{A}entry"))]
    assert len(set(ids)) == len(ids)
    return root


def entries(root: ElementTree.Element) -> list[tuple[str | None, str | None]]:
    return [(entry.findtext(f"{A}title"), entry.findtext(f"{A}updated")) for entry in root.iter(f"{A}entry")]


def test_a_feed_is_xml_whatever_a_label_holds() -> None:
    odd = Entry("urn:x", "Barce\x01lona & <b>", "2020-01-01", "http://twins.example/place/x?a&b", "said\x0b: \ufffe")
    root = ElementTree.fromstring(atom("urn:feed", "All of Barce\x01lona", "http://t/x.atom", "http://t/x", [odd], ""))

    assert root.findtext(f"{A}title") == "All of Barcelona"
    assert entries(root) == [("Barcelona & <b>", "2020-01-01T00:00:00Z")]
    assert root.findtext(f"{A}entry/{A}content") == "said: "


def test_the_sitemap_lists_releases_on_disk_and_the_changes_of_all(changed: FlaskClient) -> None:
    start = "http://twins.example/"
    found = [node.text or "" for node in ElementTree.fromstring(changed.get("/sitemap-1.xml").data).iter()]
    pages = [text.removeprefix(start) for text in found if text.startswith((f"{start}dumps/2", f"{start}changes/"))]

    assert pages == [
        "dumps/2020-03-01/", "dumps/2020-02-01/", "changes/2020-03-01", "changes/2020-02-01", "changes/2020-01-01",
    ]  # fmt: skip
    assert [changed.get(f"/{page}", headers=BROWSER).status_code for page in pages] == [200] * 5


def test_every_release_is_listed_with_what_it_changed(changed: FlaskClient) -> None:
    rows = json.loads(changed.get("/changes.json").data)

    assert [(row["release"], row["previous"], row["counts"], row["on_disk"]) for row in rows] == [
        ("2020-03-01", "2020-02-01", {"agreement": {"removed": 1}}, True),
        ("2020-02-01", "2020-01-01", {"agreement": {"added": 1}, "place": {"changed": 1}}, True),
        ("2020-01-01", None, {}, False),
    ]
    page = changed.get("/changes", headers=BROWSER).get_data(as_text=True)
    assert "1 agreement added, 1 place changed" in page
    assert page.index("/changes/2020-03-01") < page.index("/changes/2020-01-01")


def test_a_release_tells_every_thing_with_old_and_new(changed: FlaskClient) -> None:
    page = changed.get("/changes/2020-02-01", headers=BROWSER).get_data(as_text=True)
    document = json.loads(changed.get("/changes/2020-02-01.json").data)

    assert "<li>tw:population: 692600 -&gt; 700000 (curated)</li>" in page
    assert [(row["change"], row["iri"]) for row in document["changes"]] == [
        ("added", f"{ID}agreement/kyoto--q6602"),
        ("changed", f"{ID}place/boston"),
    ]
    only = changed.get("/changes/2020-02-01?type=place", headers=BROWSER).get_data(as_text=True)
    assert ("/place/boston" in only, "/agreement/kyoto--q6602" in only) == (True, False)


@pytest.mark.parametrize("suffix", ["ttl", "jsonld", "nt", "rdf", "trig", "nq"])
def test_changes_are_activities_in_every_format(changed: FlaskClient, suffix: str) -> None:
    formats = {"ttl": "turtle", "jsonld": "json-ld", "nt": "nt", "rdf": "xml", "trig": "trig", "nq": "nquads"}
    data = changed.get(f"/changes/2020-03-01.{suffix}").data
    graph = rdflib.Dataset(default_union=True).parse(data=data, format=formats[suffix])
    (activity,) = graph.subjects(rdflib.RDF.type, rdflib.URIRef(f"{AS}Delete"))

    assert str(activity) == "https://w3id.org/twinld/changes/2020-03-01#agreement/kyoto--q6602"
    assert graph.value(activity, rdflib.URIRef(f"{AS}object")) == rdflib.URIRef(f"{ID}agreement/kyoto--q6602")


def test_the_feed_of_releases(changed: FlaskClient) -> None:
    root = feed(changed, "/changes.atom")

    assert entries(root) == [
        ("Release 2020-03-01", "2020-03-01T00:00:00Z"),
        ("Release 2020-02-01", "2020-02-01T00:00:00Z"),
        ("Release 2020-01-01", "2020-01-01T00:00:00Z"),
    ]
    assert root.findtext(f"{A}updated") == "2020-03-01T00:00:00Z"


@pytest.mark.parametrize(
    ("path", "titles"),
    [
        ("/place/boston/changes.atom", ["Boston: changed"]),
        ("/place/kyoto/changes.atom", ["Kyoto – Straßburg: no longer there", "Kyoto – Straßburg: added"]),
        ("/country/jp/changes.atom", ["Kyoto – Straßburg: no longer there", "Kyoto – Straßburg: added"]),
        ("/country/us/changes.atom", ["Boston: changed"]),
        ("/place/q5112/changes.atom", []),
    ],
)
def test_the_feed_of_a_place_or_country_has_what_concerns_it(
    changed: FlaskClient, path: str, titles: list[str]
) -> None:
    assert [title for title, _ in entries(feed(changed, path))] == titles


def test_the_id_of_an_entry_is_the_same_in_every_feed(changed: FlaskClient) -> None:
    place, country = (feed(changed, path) for path in ("/place/boston/changes.atom", "/country/us/changes.atom"))
    wanted = ["https://w3id.org/twinld/changes/2020-02-01#place/boston"]

    assert [entry.findtext(f"{A}id") for entry in place.iter(f"{A}entry")] == wanted
    assert [entry.findtext(f"{A}id") for entry in country.iter(f"{A}entry")] == wanted


def test_a_long_feed_comes_in_pages(changed: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    from twinld.site import feed as module

    monkeypatch.setattr(module, "PER_PAGE", 1)
    root = feed(changed, "/place/kyoto/changes.atom")
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{A}link")}

    assert links["next"] == links["last"] == "http://twins.example/place/kyoto/changes.atom?page=2"
    assert [title for title, _ in entries(feed(changed, "/place/kyoto/changes.atom?page=2"))] == [
        "Kyoto – Straßburg: added"
    ]


@pytest.mark.parametrize(
    "path",
    ["/place/nowhere/changes.atom", "/network/none/changes.atom", "/country/zz/changes.atom", "/changes/1999-01-01",
     "/changes.atom?page=2", "/changes/2020-02-01?type=pair", "/changes/2020-02-01?page=0", "/changes.xyz",
     "/place/b%20c/changes.atom"],
)  # fmt: skip
def test_what_is_not_known_is_not_found(changed: FlaskClient, path: str) -> None:
    assert changed.get(path).status_code == 404


def test_pages_name_their_feeds(changed: FlaskClient) -> None:
    place = changed.get("/place/boston", headers=BROWSER).get_data(as_text=True)
    country = changed.get("/place/country-us", headers=BROWSER).get_data(as_text=True)

    assert '<link rel="alternate" type="application/atom+xml" title="Releases" href="/changes.atom">' in place
    assert 'title="Changes of Boston" href="/place/boston/changes.atom">' in place
    assert 'href="/country/us/changes.atom">' in country


@pytest.mark.parametrize(
    "path", ["/dumps/2020-01-01/", "/dumps/2020-01-01/twinld.nq", "/dumps/2020-01-01/manifest.json"]
)
def test_a_release_that_is_gone_leads_to_its_successor(changed: FlaskClient, path: str) -> None:
    answer = changed.get(path)

    assert (answer.status_code, answer.json and answer.json["successor"]) == (
        410, "http://twins.example/dumps/2020-02-01/",
    )  # fmt: skip
    assert '</dumps/2020-02-01/>; rel="successor-version"' in answer.headers.getlist("Link")


def test_the_page_of_a_release_has_files_changes_and_citation(changed: FlaskClient, out: Path) -> None:
    page = changed.get("/dumps/2020-02-01/", headers=BROWSER).get_data(as_text=True)
    answer = changed.get("/dumps/2020-02-01/CITATION.cff")

    wanted = [
        *("/dumps/2020-02-01/twinld.nq", "/dumps/2020-02-01/CITATION.cff", 'rel="successor-version">2020-03-01'),
        *("release 2020-02-01. https://w3id.org", "1 agreement added, 1 place changed", "@misc{twinld-2020-02-01,"),
    ]
    assert [text for text in wanted if text not in page] == []
    assert (answer.content_type, answer.data) == (
        "application/yaml", (out / "releases" / "2020-02-01" / "CITATION.cff").read_bytes(),
    )  # fmt: skip
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    latest = changed.get("/dumps/latest/")
    assert (latest.status_code, latest.headers["Location"]) == (302, "/dumps/2020-03-01/")


def test_a_file_that_was_cut_is_not_sent(changed: FlaskClient, out: Path) -> None:
    path = out / "releases" / "2020-02-01" / "dumps" / "sample.nq"
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    answer = changed.get("/dumps/2020-02-01/sample.nq")
    path.write_bytes(whole)

    assert (answer.status_code, answer.json and answer.json["detail"]) == (
        503, "sample.nq of release 2020-02-01 is damaged on our disk and is not sent",
    )  # fmt: skip
    assert changed.get("/dumps/2020-02-01/sample.nq").status_code == 200


def test_without_a_release_there_are_no_changes(client: FlaskClient) -> None:
    assert "nothing is known of changes" in client.get("/changes", headers=BROWSER).get_data(as_text=True)
    assert client.get("/changes.atom").status_code == 200
    assert client.get("/dumps/latest/").status_code == 404


@pytest.fixture
def damaged(out: Path, tmp_path: Path) -> Path:
    """The same releases, of which the newest lost the end of a dump."""
    copied = tmp_path / "out"
    shutil.copytree(out, copied, symlinks=True)
    path = copied / "releases" / "2020-03-01" / "dumps" / "twinld.ttl"
    path.write_bytes(path.read_bytes()[:-1])
    return copied


def test_a_server_does_not_start_on_a_damaged_release(damaged: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--out", str(damaged), "--port", "0"]) == 2
    said = capsys.readouterr().err
    assert "2020-03-01/dumps/twinld.ttl: has " in said
    assert "this release is damaged: twinld build makes it anew" in said


def test_a_server_that_runs_does_not_switch_to_a_damaged_release(
    damaged: Path, caplog: pytest.LogCaptureFixture
) -> None:
    opened = open_store(damaged / "releases" / "2020-02-01")
    app = create_app(Settings(), opened)
    shared: Shared = app.extensions[NAME]
    watcher = Watcher(shared, replace(shared.settings, reload_s=1000), FollowLink(damaged / "current", held))
    try:
        assert not watcher.look()
        assert shared.current.release == "2020-02-01"
    finally:
        watcher.stop()
        close_app(app)
        opened.close()
    assert "2020-03-01 is not served: " in caplog.text


def test_a_network_has_a_feed_and_its_members_hear_of_it(out: Path, tmp_path: Path) -> None:
    copied = tmp_path / "out"
    shutil.copytree(out, copied, symlinks=True)
    iris = [f"{ID}network/oeaed", f"{ID}place/boston"]
    joined = {"property": f"{TW}member", "graph": "curated", "part": "boston", "new": [f"<{iris[1]}>"]}
    change = {"change": "changed", "type": "network", "slug": "oeaed", "iri": iris[0], "label": "OEAED",
              "concerns": iris, "fields": [joined]}  # fmt: skip
    document = json.loads((copied / "history" / "2020-03-01.json").read_text())
    document |= {"release": "2020-04-01", "previous": "2020-03-01", "date": "2020-04-01", "changes": [change]}
    (copied / "history" / "2020-04-01.json").write_text(json.dumps(document))
    (copied / "history" / "broken.json").write_text("{")
    opened = open_store((copied / "current").resolve())
    app = create_app(Settings(url="http://twins.example/"), opened)
    client = app.test_client()
    try:
        assert entries(feed(client, "/network/oeaed/changes.atom")) == [("OEAED: changed", "2020-04-01T00:00:00Z")]
        titles = [title for title, _ in entries(feed(client, "/place/boston/changes.atom"))]
    finally:
        close_app(app)
        opened.close()
    assert titles == ["OEAED: changed", "Boston: changed"]


def test_a_release_whose_manifest_was_cut_is_left_out_of_the_list(damaged: Path) -> None:
    (damaged / "releases" / "2020-02-01" / "manifest.json").write_text("{")
    opened = open_store(damaged / "releases" / "2020-03-01")
    app = create_app(Settings(), opened)
    page = app.test_client().get("/dumps/", headers=BROWSER).get_data(as_text=True)
    close_app(app)
    opened.close()

    assert ("Release 2020-03-01" in page, "Release 2020-02-01" in page) == (True, False)


def test_a_cut_manifest_does_not_hold_up_the_next_build(damaged: Path) -> None:
    (damaged / "releases" / "2020-02-01" / "manifest.json").write_text("{")
    (damaged / "releases" / "2020-03-01" / "manifest.json").write_text("{")
    result = build(BuildOptions(data=small_data(damaged), out=damaged, date="2020-05-01", keep=5))

    assert (result.folder.name, result.manifest["previous"]) == ("2020-05-01", "2020-03-01")
    assert result.manifest["changes"]["note"].startswith("what changed is not known: 2020-03-01/manifest.json: ")
