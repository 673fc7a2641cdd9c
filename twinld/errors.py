"""Every exception of twinld, drawn as a tree; each class carries the exit code of the command line.

::

    TwinldError                 1
    ├── InputError              2   something given is wrong; the message says where, and what is right
    │   ├── UsageError          2   an option, a setting, a format or an id that does not exist
    │   │   └── NotFound        2   nothing of this id (the server answers 404)
    │   ├── SourceError         2   a data file that cannot be used
    │   └── QueryError          2   a SPARQL query that cannot be read (the server answers 400)
    │       ├── ServiceRefused  2   a query that asks another endpoint (SERVICE)
    │       └── UpdateRefused   2   a request that would change data (the server answers 403)
    ├── FindingsError           1   the data was read, and breaks a rule of severity Violation
    ├── ReleaseError            2   a release could not be made or is not whole
    ├── OutsideError            3   a service beside us failed
    │   ├── ServiceFailed       3   a service that we ask gave no usable answer
    │   │   └── ServiceBanned   3   it refuses us: nothing is to be asked again today
    │   ├── QueryTimeout        3   a query met its deadline (503)
    │   ├── QueryCrash          3   a query's worker died: too deep or too big (503)
    │   ├── PoolBusy            3   no worker was free in time (503)
    │   ├── OverBudget          3   a client used up its query seconds (429)
    │   └── ResultTooBig        3   a result over the cap (413)
    └── LockedError            75   somebody else is building (EX_TEMPFAIL of sysexits.h)

The library raises, the command line prints one line, the server makes a status of it by one table.
"""

# ruff: noqa: N818 (an error is named for what happened: NotFound, PoolBusy)

from __future__ import annotations

import difflib
from collections.abc import Iterable


class TwinldError(Exception):
    """Something twinld itself has to say: one line for a person."""

    exit_code = 1


class InputError(TwinldError):
    """Something that was given is wrong."""

    exit_code = 2


class UsageError(InputError):
    """An option, a setting, a format or an id that does not exist."""


class NotFound(UsageError):
    """Nothing has this id."""


class SourceError(InputError):
    """A data file that cannot be used; the message starts with `file:line`."""


class QueryError(InputError):
    """A SPARQL query that cannot be read; `line` and `column` count from 1 and are None when unknown."""

    def __init__(self, message: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(message)
        self.line = line
        self.column = column


class ServiceRefused(QueryError):
    """A query with a SERVICE clause: this endpoint asks no other one."""


class UpdateRefused(QueryError):
    """A SPARQL Update where only queries are answered."""


class FindingsError(TwinldError):
    """Data breaks a rule of severity Violation."""

    exit_code = 1


class ReleaseError(TwinldError):
    """A release could not be made, or is not whole."""

    exit_code = 2


class OutsideError(TwinldError):
    """A service beside us failed, or did not answer in time; `retry_after_s` is None when nobody knows."""

    exit_code = 3

    def __init__(self, message: str, *, retry_after_s: int | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class ServiceFailed(OutsideError):
    """A service that we ask gave no usable answer, however often it was asked."""


class ServiceBanned(ServiceFailed):
    """A service refuses us; asking on would make it worse."""


class QueryTimeout(OutsideError):
    """A query met its deadline and was ended."""


class QueryCrash(OutsideError):
    """The worker of a query died: the query is nested too deep or needs too much memory."""


class PoolBusy(OutsideError):
    """No worker was free in time."""


class OverBudget(OutsideError):
    """A client has used up its query seconds."""


class ResultTooBig(OutsideError):
    """A result is larger than the cap; nothing of it was sent."""


class LockedError(TwinldError):
    """Another process holds the lock."""

    exit_code = 75


def nearest(word: str, choices: Iterable[str], what: str = "choices") -> str:
    """A half sentence that names the nearest of `choices`, or all when none is near.

    >>> nearest("turtel", ["turtle", "trig", "nquads"], "formats")
    'did you mean turtle?'
    >>> nearest("zzz", ["turtle", "trig"], "formats")
    'formats: trig, turtle'
    >>> nearest("prot", ["PORT", "BASE"], "settings")
    'did you mean PORT?'
    """
    known = sorted(set(choices))
    by_lower = {choice.lower(): choice for choice in known}
    near = difflib.get_close_matches(word.lower(), list(by_lower), n=3, cutoff=0.6)
    if near:
        return f"did you mean {' or '.join(by_lower[name] for name in near)}?"
    shown = ", ".join(known[:20]) + (f" and {len(known) - 20} more" if len(known) > 20 else "")
    return f"{what}: {shown}" if known else f"there are no {what}"
