"""The small data folder of the builds, for what is tested on a whole release."""

from tests.pipeline.conftest import data

__all__ = ["data"]
