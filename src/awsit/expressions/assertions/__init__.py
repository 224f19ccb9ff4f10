"""Assertions: operators, markers, matchers, JSON Schema, and how a failed one is told."""
