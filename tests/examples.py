"""How many examples a property test tries."""

from hypothesis import settings


def at_least(number: int) -> settings:
    """So many examples at each run, where the profile of the run has fewer: what a hundred seldom come upon."""
    return settings(max_examples=max(number, settings.default.max_examples))
