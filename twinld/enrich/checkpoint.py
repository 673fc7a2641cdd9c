"""What a run has done so far, in SQLite: a run that was killed goes on from here.

One row an item: its state, its revision, and its rows of the extract, packed. Every batch is one transaction.
"""

from __future__ import annotations

import csv
import itertools
import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from twinld.enrich.extract import Rows
from twinld.errors import SourceError
from twinld.iris import item_number
from twinld.layout import FILES

_TABLES: Final = """
CREATE TABLE IF NOT EXISTS run (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS items (
  item TEXT PRIMARY KEY, number INTEGER NOT NULL, wave INTEGER NOT NULL, state TEXT NOT NULL,
  revision INTEGER, modified TEXT, retrieved TEXT, was INTEGER, was_state TEXT, rows BLOB
);
CREATE INDEX IF NOT EXISTS by_state ON items (state, wave, number);
"""

OPEN: Final = "open"
"""Not asked for yet."""
CHANGED: Final = "changed"
"""New or changed: its content is to be asked for."""
SAME: Final = "same"
"""Not changed since the last extract, whose rows stay."""
READ: Final = "read"
"""Asked for in this run."""
REDIRECT: Final = "redirect"
DELETED: Final = "deleted"
FAILED: Final = "failed"
"""Asked for in vain."""


class Known(NamedTuple):
    """An item of the list: its state, its wave, its revision, and revision and state in the last extract."""

    state: str
    wave: int
    revision: int | None
    was: int | None
    was_state: str | None


class Checkpoint:
    """The work list of a run. `was` is the revision in the last extract; `rows` are its rows until new ones come."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        try:
            self._base = sqlite3.connect(path, isolation_level=None)
            self._base.execute("PRAGMA journal_mode = WAL")
            self._base.executescript(_TABLES)
        except sqlite3.DatabaseError as error:
            raise SourceError(f"{path}: is no checkpoint ({error}); remove it and begin anew") from None

    # ------------------------------------------------------------------------------------------------ the run

    def note(self, name: str) -> str:
        """What was noted of the run under a name, "" for nothing."""
        row = self._base.execute("SELECT value FROM run WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else ""

    def set_note(self, name: str, value: str) -> None:
        """Note something of the run."""
        self._base.execute("INSERT OR REPLACE INTO run VALUES (?, ?)", (name, value))

    def begin(self, items: Iterable[str], extract: Path, started: str, asked: str, *, same: bool) -> None:
        """Start a run: the items to read, and the rows of the last extract, in one transaction.

        `asked` is what is asked of each item; unless the extract was asked the `same`, all of it is read again.
        """
        with self._transaction():
            self._base.execute("DELETE FROM items")
            self._base.execute("DELETE FROM run")
            self._base.executemany(
                "INSERT OR IGNORE INTO items (item, number, wave, state) VALUES (?, ?, 0, ?)",
                ((item, item_number(item)[0], OPEN) for item in items),
            )
            for item, rows in stored_rows(extract):
                of_item = rows.pop("revisions.csv", [])
                if of_item:
                    _, state, revision, modified, retrieved, wave = of_item[0]
                    self._base.execute(
                        "INSERT INTO items VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (item) DO UPDATE SET "
                        "revision = excluded.revision, modified = excluded.modified, retrieved = excluded.retrieved, "
                        "was = excluded.was, was_state = excluded.was_state, rows = excluded.rows",
                        (
                            item, item_number(item)[0], int(wave or 0), OPEN, int(revision or 0), modified, retrieved,
                            int(revision or 0) if same else None, state if same else None, _packed(rows),
                        ),
                    )  # fmt: skip
            self._base.execute("INSERT INTO run VALUES ('started', ?), ('asked', ?)", (started, asked))

    def add(self, items: Iterable[str], wave: int) -> int:
        """Add items that are not there yet; returns how many were new."""
        before = self._base.total_changes
        with self._transaction():
            self._base.executemany(
                "INSERT OR IGNORE INTO items (item, number, wave, state) VALUES (?, ?, ?, ?)",
                ((item, item_number(item)[0], wave, OPEN) for item in items),
            )
        return self._base.total_changes - before

    # -------------------------------------------------------------------------------------------------- items

    def next(self, state: str, most: int) -> list[str]:
        """Up to `most` items in a state, in order."""
        rows = self._base.execute(
            "SELECT item FROM items WHERE state = ? ORDER BY wave, number, item LIMIT ?", (state, most)
        )
        return [row[0] for row in rows]

    def count(self, *states: str) -> int:
        """How many items are in one of some states (of all, without any)."""
        marks = ",".join("?" * len(states))
        where = f"WHERE state IN ({marks})" if states else ""
        return int(self._base.execute(f"SELECT COUNT(*) FROM items {where}", states).fetchone()[0])  # noqa: S608

    def known(self, item: str) -> Known | None:
        """What is known of an item, None when it is not on the list."""
        row = self._base.execute(
            "SELECT state, wave, revision, was, was_state FROM items WHERE item = ?", (item,)
        ).fetchone()
        return Known(*row) if row else None

    def rows(self, item: str) -> Rows:
        """The rows of one item so far."""
        row = self._base.execute("SELECT rows FROM items WHERE item = ?", (item,)).fetchone()
        return _unpacked(row[0]) if row else {}

    def mark(self, found: Iterable[tuple[str, str, int | None, str | None, str | None]]) -> None:
        """Set state, revision, time of change and time of reading (None: as it was) of some items, at once."""
        with self._transaction():
            self._base.executemany(
                "UPDATE items SET state = ?2, revision = COALESCE(?3, revision), modified = COALESCE(?4, modified), "
                "retrieved = COALESCE(?5, retrieved) WHERE item = ?1",
                found,
            )

    def store(self, found: Iterable[tuple[str, str, Rows]], retrieved: str) -> None:
        """Put the rows of some items in the place of their old ones, with their new state, at once."""
        with self._transaction():
            self._base.executemany(
                "UPDATE items SET state = ?2, rows = ?3, retrieved = ?4 WHERE item = ?1",
                ((item, state, _packed(rows), retrieved) for item, state, rows in found),
            )

    def items(self) -> Iterator[tuple[str, str, int, int, str, str, Rows]]:
        """Item, state, wave, revision, time of change, time of reading and rows, in the order of the layout."""
        for row in self._base.execute(
            "SELECT item, state, wave, revision, modified, retrieved, rows FROM items ORDER BY number, item"
        ):
            item, state, wave, revision, modified, retrieved, packed = row
            yield item, state, wave, revision or 0, modified or "", retrieved or "", _unpacked(packed)

    def _transaction(self) -> _Transaction:
        return _Transaction(self._base)

    def close(self) -> None:
        """Let go of the file."""
        self._base.close()

    def remove(self) -> None:
        """Close, and delete the file."""
        self.close()
        for suffix in ("", "-wal", "-shm"):
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)


class _Transaction:
    def __init__(self, base: sqlite3.Connection) -> None:
        self._base = base

    def __enter__(self) -> None:
        self._base.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._base.execute("COMMIT" if kind is None else "ROLLBACK")


def _packed(rows: Rows) -> bytes:
    return zlib.compress(json.dumps(rows, ensure_ascii=False).encode(), 1)


def _unpacked(packed: bytes | None) -> Rows:
    if packed is None:
        return {}
    found: dict[str, list[list[str]]] = json.loads(zlib.decompress(packed))
    return {name: [tuple(row) for row in rows] for name, rows in found.items()}


def stored_rows(extract: Path) -> Iterator[tuple[str, Rows]]:
    """The rows of a stored extract item by item, in its order; nothing when there is none. Memory stays small:
    the files are sorted by item and read side by side.
    """
    readers = []
    for name in FILES:
        if (extract / name).is_file():
            groups = itertools.groupby(_cells(extract / name, name), key=lambda row: row[0])
            readers.append((name, groups))
    heads: dict[str, tuple[str, list[tuple[str, ...]]]] = {}

    def advance(name: str, groups: Iterator[tuple[str, Iterator[tuple[str, ...]]]]) -> None:
        following = next(groups, None)
        if following is None:
            heads.pop(name, None)
        else:
            heads[name] = (following[0], list(following[1]))

    for name, groups in readers:
        advance(name, groups)
    while heads:
        item = min((head[0] for head in heads.values()), key=item_number)
        rows: Rows = {}
        for name, groups in readers:
            if name in heads and heads[name][0] == item:
                rows[name] = heads[name][1]
                advance(name, groups)
        yield item, rows


def _cells(path: Path, name: str) -> Iterator[tuple[str, ...]]:
    with path.open(encoding="utf-8", newline="") as lines:
        table = csv.reader(lines)
        if tuple(next(table, ())) != FILES[name]:
            raise SourceError(f"{path}:1: not the columns {','.join(FILES[name])}; read the extract anew")
        for row in table:
            yield tuple(row)
