"""A small dataset with everything that is easily lost on the way through a store."""

from __future__ import annotations

from twinld.vocab import CURATED, GRAPH, INFERRED, XSD

EX = "https://w3id.org/twinld/id/"
TW = "https://w3id.org/twinld/ns#"
LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
BOSTON, PADERBORN, LE_MANS = (f"<{EX}place/{slug}>" for slug in ("boston", "paderborn", "le-mans"))
AGREEMENT = f"<{EX}agreement/le-mans--paderborn>"
PHASE = f"<{EX}agreement/le-mans--paderborn#phase-active>"
RECORD = f"<{EX}record/demo/r1>"
CLAIM = f"<{EX}record/demo/r1#start>"
DEMO = GRAPH + "source/demo"
ODD_TEXT = 'a "quote",\na line\\ and \U0001f91d, à la "836"\ttab'
START = '"0836"^^<http://id.loc.gov/datatypes/edtf/EDTF-level1>'
LATITUDE = f'"42.358"^^<{XSD}decimal>'
FALSE = f'"false"^^<{XSD}boolean>'

LABELS = ['"Boston"@en', '"Бостон"@ru', '"بوسطن"@ar', '"波士頓"@zh-hant']
CURATED_TRIPLES = [
    *((BOSTON, LABEL, label) for label in LABELS),
    (BOSTON, TYPE, f"<{TW}Place>"),
    (BOSTON, "<http://www.w3.org/2003/01/geo/wgs84_pos#lat>", LATITUDE),
    (PADERBORN, TYPE, f"<{TW}Place>"),
    (LE_MANS, TYPE, f"<{TW}Place>"),
    (AGREEMENT, TYPE, f"<{TW}Agreement>"),
    (AGREEMENT, f"<{TW}party>", LE_MANS),
    (AGREEMENT, f"<{TW}party>", PADERBORN),
    (AGREEMENT, f"<{TW}start>", START),
]
INFERRED_TRIPLES = [
    (AGREEMENT, f"<{TW}phase>", PHASE),
    (PHASE, TYPE, f"<{TW}Phase>"),
    (BOSTON, f"<{TW}sameCountry>", FALSE),
]
DEMO_TRIPLES = [
    (RECORD, f"<{TW}locator>", r'"a \"quote\",\na line\\ and 🤝, à la \"836\"' + '\ttab"'),
    (CLAIM, f"<{TW}fromRecord>", RECORD),
    (CLAIM, f"<{TW}claimValue>", START),
]
NAMED = {CURATED: CURATED_TRIPLES, INFERRED: INFERRED_TRIPLES, DEMO: DEMO_TRIPLES}
PREFIXES = f"PREFIX tw: <{TW}> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "


def nquads(*, with_default: bool = True) -> bytes:
    """The dataset as N-Quads; with the default graph that a release has, or without as in a dump."""
    lines = [f"{s} {p} {o} <{graph}> ." for graph, triples in NAMED.items() for s, p, o in triples]
    if with_default:
        lines += [f"{s} {p} {o} ." for s, p, o in [*CURATED_TRIPLES, *INFERRED_TRIPLES]]
    return ("\n".join(lines) + "\n").encode()
