"""A scenario from a curl command line."""
