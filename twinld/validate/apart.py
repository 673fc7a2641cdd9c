"""Checks a file of somebody else without trusting it: in a process that can do no harm."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from twinld.errors import SourceError
from twinld.model import Finding
from twinld.settings import Settings
from twinld.store.apart import call_apart
from twinld.terms import Term
from twinld.validate.report import Report
from twinld.validate.results import Result

SECONDS_PER_QUERY_LIMIT: Final = 10
"""A file may take so many times the time of a query."""


def check_file_apart(path: Path, settings: Settings, shapes: Path | None = None, engine: str = "compiled") -> Report:
    """What `twinld.validate.check` finds in a file.

    SourceError, naming it, when it is larger than the settings allow or needs too much time or memory.
    """
    for file in (path, *([shapes] if shapes is not None else ())):
        size = file.stat().st_size if file.is_file() else 0
        if size > settings.validate_max_mib << 20:
            raise SourceError(
                f"{file}: {size / (1 << 20):,.0f} MiB, and {settings.validate_max_mib:,} are allowed; "
                "set TWINLD_VALIDATE_MAX_MIB to read it all the same"
            )
    said: dict[str, Any] = call_apart(
        f"{__name__}:report_of",
        str(path),
        None if shapes is None else str(shapes),
        engine,
        what=str(path),
        memory_mib=settings.worker_memory_mib,
        timeout_s=settings.query_timeout_s * SECONDS_PER_QUERY_LIMIT,
    )
    return Report(
        tuple(Finding(**row) for row in said["findings"]),
        tuple(_result(row) for row in said["results"]),
        tuple(said["fallbacks"]),
    )


def report_of(path: str, shapes: str | None, engine: str) -> dict[str, Any]:
    """The report of a file, as JSON can hold it."""
    from twinld.validate import check

    report = check(Path(path), None if shapes is None else Path(shapes), engine)
    return {
        "findings": [asdict(finding) for finding in report.findings],
        "results": report.results,
        "fallbacks": report.fallbacks,
    }


def _result(row: list[Any]) -> Result:
    focus, path, value, component, severity, shape, messages = row
    return Result(
        Term(*focus), path, None if value is None else Term(*value), component, severity, Term(*shape), tuple(messages)
    )
