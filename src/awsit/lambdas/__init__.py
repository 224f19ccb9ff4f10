"""Thin handlers: payload to engine to payload."""
