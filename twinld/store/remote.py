"""A Store at a SPARQL 1.1 endpoint of any engine: read by queries, filled by `twinld push`.

Everything is asked in SPARQL and by the protocol; graphs are always named, since engines differ in what their
default graph is. An answer is read whole and checked before anything of it is given on, because engines cut
answers off with status 200.
"""

# ruff: noqa: A002  `format` is our word for a row of FORMATS, and a keyword that callers write

from __future__ import annotations

import functools
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final
from urllib.parse import urlencode

import pyoxigraph as ox

from twinld.errors import QueryError, ReleaseError, ResultTooBig, UsageError
from twinld.formats import Format
from twinld.settings import Settings
from twinld.store import Quad, Row
from twinld.store.binding import bind, to_text
from twinld.store.credentials import Credentials
from twinld.store.engine import named_node, term, term_text
from twinld.store.explain import query_error
from twinld.store.http import Client, Reply, expect
from twinld.store.query_text import refuse_service
from twinld.store.remote_engines import Engine, engine_of
from twinld.store.remote_results import (
    MAX_ROWS,
    graph_format,
    refusal,
    refuse_cut,
    rows_format,
    rows_of,
    too_many,
    triples_of,
    whole,
    write_rows,
    write_triples,
)
from twinld.store.remote_text import count_of_solutions, has_dataset, kind_of, star_columns, with_base, without_dataset
from twinld.terms import Triple
from twinld.vocab import BASE, DEFAULT_GRAPHS, PUSHED

if TYPE_CHECKING:
    import rdflib

_ROWS_TYPES: Final = {
    "json": ("application/sparql-results+json", "application/json"),
    "xml": ("application/sparql-results+xml", "application/xml"),
}
_GRAPH_TYPES: Final = ("application/n-triples", "text/turtle", "application/rdf+xml")
_HUB, _STEPS = 1_000, 50
_PROBED: Final = 200_000
"""An engine that gives so many rows is not asked whether it would give more; larger graphs are refused."""


class RemoteStore:
    """A Store (see `twinld.store`) at the query endpoint `url`; it is read only.

    Methods raise OutsideError when the endpoint does not answer as it should, QueryTimeout after `timeout_s`,
    ResultTooBig for an answer over `max_bytes` and for one that the engine cuts off.
    """

    def __init__(
        self, url: str, credentials: Credentials | None = None, *, timeout_s: float = 30, max_bytes: int = 128 << 20
    ) -> None:
        self.url = url
        self._client = Client(url, credentials or Credentials())
        self._timeout_s = timeout_s
        self._max_bytes = max_bytes
        self._open = True
        self._lock = threading.Lock()
        self._graphs: list[str] | None = None
        self._engine: Engine | None = None

    @property
    def path(self) -> Path | None:
        """None: there is no folder that another process could open."""
        return None

    @property
    def writable(self) -> bool:
        """False: a store is pushed to as a whole."""
        return False

    def load(
        self, source: Path | bytes | BinaryIO, format: Format, graph: str | None = None, *, checked: bool = False
    ) -> int:
        """ReleaseError: see `twinld push`."""
        del source, format, graph, checked
        raise ReleaseError(f"{self.url} is read here and never changed; fill it with twinld push")

    # ------------------------------------------------------------------------------------ our own questions

    def select(self, query: str, **terms: str) -> list[Row]:
        """The rows of a SELECT, with `terms` bound; see `Store.select`."""
        bound = _checked(query, terms, "rows", "this is not a SELECT query; write SELECT ... { ... }")
        return self._select(bound)

    def _select(self, query: str, named_graphs: Sequence[str] = ()) -> list[Row]:
        with whole(self.fetch(query, "rows", named_graphs=named_graphs)) as reply:
            rows = rows_of(reply, self.engine)
            if not isinstance(rows, ox.QuerySolutions):
                raise ValueError("a boolean")
            names = [variable.value for variable in rows.variables]
            return [
                {name: term(value) for name, value in zip(names, row, strict=True) if value is not None} for row in rows
            ]

    def ask(self, query: str, **terms: str) -> bool:
        """The answer of an ASK, with `terms` bound."""
        bound = _checked(query, terms, "boolean", "this is not an ASK query; write ASK { ... }")
        with whole(self.fetch(bound, "boolean")) as reply:
            return bool(rows_of(reply, self.engine))

    def construct(self, query: str, **terms: str) -> list[Triple]:
        """The triples of a CONSTRUCT or DESCRIBE, sorted, each once."""
        message = "this is not a CONSTRUCT or DESCRIBE; write CONSTRUCT { ... } WHERE { ... }"
        with whole(self.fetch(_checked(query, terms, "graph", message), "graph")) as reply:
            return sorted({(term_text(s), term_text(p), term_text(o)) for s, p, o in self._graph_of(reply)})

    def describe(self, iri: str) -> list[Quad]:
        """Every quad about `iri` and its fragments; see `Store.describe`."""
        start, waiting, quads = f"{iri}#", {str(named_node(iri))}, set[Quad]()
        found = set(waiting)
        for _ in range(_STEPS):
            if not waiting:
                break
            near = self._pointing_to(waiting)
            for row in self._select(self._every_graph(f"VALUES ?s {{ {' '.join(sorted(waiting))} }}", "?s ?p ?o")):
                graph = row["g"].value if "g" in row else None
                s, p, o = (to_text(row[name]) for name in "spo")
                quads.add((s, p, o, graph))
                near.add(o)
            waiting = {node for node in near if node.startswith(f"<{start}")} - found
            found |= waiting
        named = {quad[:3] for quad in quads if quad[3] is not None}
        return sorted(
            (quad for quad in quads if quad[3] is not None or quad[:3] not in named),
            key=lambda quad: (*quad[:3], quad[3] or ""),
        )

    def _pointing_to(self, nodes: Iterable[str]) -> set[str]:
        """The subjects that have one of `nodes` as object; none of a hub, where they are too many."""
        found: set[str] = set()
        for node in sorted(nodes):
            rows = self._select(self._every_graph("", f"?s ?p {node}", f"LIMIT {_HUB}"))
            if len(rows) < _HUB:
                found |= {to_text(row["s"]) for row in rows if row["s"].kind == "iri"}
        return found

    def _every_graph(self, values: str, pattern: str, limit: str = "") -> str:
        """A query for a pattern in the named graphs, and in a default graph that is none of them."""
        other = "" if self.default_graphs else f"UNION {{ {pattern} }}"
        return f"SELECT * {{ {values} {{ GRAPH ?g {{ {pattern} }} }} {other} }} {limit}"

    # ---------------------------------------------------------------------------------------- whole graphs

    def graphs(self) -> list[str]:
        """The IRIs of the named graphs, sorted; not those of the engine itself, nor what `twinld push` noted."""
        return list(self._known()[1])

    @property
    def engine(self) -> Engine:
        """What is known of the engine behind the endpoint."""
        return self._known()[0]

    @functools.cached_property
    def default_graphs(self) -> list[str]:
        """The named graphs that are the default graph of a release; empty when the endpoint has none of them."""
        ends = tuple("/" + graph.removeprefix(BASE) for graph in DEFAULT_GRAPHS)
        return [graph for graph in self.graphs() if graph.endswith(ends)]

    def _known(self) -> tuple[Engine, list[str]]:
        with self._lock:
            if not self._open:
                raise ValueError("the store is closed")
            if self._graphs is None or self._engine is None:
                reply = self._ask("SELECT ?g { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g", _ROWS_TYPES["json"], (), ())
                self._engine = engine_of(str(reply.headers.get("Server", "")))
                with whole(reply):
                    rows = rows_of(reply, self._engine)
                    names = {row["g"].value for row in rows if row["g"] is not None}  # type: ignore[union-attr]
                own = "/" + PUSHED.removeprefix(BASE)
                self._graphs = sorted(n for n in names if n not in self._engine.graphs and not n.endswith(own))
            return self._engine, self._graphs

    def count(self, graph: str | None = None) -> int:
        """How many triples a named graph has (None: the default graph); 0 when there is no such graph."""
        pattern = "{ ?s ?p ?o }" if graph is None else f"{{ GRAPH {named_node(graph)} {{ ?s ?p ?o }} }}"
        given = [graph] if graph is not None else []  # also one that came after this store was opened
        (row,) = self._select(f"SELECT (COUNT(*) AS ?n) {pattern}", given)
        return int(row["n"].value)

    def graph(self, iri: str | None = None) -> rdflib.Graph:
        """One graph as an rdflib Graph of its own: for small ones."""
        from twinld.store.rdflib_graph import to_rdflib

        return to_rdflib(ox.Quad(s, p, o) for s, p, o in self._triples(iri))

    def dump(self, out: BinaryIO) -> None:
        """Write every quad as N-Quads, in no order."""
        for name in (*self.graphs(), None):
            target = ox.DefaultGraph() if name is None else named_node(name)
            quads = (ox.Quad(s, p, o, target) for s, p, o in self._triples(name))
            ox.serialize(quads, out, ox.RdfFormat.N_QUADS)

    def _triples(self, graph: str | None) -> Iterator[ox.Triple]:
        pattern = "{ ?s ?p ?o }" if graph is None else f"{{ GRAPH {named_node(graph)} {{ ?s ?p ?o }} }}"
        with whole(self.fetch(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {pattern}", "graph")) as reply:
            yield from self._graph_of(reply)

    # ------------------------------------------------------------------------------------- others' questions

    def write(
        self,
        query: str,
        format: Format | None,
        out: BinaryIO,
        *,
        default_graphs: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
    ) -> Format:
        """Run any query and write its answer to `out`; see `Store.write`."""
        _checked(query, {})
        return self.write_unchecked(
            query, format, out, default_graphs=default_graphs, named_graphs=named_graphs, timeout_s=self._timeout_s
        )

    def write_unchecked(
        self,
        query: str,
        format: Format | None,
        out: BinaryIO,
        *,
        default_graphs: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
        timeout_s: float,
    ) -> Format:
        """As `write`, but no parser of ours reads the query: one that is nested too deep would end this process."""
        kind = kind_of(query)
        if format is not None:
            (graph_format if kind == "graph" else rows_format)(format)
        reply = self.fetch(query, kind, default_graphs=default_graphs, named_graphs=named_graphs, timeout_s=timeout_s)
        with whole(reply):
            if kind == "graph":
                return write_triples(self._graph_of(reply), format, out)
            return write_rows(rows_of(reply, self.engine, star_columns(query)), format, out)

    def fetch(
        self,
        query: str,
        kind: str,
        *,
        default_graphs: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
        timeout_s: float | None = None,
    ) -> Reply:
        """The endpoint's answer, known not to be cut off; to be read inside `whole`.

        `kind` is "rows", "boolean" or "graph" (`kind_of`). Without a dataset the query is asked of what a release
        has: its default graph, and its named graphs; with FROM it says so itself.
        """
        deadline = time.monotonic() + (self._timeout_s if timeout_s is None else timeout_s)
        default, named = default_graphs or (), named_graphs or ()
        for graph in (*default, *named):
            named_node(graph)
        engine = self.engine
        if not default and not named and not has_dataset(query) and (self.default_graphs or engine.union):
            default, named = self.default_graphs or self.graphs(), self.graphs()
        elif named and not default:
            default = ("urn:x-twinld:none",)  # engines take "no default graph" for "your own one"
        if (default_graphs or named_graphs) and has_dataset(query):
            query = without_dataset(query)
        types = _GRAPH_TYPES if kind == "graph" else _ROWS_TYPES[engine.results]
        reply = self._ask(query, types, default, named, deadline)
        if kind == "graph" and engine.cuts:
            try:
                self._refuse_cut_graph(query, default, named, deadline)
            except BaseException:
                reply.body.close()
                raise
        return reply

    def _graph_of(self, reply: Reply) -> Iterator[ox.Triple]:
        return triples_of(reply, self._most_rows if self.engine.cuts else None)

    def _refuse_cut_graph(self, query: str, default: Sequence[str], named: Sequence[str], deadline: float) -> None:
        """ResultTooBig when a graph is made of more solutions than the engine gives; it says nothing of that."""
        counting = count_of_solutions(query)
        if not counting:
            return
        with whole(self._ask(counting, _ROWS_TYPES[self.engine.results], default, named, deadline)) as reply:
            (row,) = rows_of(reply, self.engine)  # type: ignore[misc]
            number = int(row["n"].value)
        if number > self._most_rows:
            raise ResultTooBig(too_many(str(self._most_rows)))

    @functools.cached_property
    def _most_rows(self) -> int:
        """How many rows the engine gives at most, as far as it can be found out."""
        query = f"SELECT (1 AS ?x) {{ GRAPH ?g {{ ?s ?p ?o }} }} LIMIT {_PROBED}"
        reply = self._send(query, _ROWS_TYPES[self.engine.results], (), (), time.monotonic() + self._timeout_s)
        reply.body.close()
        told = str(reply.headers.get(MAX_ROWS, ""))
        return int(told) if told.isdigit() else _PROBED

    def _ask(
        self,
        query: str,
        types: Sequence[str],
        default: Sequence[str],
        named: Sequence[str],
        deadline: float | None = None,
    ) -> Reply:
        deadline = time.monotonic() + self._timeout_s if deadline is None else deadline
        reply = self._send(query, types, default, named, deadline)
        try:
            refuse_cut(reply)
        except BaseException:
            reply.body.close()
            raise
        return expect(reply, types, self.url)

    def _send(
        self, query: str, types: Sequence[str], default: Sequence[str], named: Sequence[str], deadline: float
    ) -> Reply:
        """One request of the SPARQL 1.1 Protocol (section 2.1.2, query via POST with URL-encoded parameters)."""
        fields = [("query", with_base(query)), *(("default-graph-uri", graph) for graph in default)]
        fields += [("named-graph-uri", graph) for graph in named]
        try:
            body = urlencode(fields, encoding="utf-8", errors="strict").encode("ascii")
        except UnicodeEncodeError as error:
            raise QueryError(f"the query is not Unicode text: {error.reason}; send UTF-8") from None
        left = max(0.001, deadline - time.monotonic())
        reply = self._client.request(
            "POST",
            self.url,
            body,
            {"Content-Type": "application/x-www-form-urlencoded", "Accept": ", ".join(types)},
            timeout_s=left,
            max_bytes=self._max_bytes,
        )
        if reply.status != 200:
            said = reply.said()
            reply.body.close()
            raise refusal(reply.status, said, self.url)
        return reply

    def close(self) -> None:
        """Close the connections; closing twice is fine."""
        with self._lock:
            self._open = False
        self._client.close()


def open_remote(url: str, writable: bool = False) -> RemoteStore:
    """The store at the endpoint `url`; name, password and limits are those of the settings.

    Raises OutsideError when no endpoint answers there, UsageError for an address that is none.
    """
    if writable:
        raise UsageError(f"{url}: a remote store is read-only; fill it with twinld push")
    settings = Settings.from_environment()
    store = RemoteStore(
        url,
        Credentials(settings.store_user, settings.store_password),
        timeout_s=settings.query_timeout_s,
        max_bytes=settings.result_max_mib << 20,
    )
    try:
        store.graphs()
    except BaseException:
        store.close()
        raise
    return store


def _checked(query: str, terms: dict[str, str], kind: str | None = None, message: str = "") -> str:
    """The query with its terms bound, read by our own parser first, so that slips are told as everywhere."""
    refuse_service(query)
    bound = bind(query, terms)
    try:
        result = ox.Store().query(bound, base_iri=BASE)
    except SyntaxError as error:
        raise query_error(error, bound) from None
    except UnicodeEncodeError as error:
        raise QueryError(f"the query is not Unicode text: {error.reason}; send UTF-8") from None
    found = "graph" if isinstance(result, ox.QueryTriples) else "rows"
    found = "boolean" if isinstance(result, ox.QueryBoolean) else found
    if kind is not None and kind != found:
        raise QueryError(message)
    return bound
