import csv
import io
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from twinld import files
from twinld.errors import SourceError
from twinld.files import BadRow, read_rows

COLUMNS = ("item", "label")


def rows(tmp_path, content: bytes, columns=COLUMNS):
    """The rows of a file `places/rows.csv` with this content."""
    (tmp_path / "places").mkdir(exist_ok=True)
    path = tmp_path / "places" / "rows.csv"
    path.write_bytes(content)
    return list(read_rows(path, columns))


def row(line: int, item: str, label: str):
    return f"places/rows.csv:{line}", {"item": item, "label": label}


def bad(line: int, found: str, right: str):
    return BadRow(f"places/rows.csv:{line}", found, right)


READ = [
    (
        "rows have the line they stand on",
        b"item,label\nQ64,Berlin\nQ90,Paris\n",
        [row(2, "Q64", "Berlin"), row(3, "Q90", "Paris")],
    ),
    ("only a header", b"item,label\n", []),
    ("a header without a line end", b"item,label", []),
    ("no line end at the end", b"item,label\nQ64,Berlin", [row(2, "Q64", "Berlin")]),
    ("a byte order mark", b"\xef\xbb\xbfitem,label\nQ64,Berlin\n", [row(2, "Q64", "Berlin")]),
    ("lines that end in CRLF", b"item,label\r\nQ64,Berlin\r\n", [row(2, "Q64", "Berlin")]),
    ("empty lines are counted", b"item,label\n\n\nQ64,Berlin\n", [row(4, "Q64", "Berlin")]),
    ("columns in another order", b"label,item\nBerlin,Q64\n", [row(2, "Q64", "Berlin")]),
    ("quoted comma and quote", b'item,label\nQ1,"a, ""b"""\n', [row(2, "Q1", 'a, "b"')]),
    (
        "a cell over two lines: the row stands on its first",
        b'item,label\nQ1,"a\nb"\nQ2,c\n',
        [row(2, "Q1", "a\nb"), row(4, "Q2", "c")],
    ),
    (
        "a cell over two CRLF lines",
        b'item,label\r\nQ1,"a\r\nb"\r\nQ2,c\r\n',
        [row(2, "Q1", "a\r\nb"), row(4, "Q2", "c")],
    ),
    (
        "a line separator is no line end",
        "item,label\nQ1,a\u2028b\nQ2,c\n".encode(),
        [row(2, "Q1", "a\u2028b"), row(3, "Q2", "c")],
    ),
    ("empty cells", b"item,label\n,\n", [row(2, "", "")]),
    (
        "too few cells",
        b"item,label\nQ1\nQ2,b\n",
        [bad(2, "1 cells", "write 2: item,label"), row(3, "Q2", "b")],
    ),
    ("too many cells", b"item,label\nQ1,a,b\n", [bad(2, "3 cells", "write 2: item,label")]),
    (
        "a byte that is not UTF-8",
        b"item,label\nQ1,Malm\xf6\nQ2,b\n",
        [bad(2, r"b'Q1,Malm\xf6' is not UTF-8", "save the row as UTF-8"), row(3, "Q2", "b")],
    ),
    (
        "a bad byte far into a long row is shown",
        b"item,label\nQ1," + b"-" * 99 + b"\xf6" + b"+" * 99,
        [bad(2, rf"b'{'-' * 30}\xf6{'+' * 30}' is not UTF-8", "save the row as UTF-8")],
    ),
    (
        "letters after a closing quote",
        b'item,label\nQ1,"a"b\nQ2,b\n',
        [bad(2, "',' expected after '\"'", "write a CSV row (RFC 4180)"), row(3, "Q2", "b")],
    ),
    (
        "a quote that never closes",
        b'item,label\nQ1,a\nQ2,"b\nQ3,c\n',
        [row(2, "Q1", "a"), bad(3, "unexpected end of data", "write a CSV row (RFC 4180)")],
    ),
]


@pytest.mark.parametrize(("claim", "content", "expected"), READ, ids=[case[0] for case in READ])
def test_rows_are_read(tmp_path, claim, content, expected):
    assert rows(tmp_path, content) == expected


def test_further_columns_are_kept(tmp_path):
    found = rows(tmp_path, b"item,label,note\nQ64,Berlin,x\n")

    assert found == [("places/rows.csv:2", {"item": "Q64", "label": "Berlin", "note": "x"})]


REFUSED = [
    (
        "UTF-16",
        "item,label\n".encode("utf-16"),
        "this is not UTF-8 text (UTF-16 or binary); save it as UTF-8",
    ),
    (
        "UTF-16 without a mark",
        "item,label\n".encode("utf-16-le"),
        "this is not UTF-8 text (UTF-16 or binary); save it as UTF-8",
    ),
    ("a bad byte in the header", b"item,l\xe4bel\n", "byte 7 is not UTF-8; save the file as UTF-8"),
    ("a column with a near name", b"item,lable\n", "column label is missing (label: did you mean lable?)"),
    ("a column in capitals", b"item,LABEL\n", "column label is missing (label: did you mean LABEL?)"),
    ("a column with nothing near", b"item,x\n", "column label is missing (label: columns found: item, x)"),
    (
        "an empty file",
        b"",
        "the file is empty; it needs the header item,label",
    ),
    (
        "semicolons",
        b"item;label\n",
        "column item, label is missing (item: columns found: item;label; label: did you mean item;label?)",
    ),
    ("a column twice", b"item,label,item\n", "column item stands there twice; keep one"),
    (
        "lines that end in CR only",
        b"item,label\rQ1,a\r",
        "a line ends in CR alone; save the file with LF or CRLF",
    ),
    (
        "a header over two lines",
        b'item,"la\nbel"\n',
        "unexpected end of data; write a header line of CSV (RFC 4180)",
    ),
]


@pytest.mark.parametrize(("claim", "content", "message"), REFUSED, ids=[case[0] for case in REFUSED])
def test_a_file_that_cannot_be_trusted_is_refused(tmp_path, claim, content, message):
    with pytest.raises(SourceError) as raised:
        rows(tmp_path, content)

    assert str(raised.value) == f"places/rows.csv:1: {message}"


def test_a_missing_file_is_refused_with_the_columns_it_needs(tmp_path):
    with pytest.raises(SourceError) as raised:
        list(read_rows(tmp_path / "places" / "rows.csv", COLUMNS))

    assert str(raised.value) == "places/rows.csv: there is no such file; it needs item, label"


def test_a_folder_in_place_of_a_file_is_refused(tmp_path):
    (tmp_path / "places" / "rows.csv").mkdir(parents=True)

    with pytest.raises(SourceError) as raised:
        list(read_rows(tmp_path / "places" / "rows.csv", COLUMNS))

    assert str(raised.value) == "places/rows.csv: cannot be read (Is a directory)"


def test_a_file_of_the_working_folder_is_named_without_a_slash(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rows.csv").write_bytes(b"item,label\nQ64,Berlin\n")

    assert [where for where, _ in read_rows(files.Path("rows.csv"), COLUMNS)] == ["rows.csv:2"]


def test_a_bad_row_is_one_line():
    assert str(bad(2, "1 cells", "write 2: item,label")) == "places/rows.csv:2: 1 cells; write 2: item,label"


CELL = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"))


@given(st.lists(st.tuples(CELL.filter(bool), CELL)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_csv_writes_comes_back(tmp_path, cells):
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    expected = []
    for item, label in cells:
        line = len(re.split(r"\r\n|\r|\n", out.getvalue()))
        expected.append(row(line, item, label))
        writer.writerow((item, label))

    assert rows(tmp_path, out.getvalue().encode()) == expected


def test_the_folders_of_the_checkout(root):
    assert files.checkout() == root
    assert {name: files.folder(name) for name in files.FOLDERS} == {name: root / name for name in files.FOLDERS}


@pytest.fixture
def wheel(tmp_path, monkeypatch):
    """A folder as an installed wheel has it: `twinld/` with `_files/` in it, and no checkout around."""
    package = tmp_path / "twinld"
    (package / "_files" / "shapes").mkdir(parents=True)
    monkeypatch.setattr(files, "_PACKAGE", package)
    return package


def test_the_folders_of_a_wheel_are_in_the_package(wheel):
    (wheel.parent / "shapes").mkdir()  # somebody else's

    assert files.checkout() is None
    assert files.folder("shapes") == wheel / "_files" / "shapes"


def test_a_folder_that_is_nowhere_is_said(wheel):
    with pytest.raises(SourceError) as raised:
        files.folder("ontology")

    assert str(raised.value) == f"ontology/: not found in or beside {wheel}; install twinld again"
