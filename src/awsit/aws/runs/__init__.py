"""The runs table in DynamoDB: runs, their steps and ledgers, cached results, history, secret variables."""
