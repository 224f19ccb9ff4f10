"""Consumers of events and results."""
