"""Multipart forms of curl commands (RFC 7578)."""
