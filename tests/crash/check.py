"""What must hold whenever anybody looks, whatever happened to the builder."""

from __future__ import annotations

from pathlib import Path

from twinld.errors import NotFound
from twinld.iris import Ledger
from twinld.publish.history import read_history
from twinld.publish.release import find_release, release_names
from twinld.publish.seal import faults


def look(out: Path, data: Path) -> str:
    """The name of the current release ("" for none) after everything that can be seen was found whole.

    AssertionError for a half release, a half ledger, an id of a release that the ledgers do not have, and a history
    that cannot be read.
    """
    try:
        current = find_release(out)
    except NotFound:
        assert not (out / "current").exists(), "current leads to what is no release"
        current = None
    for name in release_names(out):
        assert list(faults(out / "releases" / name)) == []
    ledger = Ledger.read(data / "ids.csv", out / "ids.csv")
    for name in release_names(out):
        for row in Ledger.read(out / "releases" / name / "ids.csv").rows():
            assert ledger.row(row.type, row.slug) is not None, f"{row.slug} of {name} is in no ledger"
    broken = [path.name for path in (out / "history").glob("[!.]*") if path.stem not in known(out)]
    assert broken == []
    return current.name if current is not None else ""


def known(out: Path) -> set[str]:
    """The names of the releases that the history tells of."""
    return {changes.release for changes in read_history(out)}


def left_overs(out: Path, data: Path) -> list[str]:
    """What a build should not leave behind once one has ended well."""
    found = [*(out / "releases").glob(".*"), *out.glob(".current.*"), *(out / "history").glob(".*")]
    return sorted(path.name for path in [*found, *data.glob("*.new"), *out.glob("*.new")])
