"""Finds things by any of their names, and agreements by what is known of them: an index made with each release.

`material_of(store)` reads what there is to find, `write_index` makes the index of it (one SQLite file, the same bytes
for the same material), `Index` reads that file, and `find` says what is meant by what somebody typed.
"""

from twinld.search.find import Found, find, near_names
from twinld.search.gather import material_of
from twinld.search.index import INDEX, Index, open_index
from twinld.search.make import make_index, write_index
from twinld.search.material import Bond, Material, Name, Thing

__all__ = [
    "INDEX",
    "Bond",
    "Found",
    "Index",
    "Material",
    "Name",
    "Thing",
    "find",
    "make_index",
    "material_of",
    "near_names",
    "open_index",
    "write_index",
]
