"""From a scenario file to a plan: read, expanded, checked, compiled."""
