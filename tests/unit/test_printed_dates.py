"""Dates as pages print them are read as exactly as they stand, or not at all."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from twinld.ingest.printed_dates import printed_date

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "directory" / "agreements_transcribed.csv"

READ = [
    ("1983년 6월 3일", "1983-06-03"),
    ("2015년 6월 25일", "2015-06-25"),
    ("2007年9月13日", "2007-09-13"),
    ("2004年11月16日", "2004-11-16"),
    ("2014年", "2014"),
    ("17 ноября 2022", "2022-11-17"),
    ("15 июня 2017 г.", "2017-06-15"),
    ("февраль 1991", "1991-02"),
    ("2016.09.07[註 1]", "2016-09-07"),
    ("1983.4.11", "1983-04-11"),
    ("2024-06-19", "2024-06-19"),
    ("September 25, 1981", "1981-09-25"),
    ("Oct. 10, 1957", "1957-10-10"),
    ("June 19 (2024)", "2024-06-19"),
    ("May 2014", "2014-05"),
    ("juillet 1997", "1997-07"),
    ("1er février 1991", "1991-02-01"),
    ("3. März 1962", "1962-03-03"),
    ("12 de mayo de 1998", "1998-05-12"),
    ("836", "0836"),
    ("1959", "1959"),
    ("Seit 1913", "1913"),
    ("Since 1956", "1956"),
    ("depuis 1985", "1985"),
    ("from the 2009th", "2009"),
    ("In the 1970s", "197X"),
    ("1970er", "197X"),
    ("1980年代", "198X"),
    ("20th century", "19XX"),
    ("ca. 1920", "1920~"),
]
REFUSED = [
    "3/6/1983",
    "03.06.1983",
    "1983-13-01",
    "1999年2月30日",
    "31 avril 1990",
    "before 1990",
    "19",
    "June 19",
    "17 brumaire 1799",
    "1959 or 1960",
    "soon",
    "",
]


@pytest.mark.parametrize(("text", "edtf"), READ, ids=[text for text, _ in READ])
def test_a_printed_date_is_read_as_exactly_as_it_stands(text: str, edtf: str) -> None:
    assert printed_date(text).edtf == edtf


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_not_surely_a_date_is_refused_and_not_guessed(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(repr(text))):
        printed_date(text)


@pytest.mark.skipif(not SHARED.exists(), reason="needs ../shared")
def test_every_date_of_the_transcribed_pages_is_read() -> None:
    with SHARED.open(encoding="utf-8", newline="") as file:
        printed = [row["date_as_printed"] for row in csv.DictReader(file) if row["date_as_printed"]]

    assert len(printed) == 78
    assert len({printed_date(text).edtf for text in printed}) == 63
