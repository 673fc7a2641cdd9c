"""`twinld show --as-of`."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from twinld.cli.show import command
from twinld.errors import UsageError

SMALL = str(Path(__file__).resolve().parents[1] / "data" / "small.trig")


def test_an_agreement_says_whether_it_held_and_all_of_them_how_many() -> None:
    result = CliRunner().invoke(command, ["boston--kyoto", "--store", SMALL, "--as-of", "1990-01-01"])

    assert "held on 1990-01-01\tunknown\n" in result.output
    assert (
        "of 8 agreements held on 1990-01-01: 1 certainly, 1 possibly, 1 not, 5 unknown (no date says)" in result.output
    )


def test_each_partner_of_a_place_says_it_too() -> None:
    result = CliRunner().invoke(command, ["boston", "--store", SMALL, "--as-of", "1990-01-01"])

    assert "Kyoto\tJapan\tunspecified\tundated\t\tpresumed active\tCC0 1.0\tunknown\n" in result.output


def test_what_is_no_day_is_refused() -> None:
    result = CliRunner().invoke(command, ["boston", "--store", SMALL, "--as-of", "1990-02-30"])

    assert isinstance(result.exception, UsageError)
    assert str(result.exception) == "--as-of '1990-02-30' is not a day; write it as 2016-06-30"
