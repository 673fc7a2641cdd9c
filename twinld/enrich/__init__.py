"""Asking Wikidata: a client, what it reads, and what goes back (docs/enrichment.md).

`enrich` stores an extract in `data/sources/wikidata-live/`; a build reads it like any other source and never goes
online.
"""

from twinld.enrich.client import Client, Manners, Offline, Service
from twinld.enrich.run import Result, Run, enrich
from twinld.enrich.store_extract import NAME

__all__ = ["NAME", "Client", "Manners", "Offline", "Result", "Run", "Service", "enrich"]
