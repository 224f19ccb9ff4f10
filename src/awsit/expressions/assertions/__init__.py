"""Assertions: operators, markers, JSON Schema, and the messages and differences of those that fail."""
