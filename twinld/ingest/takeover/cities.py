"""The links between cities of over 10,000 inhabitants, from Wikidata in January 2022 (a GEXF graph).

Undirected: which side states a link was not kept. Labels are English (the query asked for no other).
"""

from __future__ import annotations

import gzip
from pathlib import Path
from xml.etree import ElementTree

from twinld.errors import SourceError
from twinld.layout import write_file

_NS = "{http://www.gexf.net/1.2draft}"


def take_over(raw: Path, out: Path) -> None:
    """`wikidata/p190-2022-01-cities/sister_cities.gexf.gz` -> statements.csv, places.csv, labels.csv."""
    path = raw / "wikidata" / "p190-2022-01-cities" / "sister_cities.gexf.gz"
    try:
        with gzip.open(path) as file:
            root = ElementTree.parse(file).getroot()  # noqa: S314 - an extract we chose, not a stranger's file
    except (OSError, EOFError, ElementTree.ParseError) as error:
        raise SourceError(f"{path}: {error}") from None
    names = {a.get("id"): a.get("title", "") for a in root.iter(f"{_NS}attribute")}
    places, labels = [], []
    for node in root.iter(f"{_NS}node"):
        item, label = node.get("id", ""), node.get("label", "")
        facts = {names[v.get("for")]: v.get("value", "") for v in node.iter(f"{_NS}attvalue")}
        places.append((item, "", *(facts.get(name, "") for name in ("lat", "lon", "country", "pop")), "", ""))
        if label != item:
            labels.append((item, "", "en", label.strip()))
    links = ((edge.get("source", ""), edge.get("target", "")) for edge in root.iter(f"{_NS}edge"))
    write_file(out, "statements.csv", ((*sorted(link), "", "", "", "", "", "") for link in links))
    write_file(out, "places.csv", places)
    write_file(out, "labels.csv", labels)
