"""Checks what concerns several records: each rule is one query, asked once of the whole store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from twinld.dates import PartialDate
from twinld.model import Finding
from twinld.store import Row, Store
from twinld.validate.nodes import Progress, shown
from twinld.validate.rules import Rules
from twinld.validate.scan import Scan, scan_of
from twinld.validate.shortcuts import stale_shortcuts

SHORTCUTS: Final = "X08"
"""The one rule that is decided here and not by a query (see `twinld.validate.shortcuts`)."""
FAR_KM: Final = 100.0
"""Positions of one place that lie further apart mean two places (G11)."""


def check_records_together(
    store: Store,
    rules: Rules,
    source_of: Callable[[str], str],
    progress: Progress | None = None,
    scan: Scan | None = None,
) -> Iterator[Finding]:
    """What breaks a rule over several records; `source_of` gives the name of a graph for the findings."""
    stale = rules.by_id[SHORTCUTS]
    for found in sorted(set(stale_shortcuts(scan or scan_of(store), store.graphs(), rules.base))):
        yield Finding(stale.id, stale.severity, source_of(found.graph), found.focus, stale.message, "", found.value)
    asked = [rule for rule in rules.by_id.values() if rule.query is not None]
    for done, rule in enumerate(asked, 1):
        value_of = VALUE_OF.get(rule.id, _value)
        for row in store.select(rule.query or ""):
            value = value_of(row)
            if value is not None:
                source = source_of(row["graph"].value)
                yield Finding(rule.id, rule.severity, source, shown(row["this"]), rule.message, "", value)
        if progress is not None:
            progress("rules", done, len(asked))


def _value(row: Row) -> str | None:
    return shown(row.get("value"))


def _wrong_companion(row: Row) -> str | None:
    """The companion and its date when they differ (D02); a date that can't be read is told by D01."""
    try:
        date = PartialDate(row["date"].value)
    except ValueError:
        return None
    part = row["companion"].value.rpartition("#")[2].removeprefix("start").removeprefix("end").lower()
    right = {"earliest": date.earliest, "latest": date.latest, "year": date.year, "decade": date.decade}[part]
    value = row["value"].value
    return None if right is None or value == str(right) else f"{value} for {date}, in place of {right}"


def _far_apart(row: Row) -> str | None:
    """How far the positions of two records are apart when it is over FAR_KM (G11)."""
    from geographiclib.geodesic import Geodesic

    points = [float(row[name].value) for name in ("lat", "long", "otherLat", "otherLong")]
    distance_km = Geodesic.WGS84.Inverse(*points, Geodesic.DISTANCE)["s12"] / 1000
    return f"{distance_km:.0f} km from {row['other'].value} to {shown(row['value'])}" if distance_km > FAR_KM else None


VALUE_OF: Final[dict[str, Callable[[Row], str | None]]] = {"D02": _wrong_companion, "G11": _far_apart}
"""Rules whose rows are only suspects: the value to show, or None when the row breaks nothing."""
