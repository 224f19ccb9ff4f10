"""The `s3` action: objects of a bucket."""
