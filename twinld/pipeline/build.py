"""Building a release: every stage once, in order, each owning its graphs."""

from __future__ import annotations

import gc
import json
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import twinld
from twinld import ingest
from twinld.errors import LockedError, ReleaseError, UsageError
from twinld.files import checkout, folder
from twinld.ingest.curated import Curated, read_curated
from twinld.iris import Ledger, Row, Wish
from twinld.model import Finding, PlaceFacts, Record, Source, Statement
from twinld.pipeline.conflicts import write_conflicts
from twinld.pipeline.counted import shrunk
from twinld.pipeline.curated import join, stop_at_faults
from twinld.pipeline.finish import finish_release, publish, recover
from twinld.pipeline.graphs import plan, release_triples
from twinld.pipeline.inputs import folder_hash, input_hash
from twinld.pipeline.ledger_files import HEADER, clear_half_ledgers, ledger_hash, replace_ledger, write_ledger
from twinld.pipeline.lost import lost_ids, settle, write_lost
from twinld.pipeline.manifest import counts, finding_rows, source_rows
from twinld.pipeline.options import BuildOptions, BuildResult, Stage, Watch
from twinld.pipeline.publisher import check_metadata, publisher_rows
from twinld.pipeline.quality import write_quality
from twinld.pipeline.quarantine import records_behind
from twinld.pipeline.review import write_review
from twinld.pipeline.search_index import write_search
from twinld.pipeline.unpublished import unpublished_files, unpublished_folders
from twinld.pipeline.worklists import write_worklists
from twinld.publish import faults
from twinld.publish.addresses import write_addresses
from twinld.publish.dumps import DumpFile, read_context, write_dumps
from twinld.publish.lines import GraphFile, merge_graphs, scan_files, write_graph
from twinld.publish.release import builder_lock, find_release, folder_lock, read_manifest, workplace
from twinld.publish.seal import check_sizes
from twinld.resolve import Decisions, Resolution, resolve
from twinld.store import open_store
from twinld.store.oxigraph import bulk_load
from twinld.validate import Report, check_store
from twinld.validate.records import check_records
from twinld.vocab import BASE, CC0, DEFAULT_GRAPHS, RELEASE, rebase


@dataclass
class _Build:
    options: BuildOptions
    data: Path
    folders: dict[str, Path]
    watch: Watch
    whole: bool = True
    """Whether all publishable sources are built: only then may an id be missed."""
    unpublished: tuple[str, ...] = ()
    """The sources that may not be published: their release has no dumps, and says so."""
    sources: dict[str, Source] = field(default_factory=dict)
    curated: Curated = field(default_factory=Curated)
    findings: list[Finding] = field(default_factory=list)
    rows: Counter[str] = field(default_factory=Counter)
    lost: list[Row] = field(default_factory=list)

    @property
    def appends(self) -> bool:
        """Whether new ids go to the data folder's own ledger: a whole build in a checkout."""
        root = checkout()
        here = root is not None and self.data.resolve() == (root / "data").resolve()
        return self.whole and here and self.options.base == BASE and not self.unpublished

    @contextmanager
    def stage(self, name: str, unit: str) -> Iterator[Callable[[int], None]]:
        """Time a stage, and tell the watcher when it is done."""
        self.watch(Stage(name, unit))
        started = time.perf_counter()
        counted = [0]

        def count(number: int) -> None:
            counted[0] = number

        yield count
        self.watch(Stage(name, unit, counted[0], time.perf_counter() - started))


def build(options: BuildOptions, watch: Watch = lambda _: None) -> BuildResult:
    """Make a release and switch it in; `watch` is told of every stage when it is done.

    Nothing is written but below `options.out` and, in a whole build of a checkout, at the end of the ledger
    `data/ids.csv`. Raises SourceError for input that cannot be used, FindingsError for a Violation in data
    edited by hand, LockedError while another build runs, ReleaseError when a disk is full or an id is lost;
    the release that was current stays current.
    """
    data = options.data or folder("data")
    files, chosen = unpublished_files(options.sources, options.out)
    folders = ingest.choose_sources(data, chosen)
    work = _Build(options, data, folders, watch, whole=not chosen, unpublished=tuple(sorted(files)))
    try:
        with (
            _locked_folder(options.out),
            folder_lock(data, extend=work.appends),
            unpublished_folders(options.out, files) as more,
        ):
            work.folders |= more
            return _locked(work)
    except LockedError:
        done = None if files else _done_already(work)  # whoever only looks need not wait for a builder
        if done is None:
            raise
        return done


def _locked(work: _Build) -> BuildResult:
    """What `build` does while nobody else builds there."""
    options = work.options
    with _disk(options.out):
        recover(options.out, options.keep)
        clear_half_ledgers(work.data / "ids.csv", options.out / "ids.csv")
    done = _done_already(work)
    if done is not None:
        return done
    with _disk(options.out), workplace(options.out) as place, _without_cycle_search():
        return _make(work, place, _digest(work))


@contextmanager
def _locked_folder(out: Path) -> Iterator[None]:
    """The lock of the build folder; one that cannot be written to is told before anything is read."""
    with ExitStack() as stack:
        with _disk(out):
            stack.enter_context(builder_lock(out))
        yield


@contextmanager
def _disk(out: Path) -> Iterator[None]:
    """A full disk or the like is told as a release that was not made."""
    try:
        yield
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        raise ReleaseError(
            f"{out}: {error.strerror or error}{where}; the release was not made, the last one stays"
        ) from error


def _digest(work: _Build) -> str:
    options = work.options
    said = filter(None, (options.publisher, options.publisher_iri, options.contact))
    chosen = (options.base, options.date or "", twinld.__version__, *sorted(options.sources), *said)
    return input_hash(work.data, (folder("ontology"), folder("shapes")), work.folders, chosen)


def _done_already(work: _Build) -> BuildResult | None:
    """The current release, when building would only make it again."""
    if work.options.force:
        return None
    return _unchanged(work.options.out, _digest(work), ledger_hash(work.data, work.options.out))


@contextmanager
def _without_cycle_search() -> Iterator[None]:
    """No search for reference cycles: a build makes millions of objects and no cycles (saves 2 of 60 CPU seconds)."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _unchanged(out: Path, digest: str, ledger: str) -> BuildResult | None:
    try:
        current = find_release(out)
        manifest = read_manifest(current)
        check_sizes(current)
    except (UsageError, ReleaseError):
        return None
    return (
        BuildResult(current, manifest, False)
        if (manifest.get("input"), manifest.get("ledger")) == (digest, ledger)
        else None
    )


def _make(work: _Build, place: Path, digest: str) -> BuildResult:
    records = _read(work)
    faults.hit("build.read")
    day = work.options.date or _newest([work.sources[name] for name in work.folders])
    identifier = f"{day}{'' if work.whole else '-part'}{'-unpublished' if work.unpublished else ''}"
    with work.stage("check", "records") as count:
        good, found = check_records(records)
        work.findings += found
        work.rows = Counter(record.source for record in good)
        count(len(records))
    decisions = Decisions.read(work.data, set(ingest.source_folders(work.data)) | set(work.sources))
    ledger_path, extra_path = work.data / "ids.csv", work.options.out / "ids.csv"
    quarantined: set[tuple[str, str]] = set()
    while True:
        ledger = Ledger.read(*((ledger_path,) if work.appends else (ledger_path, extra_path)))
        with work.stage("resolve", "records") as count:
            kept = [record for record in good if (record.source, record.key) not in quarantined]
            resolution = resolve(kept, work.sources, decisions, ledger, day)
            ledger.mint("source", (Wish(name, name) for name in work.sources), day)
            things = join(resolution, work.curated, ledger, day)
            count(len(kept))
        if work.whole:
            violated = any(f.severity == "Violation" for f in (*work.findings, *resolution.findings))
            work.lost = lost_ids(ledger, resolution, work.sources, things)
            work.findings += settle(
                ledger, work.lost, day, retire=work.options.retire, fails=work.appends, violated=violated
            )
        graphs, default = _write_graphs(work, place, resolution, day, identifier)
        report = _load_and_validate(work, place, graphs, default)
        bad = records_behind(report, resolution, work.sources)
        if not bad:
            break
        quarantined |= set(bad)
        where = {(record.source, record.key): record.where for record in good}
        work.findings += [
            replace(finding, source=source, focus=key, where=where[source, key], value=finding.focus)
            for (source, key), finding in bad.items()
        ]
        shutil.rmtree(place / "store")
    before = _manifest_before(work)
    work.findings += shrunk(before, work.rows, work.sources) if work.whole else []
    findings = sorted({*work.findings, *resolution.findings, *report.findings})
    dumps = [] if work.unpublished else _write_dumps(work, place, graphs, default, (identifier, day))
    write_addresses(place, graphs, work.options.base)
    with work.stage("worklists", "rows") as count:
        out = place / "contribute"
        count(write_worklists(place / "store", graphs, work.data, out, day, work.options.base))
    with work.stage("search", "things") as count:
        index, number = write_search(place, graphs, work.options.base)
        count(number)
    own = ledger_path if work.appends else extra_path
    after = (own.read_text(encoding="utf-8") if own.exists() else HEADER) + ledger.text()
    manifest: dict[str, Any] = {
        "ledger": ledger_hash(work.data, work.options.out, {own: after} if ledger.new else {}),
        "id": identifier,
        "date": day,
        "version": twinld.__version__,
        "base": work.options.base,
        "input": digest,
        "counts": counts(resolution, work.sources, graphs, default),
        "graphs": [{"iri": graph.iri, "triples": graph.count, "licence": graph.licence} for graph in graphs],
        "files": [dump.row() for dump in dumps],
        "search": index,
        "sources": source_rows(work.sources, work.folders, work.rows, resolution, findings),
        "findings": finding_rows(findings),
        **publisher_rows(work.options.publisher, work.options.publisher_iri, work.options.contact),
    }
    if not work.unpublished:
        check_metadata(manifest, identifier)
    (place / "reports").mkdir()
    compared = write_conflicts(place / "reports", resolution, work.sources)
    write_review(place / "reports" / "review.csv", resolution, good)
    if compared:
        manifest["compared"] = compared
    if work.unpublished:
        manifest["unpublished"] = list(work.unpublished)
    if work.lost:
        write_lost(place / "reports" / "lost.csv", work.lost)
        manifest["lost"] = len(work.lost)
    name, fresh = _finish(work, place, ledger, manifest, findings, graphs)
    if ledger.new:
        replace_ledger(own, after)
    with work.stage("switch", "release") as count:
        target = publish(work.options.out, name, place if fresh else None, work.options.keep)
        count(1)
    return BuildResult(target, read_manifest(target), True)


def _manifest_before(work: _Build) -> dict[str, Any]:
    """The manifest of the release that is current; empty when there is none, or of another kind."""
    try:
        return read_manifest(find_release(work.options.out))
    except (UsageError, ReleaseError):
        return {}


def _newest(extracts: list[Source]) -> str:
    """The date of a release: that of the newest of its extracts that may date one, else of the newest of all."""
    dated = [source for source in extracts if source.dates] or extracts
    return max(source.extracted.latest or "" for source in dated)


def _read(work: _Build) -> list[Record]:
    with work.stage("ingest", "records") as count:
        records: list[Record] = []
        for name, path in work.folders.items():
            source = ingest.describe(path)
            if source.name != name:
                raise UsageError(f"{path}: the source is called {source.name!r} in its source.toml, not {name!r}")
            work.sources[name] = source
            for item in ingest.read(path, source):
                if isinstance(item, Finding):
                    work.findings.append(item)
                else:
                    records.append(item)
        if (work.data / "curated").is_dir() and work.whole:
            records += _read_curated(work, records)
        count(len(records))
    return records


def _read_curated(work: _Build, records: list[Record]) -> list[Statement]:
    """The statements of the curated tables; the rest of them is kept for later stages."""
    ledger = Ledger.read(work.data / "ids.csv")
    rows = [record for record in records if isinstance(record, PlaceFacts)]
    work.curated = read_curated(work.data, ledger, lambda: rows, work.options.documents)
    stop_at_faults(work.curated)
    work.findings += work.curated.findings
    work.sources.update(work.curated.sources)
    return work.curated.statements


def _write_graphs(
    work: _Build, place: Path, resolution: Resolution, day: str, identifier: str
) -> tuple[list[GraphFile], GraphFile]:
    (place / "graphs").mkdir(exist_ok=True)
    with work.stage("infer", "triples") as count:
        plans = plan(resolution, work.sources, day, folder("ontology"), work.curated)
        graphs = []
        for number, item in enumerate(plans):
            path = place / "graphs" / f"{number:03d}.nt"
            graph = write_graph(path, item.iri, item.triples(), item.licence, work.options.base)
            if graph.count:
                graphs.append(graph)
        inputs = {name: folder_hash(path) for name, path in work.folders.items()}
        triples = release_triples(identifier, day, graphs, plans, inputs, work.unpublished)
        graphs.append(write_graph(place / "graphs" / "release.nt", RELEASE, triples, CC0, work.options.base))
        graphs.sort(key=lambda graph: graph.iri or "")
        names = {rebase(iri, work.options.base) for iri in DEFAULT_GRAPHS}
        default = merge_graphs(place / "graphs" / "default.nt", [g for g in graphs if g.iri in names], CC0)
        count(sum(graph.count for graph in graphs))
    faults.hit("build.graphs")
    return graphs, default


def _load_and_validate(work: _Build, place: Path, graphs: list[GraphFile], default: GraphFile) -> Report:
    with work.stage("load", "quads") as count:
        parts = [(graph.path, graph.iri) for graph in (default, *graphs)]
        bulk_load(place / "store", parts, checked=True)
        count(default.count + sum(graph.count for graph in graphs))
    faults.hit("build.store")
    with work.stage("validate", "findings") as count:
        store = open_store(place / "store")
        try:
            report = check_store(store, scan=scan_files(graphs))
        finally:
            store.close()
        count(len(report.findings))
    return report


def _write_dumps(
    work: _Build, place: Path, graphs: list[GraphFile], default: GraphFile, release: tuple[str, str]
) -> list[DumpFile]:
    (place / "dumps").mkdir()
    base = work.options.base
    with work.stage("dumps", "bytes") as count:
        context = json.loads(rebase(json.dumps(read_context(folder("ontology"))), base))
        dumps = list(write_dumps(place / "dumps", default, graphs, CC0, context, base, *release))
        count(sum(dump.bytes for dump in dumps))
    faults.hit("build.dumps")
    return dumps


def _finish(
    work: _Build,
    place: Path,
    ledger: Ledger,
    manifest: dict[str, Any],
    findings: list[Finding],
    graphs: list[GraphFile],
) -> tuple[str, bool]:
    with work.stage("report", "findings") as count:
        whole = Report(tuple(findings))
        for name in ("csv", "html", "json", "text", "ttl"):
            suffix = "txt" if name == "text" else name
            (place / "reports" / f"findings.{suffix}").write_text(whole.write(name), encoding="utf-8")
        write_quality(place, findings, work.options.base)
        write_ledger(place / "ids.csv", ledger)
        count(len(findings))
    with work.stage("verify", "changes") as count:
        name, fresh = finish_release(work.options.out, place, manifest, graphs)
        count(sum(sum(kinds.values()) for kinds in manifest.get("changes", {}).get("counts", {}).values()))
    return name, fresh
