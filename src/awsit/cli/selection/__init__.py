"""Which scenarios a command means: paths, names, patterns, tags, failed runs; and the runs that come of them."""
