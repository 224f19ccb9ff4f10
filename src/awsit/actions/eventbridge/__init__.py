"""The `eventbridge` action: put events on a bus."""
