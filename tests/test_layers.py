"""Imports point down: every module of twinld and of the server belongs to a layer and keeps its rules.

The checker (`violations`) works on source text, so that the last test can plant a fault against each rule.
"""

import ast
from pathlib import Path

import pytest

LAYERS = {
    "ground": ("vocab", "errors", "settings", "files", "terms", "formats", "texts"),
    "things": ("model", "dates", "iris", "layout", "geo", "labels", "spelling"),
    "ports": ("store", "queries", "mapping"),
    "stages": ("ingest", "resolve", "enrich", "infer", "validate", "publish", "search"),
    "whole": ("pipeline", "site", "harvest"),
    "faces": ("cli", "__main__", "server"),
}
"""Layers from the bottom up, and the parts of each: modules or packages of twinld, and the server."""

HEIGHT = {part: height for height, parts in enumerate(LAYERS.values()) for part in parts}
STRANGERS = LAYERS["stages"]
"""Parts of one layer may know each other, stages may not."""

ONLY_IN = {
    "pyshacl": ("twinld.validate",),
    "SPARQLWrapper": ("twinld.enrich", "twinld.store.remote"),
    "pyoxigraph": ("twinld.store", "twinld.publish"),
    "flask": ("server",),
    "werkzeug": ("server",),
    "jinja2": ("server",),
    "babel": ("twinld.texts",),
    "waitress": ("server",),
    "click": ("twinld.cli",),
    "rich": ("twinld.cli",),
}
"""Where a library may be imported; what is not named here may be imported anywhere."""

SERVER_KNOWS = ("settings", "errors", "store", "site", "formats", "vocab")
LAZY = {
    "check": "twinld.validate",
    "open_store": "twinld.store",
    "open_release": "twinld.pipeline",
    "__version__": "twinld",
}
"""What the package `twinld` itself offers, and the part that it comes from."""

ROOTS = {"twinld": "twinld", "server": "server", "twinld_server": "server"}
"""Packages that are ours by their import names; a wheel carries the server as twinld_server."""


# ---------------------------------------------------------------------------------------------- the checker


def part_of(module: str) -> str:
    """The part that a module belongs to: `twinld.store.oxigraph` is of "store", `server.app` of "server"."""
    root, _, rest = module.partition(".")
    return "server" if ROOTS[root] == "server" else rest.partition(".")[0]


def is_inside(module: str, place: str) -> bool:
    """Whether `module` is `place` or lies in it."""
    return module == place or module.startswith(place + ".")


def imports(source: str, module: str, *, is_package: bool, lazy: bool = True) -> list[tuple[int, str]]:
    """Line and full name of everything that a module imports, inside functions too (unless not `lazy`).

    Imports for type checkers only (`if TYPE_CHECKING`) are left out. A name imported from a package stands as
    `package.name`, whether it is a module or not.
    """
    found: list[tuple[int, str]] = []

    def visit(node: ast.AST) -> None:
        if isinstance(node, ast.If) and ast.unparse(node.test) in {"TYPE_CHECKING", "typing.TYPE_CHECKING"}:
            for other in node.orelse:
                visit(other)
            return
        if not lazy and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            return
        if isinstance(node, ast.Import):
            found.extend((node.lineno, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = node.module or ""
            if node.level:
                package = module.split(".")
                package = package[: len(package) - node.level + is_package]
                start = ".".join([*package, *([node.module] if node.module else [])])
            found.extend((node.lineno, f"{start}.{name.name}") for name in node.names)
        elif (
            isinstance(node, ast.Call)
            and ast.unparse(node.func) in {"importlib.import_module", "import_module", "__import__"}
            and isinstance(node.args[0], ast.Constant)
        ):
            found.append((node.lineno, str(node.args[0].value)))
        for child in ast.iter_child_nodes(node):
            visit(child)

    visit(ast.parse(source))
    return found


def violations(source: str, module: str, *, is_package: bool = False) -> list[str]:
    """What a module does against the rules, one line each: `module:line: what`."""
    if module == "twinld":  # offers the heavy parts, but imports them only when they are asked for
        return [
            f"{module}:{line}: imports {name} when twinld itself is imported"
            for line, name in imports(source, module, is_package=True, lazy=False)
            if name.partition(".")[0] in ROOTS
        ]
    part = part_of(module)
    if part not in HEIGHT:
        return [f"{module}:1: belongs to no layer; add {part!r} to LAYERS"]
    found = []
    for line, name in imports(source, module, is_package=is_package):
        root, _, rest = name.partition(".")
        if root not in ROOTS:
            allowed = ONLY_IN.get(root)
            if allowed is not None and not any(is_inside(module, place) for place in allowed):
                found.append(f"{module}:{line}: imports {root}, which only {' and '.join(allowed)} may")
            continue
        if root == "twinld" and (rest in LAZY or not rest):
            rest = LAZY.get(rest, "twinld").partition(".")[2]
            if not rest:
                continue
        target = "server" if ROOTS[root] == "server" else rest.partition(".")[0]
        if target == part:
            continue
        if target not in HEIGHT:
            found.append(f"{module}:{line}: imports {name}, which belongs to no layer")
        elif part == "server" and target not in SERVER_KNOWS:
            found.append(f"{module}:{line}: the server imports twinld.{target}; it knows {', '.join(SERVER_KNOWS)}")
        elif HEIGHT[target] > HEIGHT[part]:
            found.append(f"{module}:{line}: imports {target}, which lies above {part}")
        elif part in STRANGERS and target in STRANGERS:
            found.append(f"{module}:{line}: the stage {part} imports the stage {target}")
    return found


def circles(edges: dict[str, set[str]]) -> list[str]:
    """The parts that know each other in a circle, each circle once, as "a > b > a"."""
    found = set()

    def walk(part: str, way: tuple[str, ...]) -> None:
        if part in way:
            circle = way[way.index(part) :]
            first = circle.index(min(circle))
            found.add(" > ".join([*circle[first:], *circle[:first], circle[first]]))
            return
        for other in sorted(edges.get(part, ())):
            walk(other, (*way, part))

    for part in edges:
        walk(part, ())
    return sorted(found)


# ------------------------------------------------------------------------------------------- the real modules

ROOT = Path(__file__).resolve().parents[1]


def modules() -> dict[str, Path]:
    """Every module of ours by its name."""
    found = {}
    for root in ("twinld", "server"):
        for path in sorted((ROOT / root).rglob("*.py")):
            if "static" not in path.parts:
                name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
                found[name.removesuffix(".__init__")] = path
    return found


MODULES = modules()


def test_the_modules_were_found():
    ground_and_things = {f"twinld.{name}" for name in (*LAYERS["ground"], *LAYERS["things"])}

    assert {"twinld", *ground_and_things} <= set(MODULES)


@pytest.mark.parametrize("module", MODULES)
def test_imports_point_down(module):
    path = MODULES[module]

    assert violations(path.read_text("utf-8"), module, is_package=path.name == "__init__.py") == []


def test_no_two_parts_know_each_other_in_a_circle():
    edges: dict[str, set[str]] = {}
    for module, path in MODULES.items():
        if module == "twinld":
            continue
        source, is_package = path.read_text("utf-8"), path.name == "__init__.py"
        for _, name in imports(source, module, is_package=is_package):
            if name.partition(".")[0] in ROOTS and part_of(name) in HEIGHT:
                edges.setdefault(part_of(module), set()).add(part_of(name))
    own = {part: others - {part} for part, others in edges.items()}

    assert len(own) > 5
    assert circles(own) == []


# ---------------------------------------------------------------------------------------- planted faults

UP = "imports store, which lies above dates"
KNOWS = f"it knows {', '.join(SERVER_KNOWS)}"
PLANTED = [
    ("a thing imports a port", "twinld.dates", "from twinld.store import open_store", UP),
    ("inside a function", "twinld.dates", "def f():\n    import twinld.store", UP),
    ("the package twinld as a way up", "twinld.dates", "from twinld import open_store", UP),
    ("a module named through the package", "twinld.dates", "from twinld import store", UP),
    ("a relative import", "twinld.dates", "from .store import open_store", UP),
    (
        "a relative import out of a package",
        "twinld.store.oxigraph",
        "from ..site import show",
        "imports site, which lies above store",
    ),
    ("by name", "twinld.dates", "import importlib\nimportlib.import_module('twinld.store')", UP),
    (
        "a stage imports a stage",
        "twinld.infer.pairs",
        "from twinld.resolve import resolve",
        "the stage infer imports the stage resolve",
    ),
    ("the library imports the server", "twinld.pipeline", "import server", "imports server, which lies above pipeline"),
    (
        "under its name in a wheel",
        "twinld.pipeline",
        "from twinld_server import create_app",
        "imports server, which lies above pipeline",
    ),
    (
        "the server imports a stage",
        "server.app",
        "from twinld.validate import check",
        f"the server imports twinld.validate; {KNOWS}",
    ),
    (
        "the server imports the command line",
        "server.app",
        "from twinld import cli",
        f"the server imports twinld.cli; {KNOWS}",
    ),
    ("a module without a layer", "twinld.utils", "", "belongs to no layer; add 'utils' to LAYERS"),
    (
        "an import of what has no layer",
        "twinld.dates",
        "from twinld.utils import x",
        "imports twinld.utils.x, which belongs to no layer",
    ),
    *[
        (
            f"{library} elsewhere",
            "twinld.infer",
            f"import {library}",
            f"imports {library}, which only {' and '.join(allowed)} may",
        )
        for library, allowed in ONLY_IN.items()
    ],
    (
        "a part of a library elsewhere",
        "twinld.store.oxigraph",
        "from SPARQLWrapper.Wrapper import JSON",
        "imports SPARQLWrapper, which only twinld.enrich and twinld.store.remote may",
    ),
    ("a prefix of a name is not the name", "twinld.storehouse", "", "belongs to no layer; add 'storehouse' to LAYERS"),
    (
        "heavy from the start",
        "twinld",
        "from twinld.store import open_store",
        "imports twinld.store.open_store when twinld itself is imported",
    ),
    ("behind else", "twinld.dates", "if TYPE_CHECKING:\n    pass\nelse:\n    import twinld.store", UP),
]


@pytest.mark.parametrize(("claim", "module", "source", "message"), PLANTED, ids=[row[0] for row in PLANTED])
def test_a_planted_fault_is_found(claim, module, source, message):
    assert [line.partition(": ")[2] for line in violations(source, module)] == [message]


CLEAN = [
    ("down", "twinld.store.oxigraph", "from twinld.terms import Term\nfrom twinld.iris import fold"),
    ("inside the part", "twinld.store.oxigraph", "from twinld.store.binding import bind\nfrom . import query_text"),
    ("inside the layer", "twinld.settings", "from twinld.errors import UsageError"),
    ("for type checkers only", "twinld.dates", "if TYPE_CHECKING:\n    from twinld.store import Store"),
    ("the version", "twinld.publish", "from twinld import __version__"),
    ("lazily in twinld itself", "twinld", "def __getattr__(name):\n    from twinld.store import open_store"),
    ("a library in its place", "twinld.store.oxigraph", "import pyoxigraph"),
    ("a library for all", "twinld.infer", "import rdflib, re, json"),
    ("the server on what it knows", "server.app", "from twinld.site import show\nfrom .pages import PAGES"),
    ("the command line starts the server", "twinld.cli.serve", "def f():\n    from server import create_app"),
]


@pytest.mark.parametrize(("claim", "module", "source"), CLEAN, ids=[row[0] for row in CLEAN])
def test_what_is_allowed_is_no_fault(claim, module, source):
    assert violations(source, module) == []


def test_the_line_of_a_fault_is_named():
    assert violations("import re\n\nimport click\n", "twinld.infer") == [
        "twinld.infer:3: imports click, which only twinld.cli may"
    ]


def test_a_relative_import_of_a_package_starts_in_the_package():
    source = "from . import binding\nfrom .binding import bind\nfrom .. import site\n"

    assert imports(source, "twinld.store", is_package=True) == [
        (1, "twinld.store.binding"),
        (2, "twinld.store.binding.bind"),
        (3, "twinld.site"),
    ]


def test_a_planted_circle_is_found():
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == ["a > b > c > a"]
    assert circles({"a": {"b", "c"}, "b": {"c"}}) == []
