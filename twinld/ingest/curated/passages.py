"""`sources.csv` and `passages.csv`: pages and documents, and what exactly they say where."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from twinld.dates import partial_date
from twinld.errors import SourceError, nearest
from twinld.ingest.curated.tables import DAY, NAME, URL, Rows, like, one_of
from twinld.ingest.curated.words import Words
from twinld.iris import record_iri, record_key
from twinld.model import VERDICTS, Finding, Source, SourceRecord, Verdict
from twinld.vocab import CC0

NO_FACTS: Final = ("refuted", "opinion", "unverified")
"""What a passage of such a verdict says never becomes a fact."""
PAGES: Final = "pages"
"""The graph of the records of all web pages."""
CONTRIBUTED: Final = "contributed"
"""The source of rows whose page is none of `sources.csv`."""
IN_COPYRIGHT: Final = "http://rightsstatements.org/vocab/InC/1.0/"

_SHA256: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_TAG: Final = re.compile(r"[a-z]{2,8}(-[a-z0-9]{1,8})*", re.ASCII)
_ID: Final = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*", re.ASCII)


@dataclass(frozen=True)
class Passage:
    """What a source says in one place: its words, where they stand, and the project's verdict on them.

    `names` are the IRIs, as terms, of what the passage names. `where` is "file:line".
    """

    id: str
    source: str
    where: str
    quote: str
    offset: int | None
    verdict: str
    reason: str
    names: tuple[str, ...]
    read_on: str | None = None

    @property
    def key(self) -> str:
        """The key of its record."""
        return record_key(self.id)

    @property
    def record(self) -> str:
        """The IRI of its record, as a term."""
        return f"<{record_iri(self.source, self.key)}>"

    @property
    def locator(self) -> str:
        """Where it stands in the source, in words."""
        return self.id if self.offset is None else f"character {self.offset}"

    def source_record(self, record_of: str | None = None) -> SourceRecord:
        """Its record, resolved to the thing of the IRI `record_of`."""
        return SourceRecord(
            self.source, self.key, self.locator, record_of,
            quote=self.quote or None, offset=self.offset, read_on=self.read_on,
        )  # fmt: skip

    def judged(self, read_on: str) -> Verdict | None:
        """The verdict on it; None when it is accepted, which goes without saying."""
        if self.verdict == "accepted":
            return None
        return Verdict(self.source, self.key, self.verdict, self.source, self.reason, read_on)


def contributed() -> Source:
    """The source of rows typed from pages that have no row of their own."""
    return Source(
        CONTRIBUTED, "Agreements typed by contributors", "twinld contributors", "https://w3id.org/twinld/", CC0, "",
        partial_date("2026"), "Single agreements typed from the pages that their records name.", 25,
        directed=False, family=PAGES,
    )  # fmt: skip


def sources(rows: Rows) -> tuple[dict[str, Source], dict[str, str], dict[str, str]]:
    """The sources of `sources.csv` by name, the name of each by its address, and the files of the documents."""
    found: dict[str, Source] = {}
    by_url: dict[str, str] = {}
    files: dict[str, str] = {}
    for where, cells in rows.read("sources.csv"):
        try:
            source = _source(cells)
        except ValueError as error:
            rows.refuse(where, str(error), cells["name"])
            continue
        if source.name in found:
            rows.refuse(where, f"{source.name} stands twice; write each source once", source.name)
            continue
        found[source.name] = source
        by_url.setdefault(cells["url"], source.name)
        if cells["file"]:
            files[source.name] = cells["file"]
    return found, by_url, files


def _source(cells: dict[str, str]) -> Source:
    name = like("name", cells["name"], NAME, "city-of-boston")
    kind = one_of("class", cells["class"], ("Document", "WebPage"))
    url = like("url", cells["url"], URL, "https://example.org/page")
    if kind == "Document":
        like("sha256", cells["sha256"], _SHA256, "the SHA-256 of the document's bytes, 64 hexadecimal digits")
        if not (cells["file"] and cells["licence"] and cells["rights"]):
            raise ValueError("a document without file, licence or rights; write all three")
        licence, family = like("licence", cells["licence"], URL, CC0), ""
    else:
        licence, family = CC0, PAGES
    if not cells["title"]:
        raise ValueError("there is no title; write one")
    read_on = like("read_on", cells["read_on"], DAY, "2026-01-31")
    if not re.fullmatch(r"\d{1,3}", cells["rank"], re.ASCII):
        raise ValueError(f"rank {cells['rank']!r} is not a number; the source of the lowest is shown (wikidata: 10 up)")
    return Source(
        name, cells["title"], cells["publisher"], url, licence, "", partial_date(read_on), "", int(cells["rank"]),
        directed=False, kind=kind, quoted=kind == "Document", rights=cells["rights"], family=family,
        issued=partial_date(cells["issued"]) if cells["issued"] else None, sha256=cells["sha256"],
        language=like("language", cells["language"], _TAG, "en, zh-hant or und"),
    )  # fmt: skip


def passages(rows: Rows, known: dict[str, Source], words: Words) -> dict[str, Passage]:
    """The passages by id."""
    found: dict[str, Passage] = {}
    for where, cells in rows.read("passages.csv"):
        try:
            passage = _passage(where, cells, known, words)
        except ValueError as error:
            rows.refuse(where, str(error), cells["id"])
            continue
        if passage.id in found:
            rows.refuse(where, f"{passage.id} stands twice; give the second passage an id of its own", passage.id)
            continue
        found[passage.id] = passage
    return found


def _passage(where: str, cells: dict[str, str], known: dict[str, Source], words: Words) -> Passage:
    like("id", cells["id"], _ID, "S000-01")
    source = known[one_of("source", cells["source"], known)]
    if not cells["verdict"]:
        raise ValueError(f"the row names no verdict; write one of {', '.join(VERDICTS)}")
    verdict = one_of("verdict", cells["verdict"], VERDICTS)
    if verdict != "accepted" and not cells["reason"]:
        raise ValueError(f"verdict {verdict} without a reason; say why")
    offset = None
    if cells["offset"]:
        if not cells["offset"].isascii() or not cells["offset"].isdigit():
            raise ValueError(f"offset {cells['offset']!r} is not a number; write the character the quote starts at")
        offset = int(cells["offset"])
    if source.kind == "Document" and (not cells["quote"] or offset is None):
        raise ValueError("a passage of a document without quote or offset; write both")
    names = tuple(words.thing(name) for name in cells["names"].split())
    read_on = source.extracted.edtf if source.kind == "WebPage" else None
    return Passage(cells["id"], source.name, where, cells["quote"], offset, verdict, cells["reason"], names, read_on)


def check_quotes(
    found: Collection[Passage],
    known: dict[str, Source],
    files: dict[str, str],
    documents: Path | None,
    refuse: Callable[[str, str, str], None],
) -> list[Finding]:
    """Compare every quote with its document, if the documents are in the folder `documents`.

    What differs is refused with the offset that would be right. Documents that aren't there are told as Info:
    their quotes were not checked.
    """
    told: list[Finding] = []
    for name, file in sorted(files.items()):
        of_it = [passage for passage in found if passage.source == name]
        path = documents / file if documents is not None else None
        if path is None or not path.is_file():
            where = f" in {documents}" if documents is not None else ""
            message = f"{file} was not found{where}: {len(of_it)} quotes not checked; give --documents FOLDER"
            told.append(Finding("C02", "Info", "curated", name, message, "curated/sources.csv"))
            continue
        raw = path.read_bytes()
        digest = hashlib.sha256(raw).hexdigest()
        if digest != known[name].sha256:
            refuse("curated/sources.csv", f"{file} is another file (sha256 {digest}); get the one of the row", name)
            continue
        try:
            document = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            raise SourceError(f"{path}: byte {error.start} is not UTF-8") from None
        for passage in of_it:
            _check_quote(passage, document, file, refuse)
    return told


def _check_quote(passage: Passage, document: str, file: str, refuse: Callable[[str, str, str], None]) -> None:
    offset = passage.offset or 0
    if document[offset : offset + len(passage.quote)] == passage.quote:
        return
    at = document.find(passage.quote)
    if at >= 0:
        refuse(passage.where, f"the quote stands at character {at} of {file}, not at {offset}; write {at}", passage.id)
        return
    words = re.findall(r"\w+", passage.quote)
    start = next((i for i in range(len(words), 2, -1) if " ".join(words[:i]) in document), 0)
    hint = f'; the document goes on otherwise after "{" ".join(words[:start])}"' if start else ""
    refuse(passage.where, f"the quote is not in {file}{hint}; copy the exact words", passage.id)


def passage_of(name: str, found: dict[str, Passage]) -> Passage:
    """The passage of an id; ValueError with the nearest."""
    if name not in found:
        raise ValueError(f"passage {name!r} is none of passages.csv; {nearest(name, found, 'passages')}")
    return found[name]
