"""The network of places as GraphML (graphml.graphdrawing.org): a node a place, an edge an agreement.

An agreement of more than two places is an edge between each two of them, numbered `ID/1`, `ID/2`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from twinld.publish.index import Party
from twinld.publish.rdfxml import NOT_XML
from twinld.publish.tables import AgreementRow, PlaceRow

_NODE: Final = {
    "label": "string", "type": "string", "country_code": "string", "latitude": "double", "longitude": "double",
    "population": "long", "twin_count": "int", "wikidata_item": "string",
}  # fmt: skip
_EDGE: Final = {
    "agreement": "string", "kind": "string", "status": "string", "reciprocity": "string", "start": "string",
    "end": "string", "date": "string",
}  # fmt: skip


def graphml(places: Iterable[PlaceRow], agreements: Iterable[tuple[AgreementRow, list[Party]]]) -> Iterator[str]:
    """A GraphML document, in pieces: first the nodes, then the edges."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
    for kind, table in (("node", _NODE), ("edge", _EDGE)):
        for name, type_ in table.items():
            yield f'<key id="{_key(kind, name)}" for="{kind}" attr.name="{name}" attr.type="{type_}"/>\n'
    yield '<graph id="twinld" edgedefault="undirected">\n'
    for place in places:
        yield f"<node id={quoteattr(place.place)}>{_data(place, 'node', _NODE)}</node>\n"
    for row, parties in agreements:
        body = _data(row, "edge", _EDGE)
        pairs = list(combinations(parties, 2))
        for number, (one, other) in enumerate(pairs, 1):
            name = row.agreement if len(pairs) == 1 else f"{row.agreement}/{number}"
            ends = f"source={quoteattr(one.place)} target={quoteattr(other.place)}"
            yield f"<edge id={quoteattr(name)} {ends}>{body}</edge>\n"
    yield "</graph>\n</graphml>\n"


def _key(kind: str, name: str) -> str:
    return f"{kind}-{name}"


def _data(row: PlaceRow | AgreementRow, kind: str, table: dict[str, str]) -> str:
    values = ((name, getattr(row, name)) for name in table)
    return "".join(
        f'<data key="{_key(kind, name)}">{escape(NOT_XML.sub(chr(0xFFFD), value))}</data>'
        for name, value in values
        if value
    )
