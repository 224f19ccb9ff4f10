"""What a run would do, worked out from its plan alone: nothing here calls AWS, sends a request or waits."""
