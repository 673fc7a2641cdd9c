"""Which places lie in a country, from what is known of all places: found once for all countries."""

from __future__ import annotations

from collections import defaultdict

from twinld.site.about import named
from twinld.site.ask import Asker, Facts, once, tw
from twinld.site.things import LANGUAGE, Named


def places_in(asker: Asker, names: Facts, country: str, language: str = LANGUAGE) -> tuple[Named, ...]:
    """The places of a country, in the order of their names; `names` are names and countries of all places.

    The names in English are found once for a store that cannot change.
    """
    iris = once(asker.store, ("inside", asker.base), lambda: _by_country(names)).get(country, [])

    def make() -> tuple[Named, ...]:
        found = (named(names, iri, language).only_in(names.apart(iri, tw("country"))) for iri in iris)
        return tuple(sorted(found, key=lambda item: (item.label.casefold(), item.iri)))

    return once(asker.store, ("inside", asker.base, country), make) if language == LANGUAGE and iris else make()


def _by_country(names: Facts) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for iri in names.subjects():
        for country in {term.value for term, _ in names.said(iri, tw("country"))}:
            found[country].append(iri)
    return dict(found)
