"""JSONPath (RFC 9535)."""
