"""boto3 clients, what is logged of their calls, and what their errors mean."""
