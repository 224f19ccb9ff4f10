"""The scenario as pydantic models, and their errors in words."""
