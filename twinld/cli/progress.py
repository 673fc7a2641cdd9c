"""Progress of a build: a bar with stages, counts and seconds on a terminal, one line a stage in a pipe."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from twinld.pipeline import Stage

STAGES = 10
"""How many stages a build has when nothing is quarantined: the length of the bar."""


@contextmanager
def watcher(out: TextIO) -> Iterator[Callable[[Stage], None]]:
    """Something that a build can tell of its stages, writing to `out`."""
    if not out.isatty():
        yield lambda stage: _line(out, stage)
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:<10}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(file=out), transient=True) as bar:
        task = bar.add_task("start", total=STAGES)

        def watch(stage: Stage) -> None:
            if stage.seconds is None:
                bar.update(task, description=stage.name)
                return
            bar.console.print(f"{stage.name:<10} {stage.count:>13,} {stage.unit:<9} {stage.seconds:6.1f} s")
            bar.advance(task)

        yield watch


def _line(out: TextIO, stage: Stage) -> None:
    if stage.seconds is not None:
        out.write(f"{stage.name}\t{stage.count}\t{stage.unit}\t{stage.seconds:.1f} s\n")
        out.flush()
