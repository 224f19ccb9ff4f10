"""Templates, JSONPath and assertions: the languages inside a scenario."""
