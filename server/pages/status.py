"""Whether this server answers, and what it serves: for machines that watch it."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, jsonify

import twinld

from ..context import context


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/healthz", "healthz", healthz)
    app.add_url_rule("/version", "version", version)


def healthz() -> Response:
    """That the process answers."""
    return _fresh({"status": "ok", "release": context().about.release.id or None})


def version() -> Response:
    """The version of the software and the release that it serves."""
    release = context().about.release
    return _fresh(
        {
            "twinld": twinld.__version__,
            "release": release.id or None,
            "issued": release.issued or None,
            "base": context().base,
            "url": context().url,
        }
    )


def _fresh(document: dict[str, Any]) -> Response:
    response = jsonify(document)
    response.headers["Cache-Control"] = "no-store"
    return response
