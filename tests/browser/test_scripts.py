"""What runs in the browser, as far as Node can run it: geometry, views; and what npm makes."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from shutil import which

import pytest

from server.parts import parts

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "server/static"
VENDOR = STATIC / "vendor"


def node(*arguments: str) -> subprocess.CompletedProcess[str]:
    if which("node") is None:
        pytest.skip("Node is not installed")
    return subprocess.run(["node", *arguments], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)


def made() -> dict[str, str]:
    if not (VENDOR / "parts.json").is_file():
        pytest.skip("make browser-parts was not run")
    return parts(STATIC)


@pytest.mark.parametrize("name", ["geo", "views"])
def test_the_scripts_do_what_their_tests_say(name: str) -> None:
    done = node("--test", f"tests/browser/{name}.test.mjs")

    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^# fail 0$|^ℹ fail 0$", done.stdout, re.MULTILINE), done.stdout
    assert not re.search(r"(?:#|ℹ) tests 0$", done.stdout, re.MULTILINE)


def test_no_file_of_npm_names_a_registry() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text("utf-8"))

    assert len(lock["packages"]) > 10
    assert [name for name, row in lock["packages"].items() if "resolved" in row] == []
    assert "http" not in (ROOT / ".npmrc").read_text("utf-8")


def test_a_part_is_named_only_when_it_is_there(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert parts(tmp_path) == {}
    (tmp_path / "vendor").mkdir()
    (tmp_path / "vendor/parts.json").write_text('{"editor.js": "editor-ABCDEFGH.js", "world.json": "world.json"}')
    (tmp_path / "vendor/world.json").write_text("{}")
    assert parts(tmp_path) == {"world.json": "world.json"}
    (tmp_path / "vendor/parts.json").write_text("{")
    assert parts(tmp_path) == {}
    assert "cannot be read" in caplog.text


def test_the_parts_are_whole_and_their_licences_with_them() -> None:
    found = made()

    assert set(found) == {
        "editor.js", "editor.css", "world.json", "world-light.svg", "world-dark.svg", "licences.txt",
    }  # fmt: skip
    assert {name for name in found if re.search(r"-[A-Z0-9]{8}\.", found[name])} == {"editor.js", "editor.css"}
    licences = (VENDOR / found["licences.txt"]).read_text("utf-8")
    for name in ("@zazuko/yasqe", "codemirror", "lodash-es", "query-string", "world-atlas", "d3-geo"):
        assert f"\n{name} " in licences, name
    assert (VENDOR / found["editor.js"]).stat().st_size < 900_000


def test_land_lies_where_our_own_projection_puts_it() -> None:
    world = json.loads((VENDOR / made()["world.json"]).read_text("utf-8"))
    points = "[g.outline(), g.project(0, 90), g.project(150, -90)]"
    done = node("-e", f"import('./server/static/geo.js').then((g) => console.log(JSON.stringify({points})))")
    outline, *corners = json.loads(done.stdout)

    assert (world["width"], world["height"]) == (960, 500)
    assert set(world) == {"width", "height", "sphere", "graticule", "land", "borders"}
    numbers = [tuple(map(float, pair.split(","))) for pair in re.findall(r"-?[\d.]+,-?[\d.]+", world["sphere"])]
    ours = [tuple(map(float, pair.split(","))) for pair in re.findall(r"-?[\d.]+,-?[\d.]+", outline)]
    assert max(x for x, _ in numbers) == max(x for x, _ in ours) == 960
    assert abs(min(y for _, y in numbers) - corners[0][1]) < 0.2
    assert abs(max(y for _, y in numbers) - corners[1][1]) < 0.2
    assert len(world["land"]) < 80_000


def test_the_same_packages_give_the_same_bytes(tmp_path: Path) -> None:
    made()
    done = node("server/browser/build.mjs", str(tmp_path / "vendor"))

    assert done.returncode == 0, done.stderr
    again = {path.name: path.read_bytes() for path in (tmp_path / "vendor").iterdir()}
    assert again == {path.name: path.read_bytes() for path in VENDOR.iterdir()}, "run make browser-parts"
