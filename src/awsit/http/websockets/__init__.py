"""WebSockets (RFC 6455): connections that stay open, and what comes over them."""
