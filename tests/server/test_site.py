"""What the site layer says of the small release: sentences, rows and disagreements, exactly."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from twinld import site
from twinld.errors import NotFound
from twinld.site.agreement import Party, sentence
from twinld.site.partners import Partner
from twinld.site.things import OPEN
from twinld.store import Store

WIKIDATA_2016 = "Wikidata (crawl of September 2016)"
WD50K = "WD50K (statements of August 2019)"

PLACES = {
    "boston": f"Boston (United States) has three twin cities in this release, stated by {WIKIDATA_2016} and {WD50K}; "
    "none of them are dated.",
    "berlin": "Berlin (Germany) has three twin cities in this release, stated by Wikidata (crawl of September 2016; "
    f"entity documents of 2014 to 2018), Wikidata12k (dated statements of 2018) and {WD50K}; 2 of 3 are dated; "
    f"one more stands only in {WD50K}, CC BY 4.0.",
    "adelaide": f"Adelaide (Australia) has one twin city in this release, stated by {WIKIDATA_2016}; it is not dated.",
    "kyiv": "Kyiv (Ukraine) has one twin city in this release, stated by Wikidata12k (dated statements of 2018); "
    "it is dated.",
    "rostock": "Rostock (Germany) has no twin cities in this release; two statements were refuted.",
    "q771": f"Q771 has one twin city in this release, stated only by {WD50K} (CC BY 4.0); it is not dated.",
    "q311975": f"Boston has one twin city in this release, stated by {WIKIDATA_2016} and {WD50K}; it is not dated.",
    "country-se": "Sweden is a country; this release knows two places in it.",
}

AGREEMENTS = {
    "berlin--istanbul": "Berlin (Germany) and Istanbul (Turkey) have been twinned since 17 November 1989, according to "
    f"Wikidata (crawl of September 2016; entity documents of 2014 to 2018) and {WD50K}; the release of 2022-11-30 "
    "knows of no end.",
    "boston--kyoto": f"Boston (United States) and Kyoto (Japan) are twinned, according to {WIKIDATA_2016} and {WD50K}; "
    "the release of 2022-11-30 does not know since when, and knows of no end.",
    "kyiv--moscow": "Kyiv (Ukraine) and Moscow (Russia) were twinned until 2016, according to Wikidata12k (dated "
    "statements of 2018); the release of 2022-11-30 does not know since when.",
    "q35581--q771": f"Q35581 and Q771 are twinned, according to {WD50K}, CC BY 4.0; the release of 2022-11-30 does "
    "not know since when, and knows of no end.",
}


@pytest.mark.parametrize("slug", PLACES)
def test_a_place_starts_with_its_sentence(store: Store, slug: str) -> None:
    assert str(site.place(store, slug).sentence) == PLACES[slug]


@pytest.mark.parametrize("slug", AGREEMENTS)
def test_an_agreement_starts_with_its_sentence(store: Store, slug: str) -> None:
    assert str(site.agreement(store, slug).sentence) == AGREEMENTS[slug]


def test_words_of_a_source_are_no_placeholders() -> None:
    parties = tuple(Party(site.Named(name, name), None) for name in ("A", "B"))
    dates = ("", "", "50 %% %(date)s")

    said = sentence(parties, "%(kind)s of 100%", "", dates, (), OPEN, site.Release())

    assert str(said) == "A and B are partners (%(kind)s of 100%) (in 50 %% %(date)s); this data knows of no end."


def test_the_first_page_counts_what_is_there(store: Store) -> None:
    page = site.home(store)

    assert (page.places, page.countries, page.agreements, page.dated) == (11, 11, 8, 3)
    assert (page.crawled, page.one_sided) == (8, 2), "Adelaide-Malmö, and the refuted Rostock-Gothenburg"
    assert [(graph.name, number) for graph, number in page.elsewhere] == [("facts/wd50k", 2)]
    assert [(item.thing.label, item.number) for item in page.hubs[:3]] == [("Berlin", 3), ("Boston", 3), ("Moscow", 2)]
    assert [source.iri.rsplit("/", 1)[1] for source in page.sources] == [
        "countries",
        "natural-earth",
        "wd50k",
        "wikidata-cities",
        "wikidata-crawl",
        "wikidata-entities",
        "wikidata-dated",
    ]


def row(partner: Partner) -> tuple[str, ...]:
    return (
        " ".join(map(str, partner.partners)),
        str(partner.country),
        partner.kind,
        partner.since,
        partner.until,
        partner.status,
        partner.stated,
        partner.answered_in.of if partner.answered_in else "",
        partner.licence.name,
    )


def test_partners_say_who_states_them_and_since_when(store: Store) -> None:
    berlin, kyiv = site.place(store, "berlin"), site.place(store, "kyiv")

    assert [row(partner) for partner in berlin.partners] == [
        ("Copenhagen", "Denmark", "unspecified", "", "", "presumed active", "both", "WD50K", "CC0 1.0"),
        ("Istanbul", "Turkey", "unspecified", "1989-11-17", "", "presumed active", "both", "", "CC0 1.0"),
        ("Moscow", "Russia", "unspecified", "1991-08-28", "", "presumed active", "both", "", "CC0 1.0"),
    ]
    assert [row(partner) for partner in berlin.elsewhere] == [
        ("Tehran", "Iran", "unspecified", "", "", "presumed active", "unknown", "", "CC BY 4.0")
    ]
    assert [row(partner) for partner in kyiv.partners] == [
        ("Moscow", "Russia", "unspecified", "", "2016", "ended", "unknown", "", "CC0 1.0")
    ]


def test_a_one_sided_agreement_is_seen_from_either_side(store: Store) -> None:
    assert [partner.stated for partner in site.place(store, "adelaide").partners] == ["here"]
    assert [partner.stated for partner in site.place(store, "malmo").partners] == ["there"]


def test_facts_of_a_place(store: Store) -> None:
    page = site.place(store, "malmo")

    assert (page.latitude, page.longitude, page.population) == ("55.583333333", "13.033333333", 350647)
    assert page.links == (
        ("Wikidata", "http://www.wikidata.org/entity/Q2211"),
        ("Wikidata item with the twinnings", "http://www.wikidata.org/entity/Q503361"),
        ("GeoNames", "https://sws.geonames.org/2692969/"),
    )
    assert [(label.language, label.text) for label in page.names][-3:] == [
        ("ru", "Мальмё"),
        ("zh", "马尔默"),
        ("und", "Malmö"),
    ]


def test_values_on_which_sources_differ_stand_side_by_side(store: Store) -> None:
    claims = {group.title: group for group in site.place(store, "boston").disagreements}

    assert list(claims) == ["population", "latitude", "longitude"]
    assert [
        (stated.value.text, stated.shown, [info.title for info, _ in stated.by])
        for stated in claims["population"].values
    ] == [
        ("692600", True, ["Wikidata, cities of January 2022"]),
        ("4467000", False, ["Natural Earth populated places 4.0"]),
    ]


def test_dates_that_sources_state_of_an_agreement(store: Store) -> None:
    page = site.agreement(store, "berlin--moscow")

    (start,) = page.claims
    assert start.disagree
    assert [(stated.value.text, stated.shown) for stated in start.values] == [("1991-08-28", True), ("1991", False)]
    assert [(record.source.of, str(record.side), record.locator) for record in page.records] == [
        ("WD50K", "Berlin", "Q64,P190,Q649"),
        ("Wikidata", "Moscow", "Q649 P190 Q64"),
        ("Wikidata12k", "Berlin", "Q64 P190 Q649 1991-##-## ####-##-##"),
        ("Wikidata", "Berlin", "Q64 P190 Q649"),
    ]
    assert (page.distance_km, page.same_country, page.reciprocity) == ("1615.5", False, "mutual")


def test_a_refuted_statement_is_told_on_both_sides(store: Store) -> None:
    for slug in ("rostock", "gothenburg"):
        found = site.place(store, slug).refuted

        assert [(str(item.subject), str(item.twin), item.source.of, item.verdict.word) for item in found] == [
            ("Rostock", "Gothenburg", "WD50K", "refuted"),
            ("Rostock", "Gothenburg", "Wikidata", "refuted"),
        ]
        assert {str(item.verdict.note.text) for item in found if item.verdict.note} == {
            "Wikidata had marked this statement as deprecated by August 2019 (qualifier P2241)."
        }


def test_a_label_is_in_the_wanted_language_else_english_else_known_else_unknown(store: Store) -> None:
    assert [str(site.place(store, "berlin", language=tag).place) for tag in ("ru", "en", "sv")] == [
        "Берлин",
        "Berlin",
        "Berlin",
    ]
    unknown = site.place(store, "q311975").place
    assert (unknown.label, unknown.language) == ("Boston", "und")
    none = site.place(store, "q35581").place
    assert (none.label, none.language) == ("Q35581", None)


def test_any_iri_has_all_that_is_said_about_it(store: Store) -> None:
    page = site.resource(store, "https://w3id.org/twinld/id/record/wikidata-crawl/q2861-q52502")

    assert [(graph.name, graph.licence.name if graph.licence else "") for graph in page.graphs] == [
        ("inferred", "CC0 1.0"),
        ("review", "CC0 1.0"),
        ("source/wikidata-crawl", "CC0 1.0"),
    ]
    assert [subject.fragment for graph in page.graphs for subject in graph.subjects] == ["", "", "", "twin"]
    assert [(item.short, str(item.title)) for item in page.incoming] == [("tw:fromRecord", "from record")]


def test_incoming_links_are_counted_in_full(store: Store) -> None:
    page = site.resource(store, "https://w3id.org/twinld/id/source/wikidata-crawl")

    listed = sum(len(item.subjects) for item in page.incoming)
    assert page.incoming_count == listed == 13, "12 records and its graph"


@pytest.mark.parametrize("read", [site.place, site.agreement])
def test_what_is_not_there_is_not_found(store: Store, read: Any) -> None:
    with pytest.raises(NotFound, match="nowhere"):
        read(store, "nowhere")


def test_an_iri_that_nothing_is_known_of_is_not_found(store: Store) -> None:
    for read in (site.resource, site.graph_of):
        with pytest.raises(NotFound, match="nothing is known"):
            read(store, "https://w3id.org/twinld/id/pair/a--b")


class Counting:
    """A store that counts the questions it is asked."""

    writable = False

    def __init__(self, inner: Store) -> None:
        self.inner = inner
        self.asked: Counter[str] = Counter()

    def select(self, query: str, **terms: str) -> Any:
        self.asked[query] += 1
        return self.inner.select(query, **terms)


@pytest.mark.parametrize(
    ("read", "name"),
    [
        (site.place, "berlin"),
        (site.place, "rostock"),
        (site.place, "country-se"),
        (site.agreement, "berlin--moscow"),
        (site.resource, "https://w3id.org/twinld/id/source/wikidata-crawl"),
    ],
)
def test_a_page_asks_at_most_six_questions_and_that_of_a_place_five(store: Store, read: Any, name: str) -> None:
    counting = Counting(store)
    read(counting, name)
    counting.asked.clear()

    read(counting, name)

    assert counting.asked.total() <= (5 if read is site.place else 6)


def test_near_matches_start_alike_or_look_alike(store: Store) -> None:
    assert site.near(store, "place", "bostn") == ["boston"]
    assert site.near(store, "place", "Kyo") == ["kyoto"]
    assert site.near(store, "agreement", "berlin--istambul") == ["berlin--istanbul"]
    assert site.near(store, "pair", "berlin") == []
    assert site.near(store, "place", "☃") == []


def test_a_place_is_found_by_its_wikidata_items(store: Store) -> None:
    assert [site.slug_of_item(store, item) for item in ("Q100", "q503361", "Q1", "boston")] == [
        "boston",
        "malmo",
        None,
        None,
    ]
