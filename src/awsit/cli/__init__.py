"""The command line: what a person asks for, done with the real objects, shown, and turned into an exit code."""
