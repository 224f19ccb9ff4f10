"""What takes back an `aws_api` call: found out before or after it, recorded in the ledger."""
