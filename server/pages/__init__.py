"""The pages, as one table: what registers its routes, and where the menu leads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from flask import Flask

from twinld.site import later

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
    pointing,
    quality,
    report,
    search,
    shapes,
    sparql,
    statistics,
    status,
    thing_tables,
    things,
    world,
)


@dataclass(frozen=True)
class Page:
    """A family of routes; `path` and `title` are its entry in the menu, "" for none.

    One that is `aside` stands in the part of the menu that is folded.
    """

    register: Callable[[Flask], None]
    path: str = ""
    title: str = ""
    aside: bool = False


PAGES: Final = (
    Page(home.register),
    Page(search.register),
    Page(things.register),
    Page(place_files.register),
    Page(thing_tables.register),
    Page(world.register),
    Page(pointing.register),
    Page(report.register),
    Page(catalog.register, "/dataset", later("Data set")),
    Page(claims.register, "/claims", later("Passages"), aside=True),
    Page(conflicts.register, "/conflicts", later("Conflicts"), aside=True),
    Page(ontology.register, "/ontology", later("Ontology"), aside=True),
    Page(shapes.register),
    Page(explore.register, "/explore", later("Explore")),
    Page(sparql.register, "/sparql", later("SPARQL")),
    Page(examples.register),
    Page(dumps.register, "/dumps/", later("Downloads")),
    Page(changes.register),
    Page(statistics.register, "/statistics", later("Statistics")),
    Page(chain.register),
    Page(quality.register, "/quality", later("Quality"), aside=True),
    Page(contribute.register, "/contribute", later("Contribute")),
    Page(status.register),
    Page(crawlers.register),
    Page(harvest.register),
    Page(openapi.register),
)
