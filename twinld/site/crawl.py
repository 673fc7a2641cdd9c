"""What programs that walk the web are told: the address of every page, and what this is in a few lines."""

from __future__ import annotations

from pathlib import Path

from twinld.publish.addresses import read_addresses
from twinld.publish.catalog import DESCRIPTION, TITLE
from twinld.site.about import about
from twinld.site.ask import Asker, once
from twinld.store import Store
from twinld.vocab import BASE, GRAPH, ID, TWV


def paths(store: Store, base: str = BASE, folder: Path | None = None) -> tuple[str, ...]:
    """The paths of the pages of all things, sorted, without their first slash; kept for a store that cannot change.

    A release says them in a file of its `folder`; any other store is asked.
    """

    def make() -> tuple[str, ...]:
        written = read_addresses(folder) if folder is not None else None
        return _paths(Asker(store, base)) if written is None else written

    return once(store, ("paths", base), make)


def _paths(asker: Asker) -> tuple[str, ...]:
    found = {row["s"].value.removeprefix(ID) for row in asker.rows("page_addresses")}
    found |= {f"graph/{iri.removeprefix(GRAPH)}" for iri in about(asker).graphs}
    found |= {f"vocab/{row['s'].value.removeprefix(TWV)}" for row in asker.rows("page_concepts")}
    return tuple(sorted(found))


def llms(store: Store, base: str, url: str) -> str:
    """The site for language models, as llmstxt.org proposes: a title, a summary, links with a word on each."""
    release = about(Asker(store, base)).release
    links = {
        "Data": (
            ("SPARQL endpoint", "sparql", "questions in SPARQL 1.1; prefixes tw:, place:, wd: and others are known"),
            ("Endpoint description", "sparql.ttl", "classes, properties, graphs, limits, example queries"),
            ("Downloads", "dumps/", "every file of every release, with licence and checksum"),
            ("Data set", "dataset.ttl", "DCAT: files, services, versions"),
        ),
        "Model": (
            ("Ontology", "ontology.ttl", "classes and properties with definitions and examples"),
            ("HTTP interface", "openapi.json", "OpenAPI 3.1: every address and format"),
        ),
        "Optional": (
            ("Catalogue", "catalog.ttl", "DCAT-AP 3.0.1, for portals"),
            ("VoID", ".well-known/void", "counts of classes, properties and links"),
            ("Sitemap", "sitemap.xml", "every page"),
        ),
    }
    parts = [f"# twinld: {TITLE}\n", f"> {DESCRIPTION}\n"]
    if release.id:
        parts.append(f"This server serves the release {release.id}.")
    parts.append(
        f"IRIs start with {base}; the page of `{base}id/place/boston` is {url}place/boston, its data "
        f"{url}place/boston.ttl (or .jsonld, .nt, .rdf). What is shown is CC0 unless marked otherwise; most agreements "
        "have no date, and that no end is known does not mean that there is none.\n"
    )
    for title, rows in links.items():
        parts.append(f"## {title}\n")
        parts += [f"- [{name}]({url}{path}): {words}" for name, path, words in rows]
        parts.append("")
    return "\n".join(parts)
