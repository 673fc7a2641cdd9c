"""What archives and registries are told of the project agrees with what stands elsewhere."""

import json
import re
import subprocess
from pathlib import Path

import pytest
import rdflib

ROOT = Path(__file__).resolve().parents[2]
NS = rdflib.URIRef("https://w3id.org/twinld/ns")
LICENCES = {"CC0-1.0": "cc-zero"}
"""A licence by its SPDX id, and what Zenodo calls it."""


def cited() -> dict[str, str | list[str]]:
    """CITATION.cff as far as it is written: plain values, folded text, lists of values or of `name:` lines."""
    found: dict[str, str | list[str]] = {}
    for block in re.split(r"\n(?=\S)", (ROOT / "CITATION.cff").read_text("utf-8").strip()):
        key, _, rest = block.partition(":")
        first, *lines = rest.strip().split("\n") if rest.strip() else [""]
        items = [re.sub(r"^- (?:name: )?", "", line.strip()) for line in [first, *lines] if line.strip()]
        if first.startswith("- "):
            found[key] = [item.strip('"') for item in items]
        else:
            found[key] = " ".join(item.strip('"') for item in items if item != ">-")
    return found


def deposited() -> dict:
    return json.loads((ROOT / ".zenodo.json").read_text("utf-8"))


def test_the_deposit_says_what_the_citation_says():
    citation, deposit = cited(), deposited()

    assert deposit == {
        "upload_type": citation["type"],
        "title": citation["title"],
        "description": citation["abstract"],
        "creators": [{"name": author} for author in citation["authors"]],
        "version": citation["version"],
        "publication_date": citation["date-released"],
        "access_right": "open",
        "license": LICENCES[citation["license"]],
        "language": "eng",
        "keywords": citation["keywords"],
    }


def git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else ""


def test_a_tag_of_a_release_is_the_id_that_is_cited_there():
    tags = git("tag", "--list", "[0-9][0-9][0-9][0-9]-*").split()
    if not tags:
        pytest.skip("no release is tagged in this checkout")

    assert {tag: json.loads(git("show", f"{tag}:.zenodo.json"))["version"] for tag in tags} == {
        tag: tag for tag in tags
    }
    assert [tag for tag in tags if f'version: "{tag}"\n' not in git("show", f"{tag}:CITATION.cff")] == []


def test_the_entry_of_the_registry_says_what_the_ontology_says():
    graph = rdflib.Graph().parse(ROOT / "ontology" / "twinld.ttl")
    rows = dict(
        re.findall(r"^\| ([A-Z][^|]*?) \| (.*) \|$", (ROOT / "docs/vocabulary-registry.md").read_text("utf-8"), re.M)
    )

    def said(term: str, language: str | None = None) -> str:
        (value,) = [
            value
            for value in graph.objects(NS, rdflib.URIRef(term))
            if language is None or getattr(value, "language", None) == language
        ]
        return str(value)

    dcterms, owl, vann = "http://purl.org/dc/terms/", str(rdflib.OWL), "http://purl.org/vocab/vann/"
    assert rows["URI"] == f"`{NS}`"
    assert rows["Namespace"] == f"`{said(vann + 'preferredNamespaceUri')}`"
    assert rows["Prefix"].startswith(f"`{said(vann + 'preferredNamespacePrefix')}` ")
    assert rows["Title"] == said(f"{dcterms}title", "en")
    assert rows["Description"] == said(f"{dcterms}description", "en")
    assert rows["Version"] == f"{said(owl + 'versionInfo')}, `{said(owl + 'versionIRI')}`"
    assert rows["Creator"] == said(f"{dcterms}creator")


def redirect(path: str) -> tuple[int, str] | None:
    """The status and the target that the rules of docs/persistent-identifiers.md give a path."""
    text = (ROOT / "docs/persistent-identifiers.md").read_text("utf-8")
    rules = re.findall(r"^RewriteRule (\S+) (\S+) \[R=(\d+),NE,L\]$", text, re.M)
    assert len(rules) == 2
    for pattern, target, status in rules:
        match = re.search(pattern, path)
        if match:
            return int(status), target.replace("$1", match[1])
    return None


def test_the_rules_of_the_redirects_lead_to_the_same_path():
    statuses = {
        "id/place/boston": 303,
        "id/record/mikhailova-2013/s002-16": 303,
        "ns": 303,
        "ns/0.2.0": 303,
        "vocab/kind-twinning": 303,
        "graph/source/wd50k": 303,
        "dataset": 303,
        "place/boston.ttl": 302,
        "dumps/latest/twinld.ttl": 302,
        "sparql": 302,
        "": 302,
    }

    assert {path: redirect(path) for path in statuses} == {
        path: (status, f"https://twinld.example/{path}") for path, status in statuses.items()
    }
