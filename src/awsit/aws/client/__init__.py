"""boto3 clients, the log of their calls, and the meaning of their errors."""
