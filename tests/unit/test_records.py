"""Single records: what breaks a rule is told, and what can be used of the row is kept."""

from __future__ import annotations

from decimal import Decimal

import pytest

from twinld.dates import PartialDate
from twinld.model import PlaceFacts, Statement
from twinld.validate.records import check_records

BERLIN = PlaceFacts(
    "a", "q64", "Q64", "a/places.csv:2", (("en", "Berlin"),), Decimal("52.5"), Decimal("13.4"), "DE", 3664088
)


@pytest.mark.parametrize(
    ("rule", "change", "said"),
    [
        ("G01", {"latitude": Decimal(113), "longitude": Decimal("22.5")}, "latitude and longitude look swapped"),
        (
            "G02",
            {"longitude": Decimal(181)},
            "longitude 181 is off the globe; it goes from -180 to 180; it is left out",
        ),
        ("S06", {"longitude": None}, "latitude without longitude"),
        ("S05", {"population": -1}, "population -1 is negative"),
        ("I04", {"iso_code": "de"}, "'de' is not an ISO 3166-1 alpha-2 code"),
    ],
)
def test_a_value_that_breaks_a_rule_is_left_out_and_the_rest_of_the_row_is_kept(
    rule: str, change: dict[str, object], said: str
) -> None:
    fields = {name: getattr(BERLIN, name) for name in ("source", "key", "item", "where", "labels", "country")}
    values = {"latitude": BERLIN.latitude, "longitude": BERLIN.longitude, "population": BERLIN.population, **change}
    (kept,), findings = check_records([PlaceFacts(**fields, **values)])  # type: ignore[arg-type]

    assert [(f.rule, f.severity, f.where) for f in findings] == [(rule, "Warning", "a/places.csv:2")]
    assert said in findings[0].message
    assert isinstance(kept, PlaceFacts)
    assert (kept.labels, kept.country) == (BERLIN.labels, "DE")
    located = (BERLIN.latitude, BERLIN.longitude) if rule in {"S05", "I04"} else (None, None)
    assert (kept.latitude, kept.longitude) == located
    assert kept.population == (None if rule == "S05" else BERLIN.population)
    assert kept.iso_code is None


def test_a_statement_that_breaks_a_rule_is_only_in_the_findings() -> None:
    years = {"start": PartialDate("2000"), "end": PartialDate("1990")}
    good, findings = check_records(
        [Statement("a", "1", "Q1", "Q1", "x:2"), Statement("a", "2", "Q1", "Q2", "x:3", **years)]  # type: ignore[arg-type]
    )

    assert good == []
    assert [(f.rule, f.severity, f.where) for f in findings] == [
        ("X02", "Violation", "x:2"),
        ("D05", "Violation", "x:3"),
    ]
