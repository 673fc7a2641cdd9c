"""The data set for search engines: schema.org/Dataset and Croissant, as JSON-LD in its page.

Sources: schema.org; Google's guide to structured data of datasets; the Croissant format, version 1.0 (MLCommons).
"""

from __future__ import annotations

from typing import Any, Final

from twinld.publish.catalog import DESCRIPTION, KEYWORDS, TITLE, Edition, File, Where, download
from twinld.vocab import CC0

CROISSANT: Final = "http://mlcommons.org/croissant/1.0"
_CONTEXT: Final = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "dct": "http://purl.org/dc/terms/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
"""The context that Croissant 1.0 prescribes."""


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
    """The data set as Croissant 1.0: its files, without record sets."""
    document = _dataset(release, where, citation)
    return {
        "@context": _CONTEXT,
        **document,
        "@type": "sc:Dataset",
        "conformsTo": CROISSANT,
        "citeAs": citation,
        "distribution": [
            {"@type": "cr:FileObject", "@id": file.name, **_file(file, release, where)} for file in release.files
        ],
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
