"""The quality of a release: what its checks found, counted, beside the release before it, down to each resource."""

from __future__ import annotations

import functools
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from twinld.errors import NotFound

FILE: Final = "reports/quality.json"
SEVERITIES: Final = ("Violation", "Warning", "Info")
PER_PAGE: Final = 100


@dataclass(frozen=True)
class Counted:
    """A rule, source or country with its findings; `before` is the last release's number (None: no last release)."""

    key: str
    label: str
    number: int
    before: int | None = None
    severity: str = ""

    @property
    def change(self) -> str:
        """The difference to the last release in a word; "" where there is none to compare with."""
        if self.before is None:
            return ""
        return f"{self.number - self.before:+,}" if self.number != self.before else "±0"


@dataclass(frozen=True)
class Found:
    """One finding; `country` is its label, `message` what to do."""

    rule: str
    severity: str
    source: str
    focus: str
    value: str
    where: str
    country: str
    message: str


@dataclass(frozen=True)
class QualityPage:
    """The counts of a release, and one leaf of the findings that were asked for.

    `totals` has one row a severity; `chosen` is what the findings are narrowed to; `last` the name of the release
    that `before` is of.
    """

    sentence: str
    totals: tuple[Counted, ...]
    rules: tuple[Counted, ...]
    sources: tuple[Counted, ...]
    countries: tuple[Counted, ...]
    chosen: dict[str, str]
    name: str
    message: str
    findings: tuple[Found, ...]
    matching: int
    number: int
    pages: int
    last: str


def quality_page(
    folder: Path | None, rule: str = "", source: str = "", country: str = "", page: int = 1
) -> QualityPage | None:
    """The page of a release in a folder; None when it has no report, NotFound when it has not so many leaves."""
    document = None if folder is None else _read(folder)
    if folder is None or document is None:
        return None
    before = _last(folder)
    old = None if before is None else _read(before)
    rows: Sequence[Sequence[str]] = document["findings"]
    chosen = {name: value for name, value in (("rule", rule), ("source", source), ("country", country)) if value}
    matching = [row for row in rows if _matches(row, chosen)]
    pages = max(1, -(-len(matching) // PER_PAGE))
    if page > pages:
        raise NotFound(f"there is no page {page}; the last is {pages}")
    rules = document["rules"]
    known = rules.get(rule, {})
    labels = {name: f"{name} {row['name']}".strip() for name, row in rules.items()}
    return QualityPage(
        sentence=_sentence(folder.name, rows),
        totals=_counted(1, rows, old, {}, order=SEVERITIES),
        rules=_counted(0, rows, old, labels, {name: row["severity"] for name, row in rules.items()}),
        sources=_counted(2, rows, old, {}),
        countries=_counted(6, rows, old, {"": "no country known", **document["countries"]}),
        chosen=chosen,
        name=known.get("name", ""),
        message=_plain(known.get("message", ""), rule),
        findings=tuple(_found(row, document) for row in matching[(page - 1) * PER_PAGE : page * PER_PAGE]),
        matching=len(matching),
        number=page,
        pages=pages,
        last="" if before is None else before.name,
    )


def quality_badge(folder: Path | None) -> str:
    """A badge (SVG) with the Violations and Warnings of a release; of no release, that nothing is known."""
    document = None if folder is None else _read(folder)
    if document is None:
        return _badge("unknown", "#6b6b6b")
    number = Counter(row[1] for row in document["findings"])
    if number["Violation"]:
        return _badge(_times(number["Violation"], "violation"), "#b3261e")
    colour = "#8a6100" if number["Warning"] else "#1b6e3c"
    return _badge(f"valid, {_times(number['Warning'], 'warning')}", colour)


def _badge(said: str, colour: str) -> str:
    left, right = 44, 14 + round(6.6 * len(said))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="20" role="img" '
        f'aria-label="data: {said}"><title>data: {said}</title>'
        f'<rect width="{left}" height="20" fill="#3d3d3d"/>'
        f'<rect x="{left}" width="{right}" height="20" fill="{colour}"/>'
        '<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle">'
        f'<text x="{left / 2:g}" y="14">data</text><text x="{left + right / 2:g}" y="14">{said}</text></g></svg>\n'
    )


def _times(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def _sentence(name: str, rows: Sequence[Sequence[str]]) -> str:
    number = Counter(row[1] for row in rows)
    told = ", ".join(_times(number[severity], severity) for severity in SEVERITIES if number[severity])
    return f"The checks of release {name} found {told or 'nothing'}."


def _matches(row: Sequence[str], chosen: dict[str, str]) -> bool:
    at = {"rule": 0, "source": 2, "country": 6}
    return all((row[at[name]] or "none") == value for name, value in chosen.items())


def _counted(
    column: int,
    rows: Iterable[Sequence[str]],
    old: dict[str, Any] | None,
    labels: dict[str, str],
    severities: dict[str, str] | None = None,
    order: Sequence[str] = (),
) -> tuple[Counted, ...]:
    now = Counter(row[column] for row in rows)
    then = None if old is None else Counter(row[column] for row in old["findings"])
    keys = order or sorted({*now, *(then or ())}, key=lambda key: (-now[key], labels.get(key, key)))
    return tuple(
        Counted(
            key or "none",
            labels.get(key, key),
            now[key],
            None if then is None else then[key],
            (severities or {}).get(key, ""),
        )
        for key in keys
    )


def _found(row: Sequence[str], document: dict[str, Any]) -> Found:
    rule, severity, source, focus, value, where, country, message = row
    said = message or document["rules"][rule]["message"]
    label = document["countries"].get(country, "")
    return Found(rule, severity, source, focus, value, where, label, _plain(said, rule))


def _plain(message: str, rule: str) -> str:
    message = message.removeprefix(f"{rule}: ")
    return message[:1].upper() + message[1:]


def _last(folder: Path) -> Path | None:
    """The release before one: of those beside it the newest that is older, by date and name."""
    own = _age(folder)
    others = [path.parent for path in folder.parent.glob("*/manifest.json") if not path.parent.name.startswith(".")]
    older = [(age, path) for path in others if (age := _age(path)) < own and (path / FILE).is_file()]
    return max(older)[1] if older else None


def _age(folder: Path) -> tuple[str, str]:
    try:
        manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text("utf-8"))
    except (OSError, ValueError):
        return ("", folder.name)
    return (str(manifest.get("date", "")), folder.name)


def _read(folder: Path) -> dict[str, Any] | None:
    path = folder / FILE
    return _document(path, path.stat().st_mtime_ns) if path.is_file() else None


@functools.lru_cache(maxsize=4)
def _document(path: Path, _changed: int) -> dict[str, Any]:
    """A release never changes, so its report is read once."""
    document: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return document
