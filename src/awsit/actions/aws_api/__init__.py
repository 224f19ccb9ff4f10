"""The `aws_api` action: any operation of any AWS service, by botocore's model of it."""
