"""A catalogue that is made to hang, to bring down or to lead astray whoever harvests it: each a row of the table."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator

import pytest
import rdflib
from werkzeug.wrappers import Request, Response

from tests.harvest.serving import Change, catalogue_only, failures
from twinld.cli import main
from twinld.harvest import CHECKS, check_harvest, web
from twinld.harvest.graph import likeness

pytestmark = pytest.mark.alone

Found = dict[str, str]
DEEP = 50_000
LAUGHS = "".join(f'<!ENTITY a{n} "{(f"&a{n - 1};" if n else "a" * 32) * 16}">' for n in range(12))
RDF_XML = (
    f'<?xml version="1.0"?><!DOCTYPE r [{LAUGHS}]><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="http://e/a"><x xmlns="http://e/">&a11;</x></rdf:Description></rdf:RDF>'
)
FETCHES = "its JSON-LD context is an address; a harvester would have to fetch it"


def instead(text: str, media_type: str = "text/turtle") -> Change:
    """Another catalogue."""

    def changed(request: Request, response: Response) -> Response:
        if request.path == "/catalog" and response.status_code == 200:
            return Response(text, 200, {"ETag": '"x"'}, content_type=media_type)
        return response

    return changed


UNREADABLE: list[tuple[str, Change, str]] = [
    (
        "entities within entities",
        instead(RDF_XML, "application/rdf+xml"),
        (
            "the catalogue as application/rdf+xml: it brought the process that reads it down (SIGABRT): it is nested "
            "too deep or needs more than 2,048 MiB of memory; give a simpler or smaller file"
        ),
    ),
    (
        "JSON in JSON",
        instead('{"a":' * DEEP * 2 + "1" + "}" * DEEP * 2, "application/ld+json"),
        (
            "it cannot be read as application/ld+json: Parser error at line 1 column 327686: "
            "Max stack size of 65536 reached on an object opening (line 1)"
        ),
    ),
    (
        "a context within a list",
        instead('[{"@context":"http://127.0.0.1:9/c","@id":"http://e/a"}]', "application/ld+json"),
        FETCHES,
    ),
    (
        "a context that is a file",
        instead('{"http://e/p":{"@context":"file:///nowhere.json","@id":"http://e/a"}}', "application/ld+json"),
        FETCHES,
    ),
    (
        "a context that imports one",
        instead('{"@context":{"@import":"http://127.0.0.1:9/c"},"@id":"http://e/x"}', "application/ld+json"),
        FETCHES,
    ),
    (
        "an IRI with a space",
        catalogue_only(lambda text: f"<http://e/a> <http://e/b> <http://e/a b> .\n{text}"),
        (
            "it cannot be read as text/turtle: Parser error at line 1 between columns 27 and 41: "
            "Invalid IRI code point ' ' (line 1)"
        ),
    ),
]


@pytest.mark.parametrize(("claim", "change", "reason"), UNREADABLE, ids=[row[0] for row in UNREADABLE])
def test_what_cannot_be_read_is_a_failed_row(server, claim, change, reason):
    with server.by(change) as url:
        outcomes = {outcome.check.name: (outcome.ok, outcome.found) for outcome in check_harvest(url)}

    assert list(outcomes) == [check.name for check in CHECKS]
    assert outcomes["parses"] == (False, reason)
    assert outcomes["shapes"] == (None, "not checked: parses failed")


@pytest.mark.parametrize(
    "text", ["[<http://e/b> " * 10_000 + "1" + "]" * 10_000, "(" * 10_000 + ")" * 10_000], ids="[("
)
def test_turtle_may_be_deep(server, text):
    with server.by(instead(f"<http://e/a> <http://e/b> {text} .")) as url:
        outcomes = {outcome.check.name: (outcome.ok, outcome.found) for outcome in check_harvest(url)}

    assert {name for name, (ok, _) in outcomes.items() if ok} >= {"parses", "same answer"}
    assert outcomes["one dataset"] == (False, "0 data sets")


@pytest.fixture
def listener() -> Iterator[tuple[int, list[str]]]:
    """A port, and who came there."""
    came: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as bound:

        def accept() -> None:
            try:
                while True:
                    bound.accept()[0].close()
                    came.append("somebody")
            except OSError:
                return

        threading.Thread(target=accept, daemon=True).start()
        yield bound.getsockname()[1], came


def test_no_context_is_fetched(server, listener):
    port, came = listener
    text = f'[{{"@context":"http://127.0.0.1:{port}/c.jsonld","@id":"http://e/a"}}]'
    with server.by(instead(text, "application/ld+json")) as url:
        found = failures(url)

    assert (found["parses"], came) == (FETCHES, [])


def test_a_catalogue_of_another_release_fetches_no_context(server, capsys):
    text = '{"@context":{"@import":"http://127.0.0.1:9/c"},"@id":"http://e/x"}'
    with server.by(instead(text, "application/ld+json")) as url:
        assert main(["check-harvest", url, "--against", url]) == 2

    assert capsys.readouterr().err.endswith(
        f"{url}: no catalogue to compare with ({FETCHES}); give the address of another release's catalogue\n"
    )


CHAINS = "".join("[] <http://e/p> [ <http://e/p> [] ] .\n" for _ in range(60))
RINGS = "".join(f"_:a{n} <http://e/p> _:a{(n + 1) % 40} , _:a{(n + 7) % 40} .\n" for n in range(40))
ALIKE = [(CHAINS, 180), (RINGS, 40)]


@pytest.mark.parametrize(("text", "number"), ALIKE, ids=["chains", "rings"])
def test_blank_nodes_that_look_alike_are_compared_as_far_as_they_tell(server, text, number):
    asked = [0]

    def change(before: str) -> str:
        asked[0] += 1
        return f"{before}\n{text}# {asked[0]}\n"

    with server.by(catalogue_only(change)) as url:
        outcomes = {outcome.check.name: (outcome.ok, outcome.found) for outcome in check_harvest(url)}

    assert outcomes["same answer"] == outcomes["foreign host"]
    assert outcomes["same answer"] == (
        True,
        f"the same, as far as {number} blank nodes that look alike can be told apart",
    )


COMPARED = [
    ("blank nodes that differ by their text", '[ :p "a" ] :q [ :p "b" ] .', '[ :p "a" ] :q [ :p "b" ] .', "the same"),
    ("another text", '[ :p "a" ] :q [] .', '[ :p "b" ] :q [] .', ""),
    ("another direction", '[ :p "a" ] :q [ :p "b" ] .', '[ :p "b" ] :q [ :p "a" ] .', ""),
    ("a chain that is longer", ":a :q [ :q [ :q [ :q [] ] ] ] .", ":a :q [ :q [ :q [] ] ] . :a :q [] .", ""),
    ("a node in a circle of its own", "_:a :p _:a .", "_:a :p _:b .", ""),
    ("no blank nodes", ":a :p :b .", ":a :p :c .", ""),
]


@pytest.mark.parametrize(("claim", "one", "other", "words"), COMPARED, ids=[row[0] for row in COMPARED])
def test_graphs_are_compared(claim, one, other, words):
    graphs = [rdflib.Graph().parse(data=f"@prefix : <http://e/> . {text}", format="turtle") for text in (one, other)]

    assert likeness(*graphs) == words


# ------------------------------------------------------------------------------------------ time and size


def on_file(name: str, change: Callable[[Request, Response], Response]) -> Change:
    """A fault of an immutable file."""
    return lambda request, response: (
        change(request, response) if request.path == f"/dumps/2022-11-30/{name}" else response
    )


def test_a_file_that_never_comes_is_given_up(server, monkeypatch):
    monkeypatch.setattr(web, "SILENCE_S", 4.0)
    go_on = threading.Event()

    def stall(_request: Request, response: Response) -> Response:
        go_on.wait(60)
        return response

    with server.by(on_file("twinld.nt", stall)) as url:
        try:
            found = failures(url)
        finally:
            go_on.set()

    address = url.replace("catalog", "dumps/2022-11-30/twinld.nt")
    assert found["downloads"] == f"{address}: {address} sent nothing for 4 s; is it overloaded?"
    assert set(found) == {"downloads", "access"}


def test_of_a_catalogue_without_end_50_mb_are_read(server):
    sent = [0]

    def endless() -> Iterator[bytes]:
        while True:
            sent[0] += 1
            yield b"#" * 1_000_000

    def change(request: Request, response: Response) -> Response:
        at = request.path == "/catalog" and request.method == "GET" and response.status_code == 200
        return Response(endless(), 200, {"ETag": '"x"'}, content_type="text/turtle") if at else response

    with server.by(change) as url:
        outcomes = {outcome.check.name: (outcome.ok, outcome.found) for outcome in check_harvest(url)}

    assert outcomes["get"] == (True, "more than 50,000,000 bytes")
    assert outcomes["size"] == (False, "more than 50,000,000 bytes")
    assert sent[0] < 200, "what the buffers of two connections hold comes on top"


def test_checks_for_which_no_time_is_left_fail(server):
    outcomes = check_harvest(server.url, within_s=1e-9)

    assert [(outcome.ok, outcome.found) for outcome in outcomes] == [
        (False, "not asked: the run took longer than 0 s"),
        *((None, "not checked: get failed") for _ in CHECKS[1:]),
    ]
