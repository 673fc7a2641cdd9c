"""The command line: arguments in, one line for every error, exit codes 0, 1, 2, 3 and 75 (docs/command-line.md)."""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any, Final

import click

from twinld import __version__
from twinld.errors import TwinldError, nearest

COMMANDS: Final = {
    "build": "Make a release from data/: store, dumps, reports.",
    "enrich": "Read Wikidata and store the extract that a build reads.",
    "reconcile": "Find the Wikidata items of the places of a list.",
    "decide": "Take over what a person decided in a review.csv.",
    "contribute": "Write worklists and proposed edits for Wikidata.",
    "serve": "Serve a release or an RDF file: pages, dumps and SPARQL.",
    "add": "Add one agreement to data/curated.",
    "validate": "Check RDF files and data/curated.",
    "query": "Ask a release in SPARQL.",
    "show": "Show what is known about one place or agreement.",
    "search": "Find places and other things by any of their names.",
    "dump": "Write a release, or one of its graphs, in a format.",
    "diff": "Show what changed between two releases.",
    "verify": "Read releases back and say whether they are whole.",
    "push": "Fill a store of any engine with a release.",
    "check-harvest": "Do to a catalogue what portals do, and say what would fail.",
}


class Commands(click.Group):
    """Commands that are imported when they are first needed, and suggested when a name is near one."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """The names, in the order of the work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of a name, imported now."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"twinld.cli.{cmd_name.replace('-', '_')}").command
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """As click does it, but an unknown name is answered with the nearest."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            raise click.UsageError(f"{args[0]!r} is not a command; {nearest(args[0], COMMANDS, 'commands')}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The table of commands, without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Example: twinld build && twinld serve",
)
@click.version_option(__version__, prog_name="twinld")
def cli() -> None:
    """Twin cities of the world as linked open data."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit code. Every error is one line on stderr."""
    try:
        code = cli.main(args=arguments, prog_name="twinld", standalone_mode=False)
        sys.stdout.flush()
    except TwinldError as error:
        return _say(str(error), error.exit_code)
    except click.UsageError as error:
        hint = f" (see {error.ctx.command_path} --help)" if error.ctx is not None else ""
        return _say(error.format_message() + hint, 2)
    except click.exceptions.Exit as error:
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return _say("stopped", 130)
    except SystemExit:  # so click ends when the reader of a pipe went away; no command of ours does
        return 0
    except BrokenPipeError:  # the reader went away, which is no error
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        return _say(f"{where}{error.strerror or error}", 2)
    return code if isinstance(code, int) else 0


def _say(message: str, code: int) -> int:
    sys.stderr.write(f"twinld: {' '.join(message.split())}\n")
    return code


def run() -> None:
    """The console script."""
    sys.exit(main())
