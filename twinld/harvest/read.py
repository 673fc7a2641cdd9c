"""What a harvester takes from a catalogue: data sets and their files, as plain values."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from typing import Any, Final

import rdflib
from rdflib.namespace import RDF

from twinld.errors import SourceError

DCAT: Final = rdflib.Namespace("http://www.w3.org/ns/dcat#")
_DCT: Final = rdflib.Namespace("http://purl.org/dc/terms/")
_SPDX: Final = rdflib.Namespace("http://spdx.org/rdf/terms#")
_ALGORITHM: Final = re.compile(r"^https?://spdx\.org/rdf/terms#checksumAlgorithm_")
"""SPDX's IRIs begin with http; a table that DCAT-AP publishes asks for https, and some write it so."""
_HYDRA: Final = rdflib.Namespace("http://www.w3.org/ns/hydra/core#")


@dataclass(frozen=True)
class File:
    """A distribution as a harvester sees it; what the catalogue does not say is empty.

    `algorithm` is a name such as "sha256" where the catalogue has SPDX's IRI of it, else what the catalogue has.
    """

    iri: str
    access: tuple[str, ...]
    download: str
    size: str
    checksum: str
    algorithm: str


@dataclass(frozen=True)
class Dataset:
    """A data set as a harvester sees it."""

    iri: str
    identifier: str
    modified: str
    version: str
    files: tuple[File, ...]

    def row(self) -> dict[str, Any]:
        """As a JSON object."""
        return asdict(self)


def next_page(graph: rdflib.Graph) -> str | None:
    """The address of the next page of a catalogue that comes in pages (Hydra), None for none."""
    found = sorted(str(value) for name in (_HYDRA.next, _HYDRA.nextPage) for value in graph.objects(None, name))
    return found[0] if found else None


def datasets(graph: rdflib.Graph) -> list[Dataset]:
    """The data sets of a catalogue, by IRI."""
    found = [_dataset(graph, node) for node in set(graph.subjects(RDF.type, DCAT.Dataset))]
    return sorted(found, key=lambda dataset: dataset.iri)


def _dataset(graph: rdflib.Graph, node: rdflib.term.Node) -> Dataset:
    files = [_file(graph, item) for item in set(graph.objects(node, DCAT.distribution))]
    return Dataset(
        _name(node),
        _text(graph, node, _DCT.identifier),
        _text(graph, node, _DCT.modified),
        _text(graph, node, DCAT.version),
        tuple(sorted(files, key=lambda file: file.iri)),
    )


def _file(graph: rdflib.Graph, node: rdflib.term.Node) -> File:
    checksums = [
        (_text(graph, item, _SPDX.checksumValue).lower(), _ALGORITHM.sub("", _text(graph, item, _SPDX.algorithm)))
        for item in graph.objects(node, _SPDX.checksum)
    ]
    checksum, algorithm = min(checksums, default=("", ""))
    return File(
        _name(node),
        tuple(sorted(str(value) for value in graph.objects(node, DCAT.accessURL))),
        _text(graph, node, DCAT.downloadURL),
        _text(graph, node, DCAT.byteSize),
        checksum,
        algorithm,
    )


def _name(node: rdflib.term.Node) -> str:
    return str(node) if isinstance(node, rdflib.URIRef) else f"_:{node}"


def _text(graph: rdflib.Graph, node: rdflib.term.Node, name: rdflib.URIRef) -> str:
    return min((str(value) for value in graph.objects(node, name)), default="")


def services(graph: rdflib.Graph) -> list[tuple[str, str, bool]]:
    """IRI of each service, an address of it, and whether that is its endpoint or else a description; sorted."""
    found = []
    for node in graph.subjects(RDF.type, DCAT.DataService):
        found += [(_name(node), str(value), True) for value in graph.objects(node, DCAT.endpointURL)]
        found += [(_name(node), str(value), False) for value in graph.objects(node, DCAT.endpointDescription)]
    return sorted(set(found))


def read_state(text: bytes, where: str) -> list[Dataset]:
    """The data sets of a harvest that was kept; SourceError for a file that is none."""
    try:
        document = json.loads(text)
        found = [Dataset(**{**row, "files": tuple(map(_kept, row["files"]))}) for row in document["datasets"]]
        words = [
            value for one in (*found, *(file for row in found for file in row.files)) for value in vars(one).values()
        ]
        if all(isinstance(value, (str, tuple)) for value in words):
            return found
    except (ValueError, TypeError, KeyError, RecursionError):
        pass
    raise SourceError(f"{where}: this is no state of a harvest; name a new file, and it is written")


def _kept(row: dict[str, Any]) -> File:
    """A file as a state has it; states of before know of SHA-256 only."""
    named = {**row, "access": tuple(map(str, row["access"]))}
    if "sha256" in named:
        named["checksum"] = named.pop("sha256")
        named["algorithm"] = "sha256" if named["checksum"] else ""
    return File(**named)


def write_state(found: list[Dataset]) -> str:
    """The data sets of a harvest as JSON, for `read_state`."""
    return json.dumps({"datasets": [dataset.row() for dataset in found]}, ensure_ascii=False, indent=1) + "\n"
