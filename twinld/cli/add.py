"""`twinld add`."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from twinld.pipeline.adding import Adding, Candidate

QUESTIONS = (
    ("kind", "Kind", "what the source calls it"),
    (
        "start",
        "Since",
        "a year, a month or a day, as the source says it: 1979, 2014-05, 1983-06-03; empty if it does not",
    ),
    ("end", "Until", "as above; empty if it goes on"),
    ("source_url", "Source", "the address of the page that says so"),
    ("quote", "Its words", "a few words of the page that say so"),
    ("read_on", "Read on", "the day you read it"),
)


@click.command(epilog="Example: twinld add --place-a Shimonoseki --place-b Qingdao --kind twinning --start 1979")
@click.option("--place-a", metavar="PLACE", help="One place: a name, a Wikidata item or a slug.")
@click.option("--place-b", metavar="PLACE", help="The other place.")
@click.option("--kind", metavar="KIND", help="twinning, friendship, cooperation, economic-exchange, trade, ...")
@click.option("--start", metavar="DATE", help="1979, 2014-05 or 1983-06-03.")
@click.option("--end", metavar="DATE", help="When it ended.")
@click.option("--source-url", metavar="URL", help="The page that says so.")
@click.option("--quote", metavar="TEXT", help="A few words of it.")
@click.option("--read-on", metavar="YYYY-MM-DD", help="The day you read it (default: today).")
@click.option("--relation", metavar="N", default="", help="2 for a second relation of the same two places.")
@click.option("--list", "partners", type=click.Path(path_type=Path, exists=True, dir_okay=False),
              help="Draft rows of a saved partner list (HTML or CSV) of place A.")  # fmt: skip
@click.option("--data", type=click.Path(path_type=Path, exists=True, file_okay=False), help="Another data folder.")
@click.option("--yes", is_flag=True, help="Write without asking again.")
def command(
    place_a: str | None,
    place_b: str | None,
    partners: Path | None,
    data: Path | None,
    relation: str,
    yes: bool,
    **given: str | None,
) -> None:
    """Add one agreement to data/curated/agreements.csv, or draft rows of a list.

    Asks for what is not given. Shows which place is meant, and what is known of the two already.
    """
    from twinld.pipeline.adding import Adding

    adding = Adding(data)
    one = _place(adding, "Place A", place_a)
    if partners is not None:
        _drafts(adding, one, partners, {name: value or "" for name, value in given.items()})
        return
    other = _place(adding, "Place B", place_b)
    known = adding.known(one.item, other.item)
    click.echo(
        f"{one.label} and {other.label}: " + ("nothing is known yet" if not known else "known already:"), err=True
    )
    for saying in known:
        click.echo(f"  {saying}", err=True)
    row = {"place_a": one.item, "place_b": other.item, "relation": relation, "local_term": ""}
    for name, title, hint in QUESTIONS:
        row[name] = _asked(name, title, hint, given.get(name))
    for conflict in adding.conflicts(row, known):
        click.echo(f"  differs: {conflict}; both will be kept and shown", err=True)
    if not yes and sys.stdin.isatty():
        click.confirm("Write this row?", abort=True, err=True)
    where = adding.append(row)
    click.echo(f"{where}: written; now run make check-data")


def _asked(name: str, title: str, hint: str, value: str | None) -> str:
    """A value that was given, else asked for on a terminal, else its default."""
    default = {"kind": "twinning", "read_on": datetime.now(UTC).date().isoformat()}.get(name, "")
    if value is not None:
        return value
    if not sys.stdin.isatty():
        return default
    answer: str = click.prompt(f"{title} ({hint})", default=default, show_default=bool(default), err=True)
    return answer.strip()


def _place(adding: Adding, title: str, name: str | None) -> Candidate:
    """The place that a name means; asked for, and chosen among namesakes, on a terminal."""
    from twinld.errors import NotFound, UsageError

    asks = sys.stdin.isatty()
    if name is None:
        if not asks:
            raise UsageError(f"{title} is missing; give --{title.lower().replace(' ', '-')}")
        name = click.prompt(f"{title} (name, Wikidata item or slug)", err=True)
    found = adding.candidates(name)
    if not found:
        raise NotFound(f"there is no place {name!r}; write it as Wikidata does, or give its item such as Q100")
    if len(found) == 1:
        click.echo(f"{title}: {found[0]}", err=True)
        return found[0]
    shown = [f"  {number}  {place}" for number, place in enumerate(found, 1)]
    if not asks:
        raise UsageError(f"{name!r} fits {len(found)} places; give the item of one:\n" + "\n".join(shown))
    click.echo("\n".join(shown), err=True)
    choice: int = click.prompt("Which one", type=click.IntRange(1, len(found)), default=1, err=True)
    return found[choice - 1]


def _drafts(adding: Adding, place: Candidate, path: Path, defaults: dict[str, str]) -> None:
    """Print draft rows of a list; what needs a decision is said on stderr."""
    from twinld.errors import SourceError
    from twinld.pipeline.adding import COLUMNS, drafts, line_of, partner_list

    defaults["kind"] = defaults.get("kind") or "twinning"
    defaults["read_on"] = defaults.get("read_on") or datetime.now(UTC).date().isoformat()
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise SourceError(f"{path}: byte {error.start} is not UTF-8; save the list as UTF-8") from None
    click.echo(",".join(COLUMNS))
    for row, found, said in drafts(adding, place.item, partner_list(text), defaults):
        if row["place_b"]:
            click.echo(line_of(row), nl=False)
            continue
        reason = "fits no place" if not found else f"fits {len(found)}: " + "; ".join(map(str, found))
        click.echo(f"left out: {said}: {reason}", err=True)
