"""Named points of a build at which a test can kill it, fill the disk or hold it: every one is walked by a test.

Nothing happens at a point unless the variable `_TWINLD_FAULT` of the environment names it, which only tests do:
`publish.switch=kill` ends the process at once, `=full` raises what a full disk raises, `=sleep:5` waits five
seconds.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
import time
from typing import Final

VARIABLE: Final = "_TWINLD_FAULT"

POINTS: Final = {
    "build.read": "the sources are read",
    "build.graphs": "the graphs are written as sorted files",
    "build.store": "the store is loaded, not checked yet",
    "build.dumps": "the dumps are written",
    "build.manifest": "reports and manifest are written",
    "ledger.written": "the new ledger lies beside the old one",
    "ledger.replaced": "the ledger has its new ids, the release is not there yet",
    "publish.sealed": "every file of the release was read back",
    "publish.durable": "every file is on disk, the release has no name yet",
    "publish.named": "the release has its name, the old one is current",
    "publish.switch": "the new pointer lies beside the old one",
    "publish.switched": "the new release is current, its history is not kept yet",
    "publish.history": "the history of a release lies beside its place",
    "publish.forgotten": "an old release has lost its name, its files are still there",
}
"""Every point, in the order in which a build comes by, and what is done by then."""


def hit(point: str) -> None:
    """Come by a point. KeyError for one that is not registered; OSError (ENOSPC) when a test fills the disk here."""
    POINTS[point]
    name, _, action = os.environ.get(VARIABLE, "").partition("=")
    if name != point:
        return
    sys.stderr.write(f"fault {point} {action}\n")
    sys.stderr.flush()
    what, _, seconds = action.partition(":")
    if what == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif what == "full":
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    elif what == "sleep":
        time.sleep(float(seconds))
    else:
        raise ValueError(f"{VARIABLE}={name}={action}: write kill, full or sleep:SECONDS")
