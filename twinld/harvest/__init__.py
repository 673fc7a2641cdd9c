"""What portals do to a catalogue, done beforehand, with every reason why it would fail (docs/catalogue.md)."""

from twinld.harvest.run import Outcome, check_harvest, replay
from twinld.harvest.table import CHECKS, Check

__all__ = ["CHECKS", "Check", "Outcome", "check_harvest", "replay"]
