"""Evidence from the stacks that a scenario names: read with the caller's credentials, and never changed."""
