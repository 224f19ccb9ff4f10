"""Which scenarios a command means: discovery, patterns, tags, suites, runs to repeat."""
