"""Whether this server answers, and what it serves: for machines that watch it."""

from __future__ import annotations

from typing import Any, Final

from flask import Flask, Response, jsonify

import twinld
from twinld import site
from twinld.errors import OutsideError, TwinldError

from ..context import context

READY_S: Final = 2.0
"""A worker that doesn't answer the simplest query within so many seconds is not ready."""


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/healthz", "healthz", healthz)
    app.add_url_rule("/readyz", "readyz", readyz)
    app.add_url_rule("/version", "version", version)


def healthz() -> Response:
    """That the process answers, and its store."""
    here = context()
    try:
        site.ask_store(here.store)
    except (TwinldError, OSError, ValueError) as error:
        return _fresh(
            {"status": "the store cannot be asked", "detail": str(error), "release": here.release or None}, 503
        )
    return _fresh({"status": "ok", "release": here.release or None})


def readyz() -> Response:
    """That a query worker answers; what the workers run in, and which release is served."""
    here = context()
    try:
        site.ask_worker(here.pool, READY_S, "readyz")
    except OutsideError as error:
        status, word = 503, str(error)
    else:
        status, word = 200, "ready"
    return _fresh({"status": word, "release": here.release or None, **here.pool.state()}, status)


def version() -> Response:
    """The version of the software and the release that it serves."""
    release = context().about.release
    return _fresh(
        {
            "twinld": twinld.__version__,
            "release": context().release or None,
            "issued": release.issued or None,
            "base": context().base,
            "url": context().url,
        }
    )


def _fresh(document: dict[str, Any], status: int = 200) -> Response:
    response = jsonify(document)
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    return response
