"""The scenario as pydantic models, and the walk over its actions."""
