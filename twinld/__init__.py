"""Twin cities of the world as linked open data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["__version__", "check", "open_release", "open_store"]

if TYPE_CHECKING:
    from twinld.pipeline import open_release
    from twinld.store import open_store
    from twinld.validate import check


def __getattr__(name: str) -> Any:
    """Heavy parts are imported when first asked for, so that `twinld --help` is quick."""
    if name == "open_store":
        from twinld.store import open_store

        return open_store
    if name == "open_release":
        from twinld.pipeline import open_release

        return open_release
    if name == "check":
        from twinld.validate import check

        return check
    raise AttributeError(f"module 'twinld' has no attribute {name!r}")
