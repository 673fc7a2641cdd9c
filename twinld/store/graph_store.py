"""Puts whole graphs into any store by the SPARQL 1.1 Graph Store HTTP Protocol (W3C Recommendation, 2013)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO, Final
from urllib.parse import quote, urlsplit

import pyoxigraph as ox

from twinld.errors import OutsideError, UsageError
from twinld.store.credentials import Credentials
from twinld.store.engine import RDF_FORMATS, named_node, term_text
from twinld.store.http import Client, Reply
from twinld.terms import Triple

NTRIPLES: Final = "application/n-triples"
_DONE: Final = {200, 201, 202, 204}
_ENDPOINTS: Final = (
    ("/sparql-graph-crud-auth", "/sparql"),  # Virtuoso
    ("/sparql-graph-crud", "/sparql"),
    ("/rdf-graphs/service", ""),  # RDF4J, GraphDB
    ("/store", "/query"),  # Oxigraph
    ("/data", "/query"),  # Jena Fuseki
)
"""How the address of a graph store ends, and that of the query endpoint beside it."""


class GraphStore:
    """A graph store at `url`, whose graphs are named by `?graph=IRI` (section 4.2 of the protocol)."""

    def __init__(self, url: str, credentials: Credentials | None = None, *, timeout_s: float = 300) -> None:
        if urlsplit(url).query:
            raise UsageError(f"{url}: give the address of the graph store without ?, such as http://host/store")
        self.url = url
        self._client = Client(url, credentials or Credentials())
        self._timeout_s = timeout_s

    def get(self, graph: str) -> list[Triple] | None:
        """The triples of a small graph, sorted; None when there is no such graph."""
        reply = self._send("GET", graph, b"")
        with reply.body:
            return None if reply.status == 404 else self._read(reply)

    def _read(self, reply: Reply) -> list[Triple]:
        syntax = ox.RdfFormat.from_media_type(reply.media_type)
        if syntax not in RDF_FORMATS.values():
            raise OutsideError(f"{self.url} answered {reply.media_type or 'nothing'} where {NTRIPLES} was asked for")
        try:
            triples = [quad.triple for quad in ox.parse(reply.body, syntax)]
        except SyntaxError as error:
            raise OutsideError(f"{self.url} gave a graph that cannot be read ({error})") from None
        return sorted((term_text(s), term_text(p), term_text(o)) for s, p, o in triples)

    def put(self, graph: str, ntriples: bytes | IO[bytes]) -> None:
        """Make N-Triples the whole content of a graph."""
        self._send("PUT", graph, ntriples).body.close()

    def post(self, graph: str, ntriples: bytes | IO[bytes]) -> None:
        """Add N-Triples to a graph."""
        self._send("POST", graph, ntriples).body.close()

    def delete(self, graph: str) -> None:
        """Remove a graph; nothing happens when there is none."""
        self._send("DELETE", graph, b"").body.close()

    def _send(self, method: str, graph: str, body: bytes | IO[bytes]) -> Reply:
        """The answer to a request about one graph; OutsideError, with what the server says, when it refuses."""
        address = f"{self.url}?graph={quote(named_node(graph).value, safe='')}"
        headers = {"Accept": NTRIPLES} if method == "GET" else {}
        if method in {"PUT", "POST"}:
            headers["Content-Type"] = NTRIPLES
        reply = self._client.request(method, address, body, headers, timeout_s=self._timeout_s, max_bytes=64 << 20)
        if reply.status in _DONE or (reply.status == 404 and method in {"GET", "DELETE"}):
            return reply
        said = reply.said()
        reply.body.close()
        hint = {
            401: "; set TWINLD_STORE_USER and TWINLD_STORE_PASSWORD",
            403: "; this name may not write there",
            404: "; is this the address of a graph store?",
            405: "; is this the address of a graph store, and not that of queries?",
        }.get(reply.status, "")
        raise OutsideError(f"{self.url} answered {reply.status} to {method} {graph} ({said or 'no reason'}){hint}")

    def close(self) -> None:
        """Close the connections; closing twice is fine."""
        self._client.close()


def endpoint_beside(url: str) -> str:
    """The query endpoint beside a graph store, as the known engines have it.

    Raises UsageError when the address is like none of them.

    >>> endpoint_beside("http://127.0.0.1:7878/store")
    'http://127.0.0.1:7878/query'
    """
    for end, beside in _ENDPOINTS:
        if url.endswith(end):
            return url.removesuffix(end) + beside
    known = ", ".join(end for end, _ in _ENDPOINTS)
    raise UsageError(f"{url}: where are queries answered? Give --endpoint URL (known without it: {known})")


def as_ntriples(triples: Iterable[Triple]) -> bytes:
    """Triples as lines of N-Triples."""
    return "".join(f"{s} {p} {o} .\n" for s, p, o in triples).encode()
