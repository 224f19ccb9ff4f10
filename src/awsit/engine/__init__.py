"""What a plan means when it runs, and the engine that walks it in this process."""
