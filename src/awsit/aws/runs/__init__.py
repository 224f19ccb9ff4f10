"""The runs table: records of runs, steps and ledgers in DynamoDB."""
