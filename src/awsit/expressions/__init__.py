"""Templates, JSONPath, assertions: what a scenario's text means."""
