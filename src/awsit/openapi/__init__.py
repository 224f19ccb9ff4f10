"""OpenAPI documents as contracts: read, and followed to the files that they refer to."""
