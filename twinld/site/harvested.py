"""What a harvest of the served release finds, and what a portal would do that harvested the release before it."""

from __future__ import annotations

import rdflib

from twinld.harvest import CHECKS, Outcome, replay
from twinld.harvest.read import datasets
from twinld.harvest.web import Answer, Asks, answer_of
from twinld.publish import catalog
from twinld.site.catalog import Served

__all__ = ["CHECKS", "Answer", "Outcome", "answer_of", "harvested"]

_ALONE = "no release before this one is on disk"


def harvested(release: Served, before: Served | None, web: Asks) -> list[Outcome]:
    """Every check of the release's catalogue, at the public address that `web` asks, after a harvest of `before`."""
    found = None
    if before is not None:
        triples = catalog.catalogue(before.edition, before.where)
        found = datasets(rdflib.Graph().parse(data="".join(f"{s} {p} {o} .\n" for s, p, o in triples), format="nt"))
    return replay(release.where.page("catalog"), web, found, _ALONE)
