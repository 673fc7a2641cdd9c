"""What /explore shows as a table, whole: for spreadsheets and programs."""

from __future__ import annotations

from typing import Final

from twinld.site.explore import Everything, MapView, slug_of
from twinld.site.tables import Cell, Column, Table

COLUMNS: Final = (
    Column("agreement", "text"), Column("parties", "text"), Column("names", "text"), Column("countries", "text"),
    Column("start_year", "year"), Column("end_year", "year"), Column("on_map", "text"), Column("sources", "text"),
)  # fmt: skip
"""`parties` and `sources` are ids and `countries` codes with blanks between, `names` the parties' with "; "."""


def explore_table(found: Everything, wish: MapView) -> Table:
    """The agreements that a wish leaves, in the order of their ids; `on_map` is yes or no.

    A party that is no place has the type in its id, such as organisation/ehime-prefecture; one whose country is not
    known has "-" for it.
    """
    rows = tuple(_row(found, number) for number in found.chosen(wish))
    return Table("explore", COLUMNS, rows, len(rows))


def _row(found: Everything, number: int) -> tuple[Cell, ...]:
    tie = found.ties[number]
    parties = [found.spots[party] for party in tie.parties]
    return (
        tie.iri.rsplit("/", 1)[-1],
        " ".join(party.slug for party in parties),
        "; ".join(party.thing.label for party in parties),
        " ".join(party.country or "-" for party in parties),
        tie.start,
        tie.end,
        "yes" if number in found.located else "no",
        " ".join(sorted(slug_of(found.sources[source]) for source in tie.sources)),
    )
