"""Our own questions, each in a file `NAME.rq` here; its first comment line is the question that it answers.

Files are written with the prefixes of `vocab.PREFIXES` and without PREFIX lines: those come here.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path

from twinld.errors import NotFound, nearest
from twinld.vocab import BASE, PREFIXES, rebase

FOLDER = Path(__file__).parent


def names() -> list[str]:
    """The names of all queries, sorted."""
    return sorted(path.stem for path in FOLDER.glob("*.rq"))


@functools.cache
def query(name: str, base: str = BASE) -> str:
    """The text of a query, after a PREFIX line for each of our prefixes that it uses.

    IRIs of ours start with `base`. Raises NotFound, with the nearest name, when there is no such query.
    """
    return with_prefixes(_text(name), base)


def with_prefixes(text: str, base: str = BASE) -> str:
    """A query after a PREFIX line for each of our prefixes that it uses and does not declare; rebased."""
    used = [
        f"PREFIX {prefix}: <{iri}>\n"
        for prefix, iri in PREFIXES.items()
        if re.search(rf"(?<![\w.:/#-]){prefix}:", text) and not re.search(rf"(?i:PREFIX)\s+{prefix}:", text)
    ]
    return rebase("".join(used) + text, base)


def question(name: str) -> str:
    """The question that a query answers: its first comment line, empty when it has none."""
    for line in _text(name).splitlines():
        if line.startswith("#"):
            return line.lstrip("#").strip()
    return ""


@functools.cache
def _text(name: str) -> str:
    if name not in names():
        raise NotFound(f"there is no query {name!r}; {nearest(name, names(), 'queries')}")
    return (FOLDER / f"{name}.rq").read_text(encoding="utf-8")
