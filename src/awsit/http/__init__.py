"""The HTTP transport: pooled connections, TLS, deadlines, errors."""
