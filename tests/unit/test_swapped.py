"""A point whose latitude and longitude are swapped is told by where other sources know places of its country."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.unit.resolve_data import knows, resolved, states
from twinld.model import PlaceFacts

DE = knows("Q183", "iso", iso_code="DE", labels=(("en", "Germany"),))
KNOWN = (("Q10", "52.5", "13.4"), ("Q11", "52.4", "13.1"), ("Q12", "52.3", "13.6"), ("Q13", "48.1", "11.6"))


def placed(item: str, latitude: str, longitude: str, name: str = "a", country: str = "Germany") -> PlaceFacts:
    point = {"latitude": Decimal(latitude), "longitude": Decimal(longitude)}
    return knows(item, name, country=country, labels=(("en", f"Town {item}"),), population=9, **point)


@pytest.mark.parametrize(
    ("row", "swapped"),
    [
        (placed("Q1", "13.3", "52.6", "b"), True),
        (placed("Q1", "52.6", "13.3", "b"), False),
        (placed("Q1", "13.3", "52.6", "b", "Atlantis"), False),
        (placed("Q1", "11.6", "48.1", "b"), False),  # only one place is known there
        (placed("Q1", "20.1", "60.2", "b"), False),  # wrong, and not by swapping
        (placed("Q1", "13.3", "52.6"), False),  # its own source alone knows the country
    ],
    ids=["swapped", "right", "no country", "too little is known", "another point", "one source"],
)
def test_a_swapped_point_is_left_out_and_the_rest_of_its_row_is_kept(row: PlaceFacts, swapped: bool) -> None:
    known = [placed(*of) for of in KNOWN]
    result = resolved(DE, *known, row, *(states(item, "Q1") for item, *_ in KNOWN))
    place = result.curated.places["town-q1"]

    told = [(f.rule, f.severity, f.source, f.where) for f in result.findings if f.rule == "S11"]
    assert told == ([("S11", "Warning", "b", "file:1")] if swapped else [])
    assert (place.latitude, place.longitude) == ((None, None) if swapped else (row.latitude, row.longitude))
    assert place.population == 9


def test_the_finding_says_what_would_be_right() -> None:
    result = resolved(DE, *(placed(*of) for of in KNOWN), placed("Q1", "13.3", "52.6", "b"), states("Q1", "Q10"))
    (message,) = [finding.message for finding in result.findings if finding.rule == "S11"]

    assert message == (
        "no place of Germany is known near 13.3 52.6, and several are near 52.6 13.3: they look swapped and are "
        "left out; write the latitude first"
    )
