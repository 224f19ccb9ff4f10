"""What awsit does to templates and functions on their way into the sandbox, where the emulator differs from AWS."""
