"""Pure parts of publishing: what a check finds, what a change is, both in words."""

from journeys.publishing.rules.change import Change, Keys, change_between
from journeys.publishing.rules.findings import Finding

__all__ = ["Change", "Finding", "Keys", "change_between"]
