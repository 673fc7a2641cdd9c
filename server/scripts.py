"""What the scripts of pages say: texts of the catalogues, handed to them as data (server/static/told.js)."""

from __future__ import annotations

from typing import Final

from twinld.site import later

from .languages import texts

TEXTS: Final[dict[str, tuple[str, ...]]] = {
    "sparql": (
        later("Stop"),
        later("Ctrl+Enter asks, Ctrl+Space completes a name. Esc, then Tab, leaves the editor."),
        later("SPARQL query"),
        later("Put into the editor"),
        later("Examples"),
        later("Asking …"),
        later("Stopped."),
        later("A graph, in {time}."),
        later("In {time}."),
        later("{number} row, in {time}."),
        later("{number} rows, in {time}."),
        later("The endpoint cannot be reached: {error}"),
        later("The endpoint answered with status {status}."),
        later("Link to this query and how to cite it"),
        later("Download the answer"),
        later("Chart"),
        later("Chart of the answer"),
        later("Number"),
        later("The first {first} of {rows} rows."),
        later("Answer"),
        later("Yes."),
        later("No."),
        later("Response"),
        later("The start of it; the downloads have it all."),
        later("Ways to show the answer"),
        later("Table"),
        later("Rows of the answer"),
        later("Rows with"),
        later("{number} rows"),
        later("Earlier"),
        later("Further"),
        later("Page {number} of {of}"),
        later("Timeline"),
        later("Timeline of the answer"),
        later("Dates of the rows"),
        later("{dated} of {rows} rows are dated."),
        later("{dated} of {rows} rows are dated, the first {first} of them here."),
        later("Map"),
        later("Map of the answer"),
        later("{number} point"),
        later("{number} points"),
        later("{number} of {of} rows have no place"),
        later("Land: Natural Earth."),
    ),
    "explore": (
        later("All {all} agreements"),
        later("{number} of {all} agreements"),
        later("{number} of {all} agreements of {place}"),
        later("{drawn} on the map, {left} not located. {dated} of {number} have a known start."),
        later("The table could not be fetched."),
        later("Place"),
        later("a name"),
        later("Places of this name"),
        later("Year"),
        later("all years"),
        later("the data could not be fetched ({status})"),
        later("There is no map: {error}. The table below is whole."),
    ),
}
"""The texts of the scripts of a page, by its name."""


def script_texts(name: str) -> dict[str, str]:
    """The texts of a page's scripts in the language of the page, by what they are in English; none in English."""
    said = texts()
    return {text: said.gettext(text) for text in TEXTS[name] if said.gettext(text) != text}
