import re

import pytest

from twinld import errors
from twinld.errors import (
    FindingsError,
    InputError,
    LockedError,
    NotFound,
    OutsideError,
    PoolBusy,
    QueryCrash,
    QueryError,
    QueryTimeout,
    ReleaseError,
    ResultTooBig,
    ServiceBanned,
    ServiceFailed,
    ServiceRefused,
    SourceError,
    TwinldError,
    UpdateRefused,
    UsageError,
    nearest,
)

TREE = [
    (InputError, TwinldError, 2),
    (UsageError, InputError, 2),
    (NotFound, UsageError, 2),
    (SourceError, InputError, 2),
    (QueryError, InputError, 2),
    (ServiceRefused, QueryError, 2),
    (UpdateRefused, QueryError, 2),
    (FindingsError, TwinldError, 1),
    (ReleaseError, TwinldError, 2),
    (OutsideError, TwinldError, 3),
    (ServiceFailed, OutsideError, 3),
    (ServiceBanned, ServiceFailed, 3),
    (QueryTimeout, OutsideError, 3),
    (QueryCrash, OutsideError, 3),
    (PoolBusy, OutsideError, 3),
    (ResultTooBig, OutsideError, 3),
    (LockedError, TwinldError, 75),
]


@pytest.mark.parametrize(("error", "parent", "exit_code"), TREE, ids=[row[0].__name__ for row in TREE])
def test_an_error_has_its_place_in_the_tree_and_its_exit_code(error, parent, exit_code):
    assert error.__bases__ == (parent,)
    assert error.exit_code == exit_code


def test_the_tree_drawn_at_the_top_is_the_tree_of_the_classes():
    classes = {
        name: (kind.__base__.__name__, kind.exit_code)
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and issubclass(kind, TwinldError)
    }
    drawn, above = {}, ["Exception"]
    for line in errors.__doc__.splitlines():
        match = re.fullmatch(r" {4}((?:[ │├└─]{4})*)(\w+) +(\d+)(?: {3}.*)?", line)
        if match is not None:
            depth = len(match[1]) // 4 + 1
            above[depth:] = [match[2]]
            drawn[match[2]] = (above[depth - 1], int(match[3]))

    assert drawn == classes


def test_a_query_error_knows_its_line_and_column():
    error = QueryError("expected }", line=3, column=7)

    assert (str(error), error.line, error.column) == ("expected }", 3, 7)
    assert (QueryError("expected }").line, QueryError("expected }").column) == (None, None)


NEAREST = [
    ("one near", "turtel", ["turtle", "trig"], "did you mean turtle?"),
    ("case does not matter", "PORT", ["Port", "base"], "did you mean Port?"),
    ("two near, the nearest first", "curatet", ["curated", "curate", "x"], "did you mean curate or curated?"),
    ("none near", "zzz", ["turtle", "trig"], "names: trig, turtle"),
    ("named once", "zzz", ["trig", "trig"], "names: trig"),
    ("nothing to choose from", "zzz", [], "there are no names"),
    ("twenty are enough", "zzz", [f"a{n:02}" for n in range(23)], None),
]


@pytest.mark.parametrize(("claim", "word", "choices", "expected"), NEAREST, ids=[row[0] for row in NEAREST])
def test_nearest(claim, word, choices, expected):
    if expected is None:
        expected = "names: " + ", ".join(choices[:20]) + " and 3 more"

    assert nearest(word, choices, "names") == expected
