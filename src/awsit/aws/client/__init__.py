"""Clients of botocore, the log of their calls, and the meaning of their errors."""
