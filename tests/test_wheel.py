"""The wheel: it holds what twinld needs and nothing else, and works outside of the checkout.

Built and installed without a network: the environment that it goes into is empty, and finds the dependencies in
the one that runs the tests.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import sysconfig
import urllib.request
import venv
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest

from twinld import __version__

FOLDERS = {
    "twinld": "twinld",
    "server": "twinld_server",
    "ontology": "twinld/_files/ontology",
    "shapes": "twinld/_files/shapes",
    "data": "twinld/_files/data",
    "tests/shapes": "twinld/_files/tests/shapes",
}
"""Folders of the checkout, and where their files are in the wheel."""
INFO = ("METADATA", "RECORD", "WHEEL", "entry_points.txt", "licenses/LICENSE", "licenses/LICENSE-DATA.md")
WHO = """
import twinld, twinld_server
from twinld.files import checkout
print(twinld.__file__, twinld_server.__file__, checkout(), sep="\\n")
"""


@dataclass(frozen=True)
class Installed:
    """A wheel in an environment of its own, and the folder to work in."""

    environment: Path
    folder: Path

    def start(self, command: str, *arguments: str) -> subprocess.Popen[str]:
        """One of the programs of the environment; no variable leads it back to the checkout."""
        variables = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("TWINLD_", "PYTHON", "VIRTUAL_ENV"))
        }
        return subprocess.Popen(
            [self.environment / "bin" / command, *arguments],
            cwd=self.folder,
            env=variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, command: str, *arguments: str) -> str:
        """What a program prints; it must end well."""
        process = self.start(command, *arguments)
        output, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
        return output


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    (path,) = folder.iterdir()
    return path


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    environment = tmp_path_factory.mktemp("environment")
    venv.create(environment, symlinks=True)
    pip = [sys.executable, "-m", "pip", "--python", str(environment / "bin" / "python"), "--disable-pip-version-check"]
    command = [*pip, "install", "--quiet", "--no-index", "--no-deps", str(wheel)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    (packages,) = environment.glob("lib/python*/site-packages")
    # Python reads the .pth files of this folder only, and not those of the folders that they name: what is on
    # the path of the tests, such as the checkout, does not come with the dependencies.
    folders = dict.fromkeys(sysconfig.get_path(name) for name in ("purelib", "platlib"))
    (packages / "dependencies.pth").write_text("\n".join(folders) + "\n", encoding="utf-8")
    return Installed(environment, tmp_path_factory.mktemp("work"))


@pytest.fixture(scope="module")
def built(installed: Installed) -> str:
    """What the first build prints."""
    return installed.run("twinld", "build", "--source", "countries", "--source", "wikidata-mmkb", "--out", "out")


def test_the_wheel_holds_our_files_and_nothing_else(root: Path, wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    files = {
        f"{target}/{path.relative_to(root / source).as_posix()}"
        for source, target in FOLDERS.items()
        for path in (root / source).rglob("*")
        if path.is_file() and path.parent.name != "__pycache__"
    }

    assert wheel.name == f"twinld-{__version__}-py3-none-any.whl"
    assert len(names) == len(set(names))
    assert set(names) == files | {f"twinld-{__version__}.dist-info/{name}" for name in INFO}


@pytest.mark.parametrize(
    "name",
    [
        "twinld/cli/serve.py",
        "twinld/queries/best_connected.rq",
        "twinld/translations/de/LC_MESSAGES/twinld.po",
        "twinld_server/templates/place.html",
        "twinld_server/static/twinld.css",
        "twinld/_files/ontology/twinld.ttl",
        "twinld/_files/ontology/context.jsonld",
        "twinld/_files/shapes/agreement.ttl",
        "twinld/_files/data/ids.csv",
        "twinld/_files/data/sources/wd50k/source.toml",
    ],
)
def test_a_file_that_is_needed_is_there(wheel: Path, name: str) -> None:
    assert name in zipfile.ZipFile(wheel).namelist()


def test_the_copy_of_the_wheel_is_used(installed: Installed) -> None:
    package, server, checkout = installed.run("python", "-c", WHO).splitlines()

    (packages,) = installed.environment.glob("lib/python*/site-packages")
    assert Path(package) == packages / "twinld" / "__init__.py"
    assert Path(server) == packages / "twinld_server" / "__init__.py"
    assert checkout == "None"


def test_the_command_tells_its_version(installed: Installed) -> None:
    assert installed.run("twinld", "--version") == f"twinld, version {__version__}\n"


def test_a_release_is_built_where_it_is_wanted_and_nowhere_else(installed: Installed, built: str, root: Path) -> None:
    assert re.fullmatch(
        r"release 2022-11-30-part \(made\): 6 places, 3 agreements \(3 of them dated\), [\d,]+ quads in "
        r"out/releases/2022-11-30-part\n",
        built,
    )
    assert [path.name for path in installed.folder.iterdir()] == ["out"]
    (ledger,) = installed.environment.glob("lib/python*/site-packages/twinld/_files/data/ids.csv")
    assert ledger.read_bytes() == (root / "data" / "ids.csv").read_bytes()


@pytest.mark.usefixtures("built")
def test_a_release_is_asked(installed: Installed) -> None:
    query = "SELECT ?agreement ?year { ?agreement tw:startYear ?year } ORDER BY ?year"

    assert installed.run("twinld", "query", "--out", "out", query).splitlines() == [
        "?agreement\t?year",
        "<https://w3id.org/twinld/id/agreement/jelgava--parnu>\t1957",
        "<https://w3id.org/twinld/id/agreement/frankfurt-oder--gorzow-wielkopolski>\t1975",
        "<https://w3id.org/twinld/id/agreement/bangkok--budapest>\t1997",
    ]
    assert len(installed.run("twinld", "query", "--out", "out", "best_connected").splitlines()) == 7


@pytest.mark.usefixtures("built")
def test_an_agreement_is_shown(installed: Installed) -> None:
    text = installed.run("twinld", "show", "--out", "out", "bangkok--budapest")

    assert "twinned since 1997" in text
    assert "MMKB" in text


@pytest.fixture
def url(installed: Installed, built: str) -> Iterator[str]:
    """The address of a server on a free port; it ends when the test does."""
    process = installed.start("twinld", "serve", "--out", "out", "--port", "0")
    assert process.stdout is not None
    line = process.stdout.readline()
    match = re.fullmatch(r"twinld serves out/releases/2022-11-30-part at (http://127\.0\.0\.1:\d+/)\n", line)
    if match is None:
        process.kill()
    assert match is not None, f"{line}{process.communicate(timeout=30)}"
    yield match[1]
    process.send_signal(signal.SIGTERM)
    output, errors = process.communicate(timeout=30)
    assert (output, process.returncode) == ("", 0), errors


def test_a_release_is_served(url: str) -> None:
    def get(path: str, accept: str) -> tuple[str, str]:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        request = urllib.request.Request(f"{url}{path}", headers={"Accept": accept})
        with opener.open(request, timeout=30) as answer:
            return answer.headers.get_content_type(), answer.read().decode()

    kind, page = get("id/agreement/bangkok--budapest", "text/html")
    assert (kind, "have been twinned since" in page) == ("text/html", True)
    kind, turtle = get("id/agreement/bangkok--budapest", "text/turtle")
    assert (kind, "tw:startYear 1997" in turtle) == ("text/turtle", True)
    query = quote("SELECT (COUNT(*) AS ?n) { ?a a <https://w3id.org/twinld/ns#Agreement> }")
    kind, rows = get(f"sparql?query={query}", "application/json")
    assert (kind, json.loads(rows)["results"]["bindings"][0]["n"]["value"]) == ("application/sparql-results+json", "3")
    assert get("static/twinld.css", "*/*")[0] == "text/css"
