"""Where sources differ, as the build wrote it: values side by side, the rule that chose, how often two differ."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from flask import Flask, Response, render_template, request, send_file

from twinld.errors import NotFound, nearest

from ..answers import negotiate, spoken
from ..context import context
from ..languages import carried
from ..negotiation import HTML

PATH: Final = "/conflicts"
SHOWN: Final = 200
"""Differences on one page; all are in the files."""
_TYPES: Final = {"csv": "text/csv", "json": "application/json"}


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule(PATH, "conflicts", listing)
    app.add_url_rule(f"{PATH}.<extension>", "conflicts_as", file)


def listing() -> Response:
    """The differences of `?field=` (default: all), how often two sources differ, and the rules."""
    offer = negotiate((HTML,))
    if isinstance(offer, Response):
        return offer
    report = _report()
    field = request.args.get("field", "")[:40]
    fields = sorted({row["field"] for row in report["differences"]}) if report is not None else []
    if field and field not in fields:
        raise NotFound(f"no difference is about {field!r}; {nearest(field, fields, 'fields')}")
    rows = [row for row in report["differences"] if not field or row["field"] == field] if report is not None else []
    page = render_template(
        "conflicts.html", report=report, rows=rows[:SHOWN], total=len(rows), fields=fields, field=field
    )
    return spoken(Response(carried(page, context().root), content_type=offer.content_type))


def file(extension: str) -> Response:
    """The whole report as CSV or JSON."""
    path = _path()
    if extension not in _TYPES or path is None:
        raise NotFound(f"there is no report of conflicts as {extension[:20]!r} here; ask for csv or json")
    return send_file(
        path.with_suffix(f".{extension}"), mimetype=_TYPES[extension], as_attachment=True, conditional=True,
        download_name=f"conflicts.{extension}",
    )  # fmt: skip


def _path() -> Path | None:
    """The JSON report of the release that is served; None where there is none."""
    folder = context().folder
    path = folder / "reports" / "conflicts.json" if folder is not None else None
    return path if path is not None and path.is_file() else None


def _report() -> dict[str, Any] | None:
    path = _path()
    return _read(path.resolve(), path.stat().st_mtime_ns) if path is not None else None


_FIELDS: Final = {"latitude": "point", "longitude": "point", "GeoNames feature": "geonames"}
"""What the report calls a field, where a page calls it otherwise."""


def chosen_by() -> Callable[[str, str], str]:
    """A function that gives the rule, in words, by which the value of a field of a thing was chosen.

    It takes the IRI of the thing and the title of the field; "" where the report says nothing of it.
    """
    path = _path()
    rules = _rules(path.resolve(), path.stat().st_mtime_ns) if path is not None else {}
    return lambda iri, title: rules.get((*iri.rsplit("/", 2)[-2:], _FIELDS.get(title, title)), "")


@lru_cache(maxsize=2)
def _rules(path: Path, changed: int) -> dict[tuple[str, ...], str]:
    report = _read(path, changed)
    return {
        (row["type"], row["slug"], row["field"]): report["rules"].get(row["rule"], row["rule"])
        for row in reversed(report["differences"])
    }


@lru_cache(maxsize=2)
def _read(path: Path, changed: int) -> dict[str, Any]:  # noqa: ARG001 (a new file is read anew)
    report: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return report
