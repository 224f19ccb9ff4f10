"""The `sqs` action: messages of a queue."""
