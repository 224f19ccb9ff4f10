"""The `kinesis` action: records of a stream."""
