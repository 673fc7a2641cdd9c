"""`twinld reconcile`."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from twinld.cli.enrich import opened_service
from twinld.cli.options import opened, out_folder, out_option, release_option, shown_path

if TYPE_CHECKING:
    from twinld.enrich.reconcile import Match, Wanted

COLUMNS = ("id", "name", "country", "latitude", "longitude", "population", "qid", "geonames")


@click.command(epilog="Example: twinld reconcile places.csv --extract dump.nt")
@click.argument("file", metavar="FILE.csv", type=click.Path(path_type=Path))
@click.option("--endpoint", metavar="URL", help="The SPARQL service (default: TWINLD_WIKIDATA_ENDPOINT).")
@click.option("--extract", metavar="PATH", help="Ask this RDF file or store folder instead of a service.")
@click.option("--decisions", type=click.Path(path_type=Path), help="A review.csv in which somebody wrote decisions.")
@release_option
@out_option
def command(
    file: Path, endpoint: str | None, extract: str | None, decisions: Path | None, release: str | None, out: Path | None
) -> None:
    """Find the Wikidata items of the places of a list.

    FILE.csv has the columns id, name, country (ISO 3166-1 alpha-2), latitude, longitude, population, qid, geonames;
    only id and name have to be filled in. Writes matched.csv, review.csv (write the item into its column decision and
    give the file back with --decisions), p190.csv (rows for data/reconciliation.csv, to be reviewed) and
    mix-n-match.csv (what has no item) to build/reconcile/.
    """
    from twinld.enrich.reconcile import reconcile
    from twinld.errors import ServiceFailed
    from twinld.settings import Settings

    settings = Settings.from_environment(wikidata_endpoint=endpoint)
    wanted = _read(file, _countries(release, out), _decided(decisions))
    target = out_folder(out) / "reconcile"
    target.mkdir(parents=True, exist_ok=True)
    service = opened_service(settings, extract, out_folder(out) / "enrich")
    try:
        matches = reconcile(wanted, service, settings.languages.split(","), f"reconcile {date.today()}")
    except ServiceFailed as error:
        raise type(error)(f"{error}; nothing was written. Its answers of today are kept: run it again") from None
    finally:
        service.close()
    _write_all(target, matches)
    for state in ("matched", "review", "unmatched"):
        click.echo(f"{state}\t{sum(match.state == state for match in matches)}")
    click.echo(f"twinnings on another item\t{sum(bool(match.p190) for match in matches)}")
    click.echo(f"written to {shown_path(target)}", err=True)


def _read(file: Path, countries: dict[str, str], decided: dict[str, str]) -> list[Wanted]:
    """The rows of a list; the first that cannot be read stops it with its line."""
    from twinld.enrich.questions import is_item
    from twinld.enrich.reconcile import Wanted
    from twinld.errors import SourceError
    from twinld.files import BadRow, read_rows

    found: dict[str, Wanted] = {}
    for row in read_rows(file, COLUMNS):
        if isinstance(row, BadRow):
            raise SourceError(str(row))
        where, cells = row
        try:
            if not cells["id"] or not cells["name"] or cells["id"] in found:
                raise ValueError(f"id {cells['id']!r} or name {cells['name']!r} is empty, or the id stands twice")
            if cells["qid"] and not is_item(cells["qid"]):
                raise ValueError(f"qid {cells['qid']!r} is not a Wikidata item; write it as Q100")
            if cells["country"] and cells["country"] not in countries:
                raise ValueError(f"country {cells['country']!r} is not a code of ISO 3166-1; write it as SE")
            found[cells["id"]] = Wanted(
                cells["id"], cells["name"].strip(), countries.get(cells["country"], ""),
                _degrees(cells, "latitude", 90), _degrees(cells, "longitude", 180), _whole(cells, "population"),
                decided.get(cells["id"]) or cells["qid"], str(_whole(cells, "geonames") or ""),
            )  # fmt: skip
        except ValueError as error:
            raise SourceError(f"{where}: {error}") from None
    return list(found.values())


def _degrees(cells: dict[str, str], column: str, most: int) -> float | None:
    """A coordinate of a row, None for an empty cell; ValueError for what is none."""
    if not cells[column]:
        return None
    if not re.fullmatch(r"-?\d+(\.\d+)?", cells[column], re.ASCII) or abs(float(cells[column])) > most:
        raise ValueError(
            f"{column} {cells[column]!r} is no degrees; write a number from -{most} to {most} such as 42.358"
        )
    return float(cells[column])


def _whole(cells: dict[str, str], column: str) -> int | None:
    """A whole number of a row, None for an empty cell; ValueError for what is none."""
    if not cells[column]:
        return None
    if not re.fullmatch(r"\d+", cells[column], re.ASCII):
        raise ValueError(f"{column} {cells[column]!r} is not a whole number; write it as 42000")
    return int(cells[column])


def _decided(path: Path | None) -> dict[str, str]:
    """The decisions of a review: id -> item."""
    from twinld.enrich.questions import is_item
    from twinld.errors import SourceError
    from twinld.files import BadRow, read_rows

    found: dict[str, str] = {}
    for row in read_rows(path, ("id", "decision")) if path is not None else ():
        if isinstance(row, BadRow):
            raise SourceError(str(row))
        where, cells = row
        if cells["decision"] and not is_item(cells["decision"]):
            raise SourceError(f"{where}: decision {cells['decision']!r} is not a Wikidata item; write it as Q100")
        if cells["decision"]:
            found[cells["id"]] = cells["decision"]
    return found


def _countries(release: str | None, out: Path | None) -> dict[str, str]:
    """The items of countries by their code, from a release."""
    from twinld.queries import query
    from twinld.vocab import WD

    store = opened(None, release, out)
    try:
        rows = store.select(query("contribute_places"))
    finally:
        store.close()
    return {row["own"].value: row["item"].value.removeprefix(WD) for row in rows if "own" in row}


def _write_all(target: Path, matches: Sequence[Match]) -> None:
    from twinld.enrich.contribute import MIX_N_MATCH

    def write(name: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        with (target / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows(rows)

    matched = [match for match in matches if match.state == "matched"]
    write(
        "matched.csv",
        ("id", "name", "item", "score", "how", "p190_item"),
        [(m.wanted.id, m.wanted.name, m.item, f"{m.score:.2f}", m.how, m.p190) for m in matched],
    )
    write(
        "review.csv",
        ("id", "name", "candidates", "decision"),
        [
            (m.wanted.id, m.wanted.name, "; ".join(f"{c.item} {c.score:.2f} ({c.why})" for c in m.candidates), "")
            for m in matches
            if m.state == "review"
        ],
    )
    write(
        "p190.csv",
        ("item", "place", "role", "decided_on", "reason"),
        [
            (m.p190, m.item, "p190", "", f"{m.item} has no twinnings, {m.p190} of its name has")
            for m in matched
            if m.p190
        ],
    )
    write(
        "mix-n-match.csv",
        MIX_N_MATCH,
        [(m.wanted.id, m.wanted.name, "", "", "", "") for m in matches if m.state == "unmatched"],
    )
