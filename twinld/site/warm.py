"""Asks beforehand what many pages need and a store that cannot change is asked only once."""

from __future__ import annotations

from twinld.site.ask import Asker
from twinld.site.explore import everything
from twinld.site.home import home
from twinld.site.more import linked
from twinld.site.ontology import ontology
from twinld.site.passages import Passages
from twinld.site.place import countries, place_names
from twinld.store import Store
from twinld.vocab import BASE


def warm(store: Store, base: str = BASE, languages: tuple[str, ...] = ("en", "de")) -> None:
    """Names, passages, links, the home page, the ontology, all agreements at once; a second call costs nothing."""
    asker = Asker(store, base)
    for ask in (place_names, countries, linked, Passages):
        ask(asker)
    home(store, base=base)
    for language in languages:
        ontology(store, language=language, base=base)
    everything(store, base=base)
