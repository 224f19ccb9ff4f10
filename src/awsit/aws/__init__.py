"""The only place that makes sessions and clients."""
