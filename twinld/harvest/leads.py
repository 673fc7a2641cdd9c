"""The checks of what a catalogue leads to: its files, its services, and the harvest after it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from twinld.harvest.read import services
from twinld.harvest.web import ALGORITHMS, Answer
from twinld.harvest.work import Found, Harvest


def _downloads(work: Harvest) -> Found:
    wrong, total = [], 0
    for file in work.files():
        answer = work.fetched(file) if file.download else "no download URL"
        if isinstance(answer, str) or answer.status != 200:
            wrong.append(f"{file.download or file.iri}: {answer if isinstance(answer, str) else answer.status}")
        else:
            total += answer.length
    return wrong, f"{len(work.files())} files, {total:,} bytes"


def _lengths(work: Harvest) -> Found:
    wrong = []
    for file in work.files():
        answer = work.fetched(file)
        if isinstance(answer, Answer) and answer.status == 200 and file.size != str(answer.length):
            wrong.append(f"{file.download}: {answer.length:,} bytes came, the catalogue says {file.size or 'nothing'}")
    return wrong, "all right"


def _checksums(work: Harvest) -> Found:
    wrong = []
    for file in work.files():
        answer = work.fetched(file)
        if file.checksum and file.algorithm not in ALGORITHMS:
            known = ", ".join(ALGORITHMS)
            wrong.append(f"{file.download}: the algorithm is {file.algorithm or 'not named'} (known are {known})")
        elif isinstance(answer, Answer) and answer.status == 200 and file.checksum != answer.digest:
            name, length = ALGORITHMS.get(file.algorithm, "SHA-256"), len(answer.digest)
            digits = f", which has {len(file.checksum)} digits and not {length}"
            says = f"{file.checksum[:12]}…{digits if len(file.checksum) != length else ''}" if file.checksum else "none"
            wrong.append(f"{file.download}: {name} {answer.digest[:12]}…, the catalogue says {says}")
    return wrong, "all right"


def _access(work: Harvest) -> Found:
    wrong = []
    for file in work.files():
        for url in file.access or ("",):
            head = _headers(work, url) if url else "no access URL"
            if isinstance(head, str) or head.status != 200:
                wrong.append(f"{url or file.iri}: {head if isinstance(head, str) else head.status}")
            elif (length := head.headers.get("content-length")) is not None and file.size not in {"", length}:
                said = (
                    f"{int(length):,} bytes" if length.isdecimal() and len(length) < 20 else f"a length of {length!r}"
                )
                wrong.append(f"{url}: {said}, the catalogue says {file.size}")
    return wrong, "all answer"


def _headers(work: Harvest, url: str) -> Answer | str:
    """What HEAD answers, or GET where HEAD is refused."""
    head = work.web.ask(url, "HEAD", keep=1)
    refused = isinstance(head, Answer) and head.status in {400, 405, 501}
    return work.web.ask(url, keep=1) if refused else head


def _services(work: Harvest) -> Found:
    wrong = []
    found = services(work.whole())
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


LEADS: Final[dict[str, tuple[tuple[str, ...], Callable[[Harvest], Found]]]] = {
    "downloads": (("parses",), _downloads),
    "lengths": (("parses",), _lengths),
    "checksums": (("parses",), _checksums),
    "access": (("parses",), _access),
    "services": (("parses",), _services),
    "again": (("parses",), _again),
}
"""Each check by its name: the checks that it needs, and what makes it."""
