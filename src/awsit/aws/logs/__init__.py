"""The log of a run: the history of its execution and the function's log lines, merged by time."""
