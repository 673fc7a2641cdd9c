from dataclasses import FrozenInstanceError, fields, is_dataclass, replace

import pytest

from twinld import model
from twinld.dates import PartialDate
from twinld.model import Agreement, Finding, Place, Source, Statement
from twinld.vocab import CC0, CC_BY

SOURCE = Source(
    name="wikidata-crawl",
    title="A crawl",
    publisher="Somebody",
    homepage="https://example.org/",
    licence=CC0,
    attribution="",
    extracted=PartialDate("2016-09-10"),
    description="What it is.",
    rank=3,
)
THINGS = [kind for kind in vars(model).values() if is_dataclass(kind) and kind.__module__ == "twinld.model"]


def test_the_dataclasses_were_found():
    assert {"Source", "Statement", "PlaceFacts", "Redirect", "Place", "Agreement"} <= {kind.__name__ for kind in THINGS}


@pytest.mark.parametrize("kind", THINGS, ids=lambda kind: kind.__name__)
def test_a_thing_never_changes(kind):
    thing = object.__new__(kind)

    with pytest.raises(FrozenInstanceError):
        setattr(thing, fields(kind)[0].name, "x")


OPEN = [
    (CC0, True),
    ("https://creativecommons.org/publicdomain/mark/1.0/", True),
    (CC_BY, False),
    ("https://opendatacommons.org/licenses/odbl/1-0/", False),
]


@pytest.mark.parametrize(("licence", "expected"), OPEN)
def test_only_public_domain_sources_are_open(licence, expected):
    assert replace(SOURCE, licence=licence).open is expected


def test_a_source_is_directed_and_lists_not_everything_unless_it_says_so():
    assert (SOURCE.directed, SOURCE.lists_all) == (True, False)


def test_what_nobody_states_is_absent():
    statement = Statement("wikidata-crawl", "q64-1", "Q64", "Q90", "crawl/statements.csv:2")
    place = Place("berlin")
    agreement = Agreement("berlin--paris", ("berlin", "paris"))

    assert (statement.rank, statement.start, statement.end, statement.point) == ("normal", None, None, None)
    assert {getattr(place, field.name) for field in fields(place) if field.name != "slug"} == {None, ()}
    assert (agreement.kind, agreement.start, agreement.end) == ("unspecified", None, None)


def test_findings_sort_by_rule_severity_source_and_focus():
    one = Finding("A02", "Violation", "b", "x", "m")
    other = Finding("A02", "Violation", "a", "y", "m")
    warning = Finding("A01", "Warning", "z", "z", "m")

    assert sorted([one, other, warning]) == [warning, other, one]
