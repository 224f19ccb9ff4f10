"""A server that answers HTTP requests on this machine."""
