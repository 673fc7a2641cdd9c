"""Programs that ask a query, ready to be copied: each quotes the query as its language does, whatever stands in it."""

from __future__ import annotations

from dataclasses import dataclass

from twinld.texts import later


@dataclass(frozen=True)
class Sample:
    """A program: `language` is a short name, `title` says what it is written with, `text` is whole."""

    language: str
    title: str
    text: str


def samples(query: str, endpoint: str) -> list[Sample]:
    """The programs for a query at an endpoint: Python, R, JavaScript and curl; each prints the rows."""
    query = query.strip("\n") + "\n"
    return [
        Sample("python", later("Python, with SPARQLWrapper"), _python(query, endpoint)),
        Sample("r", later("R, with httr2"), _r(query, endpoint)),
        Sample("javascript", later("JavaScript, in a browser or Node"), _javascript(query, endpoint)),
        Sample("curl", later("curl, as CSV"), _curl(query, endpoint)),
    ]


def _python(query: str, endpoint: str) -> str:
    quoted = query.replace("\\", "\\\\").replace('"""', '""\\"')
    return (
        "from SPARQLWrapper import JSON, SPARQLWrapper\n\n"
        f'endpoint = SPARQLWrapper("{endpoint}")\n'
        f'endpoint.setQuery("""\n{quoted}""")\n'
        "endpoint.setReturnFormat(JSON)\n"
        'for row in endpoint.queryAndConvert()["results"]["bindings"]:\n'
        '    print({name: term["value"] for name, term in row.items()})\n'
    )


def _r(query: str, endpoint: str) -> str:
    dashes = "-"
    while f"){dashes}'" in query:  # a raw string of R ends where its own mark stands
        dashes += "-"
    return (
        "library(httr2)\n\n"
        f"query <- r'{dashes}(\n{query}){dashes}'\n"
        f'answer <- request("{endpoint}") |>\n'
        "  req_body_form(query = query) |>\n"
        '  req_headers(Accept = "text/csv") |>\n'
        "  req_perform()\n"
        "print(read.csv(text = resp_body_string(answer)))\n"
    )


def _javascript(query: str, endpoint: str) -> str:
    quoted = query.replace("\\", "\\\\").replace("`", "\\`").replace("${", "\\${")
    return (
        f"const query = `\n{quoted}`;\n"
        f'const answer = await fetch("{endpoint}", {{\n'
        '  method: "POST",\n'
        '  headers: { Accept: "application/sparql-results+json" },\n'
        "  body: new URLSearchParams({ query }),\n"
        "});\n"
        "const { results } = await answer.json();\n"
        "for (const row of results.bindings) console.log(row);\n"
    )


def _curl(query: str, endpoint: str) -> str:
    quoted = query.replace("'", "'\\''")
    return f"curl '{endpoint}' -H 'Accept: text/csv' --data-urlencode 'query=\n{quoted}'\n"
