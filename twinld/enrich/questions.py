"""The questions that Wikidata is asked, each for a batch of items (`twinld/queries/wikidata_*.rq`).

They are plain SPARQL 1.1 with their own prefixes and no service of one engine, so that the live service, another
endpoint and a file all answer them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from typing import Final

from twinld.queries import query

BATCH: Final = 200
"""Items asked for at once, when the service keeps up."""
LEAST: Final = 10
"""Items asked for at once, when it does not."""

CONTENT: Final = ("statements", "nodes", "qualifiers", "references", "names")
"""What is asked of an item that is new or has changed."""

_ITEM: Final = re.compile(r"Q[1-9]\d{0,11}", re.ASCII)
_ITEMS: Final = re.compile(r"VALUES \?item \{[^}]*\}")
_LANGUAGES: Final = re.compile(r"LANG\(\?text\) IN \([^)]*\)")


def is_item(text: str) -> bool:
    """Whether a text is the id of an item.

    >>> is_item("Q64"), is_item("Q064"), is_item("P190"), is_item("Q64 }")
    (True, False, False, False)
    """
    return _ITEM.fullmatch(text) is not None


def about(name: str, items: Sequence[str], languages: Sequence[str] = ()) -> str:
    """The question `name` about some items, in some languages. ValueError for what is no item."""
    wrong = next((item for item in items if not is_item(item)), None)
    if wrong is not None:
        raise ValueError(f"{wrong!r} is not a Wikidata item; write it as Q100")
    values = "VALUES ?item { " + " ".join(f"wd:{item}" for item in items) + " }"
    text = _ITEMS.sub(values, query(f"wikidata_{name}"))
    if name == "names":
        tags = ", ".join(f'"{tag}"' for tag in languages)
        text = _LANGUAGES.sub(f"LANG(?text) IN ({tags})", text)
    return text


def asked(languages: Sequence[str]) -> str:
    """What is asked of an item, in one line: the languages, and a hash of the questions. An item whose revision is
    the same has to be read again when this is another.
    """
    texts = "\n".join(query(f"wikidata_{name}") for name in CONTENT)
    return f"{','.join(languages)} {hashlib.sha256(texts.encode()).hexdigest()}"


def named(names: Iterable[tuple[str, str]]) -> str:
    """The question which items have one of these (name, language) as label or alias."""
    literals = " ".join(f"{_quoted(name)}@{tag}" for name, tag in names)
    return query("wikidata_candidates").replace('"Berlin"@en', literals)


def with_geonames(numbers: Iterable[int]) -> str:
    """The question which items carry these GeoNames ids."""
    return query("wikidata_by_geonames").replace('"2950159"', " ".join(f'"{number}"' for number in numbers))


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped}"'
