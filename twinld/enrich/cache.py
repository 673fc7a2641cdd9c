"""Answers that came already, kept on disk under the endpoint and the query in one normal form."""

from __future__ import annotations

import hashlib
import re
import sqlite3
import zlib
from pathlib import Path
from typing import Final

from twinld.errors import SourceError

_KEPT_DAYS: Final = 7
_TABLE: Final = """
CREATE TABLE IF NOT EXISTS answers (
  key TEXT PRIMARY KEY, tag TEXT NOT NULL, media_type TEXT NOT NULL, stored TEXT NOT NULL, body BLOB NOT NULL
) WITHOUT ROWID
"""
_TOKEN: Final = re.compile(r""""(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|<[^<>"{}|^`\\\s]*>|(?:#[^\n]*|\s+)+""")


def normal(query: str) -> str:
    """A query without comments and with single blanks; texts and IRIs are left as they are.

    >>> normal('SELECT  * # all' + chr(10) + '{ ?s ?p "a  b" }')
    'SELECT * { ?s ?p "a  b" }'
    """
    return _TOKEN.sub(lambda match: " " if match[0][0] in "# \t\r\n" else match[0], query).strip()


def key_of(endpoint: str, query: str) -> str:
    """The key of an answer: SHA-256 of endpoint and normal query."""
    return hashlib.sha256(f"{endpoint}\n{normal(query)}".encode()).hexdigest()


class Cache:
    """Answers by key. Each has a tag that says what it is true of (the revisions of its items); another tag, or an
    age of over seven days, makes it worthless. SourceError for a file that is no cache.
    """

    def __init__(self, path: Path, now: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._now = now
        try:
            self._base = sqlite3.connect(path, isolation_level=None)
            self._base.execute("PRAGMA journal_mode = WAL")
            self._base.execute(_TABLE)
            self._base.execute("DELETE FROM answers WHERE julianday(?) - julianday(stored) > ?", (now, _KEPT_DAYS))
        except sqlite3.DatabaseError as error:
            raise SourceError(f"{path}: is no cache ({error}); remove it") from None

    def get(self, key: str, tag: str) -> tuple[bytes, str] | None:
        """Body and media type, None when there is none of this tag."""
        row = self._base.execute("SELECT body, media_type FROM answers WHERE key = ? AND tag = ?", (key, tag))
        found = row.fetchone()
        return (zlib.decompress(found[0]), found[1]) if found else None

    def put(self, key: str, tag: str, body: bytes, media_type: str) -> None:
        """Keep an answer; it takes the place of one under another tag."""
        values = (key, tag, media_type, self._now, zlib.compress(body, 1))
        self._base.execute("INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?)", values)

    def close(self) -> None:
        """Let go of the file."""
        self._base.close()
