"""The ledger of ids: minted once, merged, gone, and never given again."""

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twinld.errors import SourceError
from twinld.files import BadRow, read_rows
from twinld.iris import (
    COLUMNS,
    LEDGERED,
    Ledger,
    Row,
    Wish,
)

HEADER = ",".join(COLUMNS) + "\n"

# ---------------------------------------------------------------------------------------------------- minting


MINTED = [
    ("the wanted slug", [], [("Q64", "berlin", "DE")], {"Q64": "berlin"}),
    ("no label: the key", [], [("Q311975", "", "US")], {"Q311975": "q311975"}),
    ("a label that looks like a key: the key", [], [("Q7", "q5", "DE")], {"Q7": "q7"}),
    (
        "two of one run: both with their country",
        [],
        [("Q5836", "toledo", "ES"), ("Q49239", "toledo", "US")],
        {"Q5836": "toledo-es", "Q49239": "toledo-us"},
    ),
    (
        "two of one run in one country: the keys",
        [],
        [("Q1", "springfield", "US"), ("Q2", "springfield", "US")],
        {"Q1": "q1", "Q2": "q2"},
    ),
    (
        "two of one run, one without a country: that one has its key",
        [],
        [("Q1", "toledo", "ES"), ("Q2", "toledo", "")],
        {"Q1": "toledo-es", "Q2": "q2"},
    ),
    (
        "taken in the ledger: with the country",
        [("toledo", "Q5836")],
        [("Q49239", "toledo", "US")],
        {"Q49239": "toledo-us"},
    ),
    (
        "taken with the country too: the key",
        [("toledo", "Q5836"), ("toledo-us", "Q49239")],
        [("Q3", "toledo", "US")],
        {"Q3": "q3"},
    ),
    (
        "what another wants as it is goes before what somebody falls back to",
        [("toledo", "Q5836")],
        [("Q3", "toledo", "US"), ("Q4", "toledo-us", "")],
        {"Q3": "q3", "Q4": "toledo-us"},
    ),
    (
        "a key that has a slug keeps it, whatever its label is now",
        [("karl-marx-stadt", "Q2795")],
        [("Q2795", "chemnitz", "DE")],
        {"Q2795": "karl-marx-stadt"},
    ),
]


@pytest.mark.parametrize(("claim", "before", "wishes", "expected"), MINTED, ids=[row[0] for row in MINTED])
def test_minting(claim, before, wishes, expected):
    for order in (wishes, wishes[::-1]):
        ledger = Ledger(Row("place", slug, key, "2022-01-01") for slug, key in before)

        assert ledger.mint("place", [Wish(*wish) for wish in order], "2022-11-30") == expected

        known = {key for _, key in before}
        assert ledger.new == [
            Row("place", expected[key], key, "2022-11-30") for key in sorted(expected) if key not in known
        ]


def test_a_third_toledo_renames_nothing():
    ledger = Ledger()
    first = ledger.mint("place", [Wish("Q5836", "toledo", "ES"), Wish("Q49239", "toledo", "US")], "1")
    wishes = [Wish("Q5836", "toledo", "ES"), Wish("Q49239", "toledo", "US"), Wish("Q1", "toledo", "BR")]

    second = ledger.mint("place", wishes, "2")

    # "toledo" alone is free: whoever comes alone may have it, and the earlier two keep what they have.
    assert second == first | {"Q1": "toledo"}
    assert [row.slug for row in ledger.new] == ["toledo-us", "toledo-es", "toledo"]


def test_the_slug_of_one_type_is_free_in_another():
    ledger = Ledger([Row("source", "toledo", "toledo", "1")])

    assert ledger.mint("place", [Wish("Q5836", "toledo", "ES")], "2") == {"Q5836": "toledo"}


def test_two_wishes_for_one_key_give_one_slug_in_any_order():
    wishes = [Wish("Q1", "wien", "AT"), Wish("Q1", "vienna", "AT")]

    assert Ledger().mint("place", wishes, "1") == {"Q1": "vienna"}
    assert Ledger().mint("place", wishes[::-1], "1") == {"Q1": "vienna"}


REFUSED = [
    (
        Row("place", "Toledo", "Q1", "2"),
        "'Toledo' is not a slug; write small letters, digits and single hyphens",
    ),
    (Row("place", "a--b", "Q1", "2"), "'a--b' is not a slug; write small letters, digits and single hyphens"),
    (Row("place", "", "Q1", "2"), "'' is not a slug; write small letters, digits and single hyphens"),
    (Row("place", "-a", "Q1", "2"), "'-a' is not a slug; write small letters, digits and single hyphens"),
    (Row("place", "toledo", "Q1", "2"), "place 'toledo' was minted for Q5836 in 1"),
    (Row("place", "toledo", "Q5836", "2"), "place 'toledo' was minted for Q5836 in 1"),
    (Row("place", "toledo", "Q1", "2", "gone"), "place 'toledo' was minted for Q5836 in 1"),
]


@pytest.mark.parametrize(("row", "message"), REFUSED, ids=[f"{r.slug}/{r.key}/{r.state}" for r, _ in REFUSED])
def test_a_row_that_is_no_slug_or_reuses_one_is_refused(row, message):
    ledger = Ledger([Row("place", "toledo", "Q5836", "1")])

    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        ledger.add(row)

    assert ledger.new == []


def test_an_agreement_has_a_double_hyphen_between_its_parties():
    ledger = Ledger()
    ledger.add(Row("agreement", "berlin--paris", "Q64 Q90", "1"))
    ledger.add(Row("agreement", "berlin--paris--2", "Q64 Q90 2", "1"))

    assert [row.slug for row in ledger.active("agreement")] == ["berlin--paris", "berlin--paris--2"]


# ------------------------------------------------------------------------------------------- gone and merged


def test_a_slug_that_is_gone_is_never_used_again():
    ledger = Ledger([Row("place", "toledo", "Q5836", "1"), Row("place", "toledo", "Q5836", "2", "gone")])

    assert ledger.slug("place", "Q5836") is None
    assert ledger.row("place", "toledo").state == "gone"
    assert ledger.mint("place", [Wish("Q49239", "toledo", "US")], "3") == {"Q49239": "toledo-us"}
    assert len(ledger.active("place")) == 1


def places(**slugs: str) -> Ledger:
    return Ledger(Row("place", slug, key, "1") for key, slug in slugs.items())


MERGES = [
    ("both have a slug", {"Q1": "a", "Q2": "b"}, {"Q1": "Q2"}, {"Q1": "b", "Q2": "b"}, ["a>b"]),
    ("only the old one: it goes on", {"Q1": "a"}, {"Q1": "Q2"}, {"Q1": "a", "Q2": "a"}, []),
    ("only the new one", {"Q2": "b"}, {"Q1": "Q2"}, {"Q1": None, "Q2": "b"}, []),
    ("none", {}, {"Q1": "Q2"}, {"Q1": None, "Q2": None}, []),
    ("to itself", {"Q1": "a"}, {"Q1": "Q1"}, {"Q1": "a"}, []),
    (
        "a chain",
        {"Q1": "a", "Q2": "b", "Q3": "c"},
        {"Q1": "Q2", "Q2": "Q3"},
        {"Q1": "c", "Q2": "c", "Q3": "c"},
        ["a>b", "b>c"],
    ),
    (
        "a chain whose middle has none",
        {"Q1": "a", "Q3": "c"},
        {"Q1": "Q2", "Q2": "Q3"},
        {"Q1": "c", "Q2": "c", "Q3": "c"},
        ["a>c"],
    ),
    (
        "two that mean each other: the first goes into the second",
        {"Q1": "a", "Q2": "b"},
        {"Q1": "Q2", "Q2": "Q1"},
        {"Q1": "b", "Q2": "b"},
        ["a>b"],
    ),
]


@pytest.mark.parametrize(("claim", "before", "merges", "after", "rows"), MERGES, ids=[row[0] for row in MERGES])
def test_merging(claim, before, merges, after, rows):
    ledger = places(**before)

    ledger.merge("place", merges, "2")

    assert {key: ledger.slug("place", key) for key in after} == after
    assert [f"{row.slug}>{row.replaced_by}" for row in ledger.new] == rows
    assert {row.state for row in ledger.new} <= {"merged"}


def test_merging_again_changes_nothing(tmp_path):
    ledger = places(Q1="a", Q2="b")
    ledger.merge("place", {"Q1": "Q2"}, "2")
    count = len(ledger.new)

    ledger.merge("place", {"Q1": "Q2"}, "3")
    ledger.merge("place", {"Q2": "Q1"}, "3")

    assert len(ledger.new) == count
    assert ledger.slug("place", "Q1") == ledger.slug("place", "Q2") == "b"


def test_a_merged_key_that_means_a_third_one_leaves_the_second_alone():
    ledger = places(Q1="a", Q2="b", Q3="c")
    ledger.merge("place", {"Q1": "Q2"}, "2")

    ledger.merge("place", {"Q1": "Q3"}, "3")

    assert ledger.slug("place", "Q2") == "b"


def test_a_merged_key_keeps_meaning_its_successor_when_the_ledger_is_read_again(tmp_path):
    ledger = places(Q1="a", Q2="b")
    before = ledger.text(ledger.active("place"))
    ledger.merge("place", {"Q1": "Q2"}, "2")
    path = tmp_path / "ids.csv"
    path.write_text(HEADER + before + ledger.text())

    again = Ledger.read(path)

    assert path.read_text() == HEADER + "place,a,Q1,1,active,\nplace,b,Q2,1,active,\nplace,a,Q1,2,merged,b\n"
    assert (again.slug("place", "Q1"), again.slug("place", "Q2")) == ("b", "b")
    assert again.mint("place", [Wish("Q9", "a", "FR")], "3") == {"Q9": "a-fr"}


# ------------------------------------------------------------------------------------------------- the file


def test_a_ledger_of_several_files_is_read_one_after_another(tmp_path):
    (tmp_path / "one.csv").write_text(HEADER + "place,a,Q1,1,active,\n")
    (tmp_path / "two.csv").write_text(HEADER + "place,a,Q1,2,gone,\nplace,b,Q2,2,active,\n")

    ledger = Ledger.read(tmp_path / "one.csv", tmp_path / "missing.csv", tmp_path / "two.csv")

    assert [row.slug for row in ledger.active("place")] == ["b"]
    assert ledger.new == []


SLUG = "is not a slug; write small letters, digits and single hyphens"
BAD_ROWS = [
    (
        "a type without a ledger",
        "record,a,Q1,1,active,",
        f"'record' is not a type of id; write {', '.join(LEDGERED)}",
    ),
    ("an unknown state", "place,a,Q1,1,live,", "'live' is not a state; write active, merged, gone"),
    ("no slug", "place,,Q1,1,active,", "a row without slug or key; write both"),
    ("no key", "place,a,,1,active,", "a row without slug or key; write both"),
    ("no slug at all", "place,Toledo,Q1,1,active,", f"'Toledo' {SLUG}"),
    ("two hyphens in a place", "place,a--b,Q1,1,active,", f"'a--b' {SLUG}"),
    (
        "merged into nothing",
        "place,a,Q1,1,merged,",
        "'a' is merged into nothing; write the slug in replaced_by",
    ),
    ("merged into what is not there", "place,a,Q1,1,merged,b", "'a' is merged into 'b', which leads nowhere"),
    ("merged into itself", "place,a,Q1,1,merged,a", "'a' is merged into 'a', which leads nowhere"),
    (
        "the slug of another key",
        "place,x,Q1,1,active,",
        "place 'x' was minted for Q0 in 0; write another slug",
    ),
    ("too few cells", "place,a,Q1", f"3 cells; write 6: {','.join(COLUMNS)}"),
]


@pytest.mark.parametrize(("claim", "line", "message"), BAD_ROWS, ids=[row[0] for row in BAD_ROWS])
def test_a_bad_row_stops_with_file_and_line(tmp_path, claim, line, message):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "ids.csv").write_text(f"{HEADER}place,x,Q0,0,active,\n{line}\n")

    with pytest.raises(SourceError) as raised:
        Ledger.read(tmp_path / "data" / "ids.csv")

    assert str(raised.value) == f"data/ids.csv:3: {message}"


def test_merges_in_a_circle_stop_with_file_and_line(tmp_path):
    (tmp_path / "data").mkdir()
    path = tmp_path / "data" / "ids.csv"
    path.write_text(HEADER + "place,a,Q1,1,merged,b\nplace,b,Q2,1,merged,a\n")

    with pytest.raises(SourceError) as raised:
        Ledger.read(path)

    assert str(raised.value) == "data/ids.csv:2: 'a' is merged into 'b', which leads nowhere"


def test_a_merge_into_what_is_gone_is_whole(tmp_path):
    path = tmp_path / "ids.csv"
    path.write_text(HEADER + "place,a,Q1,1,merged,b\nplace,b,Q2,1,gone,\n")

    assert Ledger.read(path).slug("place", "Q1") is None


def test_new_rows_are_written_sorted_by_type_key_and_slug():
    ledger = Ledger()
    ledger.mint("place", [Wish("Q9", "b"), Wish("Q10", "a")], "1")
    ledger.add(Row("agreement", "a--b", "Q10 Q9", "1"))

    assert ledger.text() == ("agreement,a--b,Q10 Q9,1,active,\nplace,a,Q10,1,active,\nplace,b,Q9,1,active,\n")
    assert Ledger().text() == ""


# ------------------------------------------------------------------------------------------------- Hypothesis

QIDS = st.integers(1, 60).map(lambda number: f"Q{number}")
WISHES = st.builds(
    Wish,
    QIDS,
    st.sampled_from(["", "toledo", "toledo-es", "boston", "q5", "a"]),
    st.sampled_from(["", "ES", "US"]),
)
RUNS = st.lists(st.lists(WISHES, max_size=12), min_size=1, max_size=4)


@given(RUNS, st.randoms(use_true_random=False))
def test_shuffled_wishes_get_the_same_slugs(runs: list[list[Wish]], chance: random.Random):
    one, other = Ledger(), Ledger()
    for number, wishes in enumerate(runs):
        shuffled = list(wishes)
        chance.shuffle(shuffled)

        assert one.mint("place", wishes, str(number)) == other.mint("place", shuffled, str(number))

    assert one.text() == other.text()


@given(RUNS, st.dictionaries(QIDS, QIDS, max_size=6))
def test_no_run_renames_or_reuses_a_slug(runs, merges):
    ledger = Ledger()
    owner: dict[str, str] = {}
    seen: dict[str, str] = {}
    for number, wishes in enumerate(runs):
        slugs = ledger.mint("place", wishes, str(number))

        assert set(slugs) == {wish.key for wish in wishes}
        assert len(set(slugs.values())) == len(slugs)
        for key, slug in slugs.items():
            assert owner.setdefault(slug, key) == key
            assert seen.setdefault(key, slug) == slug

    ledger.merge("place", merges, "last")

    assert [row.key for row in ledger.new if owner.get(row.slug, row.key) != row.key] == []
    for key in seen:
        assert ledger.slug("place", key) is not None, "a merge never loses a thing"


@given(RUNS, st.dictionaries(QIDS, QIDS, max_size=6))
def test_the_file_says_what_the_ledger_says(tmp_path_factory, runs, merges):
    ledger, path = Ledger(), tmp_path_factory.mktemp("ledger") / "ids.csv"
    for number, wishes in enumerate(runs):
        ledger.mint("place", wishes, str(number))
    ledger.merge("place", merges, "last")
    path.write_text(HEADER + ledger.text())

    again = Ledger.read(path)

    assert not any(isinstance(row, BadRow) for row in read_rows(path, COLUMNS))
    assert again.active("place") == ledger.active("place")
    for row in ledger.new:
        assert again.slug("place", row.key) == ledger.slug("place", row.key)
