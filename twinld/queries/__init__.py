"""Our own questions, each in a file `NAME.rq` here; its first comment line is the question that it answers.

Files are written with the prefixes of `vocab.PREFIXES` and without PREFIX lines: those come here. In the folder
`questions` are the competency questions of the ontology; they also say their keywords and who asks. Examples for
people say how they work and why they are fast.
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
    return sorted(_files())


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


def competency_questions() -> list[str]:
    """The names of the questions that the ontology was made to answer, sorted: cq01, cq02 ..."""
    return sorted(name for name, path in _files().items() if path.parent.name == "questions")


def keywords(name: str) -> list[str]:
    """What a query is about, in the order of its line `# keywords: twins, start`; empty when it has none."""
    return [word.strip() for word in _said(name, "keywords").split(",") if word.strip()]


def asked_by(name: str) -> str:
    """Who asks a question, from its line `# asked by: researchers`; empty when it has none."""
    return _said(name, "asked by")


def explanation(name: str) -> str:
    """How a query finds its answer, from its line `# how: ...`; empty when it has none."""
    return _said(name, "how")


def why_fast(name: str) -> str:
    """Why a query is answered soon, from its line `# fast: ...`; empty when it has none."""
    return _said(name, "fast")


def _said(name: str, key: str) -> str:
    found = re.search(rf"^# {key}: (.+)$", _text(name), re.MULTILINE)
    return found[1].strip() if found else ""


def _files() -> dict[str, Path]:
    return {path.stem: path for pattern in ("*.rq", "questions/*.rq") for path in FOLDER.glob(pattern)}


@functools.cache
def _text(name: str) -> str:
    files = _files()
    if name not in files:
        raise NotFound(f"there is no query {name!r}; {nearest(name, sorted(files), 'queries')}")
    return files[name].read_text(encoding="utf-8")
