"""`python -m twinld.ingest.takeover FOLDER [NAME...]`: take the named sources (default: all) over."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from twinld.errors import SourceError, TwinldError, UsageError, nearest
from twinld.files import folder
from twinld.ingest.takeover import TAKE_OVERS
from twinld.layout import write_inventory


def run(raw: Path, names: list[str], data: Path) -> None:
    """Rewrite the files of each named source under `data`/sources and their inventory."""
    for name in names or sorted(TAKE_OVERS):
        if name not in TAKE_OVERS:
            raise UsageError(f"{name!r} is not a source; {nearest(name, TAKE_OVERS, 'sources')}")
        out = data / "sources" / name
        out.mkdir(parents=True, exist_ok=True)
        try:
            TAKE_OVERS[name](raw, out)
        except (ValueError, KeyError, TypeError, csv.Error) as error:
            kind = "" if isinstance(error, ValueError) else f"{type(error).__name__} "
            raise SourceError(f"{name}: the raw extract is not in the form of before ({kind}{error})") from None
        rows = write_inventory(out)
        sys.stdout.write(f"{name}\t{', '.join(f'{file} {count}' for file, count in rows.items())}\n")


def main(arguments: list[str]) -> int:
    """Run from the command line; one line on stderr and exit code 2 for anything that is wrong."""
    if not arguments or not Path(arguments[0]).is_dir():
        sys.stderr.write("give the folder of the raw extracts, such as ../shared/data\n")
        return 2
    try:
        run(Path(arguments[0]), arguments[1:], folder("data"))
    except TwinldError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
