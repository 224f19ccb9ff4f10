"""Suites that the account runs by itself: their manifests, their state machine, and what came of their runs."""
