"""The checks of a harvest, as one table: what is looked at, and what helps when it fails."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Check:
    """One check: a word for it, what must hold, what to do where it does not."""

    name: str
    claim: str
    remedy: str


CHECKS: Final = (
    Check("get", "the catalogue answers GET with 200", "serve the catalogue at this address, without a log-in"),
    Check(
        "head",
        "HEAD answers like GET, or is refused with 400 or 405",
        "answer HEAD with the headers of GET and no body: harvesters ask for the size first",
    ),
    Check(
        "content-type",
        "the Content-Type is one that RDF parsers are registered for",
        "send text/turtle, application/ld+json or application/rdf+xml",
    ),
    Check("size", "the catalogue is smaller than 50 MB", "leave out of the catalogue what is no metadata, or page it"),
    Check("parses", "the catalogue can be read as what it says it is", "write the catalogue with an RDF library"),
    Check("paging", "paging ends, and no page comes twice", "give the last page no next page (hydra:next)"),
    Check(
        "one dataset",
        "there is exactly one dcat:Dataset",
        "list old releases and series elsewhere: a portal makes a data set of each",
    ),
    Check(
        "shapes",
        "every rule of DCAT-AP is kept, and what a harvest goes by is there",
        "add or mend what the message names",
    ),
    Check(
        "stable iris",
        "data set and distributions have IRIs that hold no release",
        "mint IRIs without date and version: a portal deletes what has a new IRI",
    ),
    Check(
        "foreign host",
        "a foreign Host header changes nothing",
        "take the start of IRIs from the settings, never from the request",
    ),
    Check(
        "same answer",
        "asked twice, the catalogue is the same",
        "leave clocks and chance out of the catalogue: every harvest would be an update",
    ),
    Check(
        "conditional get",
        "what has not changed is answered with 304",
        "send an ETag or Last-Modified and compare If-None-Match or If-Modified-Since with it",
    ),
    Check("downloads", "every download URL answers 200", "publish the file, or leave it out of the catalogue"),
    Check("lengths", "every download is as long as its dcat:byteSize", "write the catalogue from the finished files"),
    Check(
        "checksums",
        "every download has its spdx:checksum, made by the algorithm that is named",
        "write the catalogue from the finished files",
    ),
    Check(
        "access",
        "every access URL answers and leads to the newest file",
        "let the access URL lead to the file of the served release",
    ),
    Check("services", "every service's endpoint and description answer", "list only services that are really served"),
    Check(
        "again",
        "beside the harvest before: 0 new, 0 removed, at most 1 updated",
        "keep IRI and dct:identifier of the data set and the IRIs of its distributions",
    ),
)
"""In the order in which they are made; a check that needs a failed one before it is not made."""
