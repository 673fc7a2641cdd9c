"""Long lists in leaves: the part of a list that `?page=` asks for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import request

from twinld.errors import InputError

PER_LEAF: Final = 200
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,5}")


@dataclass(frozen=True)
class Leaf:
    """Some items of a list: leaf `number` of `of`."""

    items: Sequence[Any]
    number: int
    of: int


def leaf_of(items: Sequence[Any], size: int = PER_LEAF) -> Leaf:
    """The leaf of `items` that `?page=` asks for, the first without it; InputError (400) for one that is not there."""
    last = max(1, -(-len(items) // size))
    text = request.args.get("page", "1")
    if _NUMBER.fullmatch(text) is None or int(text) > last:
        raise InputError(f"there is no page {text[:20]!r} here; write a number from 1 to {last}")
    number = int(text)
    return Leaf(items[(number - 1) * size : number * size], number, last)
