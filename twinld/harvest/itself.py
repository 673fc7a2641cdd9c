"""The checks of the catalogue itself, as a harvester meets it: its answers, its text, its IRIs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import rdflib

from twinld.errors import SourceError
from twinld.harvest.graph import broken_shapes, ill_typed, likeness
from twinld.harvest.read import datasets, next_page
from twinld.harvest.web import Answer
from twinld.harvest.work import ACCEPT, MAX_BYTES, Found, Harvest
from twinld.store.foreign import FOREIGN_TYPES, MAX_TRIPLES

MAX_PAGES: Final = 100
FOREIGN: Final = "portal.invalid"


def _get(work: Harvest) -> Found:
    answer = work.catalogue(work.url)
    if isinstance(answer, str):
        return [answer], ""
    work.answer = answer
    return ([f"status {answer.status}"] if answer.status != 200 else []), _length(answer)


def _length(answer: Answer) -> str:
    return f"more than {MAX_BYTES:,} bytes" if answer.length > MAX_BYTES else f"{answer.length:,} bytes"


def _head(work: Harvest) -> Found:
    get, head = work.got(), work.web.ask(work.url, "HEAD", ACCEPT, keep=1)
    if isinstance(head, str):
        return [head], ""
    if head.status in {400, 405}:
        return [], f"refused with {head.status}; harvesters then send GET"
    if head.status != 200:
        return [f"HEAD gives status {head.status}"], ""
    wrong = [
        f"HEAD says {name} {head.headers[name]!r}, GET says {get.headers.get(name)!r}"
        for name in ("content-type", "content-length")
        if name in head.headers and head.headers[name] != get.headers.get(name)
    ]
    if "content-type" in get.headers and "content-type" not in head.headers:  # a length may be left out (RFC 9110, 8.6)
        wrong.append(f"HEAD says no content-type, GET says {get.headers['content-type']!r}")
    return wrong, "the same headers"


def _content_type(work: Harvest) -> Found:
    answer = work.got()
    said = answer.headers.get("content-type") or "not given"
    return ([] if answer.media_type in FOREIGN_TYPES else [f"the Content-Type is {said!r}"]), answer.media_type


def _size(work: Harvest) -> Found:
    answer = work.got()
    return ([_length(answer)] if answer.length > MAX_BYTES else []), _length(answer)


def _parses(work: Harvest) -> Found:
    graph = work.read(work.got(), work.url)
    if isinstance(graph, str):
        return [graph], ""
    if not len(graph):
        return ["it holds no triple"], ""
    work.first = work.graph = graph
    return ill_typed(graph), f"{len(graph):,} triples"


def _paging(work: Harvest) -> Found:
    """Follow the pages, as a harvester does, and gather what they say."""
    whole = rdflib.Graph()
    whole += work.start()
    seen, url = {work.url}, next_page(whole)
    while url is not None:
        if url in seen:
            return [f"page {url} leads back to a page that was there before"], ""
        if len(seen) >= MAX_PAGES:
            return [f"there are more than {MAX_PAGES} pages"], ""
        seen.add(url)
        answer = work.catalogue(url)
        page = work.read(answer, url) if isinstance(answer, Answer) else answer
        if isinstance(page, str):
            return [f"page {url} cannot be read: {page}"], ""
        whole += page
        if len(whole) > MAX_TRIPLES:
            return [f"the pages hold more than {MAX_TRIPLES:,} triples"], ""
        url = next_page(page)
    work.graph = whole
    return [], f"{len(seen)} page{'s' if len(seen) > 1 else ''}"


def _one_dataset(work: Harvest) -> Found:
    work.found = datasets(work.whole())
    names = ", ".join(dataset.iri for dataset in work.found[:3])
    return ([f"{len(work.found)} data sets{names and f': {names}'}"] if len(work.found) != 1 else []), names


def _shapes(work: Harvest) -> Found:
    try:
        return broken_shapes(work.whole(), work.shapes, max(work.left_s, 1)), "all kept"
    except SourceError as error:
        if work.shapes and not str(error).startswith("the catalogue"):  # a file that was given is no good
            raise
        return [str(error)], ""


def _stable_iris(work: Harvest) -> Found:
    wrong = []
    for dataset in work.found:
        for what, iri in (("data set", dataset.iri), *(("distribution", file.iri) for file in dataset.files)):
            if iri.startswith("_:"):
                wrong.append(f"a {what} is a blank node")
            elif dataset.version and dataset.version in iri:
                wrong.append(f"the {what} <{iri}> holds the release {dataset.version}")
        if dataset.version and dataset.version in dataset.identifier:
            wrong.append(f"the identifier {dataset.identifier!r} holds the release {dataset.version}")
    return wrong, f"{sum(len(dataset.files) for dataset in work.found)} files"


def _foreign_host(work: Harvest) -> Found:
    answer = work.catalogue(work.url, FOREIGN)
    if isinstance(answer, str):
        return [answer], ""
    if answer.status in {400, 403, 404, 421}:
        return [], f"refused with {answer.status}"
    found = work.read(answer, work.url)
    if isinstance(found, str):
        return [f"with Host: {FOREIGN} the answer is no catalogue (status {answer.status})"], ""
    names = {str(term) for triple in found for term in triple if FOREIGN in str(term)}
    if names:
        return [f"with Host: {FOREIGN} it names <{min(names)}>"], ""
    same = likeness(found, work.start())
    return ([] if same else [f"with Host: {FOREIGN} it is another catalogue"]), same


def _same_answer(work: Harvest) -> Found:
    answer = work.catalogue(work.url)
    graph = work.read(answer, work.url) if isinstance(answer, Answer) else answer
    if isinstance(graph, str):
        return [f"the second answer cannot be read: {graph}"], ""
    same = likeness(graph, work.start())
    return ([] if same else ["the second answer differs from the first"]), same


def _conditional(work: Harvest) -> Found:
    answer = work.got()
    tag, modified = answer.headers.get("etag"), answer.headers.get("last-modified")
    if tag is None and modified is None:
        return ["neither ETag nor Last-Modified is sent"], ""
    condition = {"If-None-Match": tag} if tag is not None else {"If-Modified-Since": modified or ""}
    again = work.web.ask(work.url, headers={**ACCEPT, **condition}, keep=1)
    status = again if isinstance(again, str) else again.status
    return ([f"{next(iter(condition))} is answered with {status}"] if status != 304 else []), "304"


ITSELF: Final[dict[str, tuple[tuple[str, ...], Callable[[Harvest], Found]]]] = {
    "get": ((), _get),
    "head": (("get",), _head),
    "content-type": (("get",), _content_type),
    "size": (("get",), _size),
    "parses": (("content-type", "size"), _parses),
    "paging": (("parses",), _paging),
    "one dataset": (("parses",), _one_dataset),
    "shapes": (("parses",), _shapes),
    "stable iris": (("parses",), _stable_iris),
    "foreign host": (("parses",), _foreign_host),
    "same answer": (("parses",), _same_answer),
    "conditional get": (("get",), _conditional),
}
"""Each check by its name: the checks that it needs, and what makes it."""
