"""Odd addresses, redirects, headers and state files: each is a row of the table, and none ends it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from werkzeug.wrappers import Request, Response

from tests.harvest.serving import Change, catalogue_only, failures, replaced
from twinld.cli import main
from twinld.harvest import CHECKS, check_harvest

FILE = "/dumps/2022-11-30/twinld.nt"
LONG = "a" * 70


def leading_to(address: str) -> Change:
    """Another download URL of a file; {here} stands for the server."""

    def changed(request: Request, response: Response) -> Response:
        here = f"http://127.0.0.1:{request.environ['SERVER_PORT']}"  # whatever Host says
        return replaced(f"<{here}{FILE}>", f"<{address.replace('{here}', here)}>")(request, response)

    return changed


def moved(location: str, status: int = 302) -> Change:
    """A file that has moved, with the Location as it is."""

    def changed(request: Request, response: Response) -> Any:
        if request.path != FILE or request.query_string:
            return response

        def answer(_environ: Any, start: Any) -> list[bytes]:
            start(f"{status} Moved", [("Location", location), ("Content-Length", "0")])
            return []

        return answer

    return changed


ODD = [
    (
        "a port that is none",
        "http://127.0.0.1:999999/x",
        (
            "http://127.0.0.1:999999/x: 'http://127.0.0.1:999999/x' is no address (Port out of range 0-65535); "
            "write one such as http://example.org/"
        ),
    ),
    (
        "an empty label",
        "http://ex\u00e4mple..invalid/x",
        "http://ex\u00e4mple..invalid/x: http://ex\u00e4mple..invalid/x names no server; write one such as example.org",
    ),
    (
        "a label of 70 letters",
        f"http://{LONG}.example/x",
        f"http://{LONG}.example/x: http://{LONG}.example/x names no server; write one such as example.org",
    ),
    (
        "no address of the web",
        "urn:x",
        "urn:x: 'urn:x' is no http(s) address; write one such as http://127.0.0.1:7878/query",
    ),
]


@pytest.mark.parametrize(("claim", "address", "reason"), ODD, ids=[row[0] for row in ODD])
def test_an_odd_download_address_is_a_failed_row(server, claim, address, reason):
    with server.by(leading_to(address)) as url:
        found = failures(url)

    assert found == {"downloads": reason}


def test_an_address_in_brackets_is_no_iri(server):
    with server.by(leading_to("http://[::1/x")) as url:
        found = failures(url)

    assert set(found) == {"parses"}
    assert found["parses"].startswith("it cannot be read as text/turtle: Parser error at line ")


def test_a_next_page_that_is_no_address_is_a_failed_row(server):
    line = '<http://e/c> <http://www.w3.org/ns/hydra/core#next> "http://[x" .'
    with server.by(catalogue_only(lambda text: f"{text}\n{line}\n")) as url:
        found = failures(url)

    assert found == {
        "paging": "page http://[x cannot be read: 'http://[x' is no address (Invalid IPv6 URL); "
        "write one such as http://example.org/"
    }


def test_a_catalogue_whose_address_is_none_is_a_failed_row(capsys):
    assert main(["check-harvest", "http://[x"]) == 1
    first, *rest = [line.split("\t") for line in capsys.readouterr().out.splitlines()]

    said = "'http://[x' is no address (Invalid IPv6 URL); write one such as http://example.org/"
    assert first[:3] == ["get", "FAILED", said]
    assert {tuple(row[1:3]) for row in rest} == {("-", "not checked: get failed")}


def test_other_letters_than_ascii_are_asked_percent_encoded(server):
    asked = []

    def change(request: Request, response: Response) -> Response:
        if not request.path.isascii():
            asked.append(request.environ["REQUEST_URI"])
        return leading_to("{here}/d\u00fcmps/x?\u00e9")(request, response)

    with server.by(change) as url:
        found = failures(url)

    address = url.replace("catalog", "d\u00fcmps/x?\u00e9")
    assert (found, asked) == ({"downloads": f"{address}: 404"}, ["/d%C3%BCmps/x?%C3%A9"])


MOVED = [
    ("http://[x", "{url} sends to 'http://[x', which is no address"),
    ("/d\u00fcmps/x", "404"),
    ("file:///etc/passwd", "{url} sends to another server, file:///etc/passwd; give that address if it is meant"),
    (FILE, "{url} sends from one address to another without end; give the last one"),
]


@pytest.mark.parametrize(("location", "reason"), MOVED, ids=[row[0] for row in MOVED])
def test_a_redirect_to_nowhere_is_a_failed_row(server, location, reason):
    with server.by(moved(location)) as url:
        found = failures(url)

    address = url.replace("/catalog", FILE)
    assert found["downloads"] == f"{address}: {reason.format(url=address)}"
    assert set(found) == {"downloads", "access"}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed(server, status):
    with server.by(moved(f"{FILE}?x", status)) as url:
        assert failures(url) == {}


def chain(steps: int) -> Change:
    def changed(request: Request, response: Response) -> Response:
        at = int(request.args.get("n", 0))
        if request.path == FILE and at < steps:
            return Response("", 302, {"Location": f"{FILE}?n={at + 1}"})
        return response

    return changed


def test_a_chain_of_ten_redirects_is_followed_to_its_end(server):
    with server.by(chain(9)) as url:  # one more leads there from the access URL
        assert failures(url) == {}


def test_a_chain_of_eleven_redirects_is_given_up(server):
    with server.by(chain(11)) as url:
        found = failures(url)

    address = url.replace("/catalog", FILE)
    assert (
        found["downloads"] == f"{address}: {address} sends from one address to another without end; give the last one"
    )


# ------------------------------------------------------------------------------------------------- headers


def heads(path: str, **values: str | None) -> Change:
    """Other headers in the answer to HEAD."""

    def changed(request: Request, response: Response) -> Response:
        if request.method == "HEAD" and request.path.startswith(path):
            for name, value in values.items():
                del response.headers[name.replace("_", "-")]
                if value is not None:
                    response.headers[name.replace("_", "-")] = value
        return response

    return changed


def test_a_head_without_a_type_is_not_that_of_get(server):
    with server.by(heads("/catalog", Content_Type=None)) as url:
        assert failures(url) == {"head": "HEAD says no content-type, GET says 'text/turtle; charset=utf-8'"}


def test_a_length_that_is_no_number_is_a_failed_row(server):
    with server.by(heads(FILE, Content_Length="abc")) as url:
        found = failures(url)

    address = url.replace("/catalog", "/dumps/latest/twinld.nt")
    assert found == {"access": f"{address}: a length of 'abc', the catalogue says 71"}


@pytest.mark.parametrize("status", [400, 405, 501])
def test_where_head_of_a_file_is_refused_get_is_asked(server, status):
    def change(request: Request, response: Response) -> Response:
        refused = request.method == "HEAD" and request.path.startswith("/dumps/")
        return Response("", status) if refused else response

    with server.by(change) as url:
        assert failures(url) == {}


# ------------------------------------------------------------------------------------------------ literals


def test_literals_that_are_not_of_their_type_are_named_once_and_hinder_no_other_check(server, capfd):
    values = ("zzz", "2020-13-45", "-0044-03-15")
    dates = (f'<http://e/a> <http://e/b> "{value}"^^<http://www.w3.org/2001/XMLSchema#date> .' for value in values)
    line = "\n".join(dates)
    with server.by(catalogue_only(lambda text: f"{text}\n{line}\n")) as url:
        outcomes = {outcome.check.name: (outcome.ok, outcome.found) for outcome in check_harvest(url)}

    assert {name: row for name, row in outcomes.items() if row[0] is not True} == {
        "parses": (False, "'2020-13-45' is no xsd:date; 'zzz' is no xsd:date"),
        "again": (None, "not checked: this is the first harvest; give --state or --against"),
    }
    assert "Traceback" not in capfd.readouterr().err


# --------------------------------------------------------------------------------------------------- state


DEEP = b'{"a":' * 100_000
NUMBER = json.dumps({"datasets": [{"iri": 1, "identifier": [], "modified": "", "version": "", "files": []}]}).encode()


@pytest.mark.parametrize("text", [b'{"datasets": "\xfc"}', DEEP, NUMBER], ids=["Latin-1", "deep", "a number"])
def test_a_file_that_is_no_state_is_refused_before_anything_is_asked(tmp_path, capsys, text):
    state = tmp_path / "state.json"
    state.write_bytes(text)

    assert main(["check-harvest", "http://127.0.0.1:1/catalog", "--state", str(state)]) == 2
    assert f"{state}: this is no state of a harvest" in capsys.readouterr().err


def test_a_state_in_a_folder_that_is_not_there_is_refused_before_anything_is_asked(tmp_path, capsys):
    state = tmp_path / "nowhere" / "state.json"

    assert main(["check-harvest", "http://127.0.0.1:1/catalog", "--state", str(state)]) == 2
    assert capsys.readouterr() == (
        "",
        f"twinld: {state}: there is no folder {state.parent}; name a file in a folder that is there\n",
    )


def test_a_state_that_cannot_be_written_is_a_failed_row(server, tmp_path, capsys):
    state = tmp_path / "state.json"
    state.symlink_to(tmp_path / "nowhere" / "state.json")

    assert main(["check-harvest", server.url, "--state", str(state)]) == 1
    rows = [line.split("\t") for line in capsys.readouterr().out.splitlines()]

    assert [row[0] for row in rows] == [check.name for check in CHECKS]
    assert rows[-1][1:3] == [
        "FAILED",
        (
            "not checked: this is the first harvest; give --state or --against; "
            f"but the harvest cannot be kept: {state}: No such file or directory"
        ),
    ]
