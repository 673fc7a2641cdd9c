"""Downloads: only what a manifest lists, in parts, with tags; and the list of them."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.server.conftest import BROWSER

FILE = "/dumps/2022-11-30/twinld.nt"


def test_every_file_of_every_release_is_listed(released: FlaskClient) -> None:
    text = released.get("/dumps/", headers=BROWSER).get_data(as_text=True)

    for link in (
        FILE,
        "/dumps/2022-11-30/twinld.nq.gz",
        "/dumps/2021-06-01/twinld.nt",
        "/dumps/2021-06-01/manifest.json",
    ):
        assert f'href="{link}"' in text
    assert text.index("Release 2022-11-30") < text.index("Release 2021-06-01")


def test_files_stand_in_groups_and_packed_ones_beside_what_they_hold(released: FlaskClient) -> None:
    text = released.get("/dumps/", headers=BROWSER).get_data(as_text=True)
    titles = ["Places and agreements (the default graph of the endpoint)", "Tables, and what", "Maps and networks"]
    table = text[text.index(titles[1]) : text.index(titles[2])]

    assert sorted(titles, key=text.index) == titles
    assert 'href="/dumps/2022-11-30/places.csv"' in table
    assert 'download>zstd<span class="hidden">, places.csv.zst</span></a>' in table
    assert table.count("<tr>") == 2, "the header and one file, with its packed form"
    assert "20 rows" in table


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("twinld.nt", "application/n-triples; charset=utf-8"),
        ("twinld.nq.gz", "application/gzip"),
        ("twinld.rdf", "application/rdf+xml"),
        ("twinld.ttl", "text/turtle; charset=utf-8"),
        ("places.csv", "text/csv; charset=utf-8"),
        ("places.csv.zst", "application/zstd"),
        ("places.geojson", "application/geo+json"),
        ("manifest.json", "application/json"),
    ],
)
def test_a_file_comes_as_it_is(released: FlaskClient, release_folder: Path, name: str, content_type: str) -> None:
    answer = released.get(f"/dumps/2022-11-30/{name}")
    path = release_folder / name if name == "manifest.json" else release_folder / "dumps" / name

    assert (answer.status_code, answer.content_type) == (200, content_type)
    assert answer.data == path.read_bytes()
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Content-Encoding" not in answer.headers
    assert released.head(f"/dumps/2022-11-30/{name}").headers["Content-Length"] == str(len(answer.data))


def test_a_file_can_be_had_in_parts_and_is_not_sent_twice(released: FlaskClient) -> None:
    whole = released.get(FILE)
    tag = whole.headers["ETag"]
    part = released.get(FILE, headers={"Range": "bytes=5-9"})

    assert (part.status_code, part.data) == (206, whole.data[5:10])
    assert part.headers["Content-Range"] == f"bytes 5-9/{len(whole.data)}"
    assert whole.headers["Accept-Ranges"] == "bytes"
    assert released.get(FILE, headers={"If-None-Match": tag}).status_code == 304
    assert released.get(FILE, headers={"Range": "bytes=5-9", "If-Range": '"old"'}).status_code == 200
    assert released.get(FILE, headers={"Range": "bytes=99999-"}).status_code == 416


def test_a_part_beyond_the_end_is_a_problem_that_nobody_keeps(released: FlaskClient) -> None:
    size = len(released.get(FILE).data)
    answer = released.get(FILE, headers={"Range": f"bytes={size}-"})

    assert (answer.status_code, answer.content_type) == (416, "application/problem+json")
    assert answer.headers["Content-Range"] == f"bytes */{size}"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "ETag" not in answer.headers
    assert 'rel="license"' not in ", ".join(answer.headers.getlist("Link"))
    assert answer.json == {
        "type": "about:blank",
        "title": HTTPStatus(416).phrase,
        "status": 416,
        "detail": f"the file has {size} bytes; ask for one part of bytes 0 to {size - 1}",
    }
    page = released.get(FILE, headers={"Range": f"bytes={size}-", **BROWSER})
    assert (page.status_code, page.mimetype) == (416, "text/html")
    assert page.headers["Content-Range"] == f"bytes */{size}"


@pytest.mark.parametrize("part", ["bytes=5-9", "bytes=99999-", "lines=5-9"])
def test_only_a_get_can_ask_for_a_part_and_only_for_bytes(released: FlaskClient, part: str) -> None:
    """RFC 9110, 14.2: a Range of another method or in another unit is to be ignored."""
    whole = released.get(FILE)
    head = released.head(FILE, headers={"Range": part})

    assert (head.status_code, head.headers["Content-Length"]) == (200, str(len(whole.data)))
    assert "Content-Range" not in head.headers
    if part.startswith("lines"):
        answer = released.get(FILE, headers={"Range": part})
        assert (answer.status_code, answer.data) == (200, whole.data)


def test_a_part_of_a_static_file_beyond_its_end_is_a_problem(released: FlaskClient) -> None:
    size = len(released.get("/static/twinld.css").data)
    answer = released.get("/static/twinld.css", headers={"Range": f"bytes={size}-"})

    assert (answer.status_code, answer.content_type) == (416, "application/problem+json")
    assert answer.headers["Content-Range"] == f"bytes */{size}"


def test_the_licence_is_told_in_a_header(released: FlaskClient) -> None:
    links = ", ".join(released.get(FILE).headers.getlist("Link"))

    assert '<https://creativecommons.org/publicdomain/zero/1.0/>; rel="license"' in links


def test_latest_leads_to_the_release_that_is_served(released: FlaskClient) -> None:
    answer = released.get("/dumps/latest/twinld.nt")

    assert (answer.status_code, answer.headers["Location"]) == (302, FILE)
    assert answer.headers["Cache-Control"] == "public, max-age=60"


@pytest.mark.parametrize(
    "path",
    [
        "/dumps/2022-11-30/secret.txt",
        "/dumps/2022-11-30/..%2Fids.csv",
        "/dumps/2022-11-30/../ids.csv",
        "/dumps/..%2F..%2Fetc/passwd",
        "/dumps/1999-01-01/twinld.nt",
        "/dumps/latest/nothing.nt",
        "/dumps/.tmp.1/twinld.nt",
    ],
)
def test_what_no_manifest_lists_is_not_there(released: FlaskClient, path: str) -> None:
    assert released.get(path).status_code == 404


def test_a_wrong_name_gets_the_nearest(released: FlaskClient) -> None:
    answer = released.get("/dumps/2022-11-30/twinld.nq")

    assert answer.json is not None
    assert (
        answer.json["detail"]
        == "release 2022-11-30 has no file 'twinld.nq'; did you mean twinld.nt or twinld.nq.gz or twinld.ttl?"
    )


def test_without_a_release_there_is_nothing_to_download(client: FlaskClient) -> None:
    assert "nothing to download" in client.get("/dumps/", headers=BROWSER).get_data(as_text=True)
    assert client.get("/dumps/latest/twinld.nt").status_code == 404


def test_a_table_names_no_description_that_its_release_lacks(released: FlaskClient) -> None:
    links = released.get("/dumps/2022-11-30/places.csv").headers.getlist("Link")

    assert [link for link in links if "csvm+json" in link] == []
