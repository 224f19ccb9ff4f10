"""The `logs` action: what stands in a log group."""
