"""`twinld validate`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from twinld.validate import Report

FORMATS = ("text", "json", "csv", "ttl", "html")
ENGINES = ("compiled", "pyshacl")
SHAPES = "Check against the SHACL shapes of this file, not against ours."
DOCUMENTS = "Where the quoted documents are: compare every quote with them."


@click.command(epilog="Example: twinld validate my-agreements.ttl --format json")
@click.argument("paths", nargs=-1, required=True, metavar="FILE|DIR...", type=click.Path(path_type=Path))
@click.option("--strict", is_flag=True, help="Warnings count as much as Violations.")
@click.option("--documents", metavar="DIR", help=DOCUMENTS, type=click.Path(path_type=Path, file_okay=False))
@click.option("--shapes", metavar="FILE", help=SHAPES, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--engine", default="compiled", metavar="NAME", help=f"One of {', '.join(ENGINES)}: both find the same.")
@click.option("--format", "format_name", default="text", metavar="NAME", help=f"One of {', '.join(FORMATS)}.")
def command(
    paths: tuple[Path, ...], strict: bool, documents: Path | None, shapes: Path | None, engine: str, format_name: str
) -> None:
    """Check RDF files against the shapes, and the tables of data/curated against what they must be.

    An RDF file is read in a process of its own that has no network and little memory, whoever made the file.
    Ends with exit code 1 when a Violation is found (with --strict: a Warning too), 2 when a file cannot be read or
    holds nothing that could be checked.
    """
    from twinld.errors import NotFound, UsageError, nearest
    from twinld.formats import DATASET_FORMATS, GRAPH_FORMATS
    from twinld.ingest.curated import TABLES
    from twinld.pipeline.curated import check_curated
    from twinld.settings import Settings
    from twinld.validate import Report
    from twinld.validate.apart import check_file_apart

    if format_name not in FORMATS:
        raise UsageError(f"{format_name!r} is not a format here; {nearest(format_name, FORMATS, 'formats')}")
    if engine not in ENGINES:
        raise UsageError(f"{engine!r} is no engine; {nearest(engine, ENGINES, 'engines')}")
    if shapes is not None and not shapes.is_file():
        raise NotFound(f"{shapes}: there is no such file")
    known = {f".{row.extension}" for row in (*GRAPH_FORMATS, *DATASET_FORMATS)}
    files: list[Path] = []
    tables: list[Path] = []
    for path in paths:
        if path.is_dir() and any((path / name).is_file() for name in TABLES):
            tables.append(path)
        elif path.is_dir():
            files += sorted(file for file in path.rglob("*") if file.suffix in known)
        elif path.exists():
            files.append(path)
        else:
            raise NotFound(f"{path}: there is no such file")
    if not files and not tables:
        raise NotFound(f"{paths[0]}: no RDF files in it; they end with {', '.join(sorted(known))}")
    settings = Settings.from_environment()
    reports = [check_file_apart(file, settings, shapes, engine) for file in files]
    findings = [finding for report in reports for finding in report.findings]
    for folder in tables:
        findings += check_curated(folder.resolve().parent, documents)
    report = Report(
        tuple(findings),
        tuple(result for report in reports for result in report.results),
        tuple(dict.fromkeys(reason for report in reports for reason in report.fallbacks)),
    )
    if tables and not files and format_name == "text":
        click.echo(_lines(report), nl=False)  # of what people typed every row is told, not the first of each rule
    else:
        click.echo(report.write(format_name), nl=False)
    grave = {"Violation", "Warning"} if strict else {"Violation"}
    if any(finding.severity in grave for finding in report.findings):
        sys.stdout.flush()
        raise click.exceptions.Exit(1)


def _lines(report: Report) -> str:
    """Every finding in a line of its own, and how many there are."""
    lines = [f"{finding.where}: {finding.severity}: {finding.message}" for finding in report.findings]
    number = len(report.violations)
    lines.append(f"{number} row{'' if number == 1 else 's'} to correct")
    return "\n".join(lines) + "\n"
