"""The action types, one module each."""
