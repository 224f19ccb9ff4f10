"""Connections to servers: for one request after the other, and those that stay open."""
