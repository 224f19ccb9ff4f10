"""The engine that starts, follows and stops executions of the state machine."""
