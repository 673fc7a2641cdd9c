"""The curated tables: good rows as facts, claims and evidence; every bad row with file, line and remedy."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from twinld.files import folder
from twinld.ingest.curated import TABLES, Curated, read_curated
from twinld.iris import Ledger, Row
from twinld.mapping.write import TYPE, tw
from twinld.model import PlaceFacts

TEXT = "In 1931 Toledo and Toledo became twins. Nobody knows why; some say it was the name."
SHA256 = hashlib.sha256(TEXT.encode()).hexdigest()
ROWS = {
    "sources.csv": [
        f"a-text,Document,A text,Nobody,https://example.org/t,en,1999,https://e.org/l,Quoted.,2026-11-22,text.txt,{SHA256},15",
        "a-page,WebPage,A page,City,https://example.org/page,en,,,,2026-11-22,,,8",
    ],
    "passages.csv": [
        "S1,a-text,0,In 1931 Toledo and Toledo became twins,accepted,,place:toledo-es place:toledo-us network:club",
        "S2,a-text,58,some say it was the name,opinion,Hearsay.,twv:motivation-shared-name",
        "page-1,a-page,,,accepted,,network:club",
    ],
    "agreements.csv": [
        "toledo-es,Q49239,twinning,1931,,S1,,,,",
        "Toledo Spain,toledo-us,friendship,,,https://example.org/page,friends,2026-11-22,2,",
    ],
    "things.csv": ["network:club,CityNetwork,The Club@en | Der Klub@de,Clubs@en,Q7,A note.@en"],
    "claims.csv": [
        "S2,agreement:toledo-es--toledo-us,motivation,shared-name,no",
        "page-1,network:club,start,1950,yes",
        "page-1,network:club,promotes,twv:concept-city-diplomacy,yes",
    ],
    "statistics.csv": ["network:club,members,12,more-than,2001,,page-1"],
    "memberships.csv": ["place:toledo-es,network:club,1951,,page-1"],
    "offices.csv": [],
    "contradictions.csv": ["S1,contradicts,S2,K1,a year against hearsay"],
}
LEDGER = Ledger(
    Row("place", slug, key, "2022")
    for slug, key in (("toledo-es", "Q5836"), ("toledo-us", "Q49239"), ("boston", "Q100"), ("boston-gb", "Q311975"))
)
PLACES = [
    PlaceFacts("x", "q5836", "Q5836", "", (("en", "Toledo"), ("de", "Toledo Spain"))),
    PlaceFacts("x", "q49239", "Q49239", "", (("en", "Toledo"),)),
    PlaceFacts("x", "q100", "Q100", "", (("en", "Boston"),)),
]
CLUB = "<https://w3id.org/twinld/id/network/club>"


def tables(data: Path, **changes: list[str]) -> Path:
    """The tables in `data`/curated; a change replaces the rows of one (its name without .csv)."""
    (data / "curated").mkdir(exist_ok=True)
    for name, rows in ROWS.items():
        text = "\n".join([",".join(TABLES[name]), *changes.get(name.removesuffix(".csv"), rows)]) + "\n"
        (data / "curated" / name).write_text(text, "utf-8")
    return data


def read(data: Path, documents: Path | None = None) -> Curated:
    return read_curated(data, LEDGER, lambda: PLACES, documents)


def wrong(curated: Curated) -> list[str]:
    return [f"{finding.where}: {finding.message}" for finding in curated.findings if finding.severity == "Violation"]


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "text.txt").write_text(TEXT, "utf-8")
    return tmp_path / "documents"


def test_every_table_has_rows_to_test_or_is_tested_empty() -> None:
    assert ROWS.keys() == TABLES.keys()


def test_good_rows_have_no_findings(tmp_path: Path, documents: Path) -> None:
    assert read(tables(tmp_path), documents).findings == []


def test_documents_that_are_not_given_are_told(tmp_path: Path) -> None:
    found = read(tables(tmp_path)).findings

    assert [(finding.severity, finding.message) for finding in found] == [
        ("Info", "text.txt was not found: 2 quotes not checked; give --documents FOLDER")
    ]


def test_agreements_are_statements_of_their_page_or_document(tmp_path: Path) -> None:
    found = read(tables(tmp_path)).statements
    said = [(s.source, s.key, s.record, s.subject, s.obj, s.kind, str(s.start), s.relation, s.quote) for s in found]

    assert said == [
        ("a-text", "s1-q5836-q49239", "s1", "Q5836", "Q49239", "twinning", "1931", 1,
         "In 1931 Toledo and Toledo became twins"),
        ("a-page", "q5836-q49239-2", None, "Q5836", "Q49239", "friendship", "None", 2, "friends"),
    ]  # fmt: skip


def test_a_page_without_a_row_of_its_own_is_contributed(tmp_path: Path) -> None:
    row = "Q5836,Q49239,twinning,1931,,https://example.org/other,words,2026-11-22,,"
    found = read(tables(tmp_path, agreements=[row]))

    assert [(s.source, s.locator) for s in found.statements] == [("contributed", "https://example.org/other")]
    assert found.sources["contributed"].graph == "pages"


def test_what_one_page_says_twice_differently_are_two_records(tmp_path: Path) -> None:
    rows = [f"Q5836,Q49239,twinning,{year},,https://example.org/page,,2026-11-22,," for year in (1952, 1977)]
    keys = [statement.key for statement in read(tables(tmp_path, agreements=rows)).statements]

    assert keys[0] == "q5836-q49239"
    assert keys[1].startswith("q5836-q49239-")


def test_a_fact_stands_with_the_claim_it_rests_on(tmp_path: Path) -> None:
    said = read(tables(tmp_path)).said
    start = (CLUB, tw("start"), '"1950"^^<http://id.loc.gov/datatypes/edtf/EDTF-level1>')

    assert start in said.facts
    stated = [claim.record for _, claim in said.claims if (claim.subject, claim.predicate, claim.value) == start]
    assert stated == [("a-page", "page-1")]


def test_an_opinion_is_a_claim_and_no_fact(tmp_path: Path) -> None:
    said = read(tables(tmp_path)).said

    assert tw("motivation") in {claim.predicate for _, claim in said.claims}
    assert tw("motivation") not in {fact[1] for fact in said.facts}


def test_a_thing_has_its_class_labels_and_item(tmp_path: Path) -> None:
    said = read(tables(tmp_path)).said

    assert {(p.rpartition("#")[2].rpartition("/")[2], o) for s, p, o in said.facts if s == CLUB} == {
        ("type>" if TYPE.endswith("type>") else "", tw("CityNetwork")),
        ("label>", '"The Club"@en'), ("label>", '"Der Klub"@de'), ("altLabel>", '"Clubs"@en'),
        ("wikidataItem>", "<http://www.wikidata.org/entity/Q7>"), ("scopeNote>", '"A note."@en'),
        ("start>", '"1950"^^<http://id.loc.gov/datatypes/edtf/EDTF-level1>'),
        ("promotes>", "<https://w3id.org/twinld/vocab/concept-city-diplomacy>"),
    }  # fmt: skip
    assert [(type_, wish.key, wish.wanted) for type_, wish in said.wishes] == [("network", "Q7", "club")]


def test_figures_and_memberships_are_fragments_of_their_network(tmp_path: Path) -> None:
    said = read(tables(tmp_path)).said
    figure, membership = f"{CLUB[:-1]}#members-page-1>", f"{CLUB[:-1]}#toledo-es>"

    assert (figure, tw("value"), '"12"^^<http://www.w3.org/2001/XMLSchema#integer>') in said.facts
    assert (figure, tw("bound"), "<https://w3id.org/twinld/vocab/bound-more-than>") in said.facts
    assert (membership, tw("member"), "<https://w3id.org/twinld/id/place/toledo-es>") in said.facts
    assert (membership, tw("network"), CLUB) in said.facts


def test_contradictions_hold_both_ways(tmp_path: Path) -> None:
    review = read(tables(tmp_path)).said.review
    one, other = (f"<https://w3id.org/twinld/id/record/a-text/{key}>" for key in ("s1", "s2"))

    assert (one, tw("contradicts"), other) in review
    assert (other, tw("contradicts"), one) in review


PASSAGE = "S1,a-text,0,In 1931 Toledo and Toledo became twins,accepted,,"
BAD = [
    ("an unknown source", "passages", "S9,a-txt,0,In 1931,accepted,,", "'a-txt' is not one; did you mean a-text?"),
    ("no verdict", "passages", "S9,a-text,0,In 1931,,,", "the row names no verdict; write one of accepted"),
    ("no reason", "passages", "S9,a-text,0,In 1931,refuted,,", "verdict refuted without a reason; say why"),
    ("an unknown thing", "passages", "S9,a-text,0,In 1931,accepted,,place:toldeo-es",
     "place:toldeo-es is nothing of ours; did you mean toledo-es"),
    ("a word that is no thing", "passages", "S9,a-text,0,In 1931,accepted,,Toledo", "'Toledo' names no thing"),
    ("an offset in words", "passages", "S9,a-text,start,In 1931,accepted,,", "offset 'start' is not a number"),
    ("a passage twice", "passages", "S1,a-text,0,In 1931,accepted,,", "S1 stands twice"),
    ("a name of two places", "agreements", "Toledo,boston,twinning,,,S1,,,,",
     "'Toledo' fits 2 places (Q5836 toledo-es, Q49239 toledo-us); write the item of the right one"),
    ("an unknown place", "agreements", "Bostn,toledo-es,twinning,,,S1,,,,",
     "there is no place 'Bostn'; did you mean boston?"),
    ("an unknown kind", "agreements", "Q100,toledo-es,sister,,,S1,,,,", "kind 'sister' is not one"),
    ("half a date", "agreements", "Q100,toledo-es,twinning,19-,,S1,,,,", "start '19-'"),
    ("a source that is none", "agreements", "Q100,toledo-es,twinning,,,S7,,,,", "'S7' is neither an address"),
    ("an unknown concept", "claims", "S1,network:club,promotes,twv:concept-city-diplomcy,no",
     "'twv:concept-city-diplomcy' is not a concept; did you mean concept-city-diplomacy"),
    ("an unknown property", "claims", "S1,network:club,stert,1950,no", "'stert' is not a property; did you mean"),
    ("a fact of an opinion", "claims", "S2,network:club,start,1950,yes", "S2 is opinion, so nothing of it is a fact"),
    ("a claim without passage", "claims", "S8,network:club,start,1950,no", "passage 'S8' is none of passages.csv"),
    ("neither yes nor no", "claims", "S1,network:club,start,1950,maybe", "fact 'maybe' is not one"),
    ("a start of an agreement of two places", "claims", "S1,agreement:toledo-es--toledo-us,start,1931,yes",
     "start of agreement:toledo-es--toledo-us; write it to agreements.csv"),
    ("a thing twice", "things", "network:club,Forum,Club@en,,,", "network:club stands twice; write each thing once"),
    ("an unknown class", "things", "network:c,CityNetwrk,C@en,,,", "'CityNetwrk' is not a class; did you mean"),
    ("a label without a language", "things", "network:c,Forum,The C,,,", "has no language; write it as The C@en"),
    ("a value that is no number", "statistics", "network:club,members,many,exact,,,S1", "'many' is not a number"),
    ("an unknown bound", "statistics", "network:club,members,3,exakt,,,S1", "'twv:bound-exakt' is not a concept"),
    ("an unknown relation", "contradictions", "S1,denies,S2,K1,x", "relation 'denies' is not one"),
]  # fmt: skip


@pytest.mark.parametrize(("claim", "table", "row", "said"), BAD, ids=[row[0] for row in BAD])
def test_a_bad_row_is_named_with_file_and_line(
    tmp_path: Path, documents: Path, claim: str, table: str, row: str, said: str
) -> None:
    rows = [*ROWS[f"{table}.csv"], row]
    found = wrong(read(tables(tmp_path, **{table: rows}), documents))

    assert [line for line in found if line.startswith(f"curated/{table}.csv:{len(rows) + 1}: ") and said in line] != []
    assert len(found) == 1


def test_a_quote_that_is_elsewhere_is_told_where(tmp_path: Path, documents: Path) -> None:
    rows = ["S1,a-text,5,In 1931 Toledo,accepted,,", "S2,a-text,0,In 1931 Toledo and Boston became,accepted,,"]
    found = wrong(read(tables(tmp_path, passages=[*rows, ROWS["passages.csv"][2]], agreements=[], claims=[],
                              contradictions=[]), documents))  # fmt: skip

    assert len(found) == 2
    assert found[0] == "curated/passages.csv:2: the quote stands at character 0 of text.txt, not at 5; write 0"
    assert found[1].startswith("curated/passages.csv:3: the quote is not in text.txt; ")
    assert 'after "In 1931 Toledo and"; copy the exact words' in found[1]


def test_another_document_of_the_same_name_is_refused(tmp_path: Path, documents: Path) -> None:
    (documents / "text.txt").write_text(TEXT + "!", "utf-8")
    found = wrong(read(tables(tmp_path), documents))

    assert [line.partition(" (sha256")[0] for line in found] == ["curated/sources.csv: text.txt is another file"]


def test_a_broken_table_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    data = tables(tmp_path)
    (data / "curated" / "things.csv").write_text("id,class\nnetwork:club,Forum\n", "utf-8")
    found = wrong(read(data))

    start = "curated/things.csv:1: column labels, alt_labels, wikidata_item, note is missing"
    assert any(line.startswith(start) for line in found)
    assert any(line.startswith("curated/passages.csv:2: network:club is nothing of ours") for line in found)


def test_the_curated_tables_of_this_checkout_are_right(shared: Path) -> None:
    data = folder("data")
    found = read_curated(data, Ledger.read(data / "ids.csv"), lambda: PLACES, shared / "seeds")

    assert found.findings == []
    assert len([passage for passage in found.passages.values() if passage.offset is not None]) == 104
