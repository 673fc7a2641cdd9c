"""What the page /quality needs of a release: every finding with its country, and each rule with what to do."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from twinld import terms
from twinld.model import Finding
from twinld.store import Store, open_store
from twinld.validate import load_rules
from twinld.vocab import BASE, RDFS, TW, rebase

NAME: Final = "quality.json"
_CHUNK: Final = 1_000


def write_quality(place: Path, findings: Sequence[Finding], base: str = BASE) -> None:
    """Write reports/quality.json of the release in a folder.

    An object: `rules` (id -> name, severity, message), `countries` (IRI -> label), and `findings`, each a list of
    rule, severity, source, focus, value, where, the country's IRI ("" for none) and the message where it is not its
    rule's. Sorted, so that the same release has the same bytes.
    """
    store = open_store(place / "store")
    try:
        document = quality(store, findings, base)
    finally:
        store.close()
    lines = json.dumps(document, ensure_ascii=False, indent=None, separators=(",", ":"))
    (place / "reports" / NAME).write_text(lines + "\n", encoding="utf-8")


def quality(store: Store, findings: Sequence[Finding], base: str = BASE) -> dict[str, Any]:
    """The document of `write_quality`."""
    known = load_rules(base).by_id
    country = _countries(store, sorted({finding.focus for finding in findings}), base)
    rules: dict[str, dict[str, str]] = {}
    for finding in sorted(findings):
        rule = known.get(finding.rule)
        row = {"name": rule.name if rule else "", "severity": finding.severity, "message": finding.message}
        rules.setdefault(finding.rule, row)
    return {
        "rules": rules,
        "countries": _labels(store, sorted(set(country.values()))),
        "findings": [
            [
                finding.rule,
                finding.severity,
                finding.source,
                finding.focus,
                finding.value,
                finding.where,
                country.get(finding.focus, ""),
                finding.message if finding.message != rules[finding.rule]["message"] else "",
            ]
            for finding in sorted(set(findings))
        ],
    }


def _countries(store: Store, nodes: Sequence[str], base: str) -> dict[str, str]:
    """The country of each node that has one: its own or its first party's; a country's is itself."""
    start = rebase(f"{BASE}id/", base)
    iris = [terms.iri(node) for node in nodes if node.startswith(start)]
    tw = rebase(TW, base)
    found: dict[str, str] = {}
    for number in range(0, len(iris), _CHUNK):
        some = " ".join(iris[number : number + _CHUNK])
        for pattern in (
            f"GRAPH ?g {{ ?s <{tw}country> ?c }}",
            f"GRAPH ?g {{ ?s <{tw}party> ?p }} GRAPH ?h {{ ?p <{tw}country> ?c }}",
            f"GRAPH ?g {{ ?s a <{tw}Country> }} BIND(?s AS ?c)",
        ):
            for row in store.select(
                f"SELECT DISTINCT ?s ?c WHERE {{ VALUES ?s {{ {some} }} {pattern} }} ORDER BY ?s ?c"
            ):
                found.setdefault(row["s"].value, row["c"].value)
    return found


def _labels(store: Store, countries: Sequence[str]) -> dict[str, str]:
    values = " ".join(map(terms.iri, countries))
    rows = store.select(
        f"SELECT ?c ?l WHERE {{ VALUES ?c {{ {values} }} GRAPH ?g {{ ?c <{RDFS}label> ?l }} "
        'FILTER(LANG(?l) = "en") } ORDER BY ?c ?l'
    )
    labels: dict[str, str] = {}
    for row in rows:
        labels.setdefault(row["c"].value, row["l"].value)
    return {country: labels.get(country, country.rpartition("/")[2]) for country in countries}
