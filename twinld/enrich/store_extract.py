"""An extract on disk: written beside the last one, compared with it, and put in its place at once."""

from __future__ import annotations

import csv
import shutil
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from twinld.enrich.checkpoint import DELETED, READ, SAME, Checkpoint
from twinld.enrich.extract import Rows
from twinld.enrich.questions import is_item
from twinld.layout import FILES, in_order, write_inventory

NAME: Final = "wikidata-live"
HUMAN: Final = "Q5"
ASKED: Final = "asked.txt"
"""What each item of the extract was asked: see `twinld.enrich.questions.asked`."""
_ASKED_AGAIN: Final = ("W02", "W09")
"""Problems that other items decide: they are looked for each time."""
_WRITTEN: Final = (
    "statements.csv", "values.csv", "labels.csv", "aliases.csv", "redirects.csv", "references.csv",
    "revisions.csv", "problems.csv",
)  # fmt: skip

_TOML: Final = """\
name = "{name}"
title = "Wikidata, read on {day}"
publisher = "Wikidata contributors"
homepage = "https://www.wikidata.org/"
licence = "https://creativecommons.org/publicdomain/zero/1.0/"
attribution = ""
extracted = "{day}"
description = "What {service} said of {items} items when `twinld enrich` asked it. Fills gaps only."
rank = 90
directed = true
lists_all = true
fills = true
"""


def asked_for(folder: Path) -> str:
    """What the items of a stored extract were asked; "" when nobody knows."""
    path = folder / ASKED
    return path.read_text(encoding="utf-8").strip() if path.is_file() else ""


def write_extract(work: Checkpoint, folder: Path, day: str, service: str, asked: str) -> dict[str, int]:
    """Write the extract of a finished run to a new folder; returns the rows of each file.

    A statement whose other side is a person, or was deleted and is no place of ours, is a problem and no data; one
    of a partner whose own partner was not read is put aside. Rows are streamed: one item is in memory at a time.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    humans = _humans(work)
    read = 0
    with ExitStack() as stack:
        writers = {}
        for name in _WRITTEN:
            file = stack.enter_context((folder / name).open("w", encoding="utf-8", newline=""))
            writers[name] = csv.writer(file, lineterminator="\n")
            writers[name].writerow(FILES[name])
        for item, state, wave, revision, modified, retrieved, stored in work.items():
            shown = "read" if state in {READ, SAME} else state
            rows = {name: found for name, found in stored.items() if name in writers}
            rows = _usable(work, item, rows, humans)
            rows["revisions.csv"] = [(item, shown, str(revision or ""), modified, retrieved, str(wave))]
            read += shown == "read"
            for name, found in rows.items():
                writers[name].writerows(found)
    toml = _TOML.format(name=NAME, day=day, items=f"{read:,}", service=service.replace('"', ""))
    (folder / "source.toml").write_text(toml, encoding="utf-8")
    (folder / ASKED).write_text(f"{asked}\n", encoding="utf-8")
    return write_inventory(folder)


def _humans(work: Checkpoint) -> set[str]:
    return {
        item
        for item, _, _, _, _, _, rows in work.items()
        if any(row[1] == "P31" and row[2] == HUMAN and row[4] != "deprecated" for row in rows.get("values.csv", ()))
    }


def _usable(work: Checkpoint, item: str, rows: Rows, humans: set[str]) -> Rows:
    """The rows of an item; a statement that leads to no place stands in values.csv, so that a later run finds it."""
    problems = [row for row in rows.get("problems.csv", ()) if row[3] not in _ASKED_AGAIN]
    values = [row for row in rows.get("values.csv", ()) if row[1] != "P190" or not is_item(row[2])]
    if item in humans:
        problems.append((item, "P31", "", "W02", "this item is a person", "a place"))
        return {"values.csv": [row for row in values if row[1] == "P31"], "problems.csv": sorted(set(problems))}
    put_aside = [(row[0], *row[2:], "") for row in rows.get("values.csv", ()) if row[1] == "P190" and is_item(row[2])]
    kept = []
    for row in in_order("statements.csv", [*rows.get("statements.csv", ()), *put_aside]):
        target, guid = row[1], row[2]
        known = work.known(target)
        if target in humans:
            problems.append((item, "P190", guid, "W02", f"{target} is a person", "a place"))
        elif known is not None and known.state == DELETED and known.wave > 0:
            problems.append((item, "P190", guid, "W09", f"{target} was deleted", "an item that exists"))
        elif known is not None:
            kept.append(row)
            continue
        values.append((item, "P190", target, guid, *row[3:7]))
    found = {"statements.csv": kept, "values.csv": in_order("values.csv", values)}
    return {**rows, **found, "problems.csv": sorted(set(problems))}


def put_in_place(new: Path, folder: Path) -> None:
    """Make the folder `new` the stored extract; the old one is kept until the new one stands."""
    old = folder.with_name(f".{folder.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    new.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def recover(folder: Path) -> None:
    """Bring back the last extract when a run died while it put a new one in its place."""
    old = folder.with_name(f".{folder.name}.old")
    if old.exists() and not folder.exists():
        old.rename(folder)
