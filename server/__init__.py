"""The web application: paths, statuses and pages over `twinld.site`; it holds no questions and no rules."""

from .app import create_app

__all__ = ["create_app"]
