"""The worklists that come with a release: what the page /contribute shows until somebody runs `twinld contribute`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from twinld.enrich import NAME
from twinld.enrich.contribute import worklists, write_index
from twinld.enrich.evidence import exclusive_items, extract_of, known_of
from twinld.publish.lines import GraphFile, scan_files
from twinld.store import open_store


def write_worklists(store: Path, graphs: Sequence[GraphFile], data: Path, out: Path, day: str, base: str) -> int:
    """Write the lists of a release to the new folder `out`; how many rows they have.

    The same lists as those of `twinld contribute`, without proposed edits: these need a clock and a ledger.
    """
    opened = open_store(store)
    try:
        known = known_of(opened, base, scan_files(graphs))
    finally:
        opened.close()
    lists = worklists(known, extract_of(data / "sources" / NAME), exclusive_items(data / "curated" / "exclusive.csv"),
                      out, base)  # fmt: skip
    write_index(out, lists, day, {})
    return sum(lists.counts.values())
