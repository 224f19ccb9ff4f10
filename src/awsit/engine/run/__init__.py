"""A run from prepare to report: what happens once, around the steps."""
