"""The client of HTTP against servers that misbehave: each on loopback, each with one fault."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from tests.backends import free_port
from twinld.errors import OutsideError, QueryTimeout, ResultTooBig, UsageError
from twinld.store.credentials import Credentials, digest
from twinld.store.http import Client, expect

pytestmark = pytest.mark.alone

Behaviour = Callable[[socket.socket, bytes], None]
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok"


@contextlib.contextmanager
def server(behave: Behaviour) -> Iterator[tuple[str, list[bytes]]]:
    """An address, and the requests that came there; `behave` answers each on its connection."""
    listener = socket.create_server(("127.0.0.1", 0))
    seen: list[bytes] = []
    ended = threading.Event()

    def talk(connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            waiting = b""
            while not ended.is_set():
                while b"\r\n\r\n" not in waiting:
                    part = connection.recv(65_536)
                    if not part:
                        return
                    waiting += part
                head, _, waiting = waiting.partition(b"\r\n\r\n")
                length = next(
                    (int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
                )
                while len(waiting) < length:
                    waiting += connection.recv(65_536)
                seen.append(head + b"\r\n\r\n" + waiting[:length])
                waiting = waiting[length:]
                behave(connection, seen[-1])

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=talk, args=(listener.accept()[0],), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}/sparql", seen
    ended.set()
    listener.close()


def sends(*parts: bytes, pause_s: float = 0, close: bool = False) -> Behaviour:
    def behave(connection: socket.socket, _request: bytes) -> None:
        for part in parts:
            connection.sendall(part)
            time.sleep(pause_s)
        if close:
            connection.close()

    return behave


def test_an_answer_comes_whole_and_the_connection_is_kept() -> None:
    connections: list[int] = []

    def behave(connection: socket.socket, request: bytes) -> None:
        connections.append(connection.fileno())
        connection.sendall(OK)

    with server(behave) as (url, seen):
        client = Client(url)
        for _ in range(3):
            reply = client.request("POST", url, b"query=x", timeout_s=5)
            assert (reply.status, reply.body.read(), reply.length, reply.framed) == (200, b"ok", 2, True)
            reply.body.close()
        client.close()

    assert len(set(connections)) == 1
    assert [request.endswith(b"\r\n\r\nquery=x") for request in seen] == [True] * 3


def test_a_kept_connection_that_was_closed_is_opened_again() -> None:
    with server(sends(OK, close=True)) as (url, seen):
        client = Client(url)
        for _ in range(3):
            client.request("GET", timeout_s=5).body.close()
            time.sleep(0.05)
        client.close()

    assert len(seen) == 3


def drip(connection: socket.socket, _request: bytes) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    for _ in range(1000):
        connection.sendall(b".")
        time.sleep(0.05)


def drip_headers(connection: socket.socket, _request: bytes) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    for number in range(1000):
        connection.sendall(f"X-{number % 90}: a\r\n".encode())
        time.sleep(0.05)


LATE = [("no answer", lambda *_: None), ("a drop now and then", drip), ("headers without end", drip_headers)]


@pytest.mark.parametrize("behave", [case[1] for case in LATE], ids=[case[0] for case in LATE])
def test_the_whole_answer_has_one_deadline(behave: Behaviour) -> None:
    with server(behave) as (url, _):
        client, started = Client(url), time.monotonic()
        with pytest.raises(QueryTimeout, match=r"/sparql did not answer in 0\.4 s; ask for less$"):
            client.request("GET", timeout_s=0.4)
        assert time.monotonic() - started < 1.5
        client.close()


def moved(location: str) -> Behaviour:
    return sends(f"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode())


CUT, NOT_ASKED = "cut its answer off 7 bytes before its end", "cannot be asked"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
BROKEN = [
    (
        "fewer bytes than it says",
        sends(HEAD + b"Content-Length: 9\r\n\r\nok", close=True),
        "cut its answer off 7 bytes",
    ),
    (
        "a chunk too few",
        sends(HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", close=True),
        "cannot be asked",
    ),
    ("no HTTP", sends(b"SSH-2.0-OpenSSH\r\n", close=True), NOT_ASKED),
    ("nothing", sends(close=True), NOT_ASKED),
    ("no address", moved("http://[x"), r"sends to 'http://\[x', which is no address"),
    ("another server", moved("http://127.0.0.1:9/sparql"), "sends to another server, http://127.0.0.1:9/sparql"),
    ("another scheme", moved("file:///etc/passwd"), "sends to another server"),
    ("round in a circle", moved("/sparql"), "sends from one address to another without end"),
    ("nowhere", moved(""), "sends from one address to another without end"),
]


@pytest.mark.parametrize(("behave", "message"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_a_broken_answer_is_an_error(behave: Behaviour, message: str) -> None:
    with server(behave) as (url, _):
        client = Client(url)
        with pytest.raises(OutsideError, match=message):
            client.request("GET", timeout_s=5)
        client.close()


def test_who_is_silent_is_given_up_before_the_deadline() -> None:
    def behave(connection: socket.socket, _request: bytes) -> None:
        connection.sendall(HEAD + b"Content-Length: 9\r\n\r\n")

    with server(behave) as (url, _):
        client, started = Client(url), time.monotonic()
        with pytest.raises(QueryTimeout, match=r"/sparql sent nothing for 0\.3 s; is it overloaded\?$"):
            client.request("GET", timeout_s=60, silence_s=0.3)
        assert time.monotonic() - started < 10
        client.close()


def test_who_is_slow_but_not_silent_is_waited_for() -> None:
    parts = (HEAD + b"Content-Length: 4\r\n\r\n", *(b"." for _ in range(4)))
    with server(sends(*parts, pause_s=0.2)) as (url, _):
        client = Client(url)
        reply = client.request("GET", timeout_s=60, silence_s=0.7)
        client.close()

    assert reply.body.read() == b"...."
    reply.body.close()


def test_nobody_listening_is_an_error() -> None:
    with pytest.raises(OutsideError, match=r"cannot be asked \(Connection refused\); is it running\?$"):
        Client(f"http://127.0.0.1:{free_port()}/sparql").request("GET", timeout_s=5)


def test_a_move_on_the_same_server_keeps_method_and_body() -> None:
    def behave(connection: socket.socket, request: bytes) -> None:
        (moved("/new") if request.startswith(b"POST /sparql") else sends(OK))(connection, request)

    with server(behave) as (url, seen):
        client = Client(url)
        client.request("POST", url, b"query=x", timeout_s=5).body.close()
        client.close()

    assert [(request.split()[:2], request.endswith(b"query=x")) for request in seen] == [
        ([b"POST", b"/sparql"], True),
        ([b"POST", b"/new"], True),
    ]


def endless(connection: socket.socket, _request: bytes) -> None:
    connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    while True:
        connection.sendall(b"10000\r\n" + b" " * 65_536 + b"\r\n")


def test_an_answer_without_end_is_cut_at_the_cap() -> None:
    with server(endless) as (url, _):
        client = Client(url)
        with pytest.raises(ResultTooBig, match=r"sends more than 2 MiB; add LIMIT, or ask for less$"):
            client.request("GET", timeout_s=10, max_bytes=2 << 20)
        client.close()


def test_of_an_answer_without_end_a_beginning_can_be_had() -> None:
    with server(endless) as (url, _):
        client = Client(url)
        reply = client.request("GET", timeout_s=10, max_bytes=100_000, cut=True)
        client.close()

    assert 100_000 < reply.length <= 100_000 + 65_536
    reply.body.close()


def test_of_a_redirect_without_end_only_the_beginning_is_read() -> None:
    def behave(connection: socket.socket, request: bytes) -> None:
        if request.startswith(b"GET /new"):
            connection.sendall(OK)
            return
        connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: /new\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            connection.sendall(b"10000\r\n" + b" " * 65_536 + b"\r\n")

    with server(behave) as (url, _):
        client = Client(url)
        assert status(client) == 200
        client.close()


def test_a_body_whose_end_nobody_says_is_marked() -> None:
    with server(sends(HEAD + b"Connection: close\r\n\r\nok", close=True)) as (url, _):
        client = Client(url)
        reply = client.request("GET", timeout_s=5)
        client.close()

    assert (reply.body.read(), reply.framed) == (b"ok", False)
    reply.body.close()


def test_a_page_in_the_place_of_an_answer_is_an_error() -> None:
    page = b"<html><title>Log in</title>to the <b>proxy</b></html>"
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n" % len(page)
    with server(sends(head + page)) as (url, _):
        client = Client(url)
        reply = client.request("GET", timeout_s=5)
        client.close()

    with pytest.raises(
        OutsideError, match=r"answered text/html where text/turtle was asked for \(Log in to the proxy\)"
    ):
        expect(reply, ["text/turtle"], url)


SEE_OTHER = b"HTTP/1.1 303 See Other\r\nLocation: /new\r\nContent-Length: 0\r\n\r\n"


@pytest.mark.parametrize(("method", "came"), [("GET", 200), ("HEAD", 200), ("POST", 303)])
def test_see_other_is_followed_by_who_reads(method: str, came: int) -> None:
    def behave(connection: socket.socket, request: bytes) -> None:
        head = OK.removesuffix(b"ok") if method == "HEAD" else OK
        connection.sendall(head if b" /new " in request else SEE_OTHER)

    with server(behave) as (url, seen):
        client = Client(url)
        reply = client.request(method, url, timeout_s=5)
        client.close()

    assert reply.status == came
    assert [request.split()[1] for request in seen] == [b"/sparql", b"/new"][: len(seen)]
    reply.body.close()


@pytest.mark.parametrize(
    "sent", ["/d\u00fc?\u00e9 x".encode(), "/d\u00fc?\u00e9 x".encode("latin-1")], ids=["UTF-8", "Latin-1"]
)
def test_other_letters_than_ascii_are_percent_encoded(sent: bytes) -> None:
    def behave(connection: socket.socket, request: bytes) -> None:
        head = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: %s\r\n\r\n" % sent
        connection.sendall(OK if b"%" in request else head)

    with server(behave) as (url, seen):
        client = Client(url)
        assert status(client) == 200
        client.close()

    assert seen[1].split(b"\r\n")[0] == b"GET /d%C3%BC?%C3%A9%20x HTTP/1.1"


@pytest.mark.parametrize("url", ["http://" + "a" * 70 + ".example/", "http://ex\u00e4mple..invalid/"])
def test_a_name_that_no_server_can_have_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match=r" names no server; write one such as example\.org$"):
        Client(url).request("GET", timeout_s=5)


ADDRESSES = [
    "ftp://127.0.0.1/",
    "127.0.0.1:80",
    "http://",
    "http://dba:dba@127.0.0.1/sparql",
    "http://[x",
    "http://dba:dba@[x/sparql",
    "http://dba:dba@127.0.0.1:999999/",
]


@pytest.mark.parametrize("url", ADDRESSES)
def test_what_is_no_address_is_refused_without_a_password_in_the_message(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        Client(url)

    assert "dba" not in str(caught.value)


# ------------------------------------------------------------------------------------------- authentication


def test_digest_is_what_rfc_7616_shows() -> None:
    challenge = {
        "realm": "http-auth@example.org",
        "qop": "auth, auth-int",
        "nonce": "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
        "opaque": "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS",
    }
    cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"

    def response(algorithm: str) -> str:
        given = {**challenge, "algorithm": algorithm}
        header = digest("Mufasa", "Circle of Life", given, "GET", "/dir/index.html", 1, cnonce)
        return header.partition('response="')[2].partition('"')[0]

    assert response("MD5") == "8ca523f5e9506fed4657c9700eebdbec"
    assert response("SHA-256") == "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"


def status(client: Client) -> int:
    reply = client.request("GET", timeout_s=5)
    reply.body.close()
    return reply.status


def asks_for(scheme: str) -> Behaviour:
    def behave(connection: socket.socket, request: bytes) -> None:
        good = b"Authorization: Basic ZGJhOmdlaGVpbQ==" in request
        head = b"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: %s\r\nContent-Length: 0\r\n\r\n" % scheme.encode()
        connection.sendall(OK if good else head)

    return behave


def test_a_password_is_sent_when_it_is_asked_for_and_kept() -> None:
    with server(asks_for('Basic realm="x"')) as (url, seen):
        client = Client(url, Credentials("dba", "geheim"))
        statuses = [status(client) for _ in range(2)]
        client.close()

    assert statuses == [200, 200]
    assert [b"Authorization" in request for request in seen] == [False, True, True]


def test_a_wrong_password_is_said_once_and_not_shown() -> None:
    with server(asks_for('Basic realm="x"')) as (url, seen):
        client = Client(url, Credentials("dba", "falsch"))
        with pytest.raises(OutsideError, match="refuses this name and password; check TWINLD_STORE_USER") as caught:
            client.request("GET", timeout_s=5)
        client.close()

    assert len(seen) == 2
    assert "falsch" not in str(caught.value) + repr(client)


def test_without_a_name_the_status_is_given_on() -> None:
    with server(asks_for('Basic realm="x"')) as (url, _):
        client = Client(url)
        assert status(client) == 401
        client.close()


def test_a_password_goes_readable_over_no_network() -> None:
    from email.message import Message

    asked = Message()
    asked["WWW-Authenticate"] = 'Basic realm="x"'

    with pytest.raises(UsageError, match=r"^store\.example wants the password in plain text; ask it by https$"):
        Credentials("dba", "geheim").learn(asked, "http://store.example/sparql")
    assert Credentials("dba", "geheim").learn(asked, "https://store.example/sparql")
