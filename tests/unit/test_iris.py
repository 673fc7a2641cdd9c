import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twinld.iris import (
    agreement_iri,
    fold,
    iri_of,
    pair_iri,
    place_iri,
    record_iri,
    record_key,
    source_iri,
)

IRIS = [
    (iri_of("network", "eurocities"), "https://w3id.org/twinld/id/network/eurocities"),
    (place_iri("boston"), "https://w3id.org/twinld/id/place/boston"),
    (agreement_iri("berlin--paris"), "https://w3id.org/twinld/id/agreement/berlin--paris"),
    (pair_iri("paris", "berlin"), "https://w3id.org/twinld/id/pair/berlin--paris"),
    (pair_iri("berlin", "paris"), "https://w3id.org/twinld/id/pair/berlin--paris"),
    (source_iri("wd50k"), "https://w3id.org/twinld/id/source/wd50k"),
    (record_iri("wd50k", "q64-1"), "https://w3id.org/twinld/id/record/wd50k/q64-1"),
]


@pytest.mark.parametrize(("actual", "expected"), IRIS, ids=[row[1].split("/id/")[1] for row in IRIS])
def test_a_thing_has_its_iri(actual, expected):
    assert actual == expected


FOLDED = [
    ("Malmö", "malmo"),
    ("Łódź", "lodz"),
    ("Saint-Étienne (Loire)", "saint-etienne-loire"),
    ("L'Aquila", "laquila"),
    ("L’Aquila", "laquila"),
    ("  São   Paulo  ", "sao-paulo"),
    ("Straße", "strasse"),
    ("Þorlákshöfn", "thorlakshofn"),
    ("Ħamrun", "hamrun"),
    ("St. John's", "st-johns"),
    ("A--B", "a-b"),
    ("—", ""),
    ("", ""),
]


@pytest.mark.parametrize(("label", "expected"), FOLDED)
def test_a_label_is_folded(label, expected):
    assert fold(label) == expected


@given(st.text())
def test_a_folded_label_is_a_slug_or_empty_and_stays_as_it_is(label):
    folded = fold(label)

    assert re.fullmatch(r"(?:[a-z0-9]+(?:-[a-z0-9]+)*)?", folded)
    assert fold(folded) == folded


KEYS = [
    ("q64$4EA4DEE6-0001", "q64-4ea4dee6-0001"),
    ("Q64 P190 Q90", "q64-p190-q90"),
    ("a.b", "a.b"),
    ("..a//b..", "a-b"),
]


@pytest.mark.parametrize(("text", "expected"), KEYS)
def test_a_key_is_written_for_an_iri(text, expected):
    assert record_key(text) == expected
