"""Asks beforehand what many pages need and a store that cannot change is asked only once."""

from __future__ import annotations

from pathlib import Path

from twinld.site.ask import Asker
from twinld.site.claims import verdicts
from twinld.site.explore import everything
from twinld.site.home import home
from twinld.site.more import linked
from twinld.site.numbers import numbers
from twinld.site.ontology import ontology
from twinld.site.partners import countries, place_names
from twinld.site.passages import Passages
from twinld.site.search import index_of
from twinld.store import Store
from twinld.vocab import BASE


def warm(store: Store, base: str = BASE, languages: tuple[str, ...] = ("en", "de"), folder: Path | None = None) -> None:
    """All places, countries, passages, verdicts and links, the numbers of the release in `folder`, the home page, the
    search, the ontology and the map; a second call costs nothing.
    """
    asker = Asker(store, base)
    for ask in (place_names, countries, linked, verdicts):
        ask(asker)
    passages = Passages(asker)
    passages.read(passages.all())  # the names of all that they name, which a page would ask for one by one
    numbers(store, folder, base=base)
    home(store, base=base, folder=folder)
    index_of(store, base)
    for language in languages:
        ontology(store, language=language, base=base)
    everything(store, base=base)
