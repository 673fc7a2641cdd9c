"""How a release is cited: for people and GitHub (CFF 1.2), for BibTeX, and for a deposit at Zenodo."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping
from typing import Any, Final

from twinld.vocab import BASE

AUTHOR: Final = "The twinld developers"
TITLE: Final = "twinld: twin cities of the world as linked open data"
ABSTRACT: Final = (
    "Partnerships between the towns, cities and regions of the world, taken over from open sources, resolved to one "
    "place per place and one agreement per relation, each value with the sources that state it, as RDF with an "
    "ontology, shapes, dumps and a SPARQL endpoint."
)
KEYWORDS: Final = ("linked open data", "RDF", "SPARQL", "SHACL", "twin cities", "sister cities", "Wikidata")
_WIDTH: Final = 110

TEXTS: Final = {"CITATION.cff": "Citation File Format", "citation.bib": "BibTeX", "zenodo.json": "Zenodo"}
"""The files of a release that say how to cite it, and what each is."""


def citation_texts(release: str, date: str, base: str = BASE) -> dict[str, str]:
    """The text of each file of TEXTS, for a release of this id that was issued on `date`."""
    deposit = json.dumps(_zenodo(release, date), ensure_ascii=False, indent=1) + "\n"
    return dict(zip(TEXTS, (_cff(release, date), _bibtex(release, date, base), deposit), strict=True))


def sentence(release: str, date: str, base: str = BASE) -> str:
    """One sentence to cite a release by."""
    return f"{AUTHOR} ({date[:4]}): {TITLE}, release {release}. {base}dataset."


def _cff(release: str, date: str) -> str:
    abstract = textwrap.indent("\n".join(textwrap.wrap(ABSTRACT, _WIDTH)), "  ")
    keywords = "".join(f"  - {word}\n" for word in KEYWORDS)
    return (
        f'cff-version: 1.2.0\ntype: dataset\ntitle: "{TITLE}"\n'
        'message: "If you use this data set, please cite it as below."\n'
        f'abstract: >-\n{abstract}\nauthors:\n  - name: "{AUTHOR}"\n'
        f'version: "{release}"\ndate-released: {date}\nlicense: CC0-1.0\nkeywords:\n{keywords}'
    )


def _bibtex(release: str, date: str, base: str) -> str:
    fields: Mapping[str, str] = {
        "author": f"{{{AUTHOR}}}",
        "title": f"{{{TITLE}}}",
        "year": date[:4],
        "version": release,
        "url": f"{base}dataset",
        "note": f"Data set, release {release}, CC0 1.0",
    }
    lines = "".join(f"  {name:<8}= {{{value}}},\n" for name, value in fields.items())
    return f"@misc{{twinld-{release},\n{lines}}}\n"


def _zenodo(release: str, date: str) -> dict[str, Any]:
    return {
        "upload_type": "dataset",
        "title": TITLE,
        "description": ABSTRACT,
        "creators": [{"name": AUTHOR}],
        "version": release,
        "publication_date": date,
        "access_right": "open",
        "license": "cc-zero",
        "language": "eng",
        "keywords": list(KEYWORDS),
    }
