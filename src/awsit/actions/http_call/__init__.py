"""The `http_call` action: one HTTP request and its response."""
