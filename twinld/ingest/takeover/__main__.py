"""`python -m twinld.ingest.takeover FOLDER [--fewer] [NAME...]`: take the named sources (default: all) over.

A source is written aside first. When a file of it would have fewer rows than before, nothing of it is changed
unless `--fewer` says that this is meant: a raw file that was cut at a line end shows no other sign.
"""

from __future__ import annotations

import csv
import sys
import tempfile
from pathlib import Path

from twinld.errors import SourceError, TwinldError, UsageError, nearest
from twinld.files import folder
from twinld.ingest.takeover import TAKE_OVERS
from twinld.layout import FILES, count_rows, write_inventory


def run(raw: Path, names: list[str], data: Path, *, fewer: bool = False) -> None:
    """Rewrite the files of each named source under `data`/sources and their inventory.

    Raises SourceError when a raw file is not as before, or when a file would lose rows and `fewer` is not set.
    """
    for name in names or sorted(TAKE_OVERS):
        if name not in TAKE_OVERS:
            raise UsageError(f"{name!r} is not a source; {nearest(name, TAKE_OVERS, 'sources')}")
        out = data / "sources" / name
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{name}-") as aside:
            new = Path(aside)
            try:
                TAKE_OVERS[name](raw, new)
            except (ValueError, KeyError, TypeError, csv.Error) as error:
                kind = "" if isinstance(error, ValueError) else f"{type(error).__name__} "
                raise SourceError(f"{name}: the raw extract is not in the form of before ({kind}{error})") from None
            rows = write_inventory(new)
            if not fewer:
                _refuse_loss(name, out, new)
            for file in (*FILES, "files.csv"):
                if (new / file).exists():
                    (new / file).replace(out / file)
                else:
                    (out / file).unlink(missing_ok=True)
        sys.stdout.write(f"{name}\t{', '.join(f'{file} {count}' for file, count in rows.items())}\n")


def _refuse_loss(name: str, old: Path, new: Path) -> None:
    """SourceError when a file of the layout has fewer rows in `new` than in `old`."""
    for file in FILES:
        if file == "problems.csv" or not (old / file).exists():
            continue
        before, after = (count_rows(folder / file) if (folder / file).exists() else 0 for folder in (old, new))
        if after < before:
            raise SourceError(
                f"{name}/{file}: the raw extract gives {after} rows, before it gave {before}; "
                "is it cut? get the whole extract, or say --fewer when so many are right; nothing was changed"
            )


def main(arguments: list[str]) -> int:
    """Run from the command line; one line on stderr and exit code 2 for anything that is wrong."""
    fewer = "--fewer" in arguments
    arguments = [argument for argument in arguments if argument != "--fewer"]
    if not arguments or not Path(arguments[0]).is_dir():
        sys.stderr.write("give the folder of the raw extracts, such as ../shared/data\n")
        return 2
    try:
        run(Path(arguments[0]), arguments[1:], folder("data"), fewer=fewer)
    except TwinldError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
