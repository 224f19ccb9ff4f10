"""The `dynamodb` action: items of a table, as plain JSON."""
