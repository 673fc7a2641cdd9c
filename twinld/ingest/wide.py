"""Rows with more cells than columns: which cell belongs to which column, as far as that is sure.

Either something stands behind the last column, or a comma inside a cell parted it in two. Every such reading is tried
on the forms of the columns (a number, a date, an item); of those that fit best, what all agree on is kept and the rest
is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Final

from twinld.dates import partial_date

Form = Callable[[str], bool]
"""Whether a cell is of the form of its column."""
_MISFITS: Final = 1
"""So many cells of a reading may be of another form: a row may be wrong in a second way. With more of them nobody
knows which cell is which."""
_NUMBER: Final = re.compile(r"(-?\d+(\.\d+)?([Ee][+-]?\d+)?|\d{1,3}(,\d{3})+)?", re.ASCII)
"""With commas between thousands, too: whoever forgets to quote a cell may well have written them."""


@cache
def _is_date(text: str) -> bool:
    try:
        return not text or bool(partial_date(text))
    except ValueError:
        return False


def like(pattern: str) -> Form:
    """The form of cells that match a pattern as a whole."""
    compiled = re.compile(pattern)
    return lambda text: compiled.fullmatch(text) is not None


def is_number(text: str) -> bool:
    """Whether a cell is a number or empty."""
    return _NUMBER.fullmatch(text) is not None


is_item: Final = like(r"Q\d+|[a-z0-9-]+:\S.*")
_is_name: Final = like(r"[a-z0-9-]*")

FORMS: Final[Mapping[str, Form]] = {
    **dict.fromkeys(("subject", "object", "item", "target"), is_item),
    **dict.fromkeys(("latitude", "longitude", "population", "geonames", "relation"), is_number),
    **dict.fromkeys(("start", "end", "point_in_time"), _is_date),
    **dict.fromkeys(("kind", "local_term", "status", "level", "rank"), _is_name),
    "property": like(r"P\d+"), "statement": like(r"([A-Za-z]\d+\$[0-9A-Fa-f-]+)?"), "iso_code": like(r"([A-Z]{2})?"),
    "language": like(r"[a-z]{2,8}(-[a-z0-9]{1,8})*"), "themes": like(r"[a-z0-9-]*(;[a-z0-9-]+)*"),
    "row": like(r"[^,]*"), "qualifiers": like(r"(P\d+\S*)?"),
}  # fmt: skip
"""What the cells of columns of the layout look like; a column that is not here holds text."""


def narrowed(
    cells: Sequence[str],
    columns: Sequence[str],
    forms: Mapping[str, Form] = FORMS,
    separator: str = ",",
) -> tuple[dict[str, str] | None, str]:
    """The cells of a row with too many of them by column, and what was found and would be right.

    A cell that the readings do not agree on is empty; None when no reading fits.

    >>> narrowed(["Q1", "en", "Paris", " Texas"], ["item", "language", "label"])[0]
    {'item': 'Q1', 'language': 'en', 'label': 'Paris, Texas'}
    >>> narrowed(["Q1", "1", "234", ""], ["item", "population", "geonames"])[0]
    {'item': 'Q1', 'population': '', 'geonames': ''}
    """
    width = f"{len(cells)} cells"
    write = f"write {len(columns)}: {','.join(columns)}"
    behind = cells[len(columns) :]
    counted = [
        (_misfits(reading, at, behind, columns, forms), reading, at)
        for reading, at in _readings(cells, columns, separator)
    ]
    least = min(misfits for misfits, *_ in counted)
    if least > _MISFITS:
        return None, f"{width}; {write}"
    best = [(reading, at) for misfits, reading, at in counted if misfits == least]
    first = best[0][0]
    unsure = [name for number, name in enumerate(columns) if any(other[number] != first[number] for other, _ in best)]
    kept = {name: "" if name in unsure else cell for name, cell in zip(columns, first, strict=True)}
    if unsure:
        return kept, f"{width}, and {' and '.join(unsure)} can be read in several ways; {write}"
    if best[0][1] is not None:
        return kept, f"{width}, since {columns[best[0][1]]} {first[best[0][1]]!r} is not in quotes; put it in quotes"
    more = separator.join(cell for cell in behind if cell)
    return kept, f"{width}{f', {more!r} behind the last column' if more else ''}; {write}"


def _readings(cells: Sequence[str], columns: Sequence[str], separator: str) -> Iterator[tuple[list[str], int | None]]:
    """The ways to read a row: without what stands behind, and with cells put together; with that column's number."""
    surplus = len(cells) - len(columns)
    yield list(cells[: len(columns)]), None
    for at in range(len(columns)):
        parts = cells[at : at + surplus + 1]
        if all(part.strip() for part in parts):
            yield [*cells[:at], separator.join(parts), *cells[at + surplus + 1 :]], at


def _misfits(
    reading: Sequence[str],
    at: int | None,
    behind: Sequence[str],
    columns: Sequence[str],
    forms: Mapping[str, Form],
) -> float:
    """How many cells of a reading are not of the form of their column.

    A text with a comma goes on with a blank or a letter; one that begins with a blank is the rest of another one. Half
    a misfit is a comma without a blank inside the row, where something behind it is likelier.
    """
    found: float = sum(
        not forms[name](cell) if name in forms else cell.startswith(" ")
        for name, cell in zip(columns, reading, strict=True)
    )
    if at is None:
        return found + any(cell.startswith(" ") for cell in behind)
    if columns[at] in forms:
        return found
    rest = re.split("[,\t]", reading[at])[1:]
    found += any(not part[0].isspace() and not part[0].isalpha() for part in rest)
    return found + (0.5 if at < len(columns) - 1 and not any(part[0].isspace() for part in rest) else 0)
