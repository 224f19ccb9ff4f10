"""From a file to a document that knows the place of each value."""
