"""More than two hundred hostile requests, by class, each with the statuses that are right.

A request is sent as it stands here, byte by byte where HTTP itself is the target. OUTCOMES of an expensive query
are either its right answer, a refusal that names the limit, or 503.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, urlencode

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
EXPENSIVE = frozenset({200, 400, 413, 503})
BAD = frozenset({400})


LENIENT = {"two lengths", "length and chunks", "no version", "an odd version", "line break in the address"}


@dataclass(frozen=True)
class Attack:
    """One request: `raw` in the place of all else is sent as it is. `right` are the statuses that are right."""

    kind: str
    name: str
    right: frozenset[int]
    method: str = "POST"
    path: str = "/sparql"
    body: bytes | None = None
    headers: tuple[tuple[str, str], ...] = ()
    raw: bytes | None = None


def query(kind: str, name: str, text: str, right: frozenset[int]) -> Attack:
    """A query as a body."""
    return Attack(kind, name, right, body=text.encode("utf-8", "surrogatepass"), headers=(("Content-Type", QUERY),))


def get(kind: str, name: str, parameters: str, right: frozenset[int], **headers: str) -> Attack:
    """A query in the address; `parameters` are already percent-encoded."""
    return Attack(kind, name, right, "GET", f"/sparql?{parameters}", headers=tuple(headers.items()))


def attacks(listener: str) -> list[Attack]:
    """All of them; `listener` is an address such as "127.0.0.1:1234" that no query may ever reach."""
    made = [
        *syntax(), *encoding(), *nesting(), *crosses(), *paths(), *memory(), *regexes(),
        *forgery(listener), *updates(), *protocol(), *sizes(), *raw_http(),
    ]  # fmt: skip
    assert len({(one.kind, one.name) for one in made}) == len(made), "two requests have one name"
    return made


def syntax() -> Iterator[Attack]:
    texts = [
        "hello", "SELECT", "SELECT *", "SELECT * {", "SELECT * }", "SELECT ? {}", "SELECT * { ?s ?p }", "{", "}", ";",
        "ASK { ?s <a b> ?o }", "ASK { ?s ?p 'x }", 'ASK { ?s ?p """x }', "ASK {} ASK {}", "PREFIX a: ASK {}",
        "SELECT (1 AS) {}", "SELECT ?x { } GROUP BY", "ASK { FILTER( }", "ASK { ?s nope:p ?o }", "SELCT * {}",
        "SELECT * { ?s ?p ?o } LIMIT -1", "SELECT * { ?s ?p ?o } LIMIT x", "CONSTRUCT { ?s } WHERE {}", "\\u0041SK {}",
        "SELECT ?x { ?x ?y ?z } ORDER ?x", "ASK { BIND(1 AS ?x) BIND(2 AS ?x) }", "DESCRIBE", "# only a comment",
    ]  # fmt: skip
    yield from (query("syntax", f"{number} {text[:20]!r}", text, BAD) for number, text in enumerate(texts))


def encoding() -> Iterator[Attack]:
    bad = [b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xf8\x88\x80\x80\x80", b"\xc0\xaf", b"\xfe\xff\x00A"]
    for number, tail in enumerate(bad):
        body = b"ASK {} # " + tail
        yield Attack("encoding", f"body {number}", BAD, body=body, headers=(("Content-Type", QUERY),))
        yield Attack("encoding", f"form {number}", BAD, body=b"query=" + body, headers=(("Content-Type", FORM),))
        yield get("encoding", f"address {number}", "query=" + quote(body), BAD)
    yield query("encoding", "NUL in a string", "ASK { ?s ?p 'a\0b' }", frozenset({200, 400}))
    yield query("encoding", "NUL between words", "ASK\0{}", BAD)
    yield query("encoding", "byte order mark", "\ufeffASK {}", frozenset({200, 400}))
    yield query("encoding", "surrogate escape", 'ASK { ?s ?p "\\uD800" }', BAD)
    yield query("encoding", "beyond Unicode", 'ASK { ?s ?p "\\U00110000" }', BAD)
    utf16 = "ASK {}".encode("utf-16")
    yield Attack("encoding", "UTF-16", BAD, body=utf16, headers=(("Content-Type", QUERY),))
    charset = (("Content-Type", f"{QUERY}; charset=utf-16"),)
    yield Attack("encoding", "UTF-16 with its name", frozenset({415}), body=utf16, headers=charset)


NESTED = {
    "parentheses": lambda n: "ASK { FILTER(" + "(" * n + "1" + ")" * n + ") }",
    "groups": lambda n: "ASK {" + "{" * n + "}" * n + "}",
    "open groups": lambda n: "ASK " + "{" * n,
    "negations": lambda n: "ASK { FILTER(" + "!" * n + "true) }",
    "minus signs": lambda n: "ASK { FILTER(" + "-" * n + "1 = 1) }",
    "sums": lambda n: "ASK { FILTER(1" + "+1" * n + " = 1) }",
    "ands": lambda n: "ASK { FILTER(true" + " && true" * n + ") }",
    "ors": lambda n: "ASK { FILTER(false" + " || false" * n + ") }",
    "unions": lambda n: "ASK { { ?s ?p 1 }" + " UNION { ?s ?p 2 }" * n + "}",
    "optionals in each other": lambda n: "ASK {" + " OPTIONAL { ?s ?p ?o" * n + " }" * n + "}",
    "flat optionals": lambda n: "ASK { ?s ?p ?o" + "".join(f" OPTIONAL {{ ?s ?p{i} 1 }}" for i in range(n)) + "}",
    "minus": lambda n: "ASK { ?s ?p ?o" + " MINUS { ?s ?p 1 }" * n + "}",
    "queries": lambda n: "SELECT * {" + "{ SELECT * {" * n + "} }" * n + "}",
    "blank nodes": lambda n: "ASK { ?s ?p " + "[ ?p " * n + "1" + "]" * n + " }",
    "lists": lambda n: "ASK { ?s ?p " + "(" * n + "1" + ")" * n + " }",
    "exists": lambda n: "ASK {" + " FILTER EXISTS { ?s ?p ?o" * n + "}" * n + "}",
    "functions": lambda n: "ASK { FILTER(" + "STR(" * n + "1" + ")" * n + " = '1') }",
    "path groups": lambda n: "ASK { ?s " + "(" * n + "<a:p>" + ")*" * n + " ?o }",
    "path steps": lambda n: "ASK { ?s <a:p>" + "/<a:p>" * n + " ?o }",
    "triple terms": lambda n: "ASK { ?s ?p " + "<<( ?s ?p " * n + "1" + " )>>" * n + " }",
    "patterns": lambda n: "ASK {" + " ?s ?p 1 ." * n + "}",
    "binds": lambda n: "ASK {" + "".join(f" BIND({i} AS ?x{i})" for i in range(n)) + "}",
}


def nesting() -> Iterator[Attack]:
    for name, make in NESTED.items():
        for number in (90, 2_000, 10_000):
            text = make(number)
            right = frozenset({200, 400, 413, 503}) if len(text) < 262_144 else frozenset({413})
            yield query("nesting", f"{name} {number}", text, right)


def crosses() -> Iterator[Attack]:
    triples = [f"?a{n} ?b{n} ?c{n}" for n in range(9)]
    cross = " . ".join(triples)
    texts = {
        "count": f"SELECT (COUNT(*) AS ?n) {{ {cross} }}",
        "all": f"SELECT * {{ {cross} }}",
        "distinct": f"SELECT DISTINCT * {{ {cross} }}",
        "sorted": f"SELECT * {{ {cross} }} ORDER BY ?a0 ?c8",
        "sorted at random": f"SELECT * {{ {' . '.join(triples[:3])} }} ORDER BY RAND()",
        "grouped": f"SELECT ?a0 (COUNT(*) AS ?n) {{ {cross} }} GROUP BY ?a0",
        "concatenated": f"SELECT (GROUP_CONCAT(STR(?c8)) AS ?x) {{ {cross} }}",
        "sample": f"SELECT (SAMPLE(?c8) AS ?x) {{ {cross} }}",
        "filtered": f"SELECT * {{ {cross} FILTER(STRLEN(STR(?c0)) + STRLEN(STR(?c8)) < 0) }}",
        "far offset": f"SELECT * {{ {cross} }} OFFSET 1000000000000 LIMIT 1",
        "exists": f"ASK {{ FILTER NOT EXISTS {{ {cross} FILTER(?a0 = 1) }} }}",
        "minus": "SELECT * { ?a ?b ?c MINUS { ?d ?e ?f . ?g ?h ?i . ?c ?j ?k FILTER(?f = ?i) } }",
        "graph made": f"CONSTRUCT {{ ?a0 ?b1 ?c2 }} WHERE {{ {cross} }}",
        "described": f"DESCRIBE ?a0 ?a8 {{ {cross} }}",
        "named graphs": "SELECT (COUNT(*) AS ?n) { "
        + " ".join(f"GRAPH ?g{n} {{ ?a{n} ?b{n} ?c{n} }}" for n in range(5))
        + " }",
        "values": "SELECT (COUNT(*) AS ?n) { "
        + " ".join(f"VALUES ?v{n} {{ {' '.join(map(str, range(100)))} }}" for n in range(7))
        + " }",
        "optionals": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c "
        + " ".join(f"OPTIONAL {{ ?d{n} ?e{n} ?f{n} }}" for n in range(3))
        + " }",
        "unions": "SELECT (COUNT(*) AS ?n) { " + " ".join("{ ?a ?b ?c } UNION { ?d ?e ?f }" for _ in range(12)) + " }",
        "same name": "SELECT (COUNT(*) AS ?n) { ?a ?p ?x . ?b ?q ?y . ?c ?r ?z FILTER(STR(?x) = STR(?y)) }",
        "in a query": f"SELECT ?n {{ {{ SELECT (COUNT(*) AS ?n) {{ {cross} }} }} }}",
    }
    yield from (query("crosses", name, text, EXPENSIVE) for name, text in texts.items())


def paths() -> Iterator[Attack]:
    tw = "<https://w3id.org/twinld/ns#twinnedWith>"
    parts = [
        f"{tw}*", f"{tw}+", f"({tw}|^{tw})*", f"({tw}*)*", f"(({tw}*)*)*", f"{tw}*/{tw}*/{tw}*", f"!{tw}*",
        "(!<a:b>)*", "(!<a:b>|!^<a:b>)+", f"({tw}/{tw})*", f"({tw}?)*", f"({tw}*/^{tw}*)+", "(<a:b>|!<a:b>)*",
        f"({tw}*|({tw}/{tw})*|^{tw}*)*",
    ]  # fmt: skip
    for number, part in enumerate(parts):
        yield query("paths", f"{number}", f"SELECT (COUNT(*) AS ?n) {{ ?a {part} ?b . ?b {part} ?c }}", EXPENSIVE)
    yield query("paths", "500 hops", f"ASK {{ ?a {'/'.join([tw] * 500)} ?b }}", EXPENSIVE)
    yield query("paths", "500 choices", f"SELECT * {{ ?a ({'|'.join([tw + '*'] * 500)}) ?b }}", EXPENSIVE)


def memory() -> Iterator[Attack]:
    def grow(times: int, how: str = "CONCAT(?x{n}, ?x{n})") -> str:
        steps = " ".join(f"BIND({how.format(n=n)} AS ?x{n + 1})" for n in range(times))
        return f"SELECT (STRLEN(?x{times}) AS ?n) {{ BIND('12345678' AS ?x0) {steps} }}"

    yield query("memory", "doubling 30 times", grow(30), EXPENSIVE)
    yield query("memory", "doubling 60 times", grow(60), EXPENSIVE)
    yield query("memory", "replaced", grow(30, "REPLACE(?x{n}, '.', '$0$0')"), EXPENSIVE)
    yield query("memory", "encoded", grow(20, "ENCODE_FOR_URI(CONCAT(?x{n}, '%%%'))"), EXPENSIVE)
    yield query("memory", "distinct rows", "SELECT DISTINCT ?a ?b ?c ?d ?e ?f { ?a ?b ?c . ?d ?e ?f }", EXPENSIVE)
    yield query("memory", "sorted rows", "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY DESC(?f) ?a", EXPENSIVE)
    yield query("memory", "groups", "SELECT ?a ?d (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f } GROUP BY ?a ?d", EXPENSIVE)
    yield query(
        "memory",
        "one long text",
        "SELECT (GROUP_CONCAT(?t) AS ?x) { ?a ?b ?c . ?d ?e ?f BIND(STR(?c) AS ?t) }",
        EXPENSIVE,
    )
    yield query("memory", "hash join", "SELECT (COUNT(*) AS ?n) { { ?a ?b ?c } { ?d ?e ?f } { ?g ?h ?i } }", EXPENSIVE)
    yield query("memory", "huge number", f"ASK {{ FILTER({'9' * 200_000} > 1) }}", EXPENSIVE)
    yield query("memory", "huge decimal", f"ASK {{ FILTER(0.{'9' * 200_000} > 1) }}", EXPENSIVE)


def regexes() -> Iterator[Attack]:
    text = "a" * 5_000
    patterns = [
        "(a+)+$", "(a|a)*b", "(a*)*b", "(.*a){30}", "((a{1,30}){1,30}){1,30}", "a{1000}{1000}", "(a?){500}a{500}",
        "[" + "a-z" * 3_000 + "]", "(" * 1_000 + "a" + ")" * 1_000, "\\\\p{L}{1,1000}x", "(", "[z-a]", "a{99999999999}",
        "(?:a|b|c|d){1,1000}{1,100}", "^(([a-z])+.)+[A-Z]([a-z])+$", "(?i)" + "(a|b)*" * 300, "\\\\b" * 5_000, "*",
    ]  # fmt: skip
    for number, pattern in enumerate(patterns):
        body = f"SELECT (COUNT(*) AS ?n) {{ ?s ?p ?o FILTER(REGEX('{text}', '{pattern}')) }}"
        yield query("regex", f"{number}", body, EXPENSIVE)
    yield query(
        "regex", "a pattern a row", "SELECT * { ?s ?p ?o . ?t ?q ?u FILTER(REGEX(STR(?o), STR(?u))) }", EXPENSIVE
    )
    yield query(
        "regex",
        "replace",
        f"SELECT (REPLACE('{text}', '(a)(a)', '$2$1$2$1$2') AS ?x) {{ ?s ?p ?o . ?t ?q ?u }}",
        EXPENSIVE,
    )
    yield query("regex", "replace nothing", f"SELECT (REPLACE('{text}', '', 'bbbb') AS ?x) {{}}", EXPENSIVE)


def forgery(listener: str) -> Iterator[Attack]:
    there = f"http://{listener}/sparql"
    port = listener.rsplit(":", 1)[1]
    refused = frozenset({400, 403})
    forms = {
        "plain": f"ASK {{ SERVICE <{there}> {{ ?s ?p ?o }} }}",
        "silent": f"ASK {{ SERVICE SILENT <{there}> {{ ?s ?p ?o }} }}",
        "lower case": f"ask {{ service <{there}> {{ ?s ?p ?o }} }}",
        "after a comment": f"ASK {{ SERVICE # no\n <{there}> {{ ?s ?p ?o }} }}",
        "without a blank": f"ASK {{?s ?p ?o;SERVICE<{there}>{{?s ?p ?o}}}}",
        "as a prefix": f"PREFIX SERVICEs: <http://{listener}/> PREFIX s: <http://{listener}/> "
        "ASK { ?a ?b ?c . SERVICEs:x { ?s ?p ?o } }",
        "by a prefix": f"PREFIX s: <http://{listener}/> ASK {{ SERVICE s:x {{ ?s ?p ?o }} }}",
        "by BASE": f"BASE <http://{listener}/> ASK {{ SERVICE <x> {{ ?s ?p ?o }} }}",
        "by a variable": f"ASK {{ VALUES ?g {{ <{there}> }} SERVICE ?g {{ ?s ?p ?o }} }}",
        "in EXISTS": f"ASK {{ FILTER EXISTS {{ SERVICE <{there}> {{ ?s ?p ?o }} }} }}",
        "in MINUS": f"ASK {{ ?s ?p ?o MINUS {{ SERVICE <{there}> {{ ?s ?p ?o }} }} }}",
        "in a query": f"ASK {{ {{ SELECT * {{ SERVICE <{there}> {{ ?s ?p ?o }} }} }} }}",
        "escaped": f"ASK {{ \\u0053ERVICE <{there}> {{ ?s ?p ?o }} }}",
        "localhost": f"ASK {{ SERVICE <http://localhost:{port}/> {{ ?s ?p ?o }} }}",
        "decimal address": f"ASK {{ SERVICE <http://2130706433:{port}/> {{ ?s ?p ?o }} }}",
        "short address": f"ASK {{ SERVICE <http://127.1:{port}/> {{ ?s ?p ?o }} }}",
        "IPv6": f"ASK {{ SERVICE <http://[::1]:{port}/> {{ ?s ?p ?o }} }}",
        "IPv4 in IPv6": f"ASK {{ SERVICE <http://[::ffff:127.0.0.1]:{port}/> {{ ?s ?p ?o }} }}",
        "any address": f"ASK {{ SERVICE <http://0.0.0.0:{port}/> {{ ?s ?p ?o }} }}",
        "link-local": "ASK { SERVICE <http://169.254.169.254/latest/meta-data/> { ?s ?p ?o } }",
        "a name that is resolved": f"ASK {{ SERVICE <http://127.0.0.1.nip.example:{port}/> {{ ?s ?p ?o }} }}",
        "user and host": f"ASK {{ SERVICE <http://a@{listener}/> {{ ?s ?p ?o }} }}",
        "a file": "ASK { SERVICE <file:///etc/passwd> { ?s ?p ?o } }",
        "after an open quote": f'ASK {{ VALUES ?x {{ """x" }} SERVICE <{there}> {{ ?s ?p ?o }} }}',
        "a redirect": f"ASK {{ SERVICE <http://{listener}/redirect> {{ ?s ?p ?o }} }}",
    }
    yield from (query("forgery", name, text, refused) for name, text in forms.items())
    for name, text in {
        "FROM": f"SELECT * FROM <{there}> {{ ?s ?p ?o }}",
        "FROM NAMED": f"SELECT * FROM NAMED <{there}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
        "FROM a file": "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
        "GRAPH": f"SELECT * {{ GRAPH <{there}> {{ ?s ?p ?o }} }}",
    }.items():
        yield query("forgery", name, text, frozenset({200}))
    graphs = urlencode({"query": "SELECT * { ?s ?p ?o }", "default-graph-uri": there})
    yield get("forgery", "default-graph-uri", graphs, frozenset({200}))
    yield get("forgery", "host", "query=ASK%7B%7D", frozenset({200}), Host="evil.example")
    yield get("forgery", "forwarded host", "", frozenset({200}), **{"X-Forwarded-Host": "evil.example"})


def updates() -> Iterator[Attack]:
    refused = frozenset({403})
    texts = [
        "INSERT DATA { <a:a> <a:b> 1 }", "DELETE DATA { <a:a> <a:b> 1 }", "DELETE WHERE { ?s ?p ?o }", "DROP ALL",
        "DELETE { ?s ?p ?o } INSERT { ?s ?p 1 } WHERE { ?s ?p ?o }", "CLEAR DEFAULT", "CREATE GRAPH <a:g>",
        "LOAD <file:///etc/passwd>", "LOAD SILENT <http://127.0.0.1/>", "COPY DEFAULT TO <a:g>", "MOVE <a:g> TO <a:h>",
        "ADD <a:g> TO <a:h>", "WITH <a:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", "# ASK\nDROP ALL",
    ]  # fmt: skip
    for number, text in enumerate(texts):
        yield query("updates", f"query {number}", text, refused)
        form = urlencode({"update": text}).encode()
        yield Attack("updates", f"form {number}", refused, body=form, headers=(("Content-Type", FORM),))
    update = (("Content-Type", "application/sparql-update"),)
    yield Attack("updates", "as a body", refused, body=b"DROP ALL", headers=update)
    yield get("updates", "in the address", "update=DROP+ALL", refused)
    yield get("updates", "beside a query", "query=ASK%7B%7D&update=DROP+ALL", refused)
    yield query("updates", "after a query", "ASK {} ; DROP ALL", BAD)


def protocol() -> Iterator[Attack]:
    for method in ("PUT", "DELETE", "PATCH", "PROPFIND", "TRACE"):
        yield Attack("protocol", method, frozenset({405}), method, body=b"ASK {}", headers=(("Content-Type", QUERY),))
    bodies = {
        "no type": ((), b"ASK {}", 415),
        "text": ((("Content-Type", "text/plain"),), b"ASK {}", 415),
        "multipart": ((("Content-Type", "multipart/form-data; boundary=x"),), b"--x\r\n\r\n--x--", 415),
        "JSON": ((("Content-Type", "application/json"),), b'{"query": "ASK {}"}', 415),
        "an odd charset": ((("Content-Type", f"{QUERY}; charset=../../x"),), b"ASK {}", 415),
        "an empty body": ((("Content-Type", QUERY),), b"", 400),
        "an empty form": ((("Content-Type", FORM),), b"", 400),
        "two queries": ((("Content-Type", FORM),), b"query=ASK{}&query=ASK{}", 400),
        "a hundred queries": ((("Content-Type", FORM),), b"&".join([b"query=ASK{}"] * 100), 400),
        "ten thousand fields": ((("Content-Type", FORM),), b"query=ASK{}&" + b"&".join([b"a=b"] * 10_000), 200),
    }
    for name, (headers, body, status) in bodies.items():
        yield Attack("protocol", name, frozenset({status}), body=body, headers=headers)
    yield get("protocol", "empty query", "query=", BAD)
    yield get("protocol", "bad graph", "query=ASK%7B%7D&default-graph-uri=a%20b", BAD)
    yield get("protocol", "bad named graph", "query=ASK%7B%7D&named-graph-uri=%3Cx%3E", BAD)
    yield get("protocol", "timeout of words", "query=ASK%7B%7D&timeout=soon", BAD)
    yield get("protocol", "timeout that is none", "query=ASK%7B%7D&timeout=nan", BAD)
    yield get("protocol", "no such format", "query=ASK%7B%7D", frozenset({406}), Accept="image/png")
    yield get("protocol", "an endless Accept", "query=ASK%7B%7D", frozenset({200, 406}), Accept="a/b," * 5_000 + "*/*")
    yield get("protocol", "quotes in Accept", "query=ASK%7B%7D", frozenset({200}), Accept='"' + '\\"' * 10_000)
    for path in ("/sparql.exe", "/sparql/x", "/sparql/../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/static/../app.py"):
        yield Attack("protocol", path, frozenset({400, 404}), "GET", path)


def sizes() -> Iterator[Attack]:
    too_long = frozenset({413})
    long = b"ASK {} #" + b"x" * 262_144
    yield Attack("size", "query", too_long, body=long, headers=(("Content-Type", QUERY),))
    yield Attack("size", "form", too_long, body=b"query=" + long, headers=(("Content-Type", FORM),))
    yield Attack(
        "size", "form of percent signs", too_long, body=b"query=" + b"%20" * 400_000, headers=(("Content-Type", FORM),)
    )
    yield Attack("size", "16 MiB", too_long, body=b"x" * (16 << 20), headers=(("Content-Type", QUERY),))
    yield get("size", "address of 1 MiB", "query=" + "x" * (1 << 20), frozenset({400, 413, 414, 431}))
    yield get("size", "header of 1 MiB", "query=ASK%7B%7D", frozenset({400, 413, 431}), Cookie="x" * (1 << 20))
    yield query("size", "60,000 words", "ASK { VALUES ?x {" + " 1" * 60_000 + "} }", BAD)
    yield query("size", "quotes", "ASK { ?s ?p '" + "\\'" * 130_000, BAD)
    yield query("size", "dots", "a." * 130_000, BAD)
    yield query("size", "a large answer", "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", frozenset({413, 503}))


def raw_http() -> Iterator[Attack]:
    bad = frozenset({0, 400, 404, 405, 413, 414, 431, 501, 505})
    head = b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-query\r\n"
    lines = {
        "garbage": b"\x00\x01\x02\x03\r\n\r\n",
        "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 64,
        "no version": b"GET /sparql\r\n\r\n",
        "an odd version": b"GET / HTTP/9.9\r\n\r\n",
        "a line without end": b"GET /" + b"a" * 300_000,
        "no colon": b"GET / HTTP/1.1\r\nnonsense\r\n\r\n",
        "negative length": head + b"Content-Length: -1\r\n\r\nASK {}",
        "length in words": head + b"Content-Length: six\r\n\r\nASK {}",
        "two lengths": head + b"Content-Length: 6\r\nContent-Length: 60\r\n\r\nASK {}",
        "length and chunks": head
        + b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n",
        "bad chunk": head + b"Transfer-Encoding: chunked\r\n\r\nZZZ\r\nASK {}\r\n0\r\n\r\n",
        "huge chunk": head + b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n",
        "unknown coding": head + b"Transfer-Encoding: gzip, chunked\r\n\r\n",
        "line break in the address": b"GET /sparql?query=ASK{}\r\nX: y HTTP/1.1\r\n\r\n",
        "10,000 headers": b"GET / HTTP/1.1\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(30_000)) + b"\r\n",
    }
    usual = frozenset({200, 400})  # the server reads these as an older HTTP has them, which harms nobody
    for name, raw in lines.items():
        yield Attack("raw", name, bad | usual if name in LENIENT else bad, raw=raw)
