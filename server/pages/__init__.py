"""The pages, as one table: what registers its routes, and where the menu leads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from flask import Flask

from . import (
    catalog,
    chain,
    changes,
    claims,
    conflicts,
    contribute,
    crawlers,
    dumps,
    examples,
    explore,
    harvest,
    home,
    ontology,
    openapi,
    place_files,
    quality,
    search,
    shapes,
    sparql,
    statistics,
    status,
    things,
    world,
)


@dataclass(frozen=True)
class Page:
    """A family of routes; `path` and `title` are its entry in the menu, "" for none."""

    register: Callable[[Flask], None]
    path: str = ""
    title: str = ""


PAGES: Final = (
    Page(home.register),
    Page(search.register),
    Page(things.register),
    Page(place_files.register),
    Page(world.register),
    Page(catalog.register, "/dataset", "Data set"),
    Page(claims.register, "/claims", "Passages"),
    Page(conflicts.register, "/conflicts", "Conflicts"),
    Page(ontology.register, "/ontology", "Ontology"),
    Page(shapes.register),
    Page(explore.register, "/explore", "Explore"),
    Page(sparql.register, "/sparql", "SPARQL"),
    Page(examples.register),
    Page(dumps.register, "/dumps/", "Downloads"),
    Page(changes.register),
    Page(statistics.register, "/statistics", "Statistics"),
    Page(chain.register),
    Page(quality.register, "/quality", "Quality"),
    Page(contribute.register, "/contribute", "Contribute"),
    Page(status.register),
    Page(crawlers.register),
    Page(harvest.register),
    Page(openapi.register),
)
