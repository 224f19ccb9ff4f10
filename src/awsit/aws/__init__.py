"""awsit on AWS: clients, the stack, its scenarios, runs and logs. Only this package makes sessions of botocore."""
