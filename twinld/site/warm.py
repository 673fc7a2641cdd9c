"""Asks beforehand what many pages need and a store that cannot change is asked only once."""

from __future__ import annotations

from twinld.site.ask import Asker
from twinld.site.home import home
from twinld.site.more import linked
from twinld.site.ontology import ontology
from twinld.site.passages import Passages
from twinld.site.place import countries, place_names
from twinld.site.search import index_of
from twinld.store import Store
from twinld.vocab import BASE


def warm(store: Store, base: str = BASE, languages: tuple[str, ...] = ("en", "de")) -> None:
    """Names of places and countries, passages, links, the home page, the search and the ontology, once for all."""
    asker = Asker(store, base)
    for ask in (place_names, countries, linked, Passages):
        ask(asker)
    home(store, base=base)
    index_of(store, base)
    for language in languages:
        ontology(store, language=language, base=base)
