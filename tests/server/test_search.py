"""The search page: what it lists, how it narrows, its other forms, and what it says to what cannot be."""

from __future__ import annotations

import csv
import importlib
import io
import json
import re
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from server.pages import search as page_module
from tests.search.world import WORLD, thing
from tests.server.conftest import BROWSER
from twinld import site
from twinld.errors import TwinldError
from twinld.search import Bond, Index, Material, make_index
from twinld.site.search import everything
from twinld.store import Store, open_store
from twinld.vocab import ID

INDEX = Index(make_index(WORLD))
WISHES = [
    {"type": "place"},
    {"type": "country"},
    {"type": "place", "country": "us"},
    {"type": "place", "country": "none"},
    {"q": "boston"},
    {"q": "b", "type": "place"},
    {"q": "boston", "type": "agreement"},
    {"type": "agreement"},
    {"type": "agreement", "country": "jp"},
    {"type": "agreement", "country": "none"},
    {"status": "ended"},
    {"status": "presumed-active"},
    {"decade": "1980"},
    {"decade": "none"},
    {"stated": "both"},
    {"stated": "one-sided"},
    {"stated": "unknown"},
    {"kind": "unspecified"},
    {"licence": "cc0"},
    {"licence": "cc-by-4.0"},
    {"type": "agreement", "source": "wd50k"},
    {"type": "place", "source": "natural-earth"},
    {"q": "berlin", "stated": "both", "country": "tr"},
]
"""Of the small release."""


def listed(client: FlaskClient, path: str) -> list[str]:
    """The things that a page of results lists, by their paths."""
    text = client.get(path, headers=BROWSER).get_data(as_text=True)
    return re.findall(r'<li><a href="(/[a-z]+/[^"?]+)"', text.split('<nav class="facets"')[0])


def ids(index: Index, wish: site.Wish) -> list[str]:
    hits, bonds = everything(index, wish)
    return [row.thing.iri for row in hits] + [row.iri for row in bonds]


def test_a_page_lists_what_is_found_the_best_first(client: FlaskClient) -> None:
    assert listed(client, "/search?q=boston") == ["/place/boston", "/place/q311975"]
    assert listed(client, "/search?q=boston&type=agreement") == [
        "/agreement/boston--q311975",
        "/agreement/boston--kyoto",
        "/agreement/boston--strasbourg",
    ]
    assert listed(client, "/search?status=ended") == ["/agreement/kyiv--moscow"]
    assert listed(client, "/search?country=se&type=place") == ["/place/malmo", "/place/gothenburg"]


def test_one_thing_called_exactly_so_is_gone_to_only_from_the_form(client: FlaskClient) -> None:
    answer = client.get("/search?q=京都", headers=BROWSER)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/place/kyoto")
    assert listed(client, "/search?q=京都&page=1") == ["/place/kyoto"]
    assert client.get("/search.html?q=Kyoto").status_code == 200
    assert client.get("/search?q=Boston", headers=BROWSER).status_code == 200, "two places are called so"
    assert site.exact_hit(INDEX, "frisco") == "place/san-francisco"
    better = Index(make_index(Material((*WORLD.things, thing("place/san", "San@en", twins=1)), WORLD.bonds)))
    assert site.exact_hit(better, "san") is None, "San Francisco is better known"
    assert client.get("/search?q=Berlin Istanbul", headers=BROWSER).status_code == 200


def test_the_name_that_fits_is_shown_where_it_is_another(client: FlaskClient) -> None:
    text = client.get("/search?q=Kiew&page=1", headers=BROWSER).get_data(as_text=True)

    assert re.search(r'also called <bdi lang="de" dir="ltr">Kiew</bdi>', text)
    assert "also called" not in client.get("/search?q=Kyiv&page=1", headers=BROWSER).get_data(as_text=True)


def test_names_are_in_the_language_that_is_asked_for(client: FlaskClient) -> None:
    found = client.get("/search.json?q=moscow&lang=ru").json

    assert found is not None
    assert (found["results"][0]["label"], found["results"][0]["language"]) == ("Москва", "ru")


def test_an_agreement_of_two_that_are_named_stands_above_the_rest(client: FlaskClient) -> None:
    assert listed(client, "/search?q=Berlin+Istanbul") == ["/agreement/berlin--istanbul"]


def test_an_empty_result_names_what_looks_alike(client: FlaskClient) -> None:
    text = client.get("/search?q=Strasburgstadt", headers=BROWSER).get_data(as_text=True)

    assert "Nothing here has a name like this." in text
    assert "Names that look alike" in text
    assert '<a href="/place/strasbourg">' in text


def test_words_that_no_name_has_are_told(client: FlaskClient) -> None:
    text = client.get("/search?q=Boston+Narnia", headers=BROWSER).get_data(as_text=True)

    assert "No name here has “<bdi>Narnia</bdi>”; this is what was found without it." in text


def test_facets_are_links_that_lead_to_as_many_as_they_say(client: FlaskClient) -> None:
    for start in ("/search", "/search?q=b", "/search?type=agreement", "/search?status=presumed-active"):
        text = client.get(start, headers=BROWSER).get_data(as_text=True)
        links = re.findall(r'<li><a href="(/search[^"]*)">.*?</a> <span class="n">([\d,]+)</span></li>', text)
        assert len(links) > 3, start
        for link, number in links:
            found = client.get(unescape(link).replace("/search", "/search.json", 1)).json
            assert found is not None
            assert found["total"] == int(number.replace(",", "")), link


def test_single_facets_add_up_to_the_whole() -> None:
    for wish in (site.Wish.of(""), site.Wish.of("o"), site.Wish.of("", type="agreement")):
        page = site.search(INDEX, wish)
        groups = [group for group in page.groups if group.single and (group.name != "type" or wish.unit == "thing")]
        assert groups
        for group in groups:
            assert sum(row.number for row in group.choices if row.value != "agreement") == page.total, group.name


def test_dated_is_told_of_all(client: FlaskClient) -> None:
    text = client.get("/search?type=agreement", headers=BROWSER).get_data(as_text=True)

    assert "10 agreements; 3 of them are dated." in text
    assert "3 of 10 are dated; a decade counts only those whose start is known." in text


def test_paging_shows_everything_once_and_ends(client: FlaskClient) -> None:
    seen: list[str] = []
    path = "/search.json?limit=7&page=1&type=place"
    pages = client.get(path).json["pages"]  # type: ignore[index]
    for number in range(1, pages + 1):
        found = client.get(f"/search.json?limit=7&type=place&page={number}").json
        assert found is not None
        seen += [row["iri"] for row in found["results"]]
    beyond = client.get(f"/search?type=place&page={pages + 1}")

    assert len(seen) == len(set(seen)) == found["total"] > 14
    assert (beyond.status_code, beyond.json["detail"]) == (  # type: ignore[index]
        404,
        f"there is no page {pages + 1} of these results; the last one is 1",
    )


WRONG = [
    ("/search?status=endd", 404, "nothing here has the status 'endd'; did you mean ended?"),
    ("/search?country=sw&type=place", 404, "nothing here has the country 'sw'"),
    ("/search?type=plaice", 404, "nothing here has the type 'plaice'; did you mean place?"),
    ("/search?type=place&status=ended", 400, "status narrows agreements only; leave out type=place"),
    ("/search?page=two", 400, "page='two' is no number; write one such as 2"),
    ("/search?page=0", 400, "page='0' is no number"),
    ("/search.json?q=a&limit=101", 400, "limit=101 is too many; at most 100 results are given at once"),
    (f"/search?q={'a' * 10_240}", 400, "the text has 10,240 letters; names have at most 200"),
    ("/search.xml?q=a", 404, "results are not offered as .xml"),
]


@pytest.mark.parametrize(("path", "status", "detail"), WRONG, ids=[row[0][:40] for row in WRONG])
def test_what_cannot_be_is_refused_with_what_is_right(client: FlaskClient, path: str, status: int, detail: str) -> None:
    answer = client.get(path)

    assert answer.status_code == status
    assert answer.json["detail"].startswith(detail)  # type: ignore[index]


@pytest.mark.parametrize(
    "text",
    ["%", "'", '"', "' OR 1=1 --", "boston*", "NEAR(a b)", "a\x00b", "\u202egnol", "<script>", "{{7*7}}", "%25%32",
     "\ud800", "_" * 200, "a " * 100, "🏙️", ".", "/", "//", "a/b", "?", "&q=x", "\u0301" * 100, ",", ",,,", " , Spain"],
)  # fmt: skip
def test_hostile_texts_get_an_answer(client: FlaskClient, text: str) -> None:
    for path in ("/search", "/search.json", "/search.csv"):
        answer = client.get(path, query_string={"q": text.encode("utf-8", "surrogatepass"), "page": "1"})
        assert answer.status_code == 200, path
        assert "<script>" not in answer.get_data(as_text=True) or path != "/search"


def test_suggestions_are_few_and_small(client: FlaskClient) -> None:
    answer = client.get("/search.json?q=b&limit=3")

    assert answer.mimetype == "application/json"
    assert answer.json is not None
    assert sorted(answer.json) == ["q", "results", "total"]
    assert [row["path"] for row in answer.json["results"]] == ["/place/berlin", "/place/boston", "/place/q311975"]
    assert answer.json["results"][1] == {
        "iri": f"{ID}place/boston", "path": "/place/boston", "type": "place", "label": "Boston", "language": "en",
        "country": "United States", "country_code": "US", "population": 692_600, "twins": 3, "wikidata": "Q100",
        "how": "begins",
    }  # fmt: skip
    assert len(answer.data) < 1_500
    assert client.get("/search.json?limit=3").json == {"q": "", "total": 0, "results": []}
    kiew = client.get("/search.json?q=kiew&limit=3").json
    assert kiew is not None
    assert kiew["results"][0]["matched"] == {"text": "Kiew", "language": "de"}


def test_a_page_is_json_and_csv_by_accept_too(client: FlaskClient) -> None:
    found = client.get("/search?q=berlin", headers={"Accept": "application/json"}).json
    rows = list(csv.DictReader(io.StringIO(client.get("/search?q=kiew", headers={"Accept": "text/csv"}).text)))

    assert found is not None
    assert [row["value"] for row in found["facets"]["type"]] == ["agreement", "place"]
    assert found["results"][0]["how"] == "exact"
    assert [(row["id"], row["country_code"], row["matched"]) for row in rows] == [("place/kyiv", "UA", "Kiew")]
    assert client.get("/search?q=x", headers={"Accept": "image/png"}).status_code == 406


def test_what_is_not_cc0_has_its_licence_beside_it(client: FlaskClient) -> None:
    by = "https://creativecommons.org/licenses/by/4.0/"
    page = client.get("/search?q=Q771&page=1", headers=BROWSER).get_data(as_text=True)
    rows = list(csv.DictReader(io.StringIO(client.get("/search.csv?q=Q771").text)))
    results = client.get("/search.json?type=place&limit=100&page=1").json["results"]  # type: ignore[index]

    assert re.search(
        rf'<a href="/place/q771">.*?<a class="licence" href="{by}" rel="license">CC BY 4.0</a></li>', page, re.S
    )
    assert [row["licences"] for row in rows] == [by]
    assert client.get("/search.json?q=Q771&limit=3").json["results"][0]["licences"] == [by]  # type: ignore[index]
    assert {row["path"] for row in results if "licences" in row} == {"/place/q771", "/place/q35581"}


def test_an_agreement_under_cc0_names_the_licence_of_a_party() -> None:
    sa = "https://creativecommons.org/licenses/by-sa/4.0/"
    there = thing("place/there", "There@en", licences=(sa,))
    index = Index(
        make_index(Material((*WORLD.things, there), (Bond("boston--there", ("place/boston", "place/there")),)))
    )
    (bond,) = site.search(index, site.Wish.of("", type="agreement")).bonds
    (row,) = csv.DictReader(io.StringIO(site.search_csv(index, site.Wish.of("", type="agreement"))))

    assert (bond.licence.name, [licence.name for licence in bond.licences]) == ("CC0 1.0", ["CC BY-SA 4.0"])
    assert (row["licence"], row["licences"]) == ("CC0 1.0", sa)


def test_no_cell_is_run_as_a_formula() -> None:
    hostile = thing("place/evil", '=HYPERLINK("http://evil.example")@en', twins=1)
    index = Index(make_index(Material((*WORLD.things, hostile), WORLD.bonds)))
    rows = list(csv.DictReader(io.StringIO(site.search_csv(index, site.Wish.of("evil")))))

    assert [row["label"] for row in rows] == ['\'=HYPERLINK("http://evil.example")']


@pytest.mark.parametrize("facets", WISHES, ids=[json.dumps(row) for row in WISHES])
def test_the_question_in_sparql_has_the_same_answer(store: Store, facets: dict[str, str]) -> None:
    index = site.index_of(store)
    assert index is not None
    wish = site.Wish.of(**{"q": "", **facets})
    query = site.as_sparql(index, wish)
    expected = ids(index, wish)
    assert expected

    name = "agreement" if wish.unit == "agreement" else "thing"
    assert sorted(row[name].value for row in store.select(query)) == sorted(expected), query


def test_the_question_in_sparql_is_linked_and_runs(client: FlaskClient) -> None:
    text = client.get("/search?country=us&type=place", headers=BROWSER).get_data(as_text=True)
    link = unescape(re.findall(r'href="(/sparql\?query=[^"]+)"', text)[0])
    answer = client.get("/sparql.csv", query_string={"query": parse_qs(urlsplit(link).query)["query"][0]})

    assert answer.text.split() == ["thing", f"{ID}place/boston"]


def test_a_text_that_fits_many_is_compared_letter_by_letter_in_sparql(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("twinld.site.search_forms.LISTED", 1)

    assert 'STRSTARTS(LCASE(STR(?name)), "to\\"ledo")' in site.as_sparql(INDEX, site.Wish.of('To"ledo'))


def test_a_store_that_gives_no_index_is_searched_by_addresses(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_module.site, "index_of", lambda *_, **__: None)
    text = client.get("/search?q=bost", headers=BROWSER).get_data(as_text=True)

    assert '<li><a href="/place/boston">boston</a></li>' in text
    assert "only the ends of addresses are searched" in text
    assert client.get("/search?q=boston").headers["Location"] == "/place/boston"
    assert client.get("/search?q=Q100").headers["Location"] == "/place/boston"
    assert client.get("/search.json?q=bost").status_code == 404
    assert client.get("/place/bostn").status_code == 404


def test_nobody_waits_long_for_an_index_that_is_being_made(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_module, "WAIT_S", 0.0)
    with importlib.import_module("twinld.site.search")._LOCK:
        busy, missing = client.get("/search?q=boston"), client.get("/place/bostn")

    assert (busy.status_code, busy.headers["Retry-After"]) == (503, "30")
    assert (missing.status_code, missing.json["near"]) == (404, ["/place/boston"])  # type: ignore[index]


def test_an_unknown_place_gets_the_form_and_near_names(client: FlaskClient) -> None:
    page = client.get("/place/moskva", headers=BROWSER)
    text = page.get_data(as_text=True)

    assert page.status_code == 404
    assert '<a href="/place/moscow"><bdi lang="en" dir="ltr">Moscow</bdi></a>' in text
    assert '<input id="words" name="q" type="search" maxlength="200" dir="auto" value="moskva">' in text


def test_the_box_of_every_page_can_be_completed(client: FlaskClient) -> None:
    text = client.get("/place/boston", headers=BROWSER).get_data(as_text=True)

    assert '<form class="search" role="search" action="/search">' in text
    assert re.search(r'<input id="q" name="q" type="search"[^>]* data-suggest ', text)
    assert '<script src="/static/search.js" defer></script>' in text
    assert client.get("/static/search.js").mimetype == "text/javascript"


def test_a_wish_comes_back_from_its_address() -> None:
    wish = site.Wish.of("São & Co", type="agreement", decade="1960", country="br")

    assert wish.query() == "q=S%C3%A3o+%26+Co&type=agreement&country=br&decade=1960"
    assert site.Wish.of(**{name: values[0] for name, values in parse_qs(wish.query()).items()}) == wish
    assert wish.with_("type", "place").query() == "q=S%C3%A3o+%26+Co&type=place&country=br"
    with pytest.raises(TwinldError, match=r"'contry' narrows nothing; did you mean country\?"):
        site.Wish.of("a", contry="br")


def test_real_names_find_real_places(release: Path) -> None:
    store = open_store(release)
    index = site.index_of(store)
    assert index is not None
    best = {
        text: [row.thing.iri.removeprefix(f"{ID}place/") for row in site.suggest(index, text, 2)[0]]
        for text in ("Muenchen", "Moskva", "京都", "Königsberg", "bostn", "Toledo", "Toledo Ohio", "shimo", "برلين")
    }
    page = site.search(index, site.Wish.of("", type="agreement"))
    store.close()

    assert best == {
        "Muenchen": ["munich"], "Moskva": ["moscow"], "京都": ["kyoto"], "Königsberg": ["kaliningrad"],
        "bostn": ["boston", "q311975"], "Toledo": ["toledo-es", "toledo-us"], "Toledo Ohio": ["toledo-us"],
        "shimo": ["shimonoseki", "shimoda"], "برلين": ["berlin"],
    }  # fmt: skip
    for group in page.groups:
        if group.single and group.name != "type":
            assert sum(choice.number for choice in group.choices) == page.total, group.name
