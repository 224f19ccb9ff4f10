"""CloudWatch Logs and execution history of one run, merged in time."""
