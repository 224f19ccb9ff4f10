"""What a run would do, told from its plan alone: nothing here calls AWS, sends a request or waits."""
