"""The data set for search engines: schema.org/Dataset and Croissant, as JSON-LD in its page.

Sources: schema.org; Google's guide to structured data of datasets; for Croissant see `croissant`.
"""

from __future__ import annotations

from typing import Any

from twinld.publish.catalog import DESCRIPTION, KEYWORDS, TITLE, Edition, File, Where, download
from twinld.publish.croissant import CONTEXT, CROISSANT, record_sets
from twinld.vocab import CC0


def schema_org(release: Edition, where: Where, citation: str) -> dict[str, Any]:
    """The data set as schema.org/Dataset."""
    return {
        "@context": "https://schema.org/",
        **_dataset(release, where, citation),
        "distribution": [
            {"@type": "DataDownload", "@id": where.iri(f"dataset#{file.name}"), **_file(file, release, where)}
            for file in release.files
        ],
    }


def croissant(release: Edition, where: Where, citation: str) -> dict[str, Any]:
    """The data set as Croissant 1.0: its files, and its tables as record sets."""
    document = _dataset(release, where, citation)
    return {
        "@context": CONTEXT,
        **document,
        "@type": "sc:Dataset",
        "conformsTo": CROISSANT,
        "citeAs": citation,
        "distribution": [
            {"@type": "cr:FileObject", "@id": file.name, **_file(file, release, where)} for file in release.files
        ],
        "recordSet": record_sets((file.name for file in release.files), where.base),
    }


def _dataset(release: Edition, where: Where, citation: str) -> dict[str, Any]:
    return {
        "@type": "Dataset",
        "@id": where.iri("dataset"),
        "name": TITLE,
        "description": DESCRIPTION,
        "url": where.page("dataset"),
        "identifier": where.iri("dataset"),
        "license": CC0,
        "version": release.name,
        "datePublished": release.day,
        "dateModified": release.day,
        "keywords": list(KEYWORDS),
        "inLanguage": "en",
        "isAccessibleForFree": True,
        "creator": _organisation(release, where),
        "publisher": _organisation(release, where),
        "citation": citation,
        "temporalCoverage": f"{f'{release.since:04d}' if release.since is not None else '..'}/{release.day}",
        "spatialCoverage": {"@type": "Place", "name": "World", "geo": {"@type": "GeoShape", "box": "-90 -180 90 180"}},
        "includedInDataCatalog": {"@type": "DataCatalog", "@id": where.iri("catalog"), "url": where.page("catalog")},
    }


def _organisation(release: Edition, where: Where) -> dict[str, str]:
    return {
        "@type": "Organization",
        "@id": release.publisher_iri or where.iri("dataset#publisher"),
        "name": release.publisher,
        "url": release.publisher_iri or where.url,
    }


def _file(file: File, release: Edition, where: Where) -> dict[str, Any]:
    found = {
        "name": file.name,
        "description": file.title,
        "contentUrl": download(release.name, file.name, where),
        "encodingFormat": file.packing or file.media_type,
        "contentSize": f"{file.bytes} B",
        "sha256": file.sha256,
    }
    return {**found, "license": file.licence} if file.licence else found
