"""What web pages say, typed row by row, is in the release: signings, a protocol of five, networks and their figures."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from server import create_app
from server.app import close_app
from twinld.queries import with_prefixes
from twinld.settings import Settings
from twinld.store import Store
from twinld.vocab import ID, TW, TWV

FIVE = "agreement/five-cities-of-russia-and-china"


@pytest.fixture(scope="module")
def client(store: Store) -> Iterator[FlaskClient]:
    app = create_app(Settings(), store)
    yield app.test_client()
    close_app(app)


def asked(store: Store, text: str) -> set[tuple[str, ...]]:
    """The rows of a query without PREFIX lines; IRIs without our base."""
    return {
        tuple(re.sub(rf"^({ID}|{TWV}|{TW})", "", term.value) for term in row.values())
        for row in store.select(with_prefixes(text))
    }


def test_the_protocol_of_2022_is_one_agreement_of_five_parties(store: Store) -> None:
    parties = asked(store, f"SELECT ?place {{ <{ID}{FIVE}> tw:party ?place }}")
    facts = asked(store, f"SELECT ?kind ?date {{ <{ID}{FIVE}> tw:kind ?kind ; tw:date ?date }}")

    assert parties == {
        (f"place/{slug}",) for slug in ("blagoveshchensk", "heihe", "nizhny-novgorod", "yuzhno-sakhalinsk", "zhuhai")
    }
    assert facts == {("kind-cooperation", "2022-11-17")}


SIGNED = """SELECT ?agreement ?date ?person ?place {
  ?event a tw:Signing ; tw:agreement ?agreement ; tw:date ?date ; tw:signatory ?holding .
  ?holding tw:holder ?person ; tw:onBehalfOf ?place .
}"""


def test_who_signed_is_known_by_name_for_the_place_it_was_done_for(store: Store) -> None:
    found = asked(store, SIGNED)
    places = {(agreement, place) for agreement, _, _, place in found}

    assert {row for row in found if row[0] == "agreement/kobe--seattle"} == {
        ("agreement/kobe--seattle", "1957-10-10", "person/gordon-clinton", "place/seattle"),
        ("agreement/kobe--seattle", "1957-10-10", "person/chujiro-haraguchi", "place/kobe"),
    }
    assert {place for agreement, place in places if agreement == FIVE} == {
        f"place/{slug}" for slug in ("blagoveshchensk", "heihe", "nizhny-novgorod", "yuzhno-sakhalinsk", "zhuhai")
    }
    assert len(found) == 18
    assert len({agreement for agreement, *_ in found}) == 8


def test_what_the_transcribed_pages_name_as_signatories_is_typed(store: Store, shared: Path) -> None:
    with (shared / "data" / "directory" / "agreements_transcribed.csv").open(encoding="utf-8", newline="") as file:
        printed = [row["signatories_as_printed"] for row in csv.DictReader(file)]
    names = {
        word.casefold()
        for (name,) in asked(store, "SELECT ?n { ?p a tw:Person ; rdfs:label|skos:altLabel ?n }")
        for word in name.split()
    }
    signatories = [name for cell in printed for name in cell.split("; ") if name]
    unnamed = {"leaders of the cities", "the Mayor of Fukuoka"}

    assert len(signatories) == 22
    assert {name for name in signatories if name.replace(",", "").split()[-1].casefold() not in names} <= {
        *unnamed, "Ahn Sang-young, the Mayor of Busan",
    }  # fmt: skip
    assert "sang-young" in names


def test_a_source_that_tells_of_an_event_gives_it_to_its_agreement(store: Store) -> None:
    rows = asked(
        store,
        """SELECT ?agreement ?kind ?date {
          ?agreement tw:lifecycleEvent ?event . ?event tw:eventKind ?kind ; tw:date ?date
        }""",
    )
    gyeonggi = "agreement/gyeonggi-province--q16963"

    assert {row for row in rows if row[0].startswith(gyeonggi)} == {
        (gyeonggi, "event-kind-signed", "2024-06-19"),
        (f"{gyeonggi}--2", "event-kind-upgraded", "2024-06-19"),
    }
    assert len(rows) == 9
    assert asked(store, f"SELECT ?later {{ ?later tw:succeeds <{ID}{gyeonggi}--2> }}") == {(gyeonggi,)}


def test_an_agreement_that_was_upgraded_has_ended_on_that_day(store: Store) -> None:
    """Its page stands in two tables: that it ended is said by one of them only."""
    rows = asked(
        store,
        """SELECT ?agreement ?status ?end ?day {
          ?agreement tw:lifecycleEvent ?event . ?event tw:eventKind twv:event-kind-upgraded ; tw:date ?day .
          ?agreement tw:status ?status . OPTIONAL { ?agreement tw:end ?end }
        }""",
    )

    assert rows == {("agreement/gyeonggi-province--q16963--2", "status-ended", "2024-06-19", "2024-06-19")}


def test_themes_that_pages_print_are_facts_of_their_agreements(store: Store) -> None:
    assert asked(store, f"SELECT ?theme {{ <{ID}agreement/busan--fukuoka--2> tw:theme ?theme }}") == {
        (f"theme-{name}",) for name in ("administration", "culture", "economy", "sport")
    }
    assert asked(store, f"SELECT ?theme {{ <{ID}agreement/gyeonggi-province--q16963> tw:theme ?theme }}") == {
        (f"theme-{name}",) for name in ("culture", "economy", "industry", "sport")
    }


def test_six_cities_were_in_the_predecessor_of_oeaed_since_1991(store: Store) -> None:
    rows = asked(
        store,
        """SELECT ?place ?since {
          network:predecessor-of-oeaed tw:replacedBy network:oeaed .
          ?membership tw:network network:predecessor-of-oeaed ; tw:member ?place ; tw:start ?since
        }""",
    )

    assert rows == {
        (f"place/{slug}", "1991") for slug in ("busan", "dalian", "incheon", "kitakyushu", "qingdao", "shimonoseki")
    }


def test_every_printed_size_of_sister_cities_international_stands_with_its_page(store: Store, shared: Path) -> None:
    with (shared / "data" / "networks" / "sister-cities-international-figures.csv").open(encoding="utf-8") as file:
        pages = {row["source_url"] for row in csv.DictReader(file)}
    rows = store.select(
        with_prefixes("""SELECT DISTINCT ?url {
          ?figure tw:about network:sister-cities-international ; tw:accordingTo ?record .
          GRAPH ?g { ?record tw:statedIn ?page } ?page dcterms:source ?url
        }""")
    )

    assert len(pages) == 4
    assert pages <= {row["url"].value for row in rows}


@pytest.mark.parametrize("slug", ["sister-cities-international", "c40", "uclg"])
def test_the_page_of_a_network_says_that_its_members_are_missing_and_why(client: FlaskClient, slug: str) -> None:
    page = client.get(f"/network/{slug}", headers={"Accept": "text/html"}).get_data(as_text=True)

    assert (
        "Who its members are is missing here: it publishes no list of them under terms that let it be published again, "
        "and no source of this data has one." in page
    )


def test_what_differs_between_two_pages_stands_with_the_place_and_the_rule(release: Path, store: Store) -> None:
    from twinld.site import partner_claims

    groups = partner_claims(store, "gyeonggi-province")[f"{ID}agreement/gyeonggi-province--q16963"]
    start = next(group for group in groups if group.title == "start")

    assert [(value.value.text, value.shown, [reason.text for reason in value.why]) for value in start.values] == [
        ("2024-06-19", True, []),
        ("2024-05-19", False, ["Another value is shown. Rule: the source of lowest rank."]),
    ]
