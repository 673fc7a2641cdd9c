"""The order of flushing and renaming: a power cut loses what is not flushed, which no killed process shows."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from twinld.pipeline.finish import publish
from twinld.pipeline.ledger_files import replace_ledger
from twinld.publish.change_forms import to_json
from twinld.publish.changes import Changes
from twinld.publish.release import write_manifest
from twinld.vocab import BASE


@pytest.fixture
def events(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Everything that is flushed and renamed below a folder, in order: `flush NAME`, `rename NAME > NAME`."""
    told: list[str] = []
    flush, rename, replace = os.fsync, Path.rename, Path.replace

    def name(path: str | Path) -> str:
        return Path(path).relative_to(tmp_path).as_posix()

    def fsync(handle: int) -> None:
        told.append(f"flush {name(Path(f'/proc/self/fd/{handle}').readlink())}")
        flush(handle)

    def renamed(self: Path, target: Path) -> Path:
        told.append(f"rename {name(self)} > {name(target)}")
        return rename(self, target)

    def replaced(self: Path, target: Path) -> Path:
        told.append(f"rename {name(self)} > {name(target)}")
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "rename", renamed)
    monkeypatch.setattr(Path, "replace", replaced)
    return told


def test_a_release_is_flushed_named_flushed_and_switched_in(tmp_path: Path, events: list[str]) -> None:
    built = tmp_path / "releases" / ".tmp.1"
    (built / "dumps").mkdir(parents=True)
    (built / "reports").mkdir()
    (built / "dumps" / "a.nt").write_text("")
    told = Changes("2020-01-01", "", "2020-01-01", BASE, {}, ())
    (built / "reports" / "changes.json").write_text("".join(to_json(told)))
    write_manifest(built, {"id": "2020-01-01"})
    publish(tmp_path, "2020-01-01", built, 3)

    named = events.index("rename releases/.tmp.1 > releases/2020-01-01")
    assert sorted(events[:named]) == sorted(
        f"flush releases/.tmp.1{part}"
        for part in ("", "/dumps", "/dumps/a.nt", "/reports", "/reports/changes.json", "/manifest.json")
    )
    assert events[named - 1] == "flush releases/.tmp.1", "a folder is flushed after what is in it"
    assert events[named + 1 :] == [
        "flush releases",
        f"rename .current.{os.getpid()} > current",
        "flush .",
        "flush history/.2020-01-01.json",
        "rename history/.2020-01-01.json > history/2020-01-01.json",
        "flush history",
    ]


def test_a_ledger_is_flushed_before_it_takes_the_place_of_the_old_one(tmp_path: Path, events: list[str]) -> None:
    replace_ledger(tmp_path / "ids.csv", "new\n")

    assert events == ["flush ids.csv.new", "rename ids.csv.new > ids.csv", "flush ."]
    assert [path.name for path in tmp_path.iterdir()] == ["ids.csv"]
