"""A scenario from an OpenAPI document."""
