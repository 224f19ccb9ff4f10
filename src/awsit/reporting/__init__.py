"""What people and programs read of runs: the terminal's output, and reports in several formats."""
