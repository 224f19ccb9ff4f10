"""The `trace` action: what X-Ray recorded of the calls of a run."""
