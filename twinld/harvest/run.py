"""Runs the checks of a harvest in their order, and says of each what was found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import rdflib
from rdflib.compare import to_isomorphic

from twinld.errors import SourceError
from twinld.harvest.read import PARSERS, Dataset, File, datasets, next_page, parse, read_state, services, write_state
from twinld.harvest.table import CHECKS, Check
from twinld.harvest.web import ALGORITHMS, Answer, Asks, Web
from twinld.validate.catalogue import check_catalogue

MAX_BYTES: Final = 50_000_000
"""What a harvester of CKAN reads of one address."""
MAX_PAGES: Final = 100
ACCEPT: Final = {"Accept": "text/turtle, application/ld+json;q=0.9, application/rdf+xml;q=0.8"}
FOREIGN: Final = "portal.invalid"
_SHOWN: Final = 5


@dataclass(frozen=True)
class Outcome:
    """What became of a check: `ok` is None when it was not made; `found` is a sentence."""

    check: Check
    ok: bool | None
    found: str


@dataclass
class Harvest:
    """A harvest under way."""

    url: str
    web: Asks
    shapes: Sequence[Path] = ()
    before: list[Dataset] | None = None
    alone: str = "this is the first harvest; give --state or --against"
    answer: Answer | None = None
    graph: rdflib.Graph | None = None
    found: list[Dataset] = field(default_factory=list)
    bodies: dict[tuple[str, str], Answer | str] = field(default_factory=dict)

    def fetched(self, file: File) -> Answer | str:
        """A file, fetched once and hashed by the algorithm of its checksum, if that is known."""
        key = (file.download, file.algorithm if file.algorithm in ALGORITHMS else "sha256")
        if key not in self.bodies:
            self.bodies[key] = self.web.ask(file.download, algorithm=key[1])
        return self.bodies[key]


Found = tuple[list[str], str]
"""What is wrong, and what to say when nothing is."""


def check_harvest(
    url: str, *, shapes: Sequence[Path] = (), state: Path | None = None, against: str = ""
) -> list[Outcome]:
    """All checks of the catalogue at an address, in the order of CHECKS.

    `state` is a file that keeps what was harvested: compared with when it is there, and written anew when all is
    well. `against` is the address of the catalogue of another release to compare with. Raises SourceError for
    a state or shapes that can't be used.
    """
    web = Web()
    work = Harvest(url, web, shapes)
    try:
        if state is not None and state.exists():
            work.before = read_state(state.read_text(encoding="utf-8"), str(state))
        elif against:
            work.before = _other(web, against)
        outcomes = list(_outcomes(work))
    finally:
        web.close()
    if state is not None and all(outcome.ok is not False for outcome in outcomes):
        state.write_text(write_state(work.found), encoding="utf-8")
    return outcomes


def replay(url: str, web: Asks, before: list[Dataset] | None, alone: str) -> list[Outcome]:
    """All checks of the catalogue at an address that `web` asks, after a harvest of `before`; `alone` says why none."""
    return list(_outcomes(Harvest(url, web, before=before, alone=alone)))


def _other(web: Asks, url: str) -> list[Dataset]:
    answer = web.ask(url, headers=ACCEPT, keep=MAX_BYTES)
    graph = parse(answer.text, answer.media_type, url) if isinstance(answer, Answer) and _known(answer) else answer
    if not isinstance(graph, rdflib.Graph):
        raise SourceError(f"{url}: no catalogue to compare with; give the address of another release's catalogue")
    return datasets(graph)


def _known(answer: Answer) -> bool:
    return answer.media_type in PARSERS


def _outcomes(work: Harvest) -> Iterator[Outcome]:
    failed: dict[str, str] = {}  # and the check that was to blame
    for check in CHECKS:
        needs, run = STEPS[check.name]
        missing = next((name for name in needs if name in failed), None)
        if missing is not None:
            failed[check.name] = failed[missing]
            yield Outcome(check, None, f"not checked: {failed[missing]} failed")
            continue
        if check.name == "again" and work.before is None:
            yield Outcome(check, None, f"not checked: {work.alone}")
            continue
        wrong, fine = run(work)
        if wrong:
            failed[check.name] = check.name
            more = f"; and {len(wrong) - _SHOWN} more" if len(wrong) > _SHOWN else ""
            yield Outcome(check, False, "; ".join(wrong[:_SHOWN]) + more)
        else:
            yield Outcome(check, True, fine)


# ------------------------------------------------------------------------------------- the catalogue itself


def _get(work: Harvest) -> Found:
    answer = work.web.ask(work.url, headers=ACCEPT, keep=MAX_BYTES + 1)
    if isinstance(answer, str):
        return [answer], ""
    work.answer = answer
    return ([f"status {answer.status}"] if answer.status != 200 else []), f"{answer.length:,} bytes"


def _head(work: Harvest) -> Found:
    get, head = _got(work), work.web.ask(work.url, "HEAD", ACCEPT, keep=1)
    if isinstance(head, str):
        return [head], ""
    if head.status in {400, 405}:
        return [], f"refused with {head.status}; harvesters then send GET"
    if head.status != 200:
        return [f"HEAD gives status {head.status}"], ""
    wrong = [
        f"HEAD says {name} {head.headers.get(name)!r}, GET says {get.headers.get(name)!r}"
        for name in ("content-type", "content-length")
        if head.headers.get(name, get.headers.get(name)) != get.headers.get(name)
    ]
    return wrong, "the same headers"


def _content_type(work: Harvest) -> Found:
    answer = _got(work)
    wrong = [] if _known(answer) else [f"the Content-Type is {answer.headers.get('content-type') or 'not given'!r}"]
    return wrong, answer.media_type


def _size(work: Harvest) -> Found:
    length = _got(work).length
    return ([f"{length:,} bytes"] if length > MAX_BYTES else []), f"{length:,} bytes"


def _parses(work: Harvest) -> Found:
    answer = _got(work)
    graph = parse(answer.text, answer.media_type, work.url)
    if isinstance(graph, str):
        return [graph], ""
    work.graph = graph
    return ([] if len(graph) else ["it holds no triple"]), f"{len(graph):,} triples"


def _paging(work: Harvest) -> Found:
    """Follow the pages, as a harvester does, and gather what they say."""
    whole = _graph(work)
    seen, url = {work.url}, next_page(whole)
    while url is not None:
        if url in seen:
            return [f"page {url} leads back to a page that was there before"], ""
        if len(seen) >= MAX_PAGES:
            return [f"there are more than {MAX_PAGES} pages"], ""
        seen.add(url)
        answer = work.web.ask(url, headers=ACCEPT, keep=MAX_BYTES)
        page = parse(answer.text, answer.media_type, url) if isinstance(answer, Answer) and _known(answer) else answer
        if not isinstance(page, rdflib.Graph):
            return [f"page {url} cannot be read"], ""
        whole += page
        url = next_page(page)
    return [], f"{len(seen)} page{'s' if len(seen) > 1 else ''}"


def _one_dataset(work: Harvest) -> Found:
    work.found = datasets(_graph(work))
    names = ", ".join(dataset.iri for dataset in work.found[:3])
    return ([f"{len(work.found)} data sets: {names}"] if len(work.found) != 1 else []), names


def _shapes(work: Harvest) -> Found:
    return check_catalogue(_graph(work), work.shapes), "all kept"


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
    answer = work.web.ask(work.url, headers={**ACCEPT, "Host": FOREIGN}, keep=MAX_BYTES)
    if isinstance(answer, str):
        return [answer], ""
    if answer.status in {400, 403, 404, 421}:
        return [], f"refused with {answer.status}"
    found = parse(answer.text, answer.media_type, work.url) if _known(answer) else answer.media_type
    if not isinstance(found, rdflib.Graph):
        return [f"with Host: {FOREIGN} the answer is no catalogue (status {answer.status})"], ""
    names = {str(term) for triple in found for term in triple if FOREIGN in str(term)}
    if names:
        return [f"with Host: {FOREIGN} it names <{min(names)}>"], ""
    return ([] if _same(found, _first(work)) else [f"with Host: {FOREIGN} it is another catalogue"]), "the same"


def _same_answer(work: Harvest) -> Found:
    answer = work.web.ask(work.url, headers=ACCEPT, keep=MAX_BYTES)
    graph = parse(answer.text, answer.media_type, work.url) if isinstance(answer, Answer) and _known(answer) else None
    if not isinstance(graph, rdflib.Graph):
        return ["the second answer cannot be read"], ""
    return ([] if _same(graph, _first(work)) else ["the second answer differs from the first"]), "the same"


def _conditional(work: Harvest) -> Found:
    answer = _got(work)
    tag, modified = answer.headers.get("etag"), answer.headers.get("last-modified")
    if tag is None and modified is None:
        return ["neither ETag nor Last-Modified is sent"], ""
    condition = {"If-None-Match": tag} if tag is not None else {"If-Modified-Since": modified or ""}
    again = work.web.ask(work.url, headers={**ACCEPT, **condition}, keep=1)
    status = again if isinstance(again, str) else again.status
    return ([f"{next(iter(condition))} is answered with {status}"] if status != 304 else []), "304"


# --------------------------------------------------------------------------------------- what it leads to


def _downloads(work: Harvest) -> Found:
    wrong, total = [], 0
    for file in _files(work):
        answer = work.fetched(file) if file.download else "no download URL"
        if isinstance(answer, str) or answer.status != 200:
            wrong.append(f"{file.download or file.iri}: {answer if isinstance(answer, str) else answer.status}")
        else:
            total += answer.length
    return wrong, f"{len(_files(work))} files, {total:,} bytes"


def _lengths(work: Harvest) -> Found:
    wrong = []
    for file in _files(work):
        answer = work.fetched(file)
        if isinstance(answer, Answer) and answer.status == 200 and file.size != str(answer.length):
            wrong.append(f"{file.download}: {answer.length:,} bytes came, the catalogue says {file.size or 'nothing'}")
    return wrong, "all right"


def _checksums(work: Harvest) -> Found:
    wrong = []
    for file in _files(work):
        answer = work.fetched(file)
        if file.checksum and file.algorithm not in ALGORITHMS:
            known = ", ".join(ALGORITHMS)
            wrong.append(f"{file.download}: the algorithm is {file.algorithm or 'not named'} (known are {known})")
        elif isinstance(answer, Answer) and answer.status == 200 and file.checksum != answer.digest:
            name, length = ALGORITHMS[file.algorithm or "sha256"], len(answer.digest)
            digits = f", which has {len(file.checksum)} digits and not {length}"
            says = f"{file.checksum[:12]}…{digits if len(file.checksum) != length else ''}" if file.checksum else "none"
            wrong.append(f"{file.download}: {name} {answer.digest[:12]}…, the catalogue says {says}")
    return wrong, "all right"


def _access(work: Harvest) -> Found:
    wrong = []
    for file in _files(work):
        for url in file.access or ("",):
            head = work.web.ask(url, "HEAD", keep=1) if url else "no access URL"
            if isinstance(head, str) or head.status != 200:
                wrong.append(f"{url or file.iri}: {head if isinstance(head, str) else head.status}")
            elif (length := head.headers.get("content-length")) is not None and file.size not in {"", length}:
                wrong.append(f"{url}: {int(length):,} bytes, the catalogue says {file.size}")
    return wrong, "all answer"


def _services(work: Harvest) -> Found:
    wrong = []
    found = services(_graph(work))
    for _, url, endpoint in found:
        answer = work.web.ask(url, "HEAD" if endpoint else "GET", keep=1)
        if isinstance(answer, str) or answer.status not in ({200, 400, 405} if endpoint else {200}):
            wrong.append(f"{url}: {answer if isinstance(answer, str) else answer.status}")
    return wrong, f"{len({iri for iri, _, _ in found})} services"


def _again(work: Harvest) -> Found:
    """What a portal would do with this harvest after the one before."""
    before = {dataset.identifier or dataset.iri: dataset for dataset in work.before or []}
    now = {dataset.identifier or dataset.iri: dataset for dataset in work.found}
    new, removed = sorted(now.keys() - before.keys()), sorted(before.keys() - now.keys())
    updated = [name for name in now.keys() & before.keys() if now[name] != before[name]]
    wrong = [f"a new data set {name}" for name in new] + [f"the data set {name} is removed" for name in removed]
    for name in now.keys() & before.keys():
        if now[name].iri != before[name].iri:
            wrong.append(f"the data set <{before[name].iri}> is now <{now[name].iri}>")
        gone = {file.iri for file in before[name].files} - {file.iri for file in now[name].files}
        wrong += [f"the distribution <{iri}> is removed" for iri in sorted(gone)]
        if name in updated and now[name].version == before[name].version:
            wrong.append(f"it changed and the release is still {now[name].version or 'not named'}")
    return wrong, f"{len(new)} new, {len(removed)} removed, {len(updated)} updated"


def _got(work: Harvest) -> Answer:
    if work.answer is None:
        raise AssertionError("get comes first")
    return work.answer


def _graph(work: Harvest) -> rdflib.Graph:
    if work.graph is None:
        raise AssertionError("parses comes first")
    return work.graph


def _first(work: Harvest) -> rdflib.Graph:
    """The first page again, without what later pages added."""
    answer = _got(work)
    graph = parse(answer.text, answer.media_type, work.url)
    return graph if isinstance(graph, rdflib.Graph) else _graph(work)


def _files(work: Harvest) -> list[File]:
    return [file for dataset in work.found for file in dataset.files]


def _same(one: rdflib.Graph, other: rdflib.Graph) -> bool:
    return set(one) == set(other) or to_isomorphic(one) == to_isomorphic(other)


STEPS: Final[dict[str, tuple[tuple[str, ...], Callable[[Harvest], Found]]]] = {
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
    "downloads": (("parses",), _downloads),
    "lengths": (("parses",), _lengths),
    "checksums": (("parses",), _checksums),
    "access": (("parses",), _access),
    "services": (("parses",), _services),
    "again": (("parses",), _again),
}
"""Each check by its name: the checks that it needs, and what makes it."""
