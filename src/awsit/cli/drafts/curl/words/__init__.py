"""The words of a command line, as a shell hands them to curl."""
