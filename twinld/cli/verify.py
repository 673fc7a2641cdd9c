"""`twinld verify`."""

from __future__ import annotations

from pathlib import Path

import click

from twinld.cli.options import out_folder, out_option, shown_path


@click.command(epilog="Example: twinld verify --all")
@click.argument("releases", metavar="[RELEASE]...", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Every release on disk.")
@out_option
def command(releases: tuple[str, ...], everything: bool, out: Path | None) -> int:
    """Read a release back: size and SHA-256 of every file, quads of every graph of its store.

    Without a RELEASE the current one. Prints one line a fault; exit code 1 when there is any.
    """
    from twinld.errors import ReleaseError
    from twinld.publish.release import find_release, release_names
    from twinld.publish.seal import faults, sealed

    folder = out_folder(out)
    wanted = [find_release(folder, name) for name in (release_names(folder) if everything else releases)]
    found = 0
    for release in wanted or [find_release(folder)]:
        try:
            lines = [line.replace(str(release), shown_path(release)) for line in faults(release)]
        except ReleaseError as error:
            lines = [str(error)]
        for line in lines:
            click.echo(line)
        if not lines:
            click.echo(f"{release.name}: whole, {len(sealed(release))} files")
        found += len(lines)
    return 1 if found else 0
