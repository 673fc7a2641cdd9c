"""Prints a bill of materials of this environment: CycloneDX 1.6 as JSON, the same bytes for the same lock.

What is listed are the packages of requirements.lock as they are installed, with the hashes of the lock, and the
parts that a package names in a bill of its own (`*.dist-info/sboms`), such as the Rust crates of pyoxigraph.
"""

from __future__ import annotations

import json
import re
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
_PIN = re.compile(r"^([A-Za-z0-9_.-]+)==([^\s;\\]+)", re.MULTILINE)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def pins(lock: str) -> dict[str, tuple[str, list[str]]]:
    """Version and SHA-256 hashes of each package of a lock file, by name."""
    starts = [*_PIN.finditer(lock)]
    ends = [match.start() for match in starts[1:]] + [len(lock)]
    return {
        match[1].lower(): (match[2], _HASH.findall(lock[match.start() : end]))
        for match, end in zip(starts, ends, strict=True)
    }


def component(name: str, version: str, hashes: list[str]) -> dict[str, Any] | None:
    """What is known of an installed package; None when it isn't installed, as on another system it would be."""
    try:
        installed = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return None
    if installed.version != version:
        raise SystemExit(f"{name}: {installed.version} is installed, {version} is locked; run make venv")
    given = installed.metadata.get("License-Expression") or installed.metadata.get("License") or ""
    found: dict[str, Any] = {
        "type": "library",
        "bom-ref": f"pkg:pypi/{name}@{version}",
        "name": name,
        "version": version,
        "purl": f"pkg:pypi/{name}@{version}",
        "externalReferences": [
            {"type": "distribution", "url": f"https://pypi.org/project/{name}/{version}/",
             "hashes": [{"alg": "SHA-256", "content": value} for value in hashes]}
        ],
    }  # fmt: skip
    if given and "\n" not in given:
        found["licenses"] = [{"license": {"name": given}}]
    parts = [part for path in installed.files or () if ".dist-info/sboms/" in str(path) for part in _parts(path)]
    if parts:
        found["components"] = parts
    return found


def _parts(path: metadata.PackagePath) -> list[dict[str, Any]]:
    document = json.loads(Path(str(path.locate())).read_text(encoding="utf-8"))
    return [{key: part[key] for key in ("type", "name", "version", "purl", "licenses") if key in part}
            for part in document.get("components", [])]  # fmt: skip


def bill() -> dict[str, Any]:
    """The whole document."""
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    version = re.search(r'^version = "([^"]+)"', project, re.MULTILINE)
    assert version is not None
    locked = pins((ROOT / "requirements.lock").read_text(encoding="utf-8"))
    found = [component(name, *pin) for name, pin in sorted(locked.items())]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "twinld", "version": version[1]}},
        "components": [one for one in found if one is not None],
    }


if __name__ == "__main__":
    json.dump(bill(), sys.stdout, indent=1, ensure_ascii=False)
    sys.stdout.write("\n")
