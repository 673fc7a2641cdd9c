"""`twinld show`."""

from __future__ import annotations

import dataclasses
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from twinld.cli.options import opened, out_option, release_option, store_option

if TYPE_CHECKING:
    from twinld.site import AgreementPage, PlacePage, ResourcePage
    from twinld.site.partners import Partner
    from twinld.site.things import Claims
    from twinld.store import Store

FORMATS = ("text", "json", "turtle", "jsonld", "ntriples", "rdfxml")


@click.command(epilog="Example: twinld show boston")
@click.argument("thing", metavar="ID")
@store_option
@release_option
@out_option
@click.option("--format", "format_name", default="text", metavar="NAME", help=f"One of {', '.join(FORMATS)}.")
@click.option("--as-of", "day", metavar="YYYY-MM-DD", help="Say of each agreement whether it held on this day.")
def command(
    thing: str, store: str | None, release: str | None, out: Path | None, format_name: str, day: str | None
) -> None:
    """Show what is known about one place or agreement.

    ID is a slug (boston, boston--kyoto), a path (source/wikidata-crawl), a Wikidata item (Q100) or an IRI of ours:
    the same as the page of that name shows.
    """
    from twinld.errors import UsageError, nearest
    from twinld.formats import find_format
    from twinld.settings import Settings
    from twinld.site import graph_of, write

    if format_name not in FORMATS:
        raise UsageError(f"{format_name!r} is not a format here; {nearest(format_name, FORMATS, 'formats')}")
    base = Settings.from_environment().base
    _check_day(day)
    chosen = opened(store, release, out)
    try:
        iri = _followed(chosen, _iri(chosen, thing, base))
        if format_name in {"text", "json"}:
            page = _page(chosen, iri, base)
            click.echo(_json(page) if format_name == "json" else _text(page, day), nl=False)
            if format_name == "text":
                click.echo(_said_of_partners(chosen, page, base), nl=False)
            if day is not None:
                _all_as_of(chosen, day, base)
        else:
            sys.stdout.buffer.write(write(graph_of(chosen, iri, base=base), find_format(format_name), base))
            sys.stdout.buffer.flush()
    finally:
        chosen.close()


def _iri(store: Store, thing: str, base: str) -> str:
    """The IRI (under our usual base) of what a person typed."""
    from twinld.iris import iri_of
    from twinld.site import slug_of_item
    from twinld.vocab import BASE, ID

    if thing.startswith((base, BASE)):
        return BASE + thing.removeprefix(base).removeprefix(BASE)
    slug = slug_of_item(store, thing, base=base)
    if slug is not None:
        return iri_of("place", slug)
    if "/" in thing:
        start = "" if thing.startswith(("graph/", "vocab/", "id/")) else "id/"
        return f"{BASE}{start}{thing}"
    return f"{ID}agreement/{thing}" if "--" in thing else f"{ID}place/{thing}"


def _followed(store: Store, iri: str) -> str:
    """The IRI that an id was merged into, said on stderr; NotFound for an id that is no longer in use."""
    from twinld.errors import NotFound
    from twinld.site import Ids
    from twinld.vocab import ID

    type_, _, slug = iri.removeprefix(ID).partition("/")
    moved = Ids.read(store.path.parent if store.path is not None else None).moved(type_, slug)
    if moved is None:
        return iri
    if moved.into is None:
        raise NotFound(f"{type_}/{slug} was an id of ours and is no longer in use; ids are never used again")
    click.echo(f"{type_}/{slug} is now {type_}/{moved.into}", err=True)
    return f"{ID}{type_}/{moved.into}"


def _page(store: Store, iri: str, base: str) -> PlacePage | AgreementPage | ResourcePage:
    from twinld import site
    from twinld.errors import NotFound
    from twinld.vocab import ID

    type_, _, slug = iri.removeprefix(ID).partition("/")
    try:
        if type_ == "place":
            return site.place(store, slug, base=base)
        if type_ == "agreement":
            return site.agreement(store, slug, base=base)
        return site.resource(store, iri, base=base)
    except NotFound as error:
        near = site.near(store, type_, slug, base=base)
        hint = f"; did you mean {' or '.join(near[:3])}?" if near else ""
        raise NotFound(f"{error}{hint}") from None


def _json(page: object) -> str:
    return json.dumps(dataclasses.asdict(page), ensure_ascii=False, indent=1) + "\n"  # type: ignore[call-overload]


def _check_day(day: str | None) -> None:
    from twinld.dates import PartialDate
    from twinld.errors import UsageError

    try:
        good = day is None or PartialDate(day).precision == "day"
    except ValueError:
        good = False
    if not good:
        raise UsageError(f"--as-of {day!r} is not a day; write it as 2016-06-30")


def _all_as_of(store: Store, day: str, base: str) -> None:
    """On stderr: what is known of all agreements on that day."""
    from twinld.site import as_of

    found = as_of(store, day, base=base)
    click.echo(
        f"of {found.all:,} agreements held on {day}: {found.certain:,} certainly, {found.possible:,} possibly, "
        f"{found.no:,} not, {found.unknown:,} unknown (no date says)",
        err=True,
    )


def _text(page: PlacePage | AgreementPage | ResourcePage, day: str | None = None) -> str:
    from twinld.site import AgreementPage, PlacePage

    lines = [str(page.sentence), ""]
    if isinstance(page, PlacePage):
        lines += _place(page, day)
    elif isinstance(page, AgreementPage):
        lines += _agreement(page, day)
    else:
        for graph in page.graphs:
            lines.append(f"graph {graph.name or 'default'}")
            for subject in graph.subjects:
                for statement in subject.statements:
                    values = " | ".join(value.text for value in statement.values)
                    lines.append(f"  {subject.fragment}{statement.short}\t{values}")
    return "\n".join(lines).rstrip() + "\n"


def _place(page: PlacePage, day: str | None) -> list[str]:
    from twinld.vocab import WD

    lines = [f"name\t{label.text}\t{label.language or ''}" for label in page.names]
    facts = {
        "country": str(page.country) if page.country else "",
        "latitude": page.latitude,
        "longitude": page.longitude,
        "population": f"{page.population:,}" if page.population is not None else "",
        "Wikidata": (page.item or "").removeprefix(WD),
        "Wikidata, twinnings": (page.p190_item or "").removeprefix(WD) if page.p190_item != page.item else "",
    }
    lines += [f"{name}\t{value}" for name, value in facts.items() if value]
    lines.append("")
    lines += [_partner(row, day) for row in (*page.partners, *page.elsewhere)]
    for claims in page.disagreements:
        lines += ["", *_stated(claims)]
    return lines


def _said_of_partners(store: Store, page: PlacePage | AgreementPage | ResourcePage, base: str) -> str:
    """Who states each agreement of a place, and what of its dates and kind; "" for any other thing."""
    from twinld.site import PlacePage, partner_claims

    if not isinstance(page, PlacePage):
        return ""
    claims = partner_claims(store, page.place.iri.rpartition("/")[2], base=base)
    lines = []
    for row in (*page.partners, *page.elsewhere):
        name = ", ".join(partner.label for partner in row.partners)
        said = [line for group in claims.get(row.agreement, ()) for line in _stated(group)]
        lines += [f"{name}\t{line}\n" for line in (*_states(row), *said)]
    return "".join(["\n", *lines]) if lines else ""


def _states(row: Partner) -> list[str]:
    """Every source that states an agreement, with its licence, and what was judged of it."""
    found: dict[tuple[str, str, str], None] = {}
    for one in row.statements:
        licence = one.source.licence.name if one.source.licence is not None else ""
        found[one.source.title, licence, f"\t{one.verdict.word}" if one.verdict is not None else ""] = None
    return [f"stated by\t\t{title}\t{licence}{verdict}" for title, licence, verdict in found]


def _stated(claims: Claims) -> list[str]:
    """Every value of a property with each source that states it, its licence, and why another one is shown."""
    lines = []
    for stated in claims.values:
        value = f"{stated.value.text}{' (shown)' if stated.shown else ''}"
        why = "".join(f"\t{reason.text}" for reason in stated.why)
        for source, _ in stated.by:
            licence = source.licence.name if source.licence is not None else ""
            lines.append(f"{claims.title}\t{value}\t{source.title}\t{licence}{why}")
    return lines


def _partner(row: Partner, day: str | None) -> str:
    from twinld.site import held_on

    names = ", ".join(partner.label for partner in row.partners)
    since = row.since or row.date or "undated"
    then = (held_on(row.since, row.until, row.date, row.status, day),) if day is not None else ()
    return "\t".join((names, str(row.country or ""), row.kind, since, row.until, row.status, row.licence.name, *then))


def _agreement(page: AgreementPage, day: str | None) -> list[str]:
    from twinld.site import held_on

    lines = [f"party\t{party.place}\t{party.country or ''}" for party in page.parties]
    facts = {
        "kind": page.kind,
        "status": page.status,
        "since": page.since,
        "until": page.until,
        "date": page.date,
        "distance": f"{page.distance_km} km" if page.distance_km else "",
        "not stated by": ", ".join(map(str, page.unanswered_by)),
        "licence": page.licence.name,
    }
    if day is not None:
        facts[f"held on {day}"] = held_on(page.since, page.until, page.date, page.status, day)
    lines += [f"{name}\t{value}" for name, value in facts.items() if value]
    for claims in page.claims:
        lines += ["", *_stated(claims)]
    lines.append("")
    for record in page.records:
        words = f"\t“{record.words.text}”" if record.words is not None else ""
        lines.append(f"record\t{record.source.title}\t{record.locator}\t{record.side or ''}{words}")
    return lines
