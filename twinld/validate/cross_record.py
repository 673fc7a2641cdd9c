"""Checks what concerns several records: each rule is one query, asked once of the whole store."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Iterator
from typing import Final

from twinld.dates import PartialDate
from twinld.model import Finding
from twinld.store import Row, Store
from twinld.store.scan import Scan, scan_of
from twinld.validate.nodes import Progress, shown
from twinld.validate.rules import Rules
from twinld.validate.shortcuts import stale_shortcuts

SHORTCUTS: Final = "X08"
"""The one rule that is decided here and not by a query (see `twinld.validate.shortcuts`)."""
FAR_KM: Final = 100.0
"""Positions of one place that lie further apart mean two places (G11)."""
DISTANCE_ERROR: Final = 0.01
"""How much of the right distance a stored one may be off (X10)."""
SPHERE_ERROR: Final = 0.006
"""How much of a distance the sphere may be off from the ellipsoid WGS 84."""
ROUNDING_KM: Final = 0.1
"""Distances are stored with one decimal."""


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


def _no_such_day(row: Row) -> str | None:
    """The date when the calendar hasn't got it (D07)."""
    try:
        PartialDate(row["value"].value)
    except ValueError:
        return row["value"].value
    return None


def _unclean(row: Row) -> str | None:
    """The label, in quotes, when it has blanks at its ends or is not in form NFC (L03)."""
    label = row["value"].value
    return repr(label) if label != unicodedata.normalize("NFC", label).strip() else None


def _wrong_distance(row: Row) -> str | None:
    """The distance and the right one when it is off by more than DISTANCE_ERROR (X10).

    The sphere is within 0.6 % of the ellipsoid, so only what is near the limit on the sphere is computed on it.
    """
    said = float(row["value"].value)
    lat, long, other_lat, other_long = (float(row[name].value) for name in ("lat", "long", "otherLat", "otherLong"))
    rough = _sphere_km(lat, long, other_lat, other_long)
    if abs(said - rough) <= (DISTANCE_ERROR - SPHERE_ERROR) * rough:
        return None
    from geographiclib.geodesic import Geodesic

    right = Geodesic.WGS84.Inverse(lat, long, other_lat, other_long, Geodesic.DISTANCE)["s12"] / 1000
    off = abs(said - right) > max(DISTANCE_ERROR * right, ROUNDING_KM)
    return f"{row['value'].value} km in place of {right:.1f}" if off else None


def _sphere_km(lat: float, long: float, other_lat: float, other_long: float) -> float:
    """The distance on a sphere of the mean radius of the Earth, by the haversine formula."""
    one, other = math.radians(lat), math.radians(other_lat)
    across, along = math.sin((other - one) / 2), math.sin(math.radians(other_long - long) / 2)
    return 2 * 6371.0088 * math.asin(math.sqrt(across**2 + math.cos(one) * math.cos(other) * along**2))


VALUE_OF: Final[dict[str, Callable[[Row], str | None]]] = {
    "D02": _wrong_companion,
    "D07": _no_such_day,
    "G11": _far_apart,
    "L03": _unclean,
    "X10": _wrong_distance,
}
"""Rules whose rows are only suspects: the value to show, or None when the row breaks nothing."""
