"""Checks a file of somebody else without trusting it: in a process that can do no harm."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from twinld.model import Finding
from twinld.settings import Settings
from twinld.store.apart import call_apart
from twinld.validate.report import Report

SECONDS_PER_QUERY_LIMIT: Final = 10
"""A file may take so many times the time of a query."""


def check_file_apart(path: Path, settings: Settings) -> Report:
    """What `check_graph` finds in a file; SourceError, naming it, when it needs too much time or memory."""
    found: list[dict[str, Any]] = call_apart(
        f"{__name__}:findings_of",
        str(path),
        what=str(path),
        memory_mib=settings.worker_memory_mib,
        timeout_s=settings.query_timeout_s * SECONDS_PER_QUERY_LIMIT,
    )
    return Report(tuple(Finding(**row) for row in found))


def findings_of(path: str) -> list[dict[str, Any]]:
    """The findings of a file, as JSON can hold them."""
    from twinld.validate import check_graph

    return [asdict(finding) for finding in check_graph(Path(path)).findings]
