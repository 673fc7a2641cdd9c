"""Mutants that say the same as their rule: no example could tell them apart.

A group without its HAVING or FILTER only makes a query slower, for a later line leaves out the same rows.
"""

from typing import Final

SPEED: Final = "a later line leaves out the same rows; this one saves time"
ONE_NUMBER: Final = "the store keeps 0 and 0.0 as one decimal; pySHACL does not"
NOT_ITSELF: Final = "what is compared with itself is left out by a later line"

EQUIVALENT: Final[dict[tuple[str, str], str]] = {
    ("G03", "without line 10: HAVING (COUNT(DISTINCT ?place) > 1)"): SPEED,
    ("G03", "line 10: >= for > in HAVING (COUNT(DISTINCT ?place) > 1)"): SPEED,
    ("G03", "line 10: 0 for 1 in HAVING (COUNT(DISTINCT ?place) > 1)"): SPEED,
    ("G04", "no targetNode 0 (decimal)"): ONE_NUMBER,
    ("G04", "no targetNode 0.0 (decimal)"): ONE_NUMBER,
    ("G11", "without line 12: VALUES ?axis { wgs:lat wgs:long }"): SPEED,
    ("G11", "without line 16: HAVING (MAX(?degrees) - MIN(?degrees) > 0.6)"): SPEED,
    ("G11", "line 16: >= for > in HAVING (MAX(?degrees) - MIN(?degrees) > 0.6)"): SPEED,
    ("G11", "line 16: -0.4 for 0.6 in HAVING (MAX(?degrees) - MIN(?degrees) > 0.6)"): SPEED,
    ("G11", "line 29: <= for < in FILTER(STR(?other) < STR(?value))"): NOT_ITSELF,
    ("I02", "without line 10: HAVING (COUNT(DISTINCT ?place) > 1)"): SPEED,
    ("I02", "line 10: >= for > in HAVING (COUNT(DISTINCT ?place) > 1)"): SPEED,
    ("I02", "line 10: 0 for 1 in HAVING (COUNT(DISTINCT ?place) > 1)"): SPEED,
    ("L02", 'without line 7: FILTER(LANG(?value) = "und")'): SPEED,
    (
        "L03",
        r'without line 9: FILTER(REGEX(STR(?value), "^\\s|\\s$|[\u0300-\u036f\u3099\u309a]"))',
    ): SPEED,
    (
        "P10",
        "without line 6: VALUES ?verdict { twv:verdict-opinion twv:verdict-unverified twv:verdict-refuted }",
    ): SPEED,
    ("P10", "without line 7: GRAPH ?review { ?record tw:verdict ?verdict }"): SPEED,
    ("P10", "without line 9: FILTER(?kind IN (tw:claimValue, tw:claimObject))"): "no other property has a shown value",
    ("X03", "without line 10: FILTER(STR(?one) < STR(?other))"): SPEED,
    ("X03", "line 10: <= for < in FILTER(STR(?one) < STR(?other))"): SPEED,
    ("X03", "without line 13: HAVING (COUNT(?agreement) > 1)"): SPEED,
    ("X03", "line 13: >= for > in HAVING (COUNT(?agreement) > 1)"): SPEED,
    ("X03", "line 13: 0 for 1 in HAVING (COUNT(?agreement) > 1)"): SPEED,
    ("X03i", "without line 10: HAVING (COUNT(?agreement) > 1)"): SPEED,
    ("X03i", "line 10: >= for > in HAVING (COUNT(?agreement) > 1)"): SPEED,
    ("X03i", "line 10: 0 for 1 in HAVING (COUNT(?agreement) > 1)"): SPEED,
    ("X03i", "line 14: <= for < in FILTER(STR(?value) < STR(?this))"): NOT_ITSELF,
    (
        "X11i",
        "line 9: >= for > in FILTER(?first > ?second || ?slug NOT IN (?first, ?second))",
    ): "X11 asks for two members",
    ("X12", "line 7: <= for < in FILTER(STR(?one) < STR(?value))"): NOT_ITSELF,
    ("X15", "without line 9: GRAPH ?types { ?area a tw:Country }"): "G05d asks for a tw:Country; this saves time",
    ("X16i", "line 6: <= for < in FILTER(STR(?one) < STR(?value))"): NOT_ITSELF,
}
"""Rule and change, and why nothing follows from it."""
