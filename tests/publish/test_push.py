"""A release in a store of another engine: what is sent, what is left alone, and what happens when it breaks off."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.backends import ENGINES, Backend
from twinld.cli import main
from twinld.errors import OutsideError, ReleaseError, UsageError
from twinld.publish.push import Step, push
from twinld.store import open_store
from twinld.store.credentials import Credentials
from twinld.store.graph_store import GraphStore, as_ntriples, endpoint_beside
from twinld.store.oxigraph import bulk_load
from twinld.store.remote import RemoteStore, open_remote
from twinld.terms import Triple
from twinld.vocab import CURATED, GRAPH, INFERRED, PUSHED, RELEASE

OLD, MADE = GRAPH + "source/old", GRAPH + "source/made"
Run = Callable[..., list[tuple[str, int, str]]]


def triples(name: str, number: int) -> list[Triple]:
    return [
        (f"<http://example.org/{name}{n}>", "<http://example.org/p>", f'"Malmö \\"{n}\\""@sv') for n in range(number)
    ]


GRAPHS = {
    CURATED: triples("c", 250),
    INFERRED: triples("i", 3),
    MADE: [("_:b0", "<http://example.org/p>", "_:b1"), ("_:b1", "<http://example.org/p>", '"x"')],
    RELEASE: triples("r", 2),
}


def make(folder: Path, graphs: dict[str, list[Triple]], **changes: int) -> Path:
    """A release of these graphs; `changes` (by the end of a name) are sizes that its manifest says wrongly."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    parts = []
    for number, (graph, rows) in enumerate(graphs.items()):
        (folder / f"{number}.nt").write_bytes(as_ntriples(rows))
        parts.append((folder / f"{number}.nt", graph))
    bulk_load(folder / "store", [(path, graph) for path, graph in parts])
    sizes = {graph: changes.get(graph.rpartition("/")[2], len(rows)) for graph, rows in graphs.items()}
    rows = [{"iri": graph, "triples": size} for graph, size in sizes.items()]
    (folder / "manifest.json").write_text(json.dumps({"id": "2022-11-30", "graphs": rows}))
    return folder


@pytest.fixture(params=ENGINES)
def backend(request: pytest.FixtureRequest, engine: Callable[[str], Backend]) -> Iterator[Backend]:
    found = engine(request.param)
    yield found
    target = GraphStore(found.store_url, Credentials(found.user, found.password))
    for graph in (*GRAPHS, OLD, PUSHED):
        target.delete(graph)
    target.close()


@pytest.fixture
def target(backend: Backend) -> Iterator[GraphStore]:
    opened = GraphStore(backend.store_url, Credentials(backend.user, backend.password))
    yield opened
    opened.close()


@pytest.fixture
def remote(backend: Backend) -> Iterator[RemoteStore]:
    opened = open_remote(backend.query_url)
    yield opened
    opened.close()


def told(steps: list[Step]) -> list[tuple[str, int, str]]:
    return [(step.graph, step.triples, step.done) for step in steps]


ALL = [(graph, len(GRAPHS[graph]), "pushed") for graph in (CURATED, INFERRED, MADE, RELEASE)]
THERE = [(graph, size, "already there") for graph, size, _ in ALL]


def test_every_graph_arrives_and_the_release_last(
    tmp_path: Path, backend: Backend, target: GraphStore, remote: RemoteStore
) -> None:
    seen: list[Step] = []

    steps = push(make(tmp_path / "r", GRAPHS), target, remote.count, seen.append, piece=100)

    assert told(steps) == told(seen) == ALL
    store = open_store(backend.location)
    assert set(GRAPHS) <= set(store.graphs())
    assert PUSHED not in store.graphs()
    query = "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }"
    assert store.construct(query, g=f"<{CURATED}>") == sorted(GRAPHS[CURATED])
    assert store.ask(f"ASK {{ GRAPH <{MADE}> {{ ?a ?p ?b . ?b ?p 'x' }} }}"), "blank nodes stay linked"
    store.close()


def test_what_is_there_is_left_alone(tmp_path: Path, target: GraphStore, remote: RemoteStore) -> None:
    folder = make(tmp_path / "r", GRAPHS)
    push(folder, target, remote.count)

    assert told(push(folder, target, remote.count)) == THERE


def test_a_graph_that_has_changed_at_either_end_is_sent_again(
    tmp_path: Path, target: GraphStore, remote: RemoteStore
) -> None:
    push(make(tmp_path / "r", GRAPHS | {OLD: triples("o", 5)}), target, remote.count)
    changed = GRAPHS | {CURATED: triples("n", 250)}

    steps = push(make(tmp_path / "r", changed), target, remote.count)
    target.post(INFERRED, b"<http://example.org/x> <http://example.org/p> <http://example.org/y> .\n")
    again = push(tmp_path / "r", target, remote.count)

    made = ALL[2]  # blank nodes have other names in every build
    assert told(steps) == [ALL[0], THERE[1], made, (OLD, 0, "removed"), ALL[3]]
    assert told(again) == [THERE[0], ALL[1], THERE[2], ALL[3]]
    assert (remote.count(OLD), remote.count(INFERRED)) == (0, 3)


def test_a_push_that_broke_off_goes_on_and_names_no_release_until_it_has_ended(
    tmp_path: Path, target: GraphStore, remote: RemoteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make(tmp_path / "r", GRAPHS)
    push(folder, target, remote.count)
    make(folder, GRAPHS | {CURATED: triples("n", 250), MADE: triples("m", 7)})
    whole = target.put

    def breaks(graph: str, body: bytes) -> None:
        if graph == MADE:
            raise OutsideError("the network is gone")
        whole(graph, body)

    with monkeypatch.context() as patch:
        patch.setattr(target, "put", breaks)
        with pytest.raises(OutsideError, match=r"^the network is gone$"):
            push(folder, target, remote.count)

    assert remote.count(RELEASE) == 0
    assert told(push(folder, target, remote.count)) == [*THERE[:2], (MADE, 7, "pushed"), ALL[3]]
    assert remote.count(RELEASE) == 2


def test_a_graph_that_arrives_smaller_is_an_error(tmp_path: Path, target: GraphStore, remote: RemoteStore) -> None:
    folder = make(tmp_path / "r", GRAPHS)

    with pytest.raises(OutsideError, match=rf"^{INFERRED}: 3 triples were sent and 2 are there; the store has dropped"):
        push(folder, target, lambda graph: remote.count(graph) - (graph == INFERRED))

    assert remote.count(RELEASE) == 0


def test_a_release_that_is_not_whole_is_not_pushed(tmp_path: Path, target: GraphStore, remote: RemoteStore) -> None:
    with pytest.raises(ReleaseError, match=rf"{CURATED} has 250 triples and the manifest says 251; build the release"):
        push(make(tmp_path / "r", GRAPHS, curated=251), target, remote.count)
    nameless = {graph: rows for graph, rows in GRAPHS.items() if graph != RELEASE}
    with pytest.raises(ReleaseError, match=rf"manifest\.json lists no graph {RELEASE}; build the release again$"):
        push(make(tmp_path / "r", nameless), target, remote.count)

    assert remote.count(CURATED) == 0


def test_an_address_that_is_no_graph_store_is_an_error(tmp_path: Path, backend: Backend, remote: RemoteStore) -> None:
    wrong = GraphStore(backend.query_url + "/nothing", Credentials(backend.user, backend.password))

    with pytest.raises(OutsideError, match=r"answered \d+ to (GET|PUT|DELETE) "):
        push(make(tmp_path / "r", GRAPHS), wrong, remote.count)
    wrong.close()


def test_virtuoso_wants_the_right_password(tmp_path: Path, engine: Callable[[str], Backend]) -> None:
    virtuoso = engine("virtuoso")
    for given, message in [
        (Credentials("dba", "falsch"), "refuses this name and password; check TWINLD_STORE_USER"),
        (Credentials(), "answered 401 to GET .*; set TWINLD_STORE_USER and TWINLD_STORE_PASSWORD$"),
    ]:
        target = GraphStore(virtuoso.store_url, given)
        with pytest.raises(OutsideError, match=message):
            push(make(tmp_path / "r", GRAPHS), target, lambda _graph: 0)
        target.close()


def test_the_command_says_what_it_does(
    tmp_path: Path, backend: Backend, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path / "releases" / "2022-11-30", GRAPHS)
    (tmp_path / "current").symlink_to("releases/2022-11-30")
    monkeypatch.setenv("TWINLD_STORE_USER", backend.user)
    monkeypatch.setenv("TWINLD_STORE_PASSWORD", backend.password)

    codes = [main(["push", backend.store_url, "--out", str(tmp_path)]) for _ in range(2)]

    out, said = capsys.readouterr()
    assert codes == [0, 0]
    assert out.splitlines() == [f"{graph}\t{size:,}\t{done}" for graph, size, done in (*ALL, *THERE)]
    assert said.splitlines() == [
        f"release 2022-11-30 is at {backend.store_url}: 4 graphs, {sent} triples sent" for sent in (257, 0)
    ]


BESIDE = [
    ("http://127.0.0.1:7878/store", "http://127.0.0.1:7878/query"),
    ("http://h:8890/sparql-graph-crud-auth", "http://h:8890/sparql"),
    ("https://h/twins/data", "https://h/twins/query"),
    ("http://h:7200/repositories/twins/rdf-graphs/service", "http://h:7200/repositories/twins"),
]


@pytest.mark.parametrize(("store", "query"), BESIDE, ids=[case[0] for case in BESIDE])
def test_the_endpoint_beside_a_graph_store_is_known(store: str, query: str) -> None:
    assert endpoint_beside(store) == query


def test_an_endpoint_that_is_not_known_has_to_be_given() -> None:
    with pytest.raises(UsageError, match=r"^http://h/x: where are queries answered\? Give --endpoint URL"):
        endpoint_beside("http://h/x")
    with pytest.raises(UsageError, match=r"give the address of the graph store without \?"):
        GraphStore("http://h/store?default")
