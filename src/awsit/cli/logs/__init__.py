"""The log of a command itself: the file of `--debug`, and the lines of runs in it."""
