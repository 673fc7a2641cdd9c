"""What a query's text tells about what it will do at an endpoint that is not ours."""

from __future__ import annotations

import re
from typing import Final

from twinld.errors import QueryError, UpdateRefused
from twinld.store.query_text import form, is_update, position, refuse_service, significant
from twinld.vocab import BASE

FORMS: Final = {"SELECT": "rows", "ASK": "boolean", "CONSTRUCT": "graph", "DESCRIBE": "graph"}
_DOORS: Final = {"bif", "sql"}
"""Schemes of functions with which a query reaches into Virtuoso's own language, and out to the network."""
MAX_DEPTH: Final = 100
MAX_CHAIN: Final = 400
"""An engine may have a stack of 2 MiB: its parser then dies of 280 queries in each other or 1,600 sums in a row."""
_ABSOLUTE: Final = re.compile(r"<[A-Za-z][A-Za-z0-9+.\-]*:")
_CHAIN: Final = {"+", "-", "*", "/", "|", "&", "!", "=", "^", "UNION", "OPTIONAL", "MINUS", "FILTER", "BIND", "GRAPH"}


def kind_of(query: str) -> str:
    """What a query makes: "rows", "boolean" or "graph".

    Raises UpdateRefused for an update and QueryError for what starts with none of the four words of SPARQL: some
    engines take their own commands before them.
    """
    word = form(query)
    if word not in FORMS:
        if is_update(query):
            raise UpdateRefused("this is a SPARQL Update; a remote store is read here and never changed")
        raise QueryError(f"a query starts with {', '.join(FORMS)}, and not with {word or 'nothing'}")
    return FORMS[word]


def refuse_harm(query: str) -> None:
    """Refuse what a stranger's query could do to an engine beside us: QueryError (ServiceRefused).

    That is SERVICE, functions of the engine's own language, and nesting that ends engines with a small stack.
    """
    refuse_service(query)
    depth = chain = 0
    for token in significant(query):
        text = token.group()
        scheme = text.strip("<").partition(":")[0].lower() if token.lastgroup in {"iri", "name"} else ""
        if scheme in _DOORS:
            raise _at(query, token, f"{text} belongs to the engine's own language; use functions of SPARQL")
        if text in {"\\", "`"}:
            raise _at(query, token, f"{text} stands outside of a text; write letters as they are")
        depth += (text in {"{", "(", "["}) - (text in {"}", ")", "]"})
        chain += token.lastgroup in {"mark", "word"} and text.upper() in _CHAIN
        if depth > MAX_DEPTH:
            raise _at(query, token, f"more than {MAX_DEPTH} brackets in each other; nest less")
        if chain > MAX_CHAIN:
            raise _at(query, token, f"more than {MAX_CHAIN} operators; write values as VALUES or IN (...)")


def _at(query: str, token: re.Match[str], message: str) -> QueryError:
    line, column = position(query, token.start())
    return QueryError(f"line {line}, column {column}: {message}", line, column)


def has_dataset(query: str) -> bool:
    """Whether the query names its dataset itself (FROM).

    >>> has_dataset("SELECT * FROM <http://example.org/g> { }")
    True
    """
    return any(token.lastgroup == "word" and token.group().upper() == "FROM" for token in significant(query))


def with_base(query: str) -> str:
    """The query with our canonical base before it, when it has a relative IRI: engines have bases of their own.

    >>> with_base("ASK { <id/place/boston> ?p ?o }")
    'BASE <https://w3id.org/twinld/> ASK { <id/place/boston> ?p ?o }'
    """
    found = list(significant(query))
    whole = all(_ABSOLUTE.match(token.group()) for token in found if token.lastgroup == "iri")
    own = any(token.lastgroup == "word" and token.group().upper() == "BASE" for token in found)
    return query if whole or own else f"BASE <{BASE}> {query}"


def without_dataset(query: str) -> str:
    """The query without its FROM clauses: a dataset of the request overrides them, and Virtuoso adds them instead.

    >>> without_dataset("SELECT * FROM <http://example.org/g> FROM NAMED <http://example.org/h> { }")
    'SELECT *   { }'
    """
    parts, start, clause = [], 0, False
    for token in significant(query):
        if token.lastgroup == "word" and token.group().upper() == "FROM":
            parts.append(query[start : token.start()])
            clause = True
        elif clause and token.lastgroup in {"iri", "name"}:
            start, clause = token.end(), False
    return "".join(parts) + query[start:]


def star_columns(query: str) -> list[str]:
    """The variables after `SELECT *` in the order of their first appearance; empty for any other query.

    >>> star_columns("SELECT * { ?twin a ?Kind . ?twin ?p 1 }")
    ['twin', 'Kind', 'p']
    """
    found: dict[str, None] = {}
    state = "start"
    for token in significant(query):
        text = token.group().upper()
        if state == "star" and token.lastgroup == "var":
            found[token["variable"]] = None
        elif state == "select" and text not in {"DISTINCT", "REDUCED"}:
            if text != "*":
                return []
            state = "star"
        elif state == "start" and text == "SELECT" and token.lastgroup == "word":
            state = "select"
    return list(found)


def count_of_solutions(query: str) -> str:
    r"""A query for the number `?n` of solutions that a CONSTRUCT or DESCRIBE is made of; empty when it has no pattern.

    >>> count_of_solutions("CONSTRUCT { ?s a ?o } FROM <http://e/> WHERE { ?s ?p ?o } LIMIT 9")
    'SELECT (COUNT(*) AS ?n) FROM <http://e/> { SELECT (1 AS ?one_row) WHERE { ?s ?p ?o } LIMIT 9\n}'
    """
    tokens = list(significant(query))
    words = [token.group().upper() for token in tokens]
    first = next(index for index, word in enumerate(words) if word in {"CONSTRUCT", "DESCRIBE"})
    head, depth = first + 1, 0
    if words[first] == "DESCRIBE":
        head = next((i for i, word in enumerate(words) if i > first and word in {"FROM", "WHERE", "{"}), len(words))
    elif words[head] == "{":  # the template
        for index, word in enumerate(words[head:], head + 1):
            depth += (word == "{") - (word == "}")
            if depth == 0:
                head = index
                break
    pattern = next((i for i, word in enumerate(words) if i >= head and word in {"WHERE", "{"}), None)
    if pattern is None:
        return ""
    dataset = query[tokens[head].start() : tokens[pattern].start()]
    prologue, rest = query[: tokens[first].start()], query[tokens[pattern].start() :]
    return f"{prologue}SELECT (COUNT(*) AS ?n) {dataset}{{ SELECT (1 AS ?one_row) {rest}\n}}"
