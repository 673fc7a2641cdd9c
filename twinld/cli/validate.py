"""`twinld validate`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

FORMATS = ("text", "json", "csv", "ttl")


@click.command(epilog="Example: twinld validate my-agreements.ttl --format json")
@click.argument("paths", nargs=-1, required=True, metavar="FILE|DIR...", type=click.Path(path_type=Path))
@click.option("--strict", is_flag=True, help="Warnings count as much as Violations.")
@click.option("--format", "format_name", default="text", metavar="NAME", help=f"One of {', '.join(FORMATS)}.")
def command(paths: tuple[Path, ...], strict: bool, format_name: str) -> None:
    """Check RDF files against the shapes.

    Ends with exit code 1 when a Violation is found (with --strict: a Warning too), 2 when a file cannot be read.
    """
    from twinld.errors import NotFound, UsageError, nearest
    from twinld.formats import DATASET_FORMATS, GRAPH_FORMATS
    from twinld.validate import Report, check_graph

    if format_name not in FORMATS:
        raise UsageError(f"{format_name!r} is not a format here; {nearest(format_name, FORMATS, 'formats')}")
    known = {f".{row.extension}" for row in (*GRAPH_FORMATS, *DATASET_FORMATS)}
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            files += sorted(file for file in path.rglob("*") if file.suffix in known)
        elif path.exists():
            files.append(path)
        else:
            raise NotFound(f"{path}: there is no such file")
    if not files:
        raise NotFound(f"{paths[0]}: no RDF files in it; they end with {', '.join(sorted(known))}")
    findings = [finding for file in files for finding in check_graph(file).findings]
    report = Report(tuple(sorted(findings)))
    click.echo(report.write(format_name), nl=False)
    grave = {"Violation", "Warning"} if strict else {"Violation"}
    if any(finding.severity in grave for finding in report.findings):
        sys.stdout.flush()
        raise click.exceptions.Exit(1)
