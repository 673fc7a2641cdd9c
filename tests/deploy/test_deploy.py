"""What is written for those who run a server: its settings exist, and the bill of materials is whole."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from twinld.settings import SETTINGS

FILES = ("twinld.service", "Containerfile")
HARDENING = {
    "DynamicUser=yes", "ProtectSystem=strict", "NoNewPrivileges=yes", "Restart=always", "CapabilityBoundingSet=",
    "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6", "SystemCallFilter=@system-service", "LimitCORE=0",
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_every_setting_in_it_exists(root: Path, name: str) -> None:
    used = re.findall(r"TWINLD_[A-Z_]+(?==)", (root / "deploy" / name).read_text())

    assert used
    assert set(used) <= {setting.variable for setting in SETTINGS}


def test_the_unit_gives_the_service_little(root: Path) -> None:
    lines = set((root / "deploy" / "twinld.service").read_text().splitlines())

    assert lines >= HARDENING
    assert any(line.startswith("MemoryMax=") for line in lines)
    assert any(line.startswith("TasksMax=") for line in lines)


def test_the_image_runs_as_nobody_in_particular(root: Path) -> None:
    text = (root / "deploy" / "Containerfile").read_text()

    assert "\nUSER 10001\n" in text
    assert "--require-hashes" in text


def test_the_bill_of_materials_lists_every_locked_package_with_its_hashes(root: Path) -> None:
    made = [
        subprocess.run([sys.executable, "deploy/sbom.py"], cwd=root, capture_output=True, check=True).stdout
        for _ in range(2)
    ]
    document = json.loads(made[0])
    locked = re.findall(r"^([a-z0-9-]+)==", (root / "requirements.lock").read_text(), re.MULTILINE)
    listed = {part["name"]: part for part in document["components"]}

    assert made[0] == made[1]
    assert (document["bomFormat"], document["specVersion"]) == ("CycloneDX", "1.6")
    assert {"flask", "pyoxigraph", "waitress"} <= set(listed) <= set(locked)
    assert all(part["externalReferences"][0]["hashes"] for part in listed.values())
    assert len(listed["pyoxigraph"]["components"]) > 100
