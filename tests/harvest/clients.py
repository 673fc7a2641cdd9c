"""Clients of others, run by the Python of .venv-ckan: `clients.py NAME ARGUMENT...` prints what they read, as JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any


def ckan(path: str, media_type: str) -> Any:
    """The data sets that CKAN's parser of DCAT-AP 3 finds in a catalogue."""
    from ckanext.dcat.processors import RDFParser

    parser = RDFParser(profiles=["euro_dcat_ap_3"])
    parser.parse(Path(path).read_text(encoding="utf-8"), _format=media_type)
    return list(parser.datasets())


def signposting(url: str) -> Any:
    """The typed links of a page, by relation."""
    from signposting import find_signposting_http

    found = find_signposting_http(url)
    return {
        "citeAs": found.citeAs and str(found.citeAs.target),
        "license": found.license and str(found.license.target),
        "authors": sorted(str(link.target) for link in found.authors),
        "items": sorted(str(link.target) for link in found.items),
        "describedBy": sorted(str(link.target) for link in found.describedBy),
        "types": sorted(str(link.target) for link in found.types),
        "linksets": sorted(str(link.target) for link in found.linksets),
    }


def sitemap(url: str) -> Any:
    """The addresses that a crawler finds from the first page on."""
    from usp.tree import sitemap_tree_for_homepage

    tree = sitemap_tree_for_homepage(url)
    return sorted({page.url for page in tree.all_pages()})


def tables(url: str) -> Any:
    """What frictionless finds wrong with a data package, and how many rows each of its tables has."""
    from frictionless import Package

    report = Package(url).validate()
    return {
        "errors": sorted(error[0] + ": " + error[1] for error in report.flatten(["type", "message"])),
        "rows": {task.name: task.stats.get("rows", 0) for task in report.tasks},
    }


def openapi(path: str) -> Any:
    """The faults of a description in OpenAPI."""
    from openapi_spec_validator import OpenAPIV31SpecValidator

    document = json.loads(Path(path).read_text(encoding="utf-8"))
    return [str(error.message) for error in OpenAPIV31SpecValidator(document).iter_errors()]


if __name__ == "__main__":
    json.dump(
        {row.__name__: row for row in (ckan, signposting, sitemap, tables, openapi)}[sys.argv[1]](*sys.argv[2:]),
        sys.stdout,
    )
