"""Structured log lines, one JSON document each, for CloudWatch Logs."""

import json
import sys


def write(message: str, **fields: object) -> None:
    """Write one line to stdout."""
    sys.stdout.write(json.dumps({"message": message, **fields}, default=str) + "\n")
    sys.stdout.flush()
