"""The `sns` action: publish to a topic."""
