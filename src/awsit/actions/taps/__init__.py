"""`listen` and `receive`: a tap hears what a bus, a topic, a bucket or a queue carries; a later step waits for it."""
