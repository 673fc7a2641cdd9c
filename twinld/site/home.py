"""Everything that the first page needs: how much there is, where it comes from, and ways in."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from twinld.site.about import about, named
from twinld.site.ask import Asker, Facts, once
from twinld.site.numbers import numbers
from twinld.site.partners import countries
from twinld.site.tables import Cell
from twinld.site.things import LANGUAGE, GraphInfo, Named, Release, Sentence, SourceInfo
from twinld.site.words import counted
from twinld.site.world import namer_of_places
from twinld.store import Row, Store
from twinld.terms import Term
from twinld.texts import ENGLISH, Texts
from twinld.vocab import BASE, CURATED, RDFS

HUBS: Final = 24
_ASKED: Final = 30


@dataclass(frozen=True)
class Counted:
    """A thing and how many of something it has."""

    thing: Named
    number: int


@dataclass(frozen=True)
class HomeFacts:
    """What is first of its kind in this release; None where nothing is known.

    `most` is the place with most twins now and their number, `closest` the two countries that share most pairs of
    twins, their number and the slug of the pair of countries, `farthest` the two twins farthest apart, the km and
    the slug of their pair.
    """

    most: tuple[Named, int] | None
    closest: tuple[Named, Named, int, str] | None
    farthest: tuple[Named, Named, float, str] | None


@dataclass(frozen=True)
class HomePage:
    """Numbers of the CC0 graphs, and of agreements that only sources under another licence have.

    `crawled` counts what a source states that lists all statements of a place (refuted statements too);
    `one_sided` of these stand on one side only and are answered nowhere.
    """

    sentence: Sentence
    places: int
    countries: int
    agreements: int
    dated: int
    crawled: int
    one_sided: int
    elsewhere: tuple[tuple[GraphInfo, int], ...]
    sources: tuple[SourceInfo, ...]
    hubs: tuple[Counted, ...]
    by_country: tuple[Counted, ...]
    facts: HomeFacts
    release: Release


@dataclass(frozen=True)
class _Answers:
    """The rows of this page's questions, before a language is chosen."""

    counts: list[Row]
    countries: list[Row]
    hubs: list[Row]


def home(
    store: Store, *, language: str = LANGUAGE, base: str = BASE, folder: Path | None = None, texts: Texts = ENGLISH
) -> HomePage:
    """The first page, of the release in `folder`; its questions are asked once of a store that cannot change."""
    asker = Asker(store, base)
    answers = once(store, ("home", base), lambda: _asked(asker))
    info = about(asker)
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for row in answers.counts:
        counts[row["what"].value][row["g"].value] = int(row["n"].value)
    open_counts = {what: sum(n for g, n in by.items() if "/facts/" not in g) for what, by in counts.items()}
    by_country = _by_country(answers.countries, countries(asker), language)
    agreements, dated = counts["agreements"].get(CURATED, 0), counts["dated"].get(CURATED, 0)
    places = counts["places"].get(CURATED, 0)
    elsewhere = tuple(
        (info.graphs.get(graph) or GraphInfo(graph, graph.rsplit("/", 1)[-1]), number)
        for graph, number in sorted(counts["agreements"].items())
        if "/facts/" in graph
    )
    sources = tuple(sorted(info.sources.values(), key=lambda source: source.title))
    return HomePage(
        sentence=_sentence(agreements, places, len(by_country), dated, sources, info.release, texts),
        places=places,
        countries=len(by_country),
        agreements=agreements,
        dated=dated,
        crawled=open_counts.get("crawled", 0),
        one_sided=open_counts.get("one-sided", 0),
        elsewhere=elsewhere,
        sources=sources,
        hubs=_hubs(answers.hubs, language),
        by_country=by_country,
        facts=_facts(asker, folder, language),
        release=info.release,
    )


def _facts(asker: Asker, folder: Path | None, language: str) -> HomeFacts:
    tables = numbers(asker.store, folder, base=asker.base).tables
    place = namer_of_places(asker, language)

    def name(cell: Cell) -> Named:
        return place(str(cell))

    places, far = tables["places"].rows, tables["farthest"].rows
    shared = [row for row in tables["country-pairs"].rows if row[0] != row[1]]
    return HomeFacts(
        (name(places[0][0]), int(places[0][2] or 0)) if places else None,
        (name(shared[0][0]), name(shared[0][1]), int(shared[0][2] or 0), f"{shared[0][0]}--{shared[0][1]}")
        if shared
        else None,
        (name(far[0][0]), name(far[0][1]), float(far[0][2] or 0), f"{far[0][0]}--{far[0][1]}") if far else None,
    )


def _asked(asker: Asker) -> _Answers:
    return _Answers(asker.rows("page_home"), asker.rows("page_home_countries"), asker.rows("page_home_hubs"))


def _by_country(rows: list[Row], labels: Facts, language: str) -> tuple[Counted, ...]:
    found = [Counted(named(labels, row["s"].value, language), int(row["n"].value)) for row in rows if "s" in row]
    return tuple(sorted(found, key=lambda item: (item.thing.label.casefold(), item.thing.iri)))


def _hubs(rows: list[Row], language: str) -> tuple[Counted, ...]:
    numbers = {row["s"].value: int(row["n"].value) for row in rows}
    label = Term("iri", f"{RDFS}label")
    labels = Facts((row["s"], label, row["o"], None) for row in rows)
    cut = min(numbers.values()) if len(numbers) >= _ASKED else 0  # which of the last equals came is chance
    found = [Counted(named(labels, iri, language), number) for iri, number in numbers.items() if number > cut]
    return tuple(sorted(found, key=lambda item: (-item.number, item.thing.label, item.thing.iri))[:HUBS])


def _sentence(
    agreements: int,
    places: int,
    countries_: int,
    dated: int,
    sources: tuple[SourceInfo, ...],
    release: Release,
    texts: Texts,
) -> Sentence:
    day = {"day": release.issued}
    start = texts.gettext("The release of %(day)s") % day if release.issued else texts.gettext("This data")
    number = sum(source.licence is None or source.licence.open for source in sources)
    told = {
        "data": start,
        "agreements": texts.number(agreements),
        "places": texts.number(places),
        "countries": texts.number(countries_),
    }
    parts = [
        texts.gettext("%(data)s holds %(agreements)s agreements between %(places)s places in %(countries)s countries")
        % told
    ]
    if number:
        form = texts.ngettext(
            ", from %(number)s source under CC0 or in the public domain",
            ", from %(number)s sources under CC0 or in the public domain",
            number,
        )
        parts.append(counted(form, number, texts))
    few = texts.ngettext("; %(number)s of the agreements is dated.", "; %(number)s of the agreements are dated.", dated)
    return Sentence(("".join((*parts, few % {"number": texts.number(dated)})),))
