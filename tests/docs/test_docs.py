"""The documentation is whole (everything that can be named is named), its links resolve and its examples run."""

import doctest
import importlib
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from twinld.formats import FILE_FORMATS, FORMATS
from twinld.settings import SETTINGS, Settings
from twinld.store import open_store

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
DOCS = sorted((ROOT / "docs").rglob("*.md"))
PAGES = [README, ROOT / "CONTRIBUTING.md", *DOCS]
"""Every page of the documentation for people."""

TEXT = "\n".join(page.read_text("utf-8") for page in PAGES)


def test_the_documentation_was_found():
    names = {str(page.relative_to(ROOT)) for page in PAGES if page.is_file()}

    assert {"README.md", "CONTRIBUTING.md", "docs/settings.md", "docs/formats.md", "docs/identifiers.md"} <= names


# ------------------------------------------------------------------------------------------ everything is named


def unnamed(words, text: str) -> list[str]:
    """The words that do not stand in the text as words of their own."""
    return [word for word in words if not re.search(rf"(?<![\w/-]){re.escape(word)}(?![\w/{{-])", text)]


def test_a_word_that_is_not_named_is_found():
    assert unnamed(["build", "serve", "TWINLD_PORT"], "`make build-all`, serve, `TWINLD_PORTS`") == [
        "build",
        "TWINLD_PORT",
    ]
    assert unnamed(["/place/{}", "/place"], "at `/place/{}.ttl`") == ["/place"]


def test_every_setting_is_documented_as_the_table_says():
    lines = [
        f"| `{row.variable}` | {f'`{row.default}`' if row.default != '' else ''} | {row.unit} | {row.help} |"
        for row in SETTINGS
    ]
    found = [line for line in (ROOT / "docs/settings.md").read_text("utf-8").splitlines() if "| `TWINLD_" in line]

    assert found == lines


def test_every_format_is_documented_as_the_table_says():
    lines = [
        f"| `{row.name}` | {row.title} | `{row.media_type}` | `.{row.extension}` | {row.kind} | "
        + " ".join(f"`{alias}`" for alias in row.aliases)
        + " |"
        for row in (*FORMATS, *FILE_FORMATS)
    ]
    found = [line for line in (ROOT / "docs/formats.md").read_text("utf-8").splitlines() if line.startswith("| `")]

    assert found == lines


def test_every_make_target_is_documented():
    targets = re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)

    assert len(targets) > 10
    assert unnamed([f"make {target}" for target in targets], TEXT) == []


def test_every_make_target_has_a_line_of_help():
    text = (ROOT / "Makefile").read_text("utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE)[1].split()

    assert re.findall(r"^([a-z-]+):.*## \S", text, re.MULTILINE) == phony


def test_every_command_is_documented():
    commands = pytest.importorskip("twinld.cli").COMMANDS

    assert commands
    assert unnamed([f"twinld {command}" for command in commands], TEXT) == []


def test_every_query_is_documented():
    queries = sorted(path.stem for path in (ROOT / "twinld/queries").rglob("*.rq"))

    listed = re.findall(r"^\| `(\w+)` \|", (ROOT / "docs/queries.md").read_text("utf-8"), re.MULTILINE)

    assert queries
    assert unnamed(queries, TEXT) == []
    assert sorted(listed) == queries


def test_every_page_is_documented():
    if not (ROOT / "server/__init__.py").is_file():
        pytest.skip("there is no server yet")
    app = importlib.import_module("server").create_app(Settings(), open_store())
    rules = {rule.rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"}
    paths = sorted({re.sub(r"<[^>]*>", "{}", rule) for rule in rules})

    assert len(paths) > 5
    assert unnamed(paths, re.sub(r"\{[^}]*\}", "{}", TEXT)) == []


# ------------------------------------------------------------------------------------------------- links


def without_code(text: str) -> str:
    """Markdown without its code blocks and code spans."""
    return re.sub(r"`[^`\n]*`", "``", re.sub(r"^(```|~~~).*?^\1", "", text, flags=re.MULTILINE | re.DOTALL))


def anchors(text: str) -> set[str]:
    """The fragments of a page's headings, as code hosts make them."""
    headings = re.findall(
        r"^#+ +(.*?) *$", re.sub(r"^(```|~~~).*?^\1", "", text, flags=re.MULTILINE | re.DOTALL), re.MULTILINE
    )
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken_links(page: Path, text: str) -> list[str]:
    """The links of a page to files or headings of ours that are not there."""
    found = []
    for target in re.findall(r"\]\(<?([^)>\s]+)>?(?: \"[^\"]*\")?\)", without_code(text)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, fragment = target.partition("#")
        file = (page.parent / path) if path else page
        missing = not file.exists()
        if not missing and fragment and file.suffix == ".md":
            missing = fragment not in anchors(text if file == page else file.read_text("utf-8"))
        if missing:
            found.append(target)
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_resolve(page):
    assert broken_links(page, page.read_text("utf-8")) == []


def test_a_broken_link_is_found():
    text = "# A b\n[x](settings.md) [y](nothing.md) [z](#a-b) [v](#c) `[w](no.md)` [u](https://e.org/x)\n```\n[t](no.md)\n```\n"

    assert broken_links(ROOT / "docs" / "formats.md", text) == ["nothing.md", "#c"]


# ---------------------------------------------------------------------------------------------- examples


@dataclass(frozen=True)
class Block:
    """A code block: what its fence says, its text, its line, and whether `<!-- no-test -->` stands before it."""

    language: str
    text: str
    line: int
    tested: bool


def blocks(text: str) -> list[Block]:
    """The code blocks of a page."""
    found, lines, last = [], text.splitlines(), ""
    position = 0
    while position < len(lines):
        fence = re.match(r"(```+|~~~+) *(\w*)", lines[position])
        if fence is None:
            last = lines[position].strip() or last
            position += 1
            continue
        end = next((n for n in range(position + 1, len(lines)) if lines[n].startswith(fence[1])), len(lines))
        body = "\n".join(lines[position + 1 : end])
        found.append(Block(fence[2], body, position + 1, last != "<!-- no-test -->"))
        last, position = "", end + 1
    return found


def commands(block: str) -> list[tuple[str, str, int]]:
    """Command, expected output and expected exit code of each `$ ` line of a console block.

    Output is compared only where some is given; `...` stands for anything in it. A last line `(exit code 1)`
    says the exit code when it is not 0.
    """
    found: list[tuple[str, str, int]] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], "", 0))
        elif not found:
            raise ValueError(f"a console block starts with a line '$ command', not with {line!r}")
        else:
            command, output, code = found[-1]
            exit_line = re.fullmatch(r"\(exit code (\d+)\)", line)
            if command.endswith("\\"):
                found[-1] = (f"{command}\n{line}", output, code)
            elif exit_line is not None:
                found[-1] = (command, output, int(exit_line[1]))
            else:
                found[-1] = (command, f"{output}{line}\n", code)
    return found


def run(command: str, expected: str, code: int) -> list[str]:
    """Run a command in the checkout as a reader would; what is not as the page says."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TWINLD_")}
    environment |= {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", "NO_COLOR": "1"}
    done = subprocess.run(
        ["bash", "-c", command], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600
    )
    output = done.stdout + done.stderr
    faults = [f"exit code {done.returncode}, not {code}: {output[-2000:]}"] if done.returncode != code else []
    if expected and not doctest.OutputChecker().check_output(expected, output, doctest.ELLIPSIS):
        faults.append(f"expected:\n{expected}\nfound:\n{output}")
    return faults


CONSOLE = [
    pytest.param(block.text, id=f"{page.relative_to(ROOT)}:{block.line}")
    for page in PAGES
    for block in blocks(page.read_text("utf-8"))
    if block.language == "console" and block.tested
]
PYTHON = [
    pytest.param(page, id=str(page.relative_to(ROOT)))
    for page in PAGES
    if any(">>> " in block.text and block.tested for block in blocks(page.read_text("utf-8")))
]


def test_the_console_blocks_run(subtests):
    for case in CONSOLE:
        with subtests.test(block=case.id):
            for command, expected, code in commands(case.values[0]):
                assert run(command, expected, code) == [], command


def test_the_python_blocks_run(subtests):
    for case in PYTHON:
        page = case.values[0]
        with subtests.test(page=case.id):
            examples = "\n\n".join(
                block.text for block in blocks(page.read_text("utf-8")) if ">>> " in block.text and block.tested
            )
            test = doctest.DocTestParser().get_doctest(examples, {}, case.id, case.id, 0)
            report: list[str] = []
            doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test, out=report.append)
            assert report == []


def test_blocks_are_found_with_their_language_and_mark():
    text = "a\n```console\n$ echo 1\n1\n```\n\n<!-- no-test -->\n\n```console\n$ make serve\n```\n~~~turtle\nx\n~~~\n"

    assert blocks(text) == [
        Block("console", "$ echo 1\n1", 2, tested=True),
        Block("console", "$ make serve", 9, tested=False),
        Block("turtle", "x", 12, tested=True),
    ]


def test_commands_are_found_with_their_output_and_exit_code():
    text = "$ echo a \\\n  b\na b\n$ false\n(exit code 1)\n$ true"

    assert commands(text) == [("echo a \\\n  b", "a b\n", 0), ("false", "", 1), ("true", "", 0)]


RUNS = [
    ("as it says", "echo 1", "1\n", 0, 0),
    ("anything in place of dots", "echo 1 2 3", "1 ... 3\n", 0, 0),
    ("no output is given", "echo 1", "", 0, 0),
    ("an exit code that is said", "exit 3", "", 3, 0),
    ("another output", "echo 1", "2\n", 0, 1),
    ("another exit code", "exit 3", "", 0, 1),
]


@pytest.mark.parametrize(("claim", "command", "expected", "code", "faults"), RUNS, ids=[row[0] for row in RUNS])
def test_a_command_that_does_something_else_is_found(claim, command, expected, code, faults):
    assert len(run(command, expected, code)) == faults
