"""Libraries: the `use` of actions that stand in another file."""
