"""The action types, a module or a folder each, and the registry of them all."""
