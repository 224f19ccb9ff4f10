"""Runs of scenarios from the command line: planning, the pool, signals, clean-up, outcomes."""
