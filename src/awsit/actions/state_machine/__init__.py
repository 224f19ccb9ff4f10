"""The `state_machine` action: a workflow of Step Functions as the system under test."""
